"""`tracker charter`: check, plan, load and export a charter file, and agree what waits."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlmodel import Session

from tracker.actions.agree_ladder import agree_as_lead, ladder_of
from tracker.commands.opening import FILE, current, read_settings
from tracker.exchange.charter.charter import TABLES, Charter
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.leaving import leaver_remarks
from tracker.exchange.charter.loading import agree_change, export, load, planned
from tracker.exchange.charter.meanings import PLACES
from tracker.exchange.charter.remarks import demand_remarks, remarks
from tracker.exchange.charter.starters import new_charter
from tracker.queries.administration.proposals import agreements, answerable, proposal_of, unanswered
from tracker.queries.arrangements import by_key
from tracker.queries.people import person_by_email
from tracker.records.change_proposal import ChangeProposal
from tracker.records.ladder import Ladder
from tracker.records.person import Person
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import ProposalState
from tracker.rules.events.kinds import Actor
from tracker.rules.policy import viewer_of
from tracker.rules.refusals import MayNot, WrongFile
from tracker.rules.wording import listed

CALLED = (
    *(("organisation", "organisations"), ("person", "people"), ("body", "bodies"), ("ladder", "ladders")),
    *(("route", "routes"), ("clause", "clauses"), ("service area", "service areas")),
    *(("theme group", "theme groups"), ("theme", "themes")),
)


class CharterGroup(click.Group):
    """The commands, and below them every key of the file."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        formatter.write_text("The file is TOML. Its tables and their keys:")
        for place, (_, means, keys) in PLACES.items():
            with formatter.section(f"{place}: {means.rstrip('.')}"):
                formatter.write_dl(list(keys.items()), col_max=20)


@click.group(cls=CharterGroup)
def charter() -> None:
    """The charter file: everything that a partnership agreed."""


@charter.command("new")
@click.argument("key")
@click.option(
    "-o", "--out", "file", type=click.Path(path_type=Path, dir_okay=False), help="Written there; else printed."
)
def new_file(key: str, file: Path | None) -> None:
    """A charter to begin from, of two organisations, with what each line is for. KEY: 2 to 5 capital letters."""
    text = new_charter(key)
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except OSError as error:
        raise WrongFile(f"{file} cannot be written: {error.strerror}") from None
    click.echo(f"Put your own in {file}, then: tracker charter check {file}")


@charter.command("check")
@FILE
def check_file(file: Path) -> None:
    """Say everything that is wrong with FILE, and change nothing."""
    now = datetime.now(UTC)
    found = _checked(file, now)
    counts = [len(found.table(name)) for name in TABLES]
    said = [f"{count} {called[count != 1]}" for count, called in zip(counts, CALLED, strict=True)]
    click.echo(f"{found.partnership.key} {found.partnership.name} is in order: {listed(said)}.")
    _echo_remarks(found, now)


@charter.command("plan")
@FILE
def plan_file(file: Path) -> None:
    """Say what loading FILE would add, change and retire, and change nothing."""
    now = datetime.now(UTC)
    found = _checked(file, now)
    with current(read_settings()) as database, database.read() as session:
        click.echo(str(planned(session, found)))
        besides = (*leaver_remarks(session, found), *demand_remarks(session, found))
    _echo_remarks(found, now, besides)


@charter.command("load")
@FILE
def load_file(file: Path) -> None:
    """Create or update the partnership that FILE describes: all of it, or nothing."""
    now = datetime.now(UTC)
    found = _checked(file, now)
    with current(read_settings()) as database:
        with database.read() as session:
            click.echo(str(planned(session, found)))
            besides = (*leaver_remarks(session, found), *demand_remarks(session, found))
        with database.write() as session:
            done = load(session, found, now=now)
        with database.read() as session:
            waiting = list(_waiting(by_key(session, found.partnership.key), done.proposals))
    _echo_remarks(found, now, besides)
    if done.changes:
        click.echo("\n".join([f"Loaded {found.partnership.key}.", *waiting]))


@charter.command("export")
@click.argument("key")
def export_file(key: str) -> None:
    """Write the charter of the partnership KEY; loading it again changes nothing."""
    with current(read_settings()) as database, database.snapshot() as session:
        click.echo(export(session, key), nl=False)


