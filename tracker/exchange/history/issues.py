"""History into records: what a past case leaves its issue as, and the organisations that are its sides."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import update
from sqlmodel import Session, col, select

from tracker.exchange.history.cases import Case
from tracker.exchange.history.cells import EventName
from tracker.exchange.history.events import HistoryPlace
from tracker.exchange.history.records import Columns, write
from tracker.measures.cut_text import cut
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.records.partnership import Partnership
from tracker.rules.lifecycle import State
from tracker.rules.new_issue import NewIssue
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.routing import Routing, route
from tracker.rules.spans import day_in


def take_numbers(session: Session, partnership_id: int, count: int) -> int:
    """The first of so many issue numbers of the partnership, all used up by the call."""
    mine = col(Partnership.id) == partnership_id
    taken = update(Partnership).where(mine).values(next_number=Partnership.next_number + count)
    return int(session.exec(taken.returning(col(Partnership.next_number))).scalar_one()) - count


def add_issues(session: Session, cases: Sequence[Case], place: HistoryPlace, *, first_number: int) -> list[int]:
    """The issues of new cases, each with its sides, without events yet. Their ids, in the order of the cases."""
    rows = [
        {
            "number": number,
            "ref": f"{place.arrangement.key}-{number}",
            "entered_at": case.entered_at,
            **_columns(case, place),
            **_on_ladder(case, place),
        }
        for number, case in enumerate(cases, first_number)
    ]
    ids = write(session, Issue, rows)
    _add_sides(session, zip(ids, cases, strict=True), place, known={})
    return ids


def continue_issues(session: Session, cases: Mapping[int, Case], place: HistoryPlace) -> None:
    """What cases that have grown leave their issues (by id) as. Each keeps the ladder it is on."""
    mine = col(Issue.id).in_(cases)
    ladders = session.exec(select(Issue.id, Issue.ladder_version_id).where(mine)).all()
    rows = [
        {"id": issue_id, **_columns(cases[issue_id], place), **_standing(cases[issue_id], place, ladder)}
        for issue_id, ladder in ladders
    ]
    session.exec(update(Issue), params=rows)
    sides = select(IssueSide.issue_id, IssueSide.organisation_id).where(col(IssueSide.issue_id).in_(cases))
    known: dict[int, set[int]] = {}
    for issue_id, organisation_id in session.exec(sides):
        known.setdefault(issue_id, set()).add(organisation_id)
    _add_sides(session, cases.items(), place, known=known)


def _columns(case: Case, place: HistoryPlace) -> Columns:
    """What a case leaves its issue as, limits and clocks apart. It is shared: history is the partnership's own."""
    raised, sides = case.raised, place.sides(case)
    raiser = place.actor(raised.organisation, raised.person)
    theme = place.arrangement.themes.get(case.theme)
    area = place.arrangement.service_area(case.service_area)
    return {
        "partnership_id": place.arrangement.id,
        "title": case.title,
        "detail": raised.detail,
        "cut_words": cut(case.title, raised.detail),
        "severity": case.severity,
        "state": _state(case, place),
        "outcome": case.outcome,
        "version": 1 + len(case.events),
        "occurred_on": day_in(place.zone, raised.at),
        "raised_at": raised.at,
        "raised_by_id": raiser.person_id,
        "raised_by_name": raiser.name,
        "raised_for_id": sides[0].id,
        "meant_for_id": sides[1].id if len(sides) > 1 else None,
        "service_area": area.key if area else None,
        "theme": theme.key if theme else None,
        "theme_confirmed": theme is not None,
        "topic": theme.topic if theme else None,
        "ball_with_id": place.ball_with(case).id,
        "reopens": case.reopens,
        "occurrences": sum(event.row.event in {EventName.RAISED, EventName.OCCURRED} for event in case.events),
        "resolved_at": case.resolved_at,
        "outside_ref": case.ref,
    }


def _state(case: Case, place: HistoryPlace) -> State:
    """As folded; but a proposal by nobody known here cannot be answered, so it leaves the issue open, and one that was
    paused goes on from the import: nobody here could end a pause that was agreed elsewhere."""
    last = case.last
    proposers = [event.row.organisation for event in case.events if event.row.event is EventName.PROPOSED]
    is_nobodys = last.state is State.PROPOSED and proposers[-1] not in place.organisations
    if last.state is State.PAUSED:
        return State.OPEN if last.answered else State.RAISED
    return State.OPEN if is_nobodys else last.state


def _on_ladder(case: Case, place: HistoryPlace) -> Columns:
    """The ladder that an issue like this would go on today, if it is in force."""
    routing = _routed(case, place)
    ladder = routing.ladder.id if routing else None
    return {
        **_standing(case, place, ladder),
        "ladder_version_id": ladder,
        "route_key": routing.route if routing else None,
        "route_why": routing.why if routing and routing.route else "",
    }


def _routed(case: Case, place: HistoryPlace) -> Routing | None:
    """Where an issue like this would go today; None while no ladder is in force."""
    sides = [side.key for side in place.sides(case)]
    with_ = next(iter(sides[1:]), "")
    like = NewIssue(
        title=case.title,
        detail=case.raised.detail,
        with_=with_,
        severity=case.severity,
        service_area=case.service_area or None,
    )
    try:
        return route(like, place.arrangement, organisation=sides[0], with_=with_)
    except MoveNotAllowed:
        return None


def _standing(case: Case, place: HistoryPlace, ladder_version_id: int | None) -> Columns:
    """The tier; one above the top of the ladder stands at the top."""
    ladder = place.arrangement.ladder_version(ladder_version_id)
    if ladder is None:
        return {"tier": case.last.tier, "body_id": None}
    tier = ladder.tiers[min(case.last.tier, len(ladder.tiers)) - 1]
    body = place.arrangement.bodies.get(tier.body)
    return {"tier": tier.number, "body_id": body.id if body else None}


def _add_sides(
    session: Session, cases: Iterable[tuple[int, Case]], place: HistoryPlace, *, known: Mapping[int, set[int]]
) -> None:
    """The sides that are not known yet; each has acknowledged when it first did something."""
    rows = [
        {"issue_id": issue_id, "organisation_id": side.id, "position": position, **_acknowledged(case, side.key, place)}
        for issue_id, case in cases
        for position, side in enumerate(place.sides(case))
        if side.id not in known.get(issue_id, ())
    ]
    write(session, IssueSide, rows, has_id=False)


def _acknowledged(case: Case, organisation: str, place: HistoryPlace) -> Columns:
    first = next((event.row for event in case.events if event.row.organisation == organisation), None)
    name = place.actor(first.organisation, first.person).name if first else None
    return {"acknowledged_at": first.at if first else None, "acknowledged_by_name": name}
