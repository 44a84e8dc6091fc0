"""`tracker mirror`: an organisation's own live copy of what it may read, verified as it goes."""

import os
import signal
import threading
from pathlib import Path

import click
from sqlalchemy.exc import ArgumentError

from tracker.commands.opening import content_of
from tracker.commands.progress import progress_of
from tracker.database import FOR_COMMANDS, Database
from tracker.exchange.mirror.copy import MirrorCopy
from tracker.exchange.mirror.following import NoAnswer, compare_whole, take_page
from tracker.exchange.mirror.server import HttpFeed
from tracker.rules.proofs.notes import VerifierKey
from tracker.rules.refusals import Refused
from tracker.rules.wording import say_count

ASKS_EVERY = 10.0  # seconds
TOKEN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("address", metavar="URL")
@click.option("--into", required=True, metavar="DATABASE", help="Of the copy: sqlite:///FILE or postgresql://…")
@click.option("--token-file", "file", type=TOKEN_FILE, help="The token, in a file; left out, TRACKER_TOKEN.")
@click.option("--log", "logs", multiple=True, metavar="KEY", help="A key of the log, as leads know it, to trust alone.")
@click.option("--once", is_flag=True, help="End when there is no more by now.")
@click.option("--compare", is_flag=True, help="First read all of it anew, and compare it with the copy.")
def mirror(address: str, into: str, file: Path | None, logs: tuple[str, ...], *, once: bool, compare: bool) -> None:
    """Keep an organisation's own copy of what all of its people may read, event by event, until it is told to end.

    URL is of the partnership, as in https://tracker.example/api/v1/partnerships/RIV. A lead makes the token, on the
    page of their organisation. Every digest, chain and checkpoint is worked out anew; where the server's history does
    not extend what the copy has, it ends and names the first event that does not fit (exit 1). Stopped or killed, it
    goes on where it was.
    """
    server = HttpFeed(address, _token(file))
    trusted = tuple(str(VerifierKey.read(each)) for each in logs)
    try:
        database = Database(into, 1, FOR_COMMANDS)
    except (ValueError, ArgumentError) as wrong:
        raise Refused(f"--into: {wrong}") from wrong
    try:
        copy = MirrorCopy(database)
        if compare:
            compare_whole(copy, server)
        _follow(copy, server, trusted, once=once)
    finally:
        database.dispose()


def _follow(copy: MirrorCopy, server: HttpFeed, trusted: tuple[str, ...], *, once: bool) -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set():
        try:
            if _catch_up(copy, server, trusted, ended) or once:
                click.echo(_standing_text(copy))
        except NoAnswer as silence:
            if once:
                raise
            click.echo(str(silence), err=True)
        if once:
            return
        ended.wait(ASKS_EVERY)


def _catch_up(copy: MirrorCopy, server: HttpFeed, trusted: tuple[str, ...], ended: threading.Event) -> int:
    """How much of what there is by now was new."""
    new, more = 0, True
    with progress_of("Events") as progress:
        while more and not ended.is_set():
            taken = take_page(copy, server, trusted)
            new, more = new + taken.events + taken.checkpoints, taken.more
            progress(new, new)
    return new


def _standing_text(copy: MirrorCopy) -> str:
    source, (events, issues) = copy.source, copy.tally()
    if source is None:
        return "Nothing was copied yet."
    checkpoints = say_count(source.tree.size, "checkpoint")
    there = f"{say_count(events, 'event')} of {say_count(issues, 'issue')} and {checkpoints}"
    return f"{source.partnership}, as {source.organisation} reads it: {there} fit."


def _token(file: Path | None) -> str:
    given = content_of(file).decode("utf-8", "replace") if file else os.environ.get("TRACKER_TOKEN", "")
    token = given.strip()
    if not token:
        raise Refused("Give the token in a file, with --token-file, or as TRACKER_TOKEN.")
    if not token.isascii() or any(each.isspace() for each in token):
        raise Refused("What was given is no token: that is one line, without spaces.")
    return token


commands = [mirror]
