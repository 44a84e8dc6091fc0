"""Draws a body and its agenda for one reader: who sits facing whom, when they meet, what waits for them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from tracker.pages.governance.decision import DecisionLine, draw_decision_line
from tracker.pages.issues.lines import RowView, draw_rows
from tracker.pages.web.parts import Link
from tracker.queries.agendas import AgendaCursor
from tracker.queries.decisions import DecisionRow
from tracker.queries.issue_lines import PAGE, IssueRow
from tracker.queries.visitors import Visitor
from tracker.records.event import read_event
from tracker.records.relations import meetings
from tracker.rules import addresses, names
from tracker.rules.arrangement import Arrangement, Body, Organisation, Seat
from tracker.rules.deadlines import working_days_left
from tracker.rules.events.resolution import unlinked
from tracker.rules.lifecycle import State
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.spans import day_in
from tracker.rules.wording import say_count, say_day


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An issue on the agenda, with its story in brief: a few sentences, oldest first.

    `since`: when it reached this body; `decided`: what was decided about it.
    """

    row: RowView
    since: datetime
    since_words: str
    brief: tuple[str, ...]
    asks: str = ""
    decided: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body in the list of bodies; `mine`: the reader is seated on it."""

    name: str
    href: str
    partnership: str
    waiting: int
    next_meeting: datetime | None
    mine: bool = False
    tier_words: str = ""


@dataclass(frozen=True, slots=True)
class AgendaView:
    """A body's agenda, oldest limit first.

    `sides`: who is seated for each organisation, with what they are: "Jo Bell, chair". `meetings`: the next ones,
    soonest first. `decided`: what left it lately. `decisions`: those it took that are open; `decide`: where the reader
    may record one ("" where they may not).
    """

    name: str
    key: str
    partnership: str
    tier_words: str
    sides: tuple[tuple[Organisation, tuple[str, ...]], ...]
    items: tuple[AgendaItem, ...]
    meetings: tuple[datetime, ...] = ()
    decided: tuple[RowView, ...] = ()
    mine: bool = False
    more: str = ""
    decisions: tuple[DecisionLine, ...] = ()
    decide: str = ""


Brief = Mapping[int, list[Row[Any]]]

_NEXT = 3  # meetings that are named
_CURSOR = re.compile(r"([0-9]{1,11})?-([0-9]{1,10})")
_EVERY_ID = 2**31 - 1


def draw_line(body: Body, arrangement: Arrangement, visitor: Visitor, count: int, now: datetime) -> BodyLine:
    """A body among others."""
    return BodyLine(
        name=body.name, href=addresses.body(arrangement.key, body.key), partnership=arrangement.name, waiting=count,
        next_meeting=next(iter(meetings(body, now)), None), mine=body.id in visitor.viewer.bodies,
        tier_words=_tier_words(body, arrangement),
    )  # fmt: skip


def draw_agenda(
    body: Body, arrangement: Arrangement, visitor: Visitor, now: datetime, *,
    rows: tuple[IssueRow, ...], brief: Brief, decided: Brief, left: tuple[IssueRow, ...], zone: str,
    decisions: Iterable[DecisionRow], may_decide: bool,
) -> AgendaView:  # fmt: skip
    """A page of the agenda. `rows`: one more than a page, where there is more; `decided`: decisions by issue; `left`:
    resolved here lately; `decisions`: those of the body that are open."""
    shown = rows[:PAGE]
    views = draw_rows(shown, visitor, now, zone=zone)
    return AgendaView(
        name=body.name, key=arrangement.key, partnership=arrangement.name, tier_words=_tier_words(body, arrangement),
        sides=tuple(_sides(body, arrangement, now)), meetings=tuple(meetings(body, now))[:_NEXT],
        items=tuple(_items(shown, views, brief, decided, visitor, arrangement, now)),
        decided=draw_rows(left, visitor, now, zone=zone), mine=body.id in visitor.viewer.bodies,
        more=addresses.body(arrangement.key, body.key, after=_cursor_text(shown[-1])) if len(rows) > PAGE else "",
        decisions=tuple(draw_decision_line(row, arrangement, day_in(arrangement.zone, now)) for row in decisions),
        decide=addresses.deciding(arrangement.key, body.key) if may_decide else "",
    )  # fmt: skip


def read_cursor(text: str) -> AgendaCursor | None:
    """Where a page of an agenda begins. Refuses what no agenda gave out."""
    if not text:
        return None
    found = _CURSOR.fullmatch(text)
    if found is None or int(found[2]) > _EVERY_ID:
        raise WrongInput(FieldError("after", "This page of the agenda cannot be found: begin at its first."))
    return AgendaCursor(datetime.fromtimestamp(int(found[1]), UTC) if found[1] else None, int(found[2]))


def _cursor_text(row: IssueRow) -> str:
    """A limit falls on a whole second."""
    return f"{int(row.due_at.timestamp()) if row.due_at else ''}-{row.id}"


def _tier_words(body: Body, arrangement: Arrangement) -> str:
    """“tier 2 of the Operational ladder”, for each ladder in force that climbs over this body."""
    in_force = {each.key: arrangement.ladder_in_force(each.key) for each in arrangement.ladders.values()}
    places = [
        f"tier {tier.number} of the {ladder.name} ladder"
        for ladder in in_force.values()
        if ladder
        for tier in ladder.tiers
        if tier.body == body.key
    ]
    return ", ".join(places)


def _sides(body: Body, arrangement: Arrangement, now: datetime) -> Iterable[tuple[Organisation, tuple[str, ...]]]:
    for organisation in arrangement.active_organisations():
        seats = [seat for seat in body.seats if seat.organisation == organisation.key]
        yield organisation, tuple(_seated(seat, arrangement, now) for seat in seats)


def _seated(seat: Seat, arrangement: Arrangement, now: datetime) -> str:
    """“Jo Bell, chair, holds”; while away, who stands in."""
    today = day_in(arrangement.zone, now)
    person, acting = arrangement.people[seat.person_id], arrangement.acting(seat, today)
    deputy = arrangement.people.get(seat.deputy_id or 0)
    what = [words for words, is_so in (("chair", seat.chair), ("holds", seat.holds)) if is_so]
    if acting != seat.person_id:
        what.append(f"away: {arrangement.people[acting].name} stands in")
    elif person.is_away(today):
        what.append("away")
    elif deputy:
        what.append(f"deputy {deputy.name}")
    return ", ".join((person.name, *what))


def _items(
    rows: tuple[IssueRow, ...], views: tuple[RowView, ...], brief: Brief, decided: Brief, visitor: Visitor,
    arrangement: Arrangement, now: datetime,
) -> Iterable[AgendaItem]:  # fmt: skip
    zone, decisions = ZoneInfo(arrangement.zone), addresses.decisions(arrangement.key)
    for row, view in zip(rows, views, strict=True):
        since = row.entered_at or row.raised_at
        yield AgendaItem(
            row=view, since=since, since_words=_for_how_long(since, row, arrangement, now), asks=_asks(row, view),
            brief=tuple(_sentence(event, row, visitor, zone) for event in brief.get(row.id, ())),
            decided=tuple(Link(each.what, f"{decisions}/{each.number}") for each in decided.get(row.id, ())),
        )  # fmt: skip


def _for_how_long(since: datetime, row: IssueRow, arrangement: Arrangement, now: datetime) -> str:
    days = working_days_left(since, now, arrangement.joint_calendar(row.side_ids))
    return f"for {say_count(days, 'working day')}" if days else ""


def _asks(row: IssueRow, view: RowView) -> str:
    if row.state is State.PROPOSED:
        return "whether it ends as proposed; agree, or return it with a reason."
    if view.tone == "late":
        return "what becomes of it; its limit here has passed."
    return ""


def _sentence(event: Row[Any], row: IssueRow, visitor: Visitor, zone: ZoneInfo) -> str:
    who = names.doer_name(event.person_id, event.words, row, visitor.viewer)
    kind = unlinked(read_event(event.kind, event.details, event.words, event.hashes))
    return f"{say_day(event.at.astimezone(zone))}: {kind.sentence(who)}"
