"""`tracker log-key`: what the checkpoints of this server are signed with, and another key in its place."""

from datetime import UTC, datetime
from pathlib import Path

import click
from sqlmodel import Session, col, select

from tracker.actions.proving.settle_log_key import rotate_log_key, settle_log_key
from tracker.commands.opening import current, read_settings
from tracker.database import Database
from tracker.queries.administration.restored import refuse_if_held
from tracker.queries.proofs.checkpoints import newest_log_key
from tracker.records.partnership import Partnership
from tracker.records.proofs.log import Log
from tracker.records.proofs.signing import SigningKey
from tracker.rules.proofs.notes import SignatureType, VerifierKey
from tracker.rules.refusals import Refused
from tracker.settings import Settings
from tracker.settings.secret_file import log_key_file, next_log_key, take_next_log_key

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("log-key")
@click.option("--rotate", is_flag=True, help="Sign with a new key from now on.")
@click.option("--new", "file", type=FILE, help="The new key, 32 random bytes in base64; left out, one is made at home.")
def log_key(*, rotate: bool, file: Path | None) -> None:
    """Print the key of each log, as whoever checks its checkpoints or runs a witness needs it.

    With --rotate checkpoints are signed with a new key from now on. The one before it signs that it follows, every lead
    is told, and each checkpoint is checked with the key that was in force then. Servers and clocks are started again
    after it.
    """
    if file and not rotate:
        raise click.UsageError("--new is only for --rotate.")
    settings = read_settings()
    with current(settings) as database:
        if rotate:
            number = _rotated(settings, database, file)
            click.echo(f"Key {number} signs from now on. Start every server and clock again.")
            if file:
                click.echo(f"First set TRACKER_LOG_KEY to what stands in {file}.")
        with database.read() as session:
            for line in _lines(session):
                click.echo(line)


def _rotated(settings: Settings, database: Database, file: Path | None) -> int:
    """Which key it is now. Broken off after it was written down, it is only put in its place."""
    if bool(settings.given_log_key) != bool(file):
        raise Refused(
            "The key is given as TRACKER_LOG_KEY: put the new one into a file, and give that with --new."
            if settings.given_log_key
            else "The key stands at home, where the new one is made: --new is for one given as TRACKER_LOG_KEY."
        )
    new, now = SigningKey(log_key_file(file) if file else next_log_key(settings.home)), datetime.now(UTC)
    with database.write() as session:
        refuse_if_held(session)
        number = _number_in_force(session, new)
        if number is None:
            seed = settings.log_key(may_make=False)
            old = settle_log_key(session, SigningKey(seed) if seed else None, now)
            number = rotate_log_key(session, old, new, now=now).number
    if file is None:
        take_next_log_key(settings.home)
    return number


def _number_in_force(session: Session, key: SigningKey) -> int | None:
    newest = newest_log_key(session)
    return newest.number if newest and newest.public == key.public.hex() else None


def _lines(session: Session) -> list[str]:
    """The key of a partnership and that of its log, a line each."""
    asked = select(Partnership.key, Log.origin).join(Log, col(Log.partnership_id) == col(Partnership.id))
    logs = session.exec(asked.order_by(Partnership.key)).all()
    newest = newest_log_key(session)
    if newest is None:
        return []
    public = bytes.fromhex(newest.public)
    return [f"{key}  {VerifierKey(origin, SignatureType.ED25519, public)}" for key, origin in logs]


commands = [log_key]
