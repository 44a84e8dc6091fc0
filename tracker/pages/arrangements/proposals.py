"""Changes that touch others: what waits for whom, what was there and what would be; agreed, returned or taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import StringConstraints
from sqlmodel import Session

from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.loading import agree_change
from tracker.exchange.charter.parts import put_all
from tracker.exchange.charter.proposing import lock_partnership, parts_in, return_proposal, take_back
from tracker.exchange.charter.remarks import Remark
from tracker.exchange.charter.report_shape import pair_in
from tracker.exchange.charter.revisions import BASELINE
from tracker.pages.arrangements.door import ArrangementRequest
from tracker.pages.web.forms import Form, Shape, read, refused
from tracker.pages.web.parts import FormState
from tracker.pages.web.visitor import ANEW
from tracker.queries.administration.proposals import (
    agreements,
    answerable,
    closed_proposals,
    proposal_of,
    waiting_proposals,
)
from tracker.queries.arrangements import arrangement
from tracker.records.change_proposal import ChangeAgreement, ChangeProposal
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.arranging import ProposalState
from tracker.rules.events.kinds import Actor, Passage
from tracker.rules.refusals import FieldError, MoveNotAllowed, NotThere, WrongFile, WrongInput
from tracker.rules.rings import Viewer


class ReturnForm(Shape):
    """Why a proposal is returned."""

    sentences = {"reason.missing": "Say why: the side that proposed it reads it."}
    reason: Annotated[str, StringConstraints(max_length=1000)]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as the page shows it. `answers`: each organisation that it touches with its lead's agreement, or None;
    `mine`: those for which the reader may answer it; `takes_back`: whether they may take it back."""

    proposal: ChangeProposal
    side: Organisation | None
    answers: tuple[tuple[Organisation, ChangeAgreement | None], ...]
    mine: tuple[Organisation, ...]
    takes_back: bool

    @property
    def waits(self) -> bool:
        return self.proposal.state is ProposalState.WAITING

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(side.name for side, agreement in self.answers if agreement is None)

    @property
    def changes(self) -> list[tuple[str, list[Passage]]]:
        """Each with a heading, and under it what it says."""
        found: list[tuple[str, list[Passage]]] = []
        for line in self.proposal.plan.splitlines():
            if line.startswith(" ") and found:
                found[-1][1].append(_passage(line.strip()))
            else:
                found.append((line, []))
        return found


def _passage(line: str) -> Passage:
    """Of “name: Old → New”; where words have an arrow of their own, it is not known which one parts them."""
    name, _, value = line.partition(": ")
    label = f"{name[:1].upper()}{name[1:]}"
    if value.count(" → ") != 1:
        return Passage(label, value)
    was, _, text = value.partition(" → ")
    return Passage(label, text, was)


@get("/arrangements/{key:str}/proposals", sync_to_thread=True)
def show_proposals(asked: NamedDependency[ArrangementRequest]) -> Response[bytes]:
    """What waits, and what became of the last ones."""
    with asked.db.read() as session:
        agreed = arrangement(session, asked.agreed.id)
        found = [*waiting_proposals(session, agreed.id), *closed_proposals(session, agreed.id)]
        views = tuple(_views(session, asked, agreed, found))
    return asked.draw("proposals", agreed=agreed, proposals=views)


@get("/arrangements/{key:str}/proposals/{number:int}", sync_to_thread=True)
def show_proposal(asked: NamedDependency[ArrangementRequest], number: FromPath[int]) -> Response[bytes]:
    """What was there and what would be, who agreed and for whom it waits."""
    return _draw(asked, number)


@post("/arrangements/{key:str}/proposals/{number:int}/agreement", sync_to_thread=True, opt=ANEW)
def agree_to_proposal(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], number: FromPath[int]
) -> Response[bytes]:
    """A lead agrees for one organisation; with the last one it is in force."""
    actor = _answering(asked, form)
    try:
        with asked.db.write() as session:
            lock_partnership(session, asked.agreed.id)
            agree_change(session, proposal_of(session, asked.agreed.id, number), actor, now=asked.now)
            done = asked.done_by(session)
    except WrongFile as refusal:
        return _draw(asked, number, FormState(problem=refusal.plain), status=409)
    except MoveNotAllowed as refusal:
        return _draw(asked, number, FormState(problem=str(refusal)), status=409)
    return asked.done(done, "proposals", str(number))


