"""A ladder: the version in force, the one that waits, and who agreed it. Leads agree it, each for their own."""

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlmodel import Session

from tracker.actions.agree_ladder import agree_as_lead, ladder_of, waiting_version
from tracker.exchange.charter.charter import names_in
from tracker.exchange.charter.current import kept, ladder_shape, newest_versions
from tracker.exchange.charter.differences import entry_difference
from tracker.exchange.charter.revisions import fingerprint, with_default_ladder, with_entry
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.web.forms import Form
from tracker.pages.web.parts import FormState
from tracker.pages.web.visitor import ANEW
from tracker.queries.administration.events import LadderConsent, LadderProposal, proposal
from tracker.queries.arrangements import arrangement
from tracker.records.person import Person
from tracker.rules.arrangement import Arrangement, Ladder, Organisation
from tracker.rules.refusals import MoveNotAllowed, NotThere, Stale


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version as the page shows it. `agreements`: each organisation with its lead's agreement, or None."""

    ladder: Ladder
    proposal: LadderProposal
    agreements: tuple[tuple[Organisation, LadderConsent | None], ...]

    @property
    def missing(self) -> tuple[Organisation, ...]:
        return tuple(side for side, agreement in self.agreements if agreement is None)


@get("/arrangements/{key:str}/ladders/{ladder_key:str}", sync_to_thread=True)
def show_ladder(asked: NamedDependency[ArrangementRequest], ladder_key: FromPath[str]) -> Response[bytes]:
    """What is in force, what waits, and what differs."""
    return draw_ladder(asked, ladder_key)


def draw_ladder(
    asked: ArrangementRequest, ladder_key: str, retiring: FormState | None = None, status: int = 200
) -> Response[bytes]:
    """The page; `retiring`: why it could not be retired, or made the one that issues take. `default`: the one they
    take now, None where there is none."""
    with asked.db.read() as session:
        agreed = arrangement(session, asked.agreed.id)
        latest = newest(agreed, ladder_key)
        in_force = agreed.ladder_in_force(ladder_key)
        versions = [_version(session, agreed, each) for each in (in_force, latest) if each is not None]
        charter = kept(session, agreed.id)
    waits = not latest.in_force
    shapes = [ladder_shape(each.ladder, agreed) for each in versions]
    return asked.draw(
        "ladder",
        status=status,
        agreed=agreed,
        retiring=retiring or FormState(),
        ladder=latest,
        default=next((each for each in newest_versions(agreed).values() if each.default and not each.retired), None),
        address=asked.address("ladders", ladder_key),
        in_force=versions[0] if in_force else None,
        waiting=versions[-1] if waits else None,
        difference=entry_difference(shapes[0], shapes[-1], names_in(charter)) if in_force and waits else (),
        led=asked.led,
        remarks=asked.remarks(charter, "ladder", ladder_key),
        version=fingerprint(charter, "ladder", ladder_key),
    )


@post("/arrangements/{key:str}/ladders/{ladder_key:str}/agreement", sync_to_thread=True, opt=ANEW)
def agree_version(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], ladder_key: FromPath[str]
) -> Response[bytes]:
    """A lead agrees the version they were shown, for one organisation: a person answers for one alone."""
    newest(asked.agreed, ladder_key)
    asked.require_lead()
    with asked.db.write() as session:
        ladder = ladder_of(session, asked.agreed.id, ladder_key)
        version = waiting_version(session, ladder)
        if str(version.number) != form.get("number"):
            raise Stale(f"Version {version.number} was proposed since you opened this page. Look at it, then agree.")
        person = session.get_one(Person, asked.visitor.person_id)
        agree_as_lead(session, ladder, person, now=asked.now, organisation=asked.speaking(form))
        done = asked.done_by(session)
    return asked.done(done, "ladders", ladder_key)


@post("/arrangements/{key:str}/ladders/{ladder_key:str}/withdrawal", sync_to_thread=True, opt=ANEW)
def withdraw_version(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], ladder_key: FromPath[str]
) -> Response[bytes]:
    """The version that waits is taken back; the one in force stays."""
    newest(asked.agreed, ladder_key)
    asked.require_lead()
    in_force = asked.charter().in_force.get(ladder_key)
    if in_force is None:
        raise MoveNotAllowed("No version is in force yet, so nothing can be taken back: propose another one instead.")
    change, speaks = with_entry("ladder", in_force), asked.speaking(form)
    status, state = asked.keep(change, "ladder", ladder_key, version_in(form), FormState(), organisation=speaks)
    if status != 303:
        raise Stale(state.problem)
    return asked.sent(state, "ladders", ladder_key)


@post("/arrangements/{key:str}/ladders/{ladder_key:str}/default", sync_to_thread=True, opt=ANEW)
def make_default(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], ladder_key: FromPath[str]
) -> Response[bytes]:
    """Issues take this one from now on, where no route says otherwise. Refused while no version of it is in force."""
    ladder = newest(asked.agreed, ladder_key)
    asked.require_lead()
    if asked.agreed.ladder_in_force(ladder_key) is None:
        raise MoveNotAllowed(f"No version of the {ladder.name} ladder is in force yet, so issues cannot take it.")
    change, speaks = with_default_ladder(ladder_key), asked.speaking(form)
    status, state = asked.keep(change, "ladder", ladder_key, version_in(form), FormState(), organisation=speaks)
    return asked.sent(state) if status == 303 else draw_ladder(asked, ladder_key, state, status)


def newest(agreed: Arrangement, ladder_key: str) -> Ladder:
    """The newest version of a ladder that is not retired. Refuses: NotThere."""
    found = newest_versions(agreed).get(ladder_key)
    if found is None or found.retired:
        raise NotThere(f"There is no ladder {ladder_key}.")
    return found


def _version(session: Session, agreed: Arrangement, ladder: Ladder) -> VersionSummary:
    came = proposal(session, ladder.id)
    by_side = {each.organisation_id: each for each in came.agreements}
    return VersionSummary(ladder, came, tuple((side, by_side.get(side.id)) for side in agreed.active_organisations()))


routes = [show_ladder, agree_version, withdraw_version, make_default]
