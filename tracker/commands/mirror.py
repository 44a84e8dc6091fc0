"""`tracker mirror`: an organisation's own live copy of what it may read, verified as it goes."""

import os
import signal
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import ArgumentError

from tracker.api.witness_folder import WitnessFolder, opened_folder
from tracker.commands.opening import content_of
from tracker.commands.progress import progress_of
from tracker.database import FOR_COMMANDS, Database
from tracker.exchange.mirror.copy import MirrorCopy
from tracker.exchange.mirror.following import (
    AnotherSource,
    FeedPatience,
    HistoryRewritten,
    NoAnswer,
    compare_whole,
    take_page,
)
from tracker.exchange.mirror.home import keep_home, make_room, note_heard, note_trouble
from tracker.exchange.mirror.server import HttpFeed
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.notes import SignedNote, VerifierKey
from tracker.rules.proofs.witnessing import NotCosigned
from tracker.rules.refusals import Refused
from tracker.rules.wording import say_count

ASKS_EVERY = 10.0  # seconds
FOLDER = click.Path(file_okay=False, path_type=Path)
TOKEN_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("address", metavar="URL")
@click.option("--into", required=True, metavar="DATABASE", help="Of the copy: sqlite:///FILE or postgresql://…")
@click.option("--token-file", "file", type=TOKEN_FILE, help="The token, in a file; left out, TRACKER_TOKEN.")
@click.option("--log", "logs", multiple=True, metavar="KEY", help="A key of the log, as leads know it, to trust alone.")
@click.option("--witness", "home", type=FOLDER, help="Cosign each checkpoint by the witness of this folder.")
@click.option("--name", default="", help="Of a new witness, as in council.example/witness.")
@click.option("--once", is_flag=True, help="End when there is no more by now.")
@click.option("--compare", is_flag=True, help="First read all of it anew, and compare it with the copy.")
def mirror(
    address: str,
    into: str,
    file: Path | None,
    logs: tuple[str, ...],
    home: Path | None,
    name: str,
    *,
    once: bool,
    compare: bool,
) -> None:
    """Keep an organisation's own copy of what all of its people may read, event by event, until it is told to end.

    URL is of the partnership, as in https://tracker.example/api/v1/partnerships/RIV. A lead makes the token, on the
    page of their organisation. Every digest, chain and checkpoint is worked out anew; where the server's history does
    not extend what the copy has, it ends and names the first event that does not fit (exit 1). Stopped or killed, it
    goes on where it was.

    The organisation's people come in to the copy as they do where the record is kept: run `tracker serve` with
    TRACKER_DATABASE_URL set to DATABASE. Nothing can be changed there.

    With --witness it cosigns, too, for who has no witness that the server could ask: a lead names its key where the
    record is proven.
    """
    server = HttpFeed(address, _token(file))
    trusted = tuple(str(VerifierKey.read(each)) for each in logs)
    try:
        database = Database(into, 1, FOR_COMMANDS)
    except (ValueError, ArgumentError) as wrong:
        raise Refused(f"--into: {wrong}") from wrong
    try:
        make_room(database)
        copy = MirrorCopy(database)
        if compare:
            compare_whole(copy, server)
        with opened_folder(home, name) if home else nullcontext() as folder:
            witness = OwnWitness(copy, server, folder) if folder else None
            _follow(copy, server, trusted, witness, once=once)
    except (HistoryRewritten, AnotherSource) as refusal:
        note_trouble(database, str(refusal))
        raise
    finally:
        database.dispose()


@dataclass
class OwnWitness:
    """The witness of the organisation, beside its copy. `cosigned`: the last checkpoint that it has cosigned."""

    copy: MirrorCopy
    server: HttpFeed
    folder: WitnessFolder
    cosigned: int = 0

    def __post_init__(self) -> None:
        click.echo(f"The key of the witness: {self.folder.verifier}")

    def cosign(self) -> None:
        """The last checkpoint of the copy, if that is another one. Refuses with NoAnswer; what the server does not take
        is said."""
        source = self.copy.source
        if source is None or source.tree.size == self.cosigned:
            return
        for key in source.keys:
            self.folder.trust(VerifierKey.read(key))
        note = self._signed()
        try:
            self.server.send_cosigned(note)
        except NoAnswer:
            raise
        except Refused as refusal:
            click.echo(f"The cosignature was not taken. {refusal}", err=True)
        self.cosigned = source.tree.size

    def _signed(self) -> SignedNote:
        """From where the witness has seen it on. Refuses with HistoryRewritten what does not extend that."""
        now, request = datetime.now(UTC), self.copy.extension(0)
        for _ in range(2):
            try:
                return request.note.with_signatures([self.folder.cosign(request, now)])
            except NotCosigned as refusal:
                if refusal.size is None or not 0 < refusal.size <= TreeHead.read(request.note.text).size:
                    raise HistoryRewritten("The last checkpoint", str(refusal).removesuffix(".")) from refusal
                request = self.copy.extension(refusal.size)
        raise HistoryRewritten("The last checkpoint", "this witness has seen another tree of its size")


def _follow(
    copy: MirrorCopy, server: HttpFeed, trusted: tuple[str, ...], witness: OwnWitness | None, *, once: bool
) -> None:
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    while not ended.is_set():
        try:
            _go_on(copy, server, trusted, ended, is_to_tell=once)
            if witness:
                witness.cosign()
        except NoAnswer as silence:
            if once:
                raise
            click.echo(str(silence), err=True)
        if once:
            return
        ended.wait(ASKS_EVERY)


def _go_on(
    copy: MirrorCopy, server: HttpFeed, trusted: tuple[str, ...], ended: threading.Event, *, is_to_tell: bool
) -> None:
    """All that there is by now, its people first: who left is let in no more."""
    keep_home(copy.database, server.home(), server.site, now=datetime.now(UTC))
    if _catch_up(copy, server, trusted, ended) or is_to_tell:
        click.echo(_standing_text(copy))
    if not ended.is_set():
        note_heard(copy.database, now=datetime.now(UTC))


def _catch_up(copy: MirrorCopy, server: HttpFeed, trusted: tuple[str, ...], ended: threading.Event) -> int:
    """How much of what there is by now was new."""
    new, more, patience = 0, True, FeedPatience()
    with progress_of("Events") as progress:
        while more and not ended.is_set():
            taken = take_page(copy, server, trusted)
            patience.note(taken.events + taken.checkpoints, more=taken.more)
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