@post("/arrangements/{key:str}/proposals/{number:int}/return", sync_to_thread=True)
def return_to_proposer(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], number: FromPath[int]
) -> Response[bytes]:
    """A lead returns it, with a reason."""
    actor = _answering(asked, form)
    typed, state = read(ReturnForm, form)
    status = 422
    try:
        if typed:
            with asked.db.write() as session:
                lock_partnership(session, asked.agreed.id)
                found = proposal_of(session, asked.agreed.id, number)
                return_proposal(session, found, actor, reason=typed.reason, now=asked.now)
                done = asked.done_by(session)
            return asked.done(done, "proposals", str(number))
    except (MoveNotAllowed, WrongInput) as refusal:
        state, status = refused(state, refusal), 409
    return _draw(asked, number, state, status=status)


@post("/arrangements/{key:str}/proposals/{number:int}/withdrawal", sync_to_thread=True)
def take_proposal_back(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], number: FromPath[int]
) -> Response[bytes]:
    """The side that proposed it takes it back."""
    asked.require_lead()
    with asked.db.write() as session:
        lock_partnership(session, asked.agreed.id)
        found = proposal_of(session, asked.agreed.id, number)
        side = asked.agreed.organisations.get(found.organisation_id or 0)
        actor = asked.actor(side.key if side and side.key in asked.led else None)
        take_back(session, found, actor, now=asked.now)
        done = asked.done_by(session)
    return asked.done(done, "proposals", str(number))


def _answering(asked: ArrangementRequest, form: Form) -> Actor:
    """Refuses: MayNot; WrongInput, where a lead of several names none."""
    asked.require_lead()
    side = asked.speaking(form)
    if side is None:
        raise WrongInput(FieldError("speaking_for", "Say for which organisation you answer."))
    return asked.actor(side)


def _draw(asked: ArrangementRequest, number: int, form: FormState | None = None, status: int = 200) -> Response[bytes]:
    with asked.db.read() as session:
        agreed = arrangement(session, asked.agreed.id)
        views = tuple(_views(session, asked, agreed, [proposal_of(session, agreed.id, number)]))
        before = kept(session, agreed.id)
    if not views:
        raise NotThere(f"There is no proposal {number}.")
    return asked.draw(
        "proposal",
        status=status,
        agreed=agreed,
        shown=views[0],
        remarks=_new_remarks(asked, before, views[0]),
        address=asked.address("proposals", str(number)),
        form=form or FormState(),
    )


def _new_remarks(asked: ArrangementRequest, before: Charter, shown: ProposalView) -> tuple[Remark, ...]:
    """What would be worth a look once it is in force, and is not so yet."""
    if not shown.waits:
        return ()
    known = asked.remarks(before)
    return tuple(each for each in asked.remarks(put_all(before, parts_in(shown.proposal))) if each not in known)


def _views(
    session: Session, asked: ArrangementRequest, agreed: Arrangement, found: Sequence[ChangeProposal]
) -> Iterator[ProposalView]:
    """Those that the reader may see."""
    all_agreed = agreements(session, [each.id for each in found])
    for each in found:
        if not _may_see(asked.visitor.viewer, agreed, each):
            continue
        mine = {row.organisation_id: row for row in all_agreed if row.proposal_id == each.id}
        touches = [agreed.organisation(key) for key in each.touches]
        sides = {**{side.id: side for side in touches}, **{key: agreed.organisations[key] for key in mine}}
        answers = tuple((side, mine.get(side.id)) for side in sorted(sides.values(), key=lambda side: side.position))
        yield ProposalView(
            proposal=each,
            side=agreed.organisations.get(each.organisation_id or 0),
            answers=answers,
            mine=answerable(agreed, each, asked.visitor.viewer, all_agreed),
            takes_back=any(agreed.organisation(key).id == each.organisation_id for key in asked.led),
        )


def _may_see(viewer: Viewer, agreed: Arrangement, proposal: ChangeProposal) -> bool:
    """Frozen limits are a figure: of all it is a total, of two it is for those two."""
    pairs = [pair_in(each["key"]) for each in proposal.parts if each["table"] == BASELINE]
    mine = {each.organisation_key for each in viewer.in_partnership(agreed.id)}
    return viewer.sees_totals_of(agreed.id) or all(mine & pair for pair in pairs)


routes = [show_proposals, show_proposal, agree_to_proposal, return_to_proposer, take_proposal_back]
