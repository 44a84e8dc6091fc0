"""Raising an issue: one short form, what is similar while typing, and back to the issue that came of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from secrets import token_urlsafe
from typing import Annotated, Any, ClassVar, Literal

from litestar import Response, get, post
from litestar.params import FromQuery
from pydantic import StringConstraints
from sqlmodel import Session

from tracker.actions.begin_step import StepRequest
from tracker.actions.raise_issue import record_issue
from tracker.database import Database
from tracker.exchange.identifiers import kinds_of
from tracker.pages.issues.steps_view import SEVERITIES, latest_today
from tracker.pages.web.forms import Form, Hours, Shape, TheForm, fitting, once_in, read, refused, typed
from tracker.pages.web.header import side_class
from tracker.pages.web.page import page
from tracker.pages.web.parts import Choice, FormState, Readers
from tracker.pages.web.request import Asking, TheDatabase, TheTime, TheVisitor, htmx_target, see_other
from tracker.pages.web.visitor import Visitor
from tracker.queries.similar import SimilarIssue, similar_issues, worth_showing
from tracker.rules import addresses, policy, routing
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.events.resolution import OUTCOME_WORDS
from tracker.rules.identifiers import what_may_identify
from tracker.rules.lifecycle import Kind, Severity, State
from tracker.rules.new_issue import NewIssue
from tracker.rules.refusals import DoneAlready, FieldError, MayNot, NotThere, Refused, WrongInput
from tracker.rules.rings import Membership, Ring, Step, Viewer
from tracker.rules.rings.readers import OrganisationReaders, grouped, people_of
from tracker.rules.wording import listed, say_people

LONGEST_TITLE = 160  # letters; what is longer is said, and never cut off unseen


class RaiseForm(Shape):
    """What somebody says went wrong. `ring`: "organisation" while only their own should see it."""

    sentences: ClassVar = {
        "title.missing": "Say in one line what went wrong.",
        "with": "Choose whom it is with.",
        "severity": "Say how much it matters.",
    }
    title: Annotated[str, fitting(LONGEST_TITLE)]
    severity: Severity
    detail: Annotated[str, StringConstraints(max_length=10_000)] = ""
    occurred_on: date | None = None
    service_area: str | None = None
    kind: Kind = Kind.ISSUE
    ring: Literal[Ring.SHARED, Ring.ORGANISATION] = Ring.SHARED
    named: bool = False
    worked_round: bool = False
    hours: Hours | None = None
    hide_reporter: bool = False

    def new_issue(self, with_: str) -> NewIssue:
        facts = {"lost_minutes" if name == "hours" else name: value for name, value in self if name != "named"}
        ring = Ring.NAMED if self.named and self.ring is Ring.SHARED else self.ring
        return NewIssue(**{**facts, "ring": ring}, with_=with_)


_ONE_OF_TWO = FieldError(
    "named",
    "What concerns a person is read by those who hold it on each side, from the first moment: it cannot be your "
    "whole organisation's first. Choose one of the two.",
)


_LONGEST = 10_000  # letters of a text that is compared


@post("/issues/similar", status_code=200, sync_to_thread=True)
def show_similar(request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """Issues like this title and detail that this person may see; `with`: the key of the organisation it is with. Sent
    as a form: what somebody is about to say stands in no address, no history and no log."""
    arrangement = _chosen(visitor, _organisation(form), str(form.get("partnership", "")))
    title, detail, with_ = (str(form.get(name, "")) for name in ("title", "detail", "with"))
    with db.read() as session:
        similar = _similar(session, visitor.viewer, arrangement, now, title, detail, _key(with_))
    template = "issues/new.html" if htmx_target(request) == "similar" else "issues/similar.html"
    return page(request, template, similar=similar, form=FormState(values=typed(form)))


@get("/issues/new", sync_to_thread=True)
def show_form(
    request: Asking,
    visitor: TheVisitor,
    db: TheDatabase,
    now: TheTime,
    partnership: FromQuery[str] = "",
    speaking_for: FromQuery[str] = "",
) -> Response[bytes]:
    """The form, empty."""
    with db.read() as session:
        view = _draw(session, visitor, _chosen(visitor, speaking_for, partnership), now, FormState())
    return page(request, "issues/new.html", **view)


@post("/issues/new", sync_to_thread=True)
def send_issue(request: Asking, visitor: TheVisitor, db: TheDatabase, now: TheTime, form: TheForm) -> Response[bytes]:
    """Raised, and on to its page; or the form again with what was wrong and all that was typed."""
    arrangement, speaking = _chosen(visitor, _organisation(form), ""), _speaking(visitor, _organisation(form))
    filled, state = read(RaiseForm, form)
    if filled is None or speaking is None:
        return _again(request, db, visitor, arrangement, now, _with_whom(state, form, is_said=speaking is not None))
    new = filled.new_issue(_key(str(form.get("with", ""))))
    if (
        new.crosses
        and not form.get("as_it_is")
        and (found := what_may_identify({"title": new.title, "detail": new.detail}, kinds_of(arrangement.identifiers)))
    ):
        return _again(request, db, visitor, arrangement, now, replace(state, warnings=found))
    if filled.named and not new.crosses:
        return _again(request, db, visitor, arrangement, now, refused(state, WrongInput(_ONE_OF_TWO)))
    once = once_in(form, f"new/{visitor.person_id}")  # whoever else sends the word is not told what it made
    step_request = StepRequest(visitor.viewer, now, speaking_for=speaking.organisation_key, once=once)
    try:
        with db.write() as session:
            ref = record_issue(session, arrangement, new, step_request).ref
    except DoneAlready as done:
        ref = done.ref
    except (MayNot, NotThere):
        raise
    except Refused as refusal:  # no common working time, no ladder: whatever the rules say, what was typed stays
        status = 422 if isinstance(refusal, WrongInput) else 409
        return _again(request, db, visitor, arrangement, now, refused(state, refusal), status=status)
    return see_other(addresses.after_step(ref, str(form.get("once", ""))))


def _again(
    request: Asking,
    db: Database,
    visitor: Visitor,
    arrangement: Arrangement,
    now: datetime,
    state: FormState,
    *,
    status: int = 422,
) -> Response[bytes]:
    with db.read() as session:
        view = _draw(session, visitor, arrangement, now, state)
    return page(request, "issues/new.html", status=status, **view)


def _similar(
    session: Session, viewer: Viewer, arrangement: Arrangement, now: datetime, title: str, detail: str, with_: str = ""
) -> list[tuple[SimilarIssue, str, str, bool]]:
    """At most three that this person may see (`worth_showing`): each with its sides, its state or tier, and whether
    they may say that this happened to them too; of a resolved one they first read how it ended. `with_`: the key of
    whom it is with."""
    with_id = next((each.id for each in arrangement.organisations.values() if each.key == with_), None)
    issues = similar_issues(session, viewer, arrangement.id, title[:_LONGEST], detail[:_LONGEST], with_id)
    return [
        (
            issue,
            listed(arrangement.organisations[side].name for side in issue.side_ids),
            _where_text(issue, arrangement),
            issue.state is not State.RESOLVED
            and Step.OCCURRENCE in policy.allowed_steps(issue, arrangement, viewer, now),
        )
        for issue in worth_showing(issues)
    ]


def _where_text(row: SimilarIssue, arrangement: Arrangement) -> str:
    if row.state is State.RESOLVED:
        return f"resolved, {OUTCOME_WORDS[row.outcome]}" if row.outcome else "resolved"
    ladder = arrangement.ladder_version(row.ladder_version_id)
    return f"with {ladder.tiers[row.tier - 1].name}" if ladder and row.tier else row.state.value


def _draw(
    session: Session, visitor: Visitor, arrangement: Arrangement, now: datetime, form: FormState
) -> dict[str, Any]:
    speaking = _speaking(visitor, form.values.get("speaking_for", ""))
    own = arrangement.organisations[speaking.organisation_id] if speaking else None
    places = [arrangement] if speaking else [*visitor.arrangements.values()]
    title, detail = form.values.get("title", ""), form.values.get("detail", "")
    return {
        "form": form,
        "once": token_urlsafe(12),
        "never_name": arrangement.never_name,
        "today": latest_today(visitor.viewer, arrangement, now),
        "speaking_choices": [*_speaking_for(visitor)],
        "organisations": [each for place in places for each in _with_choices(visitor, place, own, _said(form))],
        "severities": SEVERITIES,
        "service_areas": [*_service_areas(places)],
        "own_readers": Readers(_everybody((own,), arrangement), private=True) if own else None,
        "similar": _similar(session, visitor.viewer, arrangement, now, title, detail) if title else (),
        "has_ladder": arrangement.default_ladder() is not None,
        "asks_hours": any(each.report.asks_hours for each in places),
    }


def _chosen(visitor: Visitor, speaking_for: str, partnership: str) -> Arrangement:
    """The partnership to raise in: that of the organisation spoken for, else the one asked for, else the first."""
    if speaking := _speaking(visitor, speaking_for):
        return visitor.arrangements[speaking.partnership_id]
    known = {each.key: each for each in visitor.arrangements.values()}
    return known.get(partnership) or next(iter(known.values()))


def _speaking(visitor: Visitor, place: str) -> Membership | None:
    """For whom they speak: the one place they have, or the one they named, by its key or as “RIV:acute”; None before
    who has several has said so."""
    mine = visitor.viewer.memberships
    named = [each for each in mine if place in (_place_text(each), each.organisation_key)]
    if len(named) == 1:
        return named[0]
    return mine[0] if len(mine) == 1 else None


def _place_text(place: Membership) -> str:
    return f"{place.partnership_key}:{place.organisation_key}"


def _with_choices(
    visitor: Visitor, arrangement: Arrangement, own: Organisation | None, said: Mapping[str, str]
) -> Iterator[Choice]:
    """Whom it can be with; before they have said for whom they speak, that may be their own."""
    for other in arrangement.active_organisations():
        if own is None or other.id != own.id:
            choice = _with(other, own, arrangement, said)
            is_one_of_several = own is None and len(visitor.arrangements) > 1
            yield replace(choice, label=f"{choice.label}, in {arrangement.name}") if is_one_of_several else choice


def _service_areas(places: Iterable[Arrangement]) -> Iterator[Choice]:
    areas = (area for place in places for area in place.service_areas if not area.retired)
    yield from {each.key: Choice(each.key, each.name) for each in areas}.values()


def _speaking_for(visitor: Visitor) -> Iterator[Choice]:
    """Each organisation of theirs; where they belong to several partnerships, with the one it is in."""
    for place in visitor.viewer.memberships:
        arrangement = visitor.arrangements[place.partnership_id]
        name = arrangement.organisations[place.organisation_id].name
        ending = f", in {arrangement.name}" if len(visitor.arrangements) > 1 else ""
        yield Choice(_place_text(place), f"{name}{ending}")


def _organisation(form: Form) -> str:
    return str(form.get("speaking_for", ""))


def _key(place: str) -> str:
    return place.rpartition(":")[2]


def _with_whom(state: FormState, form: Form, *, is_said: bool) -> FormState:
    """A form with another mistake says at once that nobody was chosen, too, or not said for whom they speak."""
    missing = {} if is_said else {"speaking_for": policy.SAY_FOR_WHOM}
    missing |= {} if form.get("with") else {"with": RaiseForm.sentences["with"]}
    return replace(state, errors={**missing, **state.errors}, open=True)


def _with(other: Organisation, own: Organisation | None, arrangement: Arrangement, said: Mapping[str, str]) -> Choice:
    """Who reads it if it is with this one, as the router says."""
    speakers = (own,) if own else tuple(each for each in arrangement.active_organisations() if each != other)
    ahead = routing.prospect(arrangement, organisations=[each.key for each in speakers], with_=other.key, said=said)
    both, yours = ((own, other), "") if own else ((other,), "the organisation you speak for")
    who = (*both, *(each for each in _named(arrangement, ahead.always) if each not in both))
    maybe = [each.name for each in _named(arrangement, ahead.maybe) if each not in who]
    joining = f"{listed(maybe)}, where a route has it answer" if maybe else ""
    later = [each for each in (yours, joining) if each]
    groups = _everybody(who, arrangement)
    readers = Readers(groups, later="; ".join((*later, *_members(ahead.bodies, who, arrangement))))
    named = Readers(groups, named=True, words=_only_concerned(who, later))
    return Choice(other.key, other.name, side=side_class(other.position), readers=readers, named_readers=named)


def _everybody(organisations: Iterable[Organisation], arrangement: Arrangement) -> tuple[OrganisationReaders, ...]:
    ids = [each.id for each in organisations]
    return grouped(people_of(arrangement, ids), None, arrangement, None, organisations=ids)


def _members(tiers: Mapping[str, str], who: Iterable[Organisation], arrangement: Arrangement) -> Iterator[str]:
    """Of the bodies that read it if it gets that far, how many do not read it before."""
    before = people_of(arrangement, [each.id for each in who])
    for name, body in tiers.items():
        if more := arrangement.seated_on(arrangement.bodies[body].id) - before:
            yield f"{say_people(len(more))} more of {name}, if it gets that far"


def _only_concerned(who: Iterable[Organisation], later: Iterable[str]) -> str:
    """About a person: of whom it is with and of one's own, those who come to hold it."""
    whose = "; ".join((listed(each.name for each in who), *later))
    return f"Only you and whoever comes to hold it read this, or stands in for them, at {whose}"


def _named(arrangement: Arrangement, keys: frozenset[str]) -> list[Organisation]:
    return [each for each in arrangement.active_organisations() if each.key in keys]


def _said(form: FormState) -> dict[str, str]:
    """What of the issue decides where it goes, as far as the form that goes back says it."""
    chosen = {name: value for name in ("severity", "kind") if (value := form.values.get(name))}
    return {**chosen, **({"service_area": form.values.get("service_area", "")} if chosen else {})}


routes = [show_similar, show_form, send_issue]