@charter.command("agree")
@click.argument("key")
@click.argument("ladder", required=False)
@click.option("--proposal", "number", type=int, help="The number of a proposed change.")
@click.option("--all", "everything", is_flag=True, help="Every change and ladder that waits for this person.")
@click.option("--person", "email", required=True, help="The address of a lead.")
def agree_what_waits(key: str, ladder: str | None, number: int | None, everything: bool, email: str) -> None:
    """Agree what waits in the partnership KEY, for an organisation that this person leads: the version of LADDER, a
    proposed change, or all of it."""
    if [ladder is not None, number is not None, everything].count(True) != 1:
        raise click.UsageError("Give one of them: a LADDER, --proposal NUMBER, or --all.")
    now = datetime.now(UTC)
    with current(read_settings()) as database, database.write() as session:
        arrangement, person = by_key(session, key), person_by_email(session, email)
        if ladder is not None:
            said = [_agree_ladder(session, ladder_of(session, arrangement.id, ladder), person, now)]
        elif number is not None:
            said = [_agree_proposal(session, arrangement, proposal_of(session, arrangement.id, number), person, now)]
        else:
            said = list(_agree_all(session, arrangement, person, now))
    click.echo("\n".join(said) or f"Nothing waits for {person.name}.")


def _echo_remarks(charter: Charter, now: datetime, besides: Iterable[str] = ()) -> None:
    """On stderr: what is printed beside it may be kept and compared."""
    for remark in (*map(str, remarks(charter, now)), *besides):
        click.echo(f"Worth a look: {remark}.", err=True)


def _agree_ladder(session: Session, ladder: Ladder, person: Person, now: datetime) -> str:
    missing = agree_as_lead(session, ladder, person, now=now)
    return f"{ladder.name} is agreed; still to agree: {listed(missing)}." if missing else f"{ladder.name} is in force."


def _agree_proposal(
    session: Session, arrangement: Arrangement, proposal: ChangeProposal, person: Person, now: datetime
) -> str:
    led = arrangement.led_by(person.id)
    if not led:
        raise MayNot(f"{person.name} leads no organisation of this partnership; only a lead agrees a change.")
    viewer = viewer_of(person.id, arrangement, at=now)
    mine = answerable(arrangement, proposal, viewer, agreements(session, [proposal.id])) or led
    actor = Actor(person.id, person.name, mine[0].id, mine[0].key, mine[0].name)
    done = agree_change(session, proposal, actor, now=now)
    head = f"Proposal {done.number} ({done.what})"
    return f"{head} is agreed; still to agree: {listed(done.missing)}." if done.missing else f"{head} is in force."


def _agree_all(session: Session, arrangement: Arrangement, person: Person, now: datetime) -> Iterator[str]:
    """Each change and ladder that waits for them, and no other."""
    if not arrangement.led_by(person.id):
        raise MayNot(f"{person.name} leads no organisation of this partnership; only a lead agrees a change.")
    for each in unanswered(session, viewer_of(person.id, arrangement, at=now), [arrangement]):
        if each.state is ProposalState.WAITING:
            yield _agree_proposal(session, arrangement, each, person, now)
    for waiting in by_key(session, arrangement.key).ladders_to_agree():
        if any(each.key not in waiting.agreed_by for each in arrangement.led_by(person.id)):
            yield _agree_ladder(session, ladder_of(session, arrangement.id, waiting.key), person, now)


def _waiting(arrangement: Arrangement, proposals: Iterable[int]) -> Iterator[str]:
    """What is left to do by leads, before anything can be raised on a ladder, or a change is in force."""
    for ladder in arrangement.ladders_to_agree():
        agree = f"tracker charter agree {arrangement.key} {ladder.key} --person EMAIL"
        yield f"{ladder.name} waits for a lead of every organisation: {agree}"
    for number in proposals:
        yield f"Proposal {number} waits: tracker charter agree {arrangement.key} --proposal {number} --person EMAIL"


def _checked(file: Path, now: datetime) -> Charter:
    try:
        return check(file.read_text(encoding="utf-8-sig"), today=now.date())
    except UnicodeDecodeError as error:
        raise WrongFile(f"{file} is not text in UTF-8: {error}") from None
    except OSError as error:
        raise WrongFile(f"{file} cannot be read: {error.strerror}") from None


commands = [charter]
