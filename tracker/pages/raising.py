"""Raising an issue: one short form, what is similar while typing, and back to the issue that came of it."""

from dataclasses import replace
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from pydantic import StringConstraints
from sqlmodel import Session

from tracker.actions.begin_step import Doer
from tracker.actions.raise_issue import Said, raise_issue
from tracker.database import Database
from tracker.pages.answers import see_other
from tracker.pages.asking import Asking
from tracker.pages.drawing import page
from tracker.pages.forms import Form, Shape, once_in, read, refused
from tracker.pages.frames import side_class
from tracker.pages.issue_page import SEVERITY_WORDS
from tracker.pages.part_views import Choice, FormState, Reader, Readers
from tracker.pages.raise_views import RaiseView, SimilarItem
from tracker.pages.similar import similar_items
from tracker.pages.visitor import Visitor
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.identifiers import what_may_identify
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.refusals import DoneAlready, FieldError, MoveNotAllowed, WrongInput
from tracker.rules.rings import Ring
from tracker.rules.wording import listed


class RaiseForm(Shape):
    """What somebody says went wrong. `ring`: "organisation" while only their own should see it."""

    sentences: ClassVar = {
        "title.missing": "Say in one line what went wrong.",
        "with": "Choose whom it is with.",
        "severity": "Say how much it matters.",
    }
    title: Annotated[str, StringConstraints(max_length=160)]
    severity: Severity
    detail: Annotated[str, StringConstraints(max_length=10_000)] = ""
    occurred_on: date | None = None
    service_area: str | None = None
    kind: Kind = Kind.ISSUE
    ring: Ring = Ring.SHARED
    named: bool = False
    worked_round: bool = False
    hide_reporter: bool = False


_ONE_OF_TWO = FieldError(
    "named",
    "What concerns a person is read by those who hold it on each side, from the first moment: it cannot be your "
    "whole organisation's first. Choose one of the two.",
)


@get("/issues/new", sync_to_thread=True)
def new_issue(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    title: FromQuery[str] = "", detail: FromQuery[str] = "", partnership: FromQuery[str] = "",
    speaking_for: FromQuery[str] = "",
) -> Response[bytes]:  # fmt: skip
    """The form; with a title, issues like it that this person may see."""
    typed = FormState(values={name: value for name, value in (("title", title), ("detail", detail)) if value})
    with db.read() as session:
        view = _draw(session, visitor, _chosen(visitor, speaking_for, partnership), now, typed)
    return page(request, "issues/new.html", raising=view)


@post("/issues/new", sync_to_thread=True)
def send_issue(
    request: Asking, visitor: NamedDependency[Visitor], db: NamedDependency[Database], now: NamedDependency[datetime],
    form: NamedDependency[Form],
) -> Response[bytes]:  # fmt: skip
    """Raised, and on to its page; or the form again with what was wrong and all that was typed."""
    arrangement = _chosen(visitor, _organisation(form), "")
    filled, state = read(RaiseForm, form)
    if filled is None:
        return _again(request, db, visitor, arrangement, now, _with_whom(state, form), 422)
    crosses = filled.ring is not Ring.ORGANISATION
    if crosses and not form.get("as_it_is") and (found := what_may_identify(filled.title, filled.detail)):
        return _again(request, db, visitor, arrangement, now, replace(state, warnings=found), 422)
    if filled.named and not crosses:
        return _again(request, db, visitor, arrangement, now, refused(state, WrongInput(_ONE_OF_TWO)), 422)
    once = once_in(form, f"new/{visitor.person_id}")  # whoever else sends the word is not told what it made
    doer = Doer(visitor.viewer, now, speaking_for=_key(_organisation(form)) or None, once=once)
    try:
        with db.write() as session:
            ref = raise_issue(session, arrangement, _said(filled, form, arrangement, now), doer).ref
    except DoneAlready as done:
        ref = done.ref
    except (WrongInput, MoveNotAllowed) as refusal:
        status = 422 if isinstance(refusal, WrongInput) else 409
        return _again(request, db, visitor, arrangement, now, refused(state, refusal), status)
    return see_other(f"/issues/{ref}")


def _again(
    request: Asking,
    db: Database,
    visitor: Visitor,
    arrangement: Arrangement,
    now: datetime,
    state: FormState,
    status: int,
) -> Response[bytes]:
    with db.read() as session:
        view = _draw(session, visitor, arrangement, now, state)
    return page(request, "issues/new.html", status=status, raising=view)


