"""`tracker serve`: the web server, with the clock beside it."""

import json
import os
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import click
import structlog
import uvicorn

from tracker.actions.proving.settle_log_key import log_key_of
from tracker.clock import Clock, clock_beside, clock_of
from tracker.commands.opening import current_or_copy, opened, read_settings
from tracker.commands.web_processes import (
    Died,
    Processes,
    Shares,
    Work,
    answer_again,
    end_with,
    ends_by,
    web_processes,
)
from tracker.database import FOR_THE_CLOCK
from tracker.exchange.mirror.home import standing_of
from tracker.queries.administration.restored import HeldCopy, held_copy
from tracker.rules.refusals import Refused
from tracker.settings import SHARED_FIGURES, Settings
from tracker.settings.log_lines import write_log
from tracker.settings.long_running import begun, keep_few_arenas, loading

APPLICATION, OF_A_COPY = "tracker.app:from_environment", "tracker.app:copy_from_environment"
log = structlog.get_logger("tracker.serving")


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
        with database.read() as session:
            if copy := held_copy(session):
                click.echo(str(HeldCopy(copy)), err=True)
    greeting = f"Serving {of}{settings.base_url} until Ctrl+C"
    run_server(made_by, server_options(settings, host, port, workers), settings, greeting)


def run_server(made_by: str, options: dict[str, Any], settings: Settings, greeting: str) -> None:
    """Serves until it is told to stop; says so once the address is taken. Refuses where that belongs to somebody else,
    and where no process could begin: the log says why.

    The application is made once, before the processes fork, and no thread or connection is there by then.
    """
    config = uvicorn.Config(made_by, factory=True, **options)
    if not hasattr(os, "fork"):
        with _clock_beside(settings) if settings.clock else nullcontext():
            uvicorn.run(made_by, factory=True, **options)
        return
    with _shared_figures() as figures, _listener(config) as listener:
        click.echo(greeting)
        _load(config)
        listener.setblocking(False)
        listener.listen(config.backlog)
        shares = Shares.among(options["workers"])
        again = [sys.executable, "-m", "tracker.commands.serving", json.dumps({"made_by": made_by, "options": options})]
        clock = [Work(lambda: _run_clock(settings), again)] if settings.clock else []
        works = [*web_processes(config, listener, shares, again), *clock]
        Processes(works, shares, listener, figures).run()


def serve_again(made_by: str, options: dict[str, Any], passed_on: list[int], died: Died) -> None:
    """What a process did that died, in its place."""
    settings = read_settings()
    write_log(settings.log)
    log.error(died.said, process=died.process, ended=died.ended, new=os.getpid())
    if died.number is None:
        end_with(passed_on[-1])
        _run_clock(settings)
    else:
        config = uvicorn.Config(made_by, factory=True, **options)
        _load(config)
        answer_again(config, died.number, passed_on)


def _load(config: uvicorn.Config) -> None:
    keep_few_arenas()
    with loading():
        config.load()


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


def _listener(config: uvicorn.Config) -> socket.socket:
    """Refuses an address that cannot be listened on; the log says why."""
    try:
        return config.bind_socket()
    except SystemExit as left:
        if not left.code:  # told to end
            raise
        where = f"{config.host}:{config.port}"
        raise Refused(f"{where} is taken, or not of this machine. Give another --port or --host.") from None


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
def _shared_figures() -> Iterator[str]:
    """Web processes put their figures in a folder, of which each can tell the sum."""
    with tempfile.TemporaryDirectory(prefix="tracker-figures-") as folder:
        os.environ[SHARED_FIGURES] = folder
        yield folder


commands = [serve]

if __name__ == "__main__":
    serve_again(**json.loads(sys.argv[1]), passed_on=json.loads(sys.argv[2]), died=Died(**json.loads(sys.argv[3])))
