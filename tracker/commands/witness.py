"""`tracker witness`: an organisation's own witness, which cosigns only what extends what it saw."""

import signal
import threading
from pathlib import Path

import click

from tracker.api.witness_folder import opened_folder
from tracker.api.witness_server import WitnessServer
from tracker.rules.proofs.notes import VerifierKey
from tracker.rules.wording import say_count
from tracker.settings.log_lines import write_log


@click.command()
@click.option("--port", required=True, type=click.IntRange(0, 65535), help="Where it listens; 0 is any free one.")
@click.option("--home", required=True, type=click.Path(file_okay=False, path_type=Path), help="Its folder.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 is all.")
@click.option("--name", default="", help="Its name, for a new folder, as in council.example/witness.")
@click.option("--log", "logs", multiple=True, metavar="KEY", help="The key of a log to trust from now on.")
def witness(port: int, home: Path, host: str, name: str, logs: tuple[str, ...]) -> None:
    """Cosign checkpoints of the logs that are trusted, for who hosts them not (C2SP tlog-witness).

    It keeps its key, the logs that it trusts and the last checkpoint of each in its folder, and nothing else. Leads
    write its key and its address down where the record is proven.
    """
    write_log("text")
    with opened_folder(home, name) as folder:
        for log in logs:
            folder.trust(VerifierKey.read(log))
        with WitnessServer(folder, host, port) as server:
            click.echo(f"Its key: {folder.verifier}")
            logs_text = say_count(len(folder.logs), "log")
            click.echo(f"Cosigning for {logs_text} at http://{host}:{server.server_address[1]} until Ctrl+C")
            _end_when_told(server)
            server.serve_forever()


def _end_when_told(server: WitnessServer) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())


commands = [witness]
