"""Where a seeded issue stands, as rows: the issue itself, its sides, its holders on each tier, its clocks."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from tests.bench.lives import Life
from tests.bench.partnership import KEY
from tracker.measures.cut_text import cut
from tracker.records.ladder_context import meetings
from tracker.records.timer import TimerKind
from tracker.rules.arrangement import Arrangement, Ladder, Tier
from tracker.rules.deadlines import Origin
from tracker.rules.digest import Head
from tracker.rules.ladder import HolderAt, LadderContext, holders_at
from tracker.rules.lifecycle import Outcome, State
from tracker.rules.resolution import Proposal
from tracker.rules.rings import Ring

Row = dict[str, Any]
DONE = "The lists of both teams were put right, and each has the other's number."
A_DAY = timedelta(days=1)

_LIMITS = (timedelta(days=5), timedelta(days=8), timedelta(days=15), timedelta(days=28))  # about those of the tiers
_FOUR_WEEKS = timedelta(weeks=4)


@dataclass
class Rows:
    """Rows by table, in an order in which they can be inserted."""

    issue: list[Row] = field(default_factory=list)
    issue_side: list[Row] = field(default_factory=list)
    holder: list[Row] = field(default_factory=list)
    occurrence: list[Row] = field(default_factory=list)
    note: list[Row] = field(default_factory=list)
    event: list[Row] = field(default_factory=list)
    timer: list[Row] = field(default_factory=list)


class Standing:
    """Writes where issues stand at the end of the seeded years."""

    def __init__(self, arrangement: Arrangement, ladder: Ladder, end: datetime) -> None:
        self._arrangement, self._ladder, self._end = arrangement, ladder, end
        self._holders = cache(self._holders_of)

    def write(self, life: Life, rows: Rows, *, heads: dict[str, Head], events: int) -> None:
        """The rows of one issue, whose story is so long; `heads`: where its chains end."""
        uncounted_at = life.raised_at if events and life.ring is not Ring.ORGANISATION else None
        chain = {"heads": heads, "events": events, "uncounted_at": uncounted_at}
        rows.issue.append({**self._issue(life), **self._place(life), **chain})
        rows.issue_side += (_side(life, place) for place in range(len(life.sides)))
        rows.holder += self._held(life)
        rows.timer += self._timers(life)

    def _issue(self, life: Life) -> Row:
        private = life.ring is Ring.ORGANISATION
        proposed_at = self._end - A_DAY / 8 if life.state is State.PROPOSED else None
        return {
            "id": life.id, "partnership_id": self._arrangement.id, "number": None if private else life.id,
            "ref": f"{KEY}-{f'{life.id:08x}' if private else life.id}", "kind": life.kind, "ring": life.ring,
            "title": life.title, "detail": life.detail, "cut_words": cut(life.title, life.detail),
            "severity": life.severity, "state": life.state,
            "outcome": life.outcome, "version": 2 + len(life.notes), "occurred_on": life.raised_at.date(),
            "raised_at": life.raised_at, "raised_by_id": life.raiser.id, "raised_by_name": life.raiser.name,
            "hide_reporter": False, "raised_for_id": life.sides[0].id, "meant_for_id": life.sides[-1].id,
            "service_area": life.area, "theme": life.theme, "theme_confirmed": life.theme_confirmed,
            "other_themes": [], "topic": None, "clause": None, "route_key": None, "route_why": "",
            "worked_round": life.outcome is Outcome.WORKED_ROUND, "reopens": 0,
            "occurrences": 1 + len(life.happened), "proposal": self._proposal(life), "proposed_at": proposed_at,
            "resolved_at": life.resolved_at, "stayed_fixed": life.stayed_fixed, "again_of_id": life.again_of_id,
            "same_as_id": None, "outside_ref": None, "ball_with_id": life.ball.id,
        }  # fmt: skip

    def _place(self, life: Life) -> Row:
        """Where it is on the ladder. A limit is shown as it stood when the issue ended."""
        if not life.tier:
            none = ("ladder_version_id", "body_id", "whole_body_id", "entered_at", "due_at", "due_origin")
            return {**dict.fromkeys(none), "tier": 0}
        tier, entered_at = self._ladder.tiers[life.tier - 1], list(life.reached())[-1][1]
        body = self._arrangement.bodies[tier.body].id
        due_at = _close_of(entered_at + _LIMITS[life.tier - 1]) if life.has_clock else None
        return {
            "ladder_version_id": self._ladder.id, "tier": life.tier, "body_id": body,
            "whole_body_id": body if tier.whole_body and life.ring is Ring.SHARED else None,
            "entered_at": entered_at, "due_at": due_at, "due_origin": _origin(tier, entered_at) if due_at else None,
        }  # fmt: skip

    def _proposal(self, life: Life) -> Row | None:
        if life.state is State.PROPOSED or (life.resolved_at and life.has_clock):
            outcome = life.outcome or Outcome.SOLVED
            by = life.sides[-1]
            return Proposal(by.id, by.name, outcome.value, DONE).kept(ball_before=by.id)
        return None

    def _held(self, life: Life) -> Iterator[Row]:
        for number in range(1, life.tier + 1):
            active = life.resolved_at is None and number == life.tier
            for each in self._holders(tuple(side.id for side in life.sides), number, life.area):
                yield {
                    "issue_id": life.id, "organisation_id": each.organisation_id, "tier": number,
                    "person_id": each.person_id, "first": each.first, "active": active,
                }  # fmt: skip

    def _holders_of(self, sides: tuple[int, ...], number: int, area: str) -> tuple[HolderAt, ...]:
        found = self._arrangement.service_area(area)
        context = LadderContext(self._arrangement, self._ladder, sides, meetings, found.leads if found else {})
        tier = self._ladder.tiers[number - 1]
        return tuple(each for side in sides for each in holders_at(context, tier, side))

    def _timers(self, life: Life) -> Iterator[Row]:
        for kind, side, due_at in self._clocks(life):
            yield {
                "issue_id": life.id, "kind": kind, "side": side, "due_at": due_at, "set_aside_at": None,
                "set_aside_why": None, "origin": None,
            }  # fmt: skip

    def _clocks(self, life: Life) -> Iterator[tuple[TimerKind, str, datetime]]:
        if life.resolved_at:
            if life.has_clock and life.resolved_at + _FOUR_WEEKS > self._end:
                yield TimerKind.FOUR_WEEKS, "", life.resolved_at + _FOUR_WEEKS
        elif life.has_clock and life.tier:
            due_at = _close_of(list(life.reached())[-1][1] + _LIMITS[life.tier - 1])
            yield (TimerKind.SILENCE if life.state is State.PROPOSED else TimerKind.LIMIT), "", due_at
            for side in life.sides:
                yield TimerKind.LAPSE, side.key, due_at + A_DAY


def _side(life: Life, place: int) -> Row:
    """The raiser's side has acknowledged from the first moment, the others once it is open."""
    side, seen = life.sides[place], place == 0 or life.state is not State.RAISED
    return {
        "issue_id": life.id, "organisation_id": side.id, "position": place,
        "acknowledged_at": life.raised_at if seen else None,
        "acknowledged_by_name": life.raiser.name if seen else None,
        "agreed_at": life.resolved_at if life.has_clock else None, "acknowledge_by": None,
    }  # fmt: skip


def _origin(tier: Tier, at: datetime) -> Row:
    return Origin(tier.limit or "", at, body=tier.body, or_at_most=tier.or_at_most).kept()


def _close_of(at: datetime) -> datetime:
    return at.replace(hour=16, minute=0, second=0, microsecond=0)
