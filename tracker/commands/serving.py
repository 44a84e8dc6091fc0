"""`tracker serve`: the web server, with the clock beside it."""

import os
import signal
import tempfile
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import click
import structlog
import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess

from tracker.clock import clock_beside, clock_of
from tracker.commands.opening import current, read_settings
from tracker.database import FOR_THE_CLOCK, Database
from tracker.pages.web.health import SHARED_FIGURES
from tracker.settings import Settings
from tracker.settings.log_lines import write_log

log = structlog.get_logger("tracker.serving")

APPLICATION = "tracker.app:from_environment"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 is all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="How many web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages, and run the clock unless TRACKER_CLOCK=off."""
    serve_here(host, port, workers)


def serve_here(host: str, port: int, workers: int = 1, *, made_by: str = APPLICATION) -> None:
    """Serves until it is told to stop. Without TRACKER_BASE_URL, links lead to where it listens.

    `made_by` is what each web process makes the application with.
    """
    os.environ["TRACKER_BASE_URL"] = os.environ.get("TRACKER_BASE_URL") or f"http://{_reachable(host)}:{port}"
    settings = read_settings()
    write_log(settings.log)
    signal.signal(signal.SIGTERM, _leave)
    with current(settings, FOR_THE_CLOCK) as database, _clock(settings, database), _shared_figures(workers):
        click.echo(f"Serving {settings.base_url} until Ctrl+C")
        run_server(made_by, server_options(settings, host, port, workers))


def run_server(made_by: str, options: dict[str, Any]) -> None:
    """Serves until it is told to stop. Refuses where no process could begin: the log says why."""
    if options["workers"] == 1:
        uvicorn.run(made_by, factory=True, **options)
        return
    config = uvicorn.Config(made_by, factory=True, **options)
    processes = WebProcesses(config, [config.bind_socket()])
    with suppress(KeyboardInterrupt):
        processes.run()
    if processes.failed:
        raise SystemExit(STARTUP_FAILURE)


class WebProcesses(Multiprocess):
    """Several web processes; each one that died, or that hung and was killed, is said, and begun anew."""

    failed = False  # one could not begin at all, as no other would

    def keep_subprocess_alive(self) -> None:
        before = list(self.processes)
        super().keep_subprocess_alive()
        for old, new in zip(before, self.processes, strict=False):
            if old is not new:
                log.error("a web process died and another was begun", process=old.pid, ended=old.exitcode, new=new.pid)
            elif old.exitcode == STARTUP_FAILURE:
                self.failed = True


def server_options(settings: Settings, host: str, port: int, workers: int) -> dict[str, Any]:
    """How the server is run. It takes the word of no proxy but those named, and logs nothing itself but faults."""
    return {
        "host": host,
        "port": port,
        "workers": workers,
        "loop": "auto",
        "http": "httptools",
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies),
        "server_header": False,
        "access_log": False,
        "log_config": None,
        "log_level": "warning",
        "timeout_graceful_shutdown": 10,
        # A process that imports answers nobody, and on a busy machine it imports for long.
        "timeout_worker_healthcheck": 60,
    }


def _leave(*_: object) -> None:
    """The server hands the signal on when it has stopped; the clock is to finish what it does, too."""
    raise SystemExit(0)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host


def _clock(settings: Settings, database: Database) -> AbstractContextManager[object]:
    """One clock for all web processes, in the one that started them."""
    return clock_beside(clock_of(settings, database)) if settings.clock else nullcontext()


def _shared_figures(workers: int) -> AbstractContextManager[object]:
    """Several processes put their figures in a folder, of which each can tell the sum."""
    if workers == 1:
        return nullcontext()
    folder = tempfile.TemporaryDirectory(prefix="tracker-figures-")
    os.environ[SHARED_FIGURES] = folder.name
    return folder


commands = [serve]
