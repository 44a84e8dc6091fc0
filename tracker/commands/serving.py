"""`tracker serve`: the web server, with the clock beside it."""

import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import click
import uvicorn
from uvicorn.config import STARTUP_FAILURE

from tracker.actions.proving.settle_log_key import log_key_of
from tracker.clock import Clock, clock_beside, clock_of
from tracker.commands.opening import current_or_copy, opened, read_settings
from tracker.commands.web_processes import Processes, Work, ends_by, web_processes
from tracker.database import FOR_THE_CLOCK
from tracker.exchange.mirror.home import standing_of
from tracker.queries.administration.restored import HeldCopy, held_copy
from tracker.settings import SHARED_FIGURES, Settings
from tracker.settings.log_lines import write_log
from tracker.settings.long_running import begun, keep_few_arenas, loading

APPLICATION, OF_A_COPY = "tracker.app:from_environment", "tracker.app:copy_from_environment"


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 is all.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="How many web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages, and run the clock unless TRACKER_CLOCK=off. A copy, as `tracker mirror` keeps it, is served to
    be read: no clock runs, and of letters only sign-in links are sent."""
    serve_here(host, port, workers)


def serve_here(host: str, port: int, workers: int = 1, *, made_by: str = APPLICATION) -> None:
    """Serves until it is told to stop. Without TRACKER_BASE_URL, links lead to where it listens.

    `made_by` is what each web process makes the application with.
    """
    os.environ["TRACKER_BASE_URL"] = os.environ.get("TRACKER_BASE_URL") or f"http://{_reachable(host)}:{port}"
    settings = read_settings()
    write_log(settings.log)
    signal.signal(signal.SIGTERM, _leave)
    with current_or_copy(settings) as database:
        if standing := standing_of(database):
            made_by = OF_A_COPY
            of = f"the copy of {standing.home.partnership} that {standing.home.organisation} keeps, to be read, at "
        else:
            of = ""
            log_key_of(settings, database)
        click.echo(f"Serving {of}{settings.base_url} until Ctrl+C")
        with database.read() as session:
            if copy := held_copy(session):
                click.echo(str(HeldCopy(copy)), err=True)
    run_server(made_by, server_options(settings, host, port, workers), settings)


def run_server(made_by: str, options: dict[str, Any], settings: Settings) -> None:
    """Serves until it is told to stop. Refuses where no process could begin: the log says why.

    The application is made once, before the processes fork, and no thread or connection is there by then.
    """
    config = uvicorn.Config(made_by, factory=True, **options)
    if not hasattr(os, "fork"):
        with _clock_beside(settings) if settings.clock else nullcontext():
            uvicorn.run(made_by, factory=True, **options)
        return
    with _shared_figures(), config.bind_socket() as listener:
        keep_few_arenas()
        with loading():
            config.load()
        listener.setblocking(False)
        listener.listen(config.backlog)
        clock = [Work("the clock died and another was begun", lambda: _run_clock(settings))] if settings.clock else []
        processes = Processes([*web_processes(config, listener, options["workers"]), *clock])
        processes.run()
    if processes.failed:
        raise SystemExit(STARTUP_FAILURE)


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
    }


def _leave(*_: object) -> None:
    """Told to end before its processes had begun."""
    raise SystemExit(0)


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"0.0.0.0", "::"} else host


@contextmanager
def _clock_beside(settings: Settings) -> Iterator[Clock]:
    with opened(settings, FOR_THE_CLOCK) as database:
        clock = clock_of(settings, database, links_only=standing_of(database) is not None)
        with clock_beside(clock):
            yield clock


def _run_clock(settings: Settings) -> None:
    """One clock for all web processes. It is stopped from a thread: it may be told in the middle of a wait."""
    with _clock_beside(settings) as clock:
        begun()
        ends_by(lambda *_: threading.Thread(target=clock.stop).start())
        clock.stopped.wait()


@contextmanager
def _shared_figures() -> Iterator[None]:
    """Web processes put their figures in a folder, of which each can tell the sum."""
    with tempfile.TemporaryDirectory(prefix="tracker-figures-") as folder:
        os.environ[SHARED_FIGURES] = folder
        yield


commands = [serve]
