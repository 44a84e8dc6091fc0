"""`tracker backup` and `tracker restore`: all that a server keeps in one file, and a server put together from it."""

import signal
from datetime import UTC, datetime
from pathlib import Path

import click

from tracker.commands.opening import current, current_or_copy, opened, read_settings, refuse_newer
from tracker.commands.progress import progress_of
from tracker.exchange.backup.archive import Manifest
from tracker.exchange.backup.restoring import go_live, restore_backup
from tracker.exchange.backup.taking import is_of_a_copy, take_backup
from tracker.rules.wording import say_count, say_moment

NEW = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
KEPT = click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))


@click.command()
@NEW
def backup(file: Path) -> None:
    """Write all that this server keeps into FILE, while everybody goes on: every row of the database as of one moment,
    and of the home folder the secret, the keys of the record and the mail. A copy that `tracker mirror` keeps is
    backed up so, too.

    Who has the file has everything: it is readable by its owner alone. Broken off, nothing is left of it.
    """
    settings, now = read_settings(), datetime.now(UTC)
    _end_cleanly()
    with current_or_copy(settings) as database, progress_of("Rows") as progress:
        manifest = take_backup(database, settings, file, now, progress)
    click.echo(f"{file} has {_content_text(manifest)}.")
    for each in manifest.left_out:
        click.echo(f"Not in it: {each}", err=True)


@click.command()
@KEPT
@click.option("--live", is_flag=True, help="The restored copy takes the place of the other one from now on.")
def restore(file: Path | None, *, live: bool) -> None:
    """Fill an empty database and home from FILE, all or nothing. What is restored is held: it can be looked at, and the
    clock stands, no letter goes out and nothing is signed, until `tracker restore --live`. A copy follows its record
    again as soon as `tracker mirror` runs."""
    if bool(file) == live:
        raise click.UsageError("Give a file, or --live.")
    settings, now = read_settings(), datetime.now(UTC)
    if file is None:
        with current(settings) as database, database.write() as session:
            go_live(session, now)
        click.echo("Live: the clock goes on from here, and every lead is told from when the backup is.")
        return
    _end_cleanly()
    with opened(settings) as database, progress_of("Rows") as progress:
        refuse_newer(database)
        manifest = restore_backup(database, settings.home, file, now, progress)
    click.echo(f"Restored as of {say_moment(manifest.taken_at, 0)} UTC: {_content_text(manifest)}.")
    for each in manifest.left_out:
        click.echo(f"Not in it: {each}", err=True)
    if is_of_a_copy(manifest):
        click.echo("It is a copy: tracker mirror goes on from there.")
    else:
        click.echo("It is held. Once it is to take the place of the other one, run: tracker restore --live")


def _content_text(manifest: Manifest) -> str:
    tables = sum(each.rows is not None for each in manifest.members.values())
    files = say_count(len(manifest.members) - tables, "file")
    return f"{say_count(manifest.rows, 'row')} of {say_count(tables, 'table')}, and {files} of the home folder"


def _end_cleanly() -> None:
    """Told to end, it takes away what it has begun."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


commands = [backup, restore]