def _said(filled: RaiseForm, form: Form, arrangement: Arrangement, now: datetime) -> Said:
    return Said(
        title=filled.title, detail=filled.detail, with_=_key(str(form.get("with", ""))), severity=filled.severity,
        occurred_on=filled.occurred_on or _today(arrangement, now), kind=filled.kind,
        ring=Ring.NAMED if filled.named and filled.ring is Ring.SHARED else filled.ring,
        service_area=filled.service_area, worked_round=filled.worked_round, hide_reporter=filled.hide_reporter,
    )  # fmt: skip


def _draw(session: Session, visitor: Visitor, arrangement: Arrangement, now: datetime, form: FormState) -> RaiseView:
    mine = visitor.viewer.in_partnership(arrangement.id)
    organisations = arrangement.active_organisations()
    speaking = next(
        (each for each in mine if each.organisation_key == _key(form.values.get("speaking_for", ""))), mine[0]
    )
    own = arrangement.organisations[speaking.organisation_id]
    others = [each for each in organisations if each.id != own.id]
    return RaiseView(
        form=form, once=token_urlsafe(12), today=_today(arrangement, now), speaking_for=_speaking_for(visitor),
        organisations=tuple(_with(each, own, arrangement) for each in others),
        severities=tuple(Choice(each.value, SEVERITY_WORDS[each]) for each in Severity),
        service_areas=tuple(Choice(each.key, each.name) for each in arrangement.service_areas if not each.retired),
        own_readers=Readers((_reader(own),), private=True),
        similar=_similar(session, visitor, arrangement, form),
        no_ladder=_no_ladder(arrangement),
    )  # fmt: skip


def _similar(session: Session, visitor: Visitor, arrangement: Arrangement, form: FormState) -> tuple[SimilarItem, ...]:
    title, detail = form.values.get("title", ""), form.values.get("detail", "")
    return similar_items(session, visitor.viewer, arrangement, title, detail) if title else ()


def _no_ladder(arrangement: Arrangement) -> str:
    if arrangement.default_ladder():
        return ""
    return "Nothing can be raised yet: a lead of every organisation has to agree the ladder first."


def _chosen(visitor: Visitor, speaking_for: str, partnership: str) -> Arrangement:
    """The partnership to raise in: that of the organisation spoken for, else the one asked for, else the first."""
    wanted = speaking_for.partition(":")[0] or partnership
    known = {each.key: each for each in visitor.arrangements.values()}
    return known.get(wanted) or next(iter(known.values()))


def _speaking_for(visitor: Visitor) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            f"{each.partnership_key}:{each.organisation_key}",
            _place(visitor, each.partnership_id, each.organisation_id),
        )
        for each in visitor.viewer.memberships
    )


def _place(visitor: Visitor, partnership_id: int, organisation_id: int) -> str:
    arrangement = visitor.arrangements[partnership_id]
    name = arrangement.organisations[organisation_id].name
    return name if len(visitor.arrangements) == 1 else f"{name}, in {arrangement.name}"


def _organisation(form: Form) -> str:
    return str(form.get("speaking_for", ""))


def _key(place: str) -> str:
    return place.rpartition(":")[2]


def _with_whom(state: FormState, form: Form) -> FormState:
    """A form with another mistake says at once that nobody was chosen, too."""
    missing = {} if form.get("with") else {"with": RaiseForm.sentences["with"]}
    return replace(state, errors={**missing, **state.errors})


def _with(other: Organisation, own: Organisation, arrangement: Arrangement) -> Choice:
    who = (_reader(own), _reader(other))
    joining, members = _joining(arrangement, own, other), _members(arrangement)
    readers = Readers(who, later="; ".join(each for each in (joining, members) if each))
    named = Readers(who, later=joining, named="you")
    return Choice(other.key, other.name, side=side_class(other.position), readers=readers, named_readers=named)


def _joining(arrangement: Arrangement, own: Organisation, other: Organisation) -> str:
    """Who may become a side, because a route or a service area has them answer."""
    answers = {each.answers for each in arrangement.routes} | {each.answers for each in arrangement.service_areas}
    joining = [each.name for each in arrangement.active_organisations() if each.key in answers - {own.key, other.key}]
    return f"{listed(joining)}, where a route has it answer" if joining else ""


def _members(arrangement: Arrangement) -> str:
    ladder = arrangement.default_ladder()
    bodies = [tier.name for tier in ladder.tiers if tier.whole_body] if ladder else []
    return f"the members of {listed(bodies)}, when it reaches them" if bodies else ""


def _reader(organisation: Organisation) -> Reader:
    return Reader(organisation.name, side_class(organisation.position))


def _today(arrangement: Arrangement, now: datetime) -> date:
    return now.astimezone(ZoneInfo(arrangement.zone)).date()


routes = [new_issue, send_issue]
