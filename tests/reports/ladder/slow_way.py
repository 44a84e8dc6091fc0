"""The ladder report the slow way, as it once was: from every event of every issue, nothing kept, to the second."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, select
from sqlmodel import Session, col

from tracker.measures.acknowledging import Wait, wait_for_all
from tracker.measures.ball import RETURNS_TO_FLAG, Contest, ball_time, contest, flow_matrix, together, transfers
from tracker.measures.durations import kaplan_meier, median_of, percentile_of
from tracker.measures.ladder_flow import LadderFlow, MeasuredEvent, flow_of
from tracker.measures.recurrence import Ending, first_ending
from tracker.measures.tier_stays import Stay, hours_of, stays
from tracker.queries.issues import visible_issues
from tracker.queries.ladder.climbs import sides_of
from tracker.queries.ladder.events import events_of
from tracker.queries.ladder.sums import LadderReader
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.reports.ladder.report import IssueFlow
from tracker.reports.ladder.ways import WAYS_SHOWN
from tracker.rules.lifecycle import LIVE, UNSOLVED, Kind, Outcome, State
from tracker.rules.rings import Ring

_MONTH = timedelta(hours=240)  # thirty working days
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class SlowIssue:
    """All that was measured of one issue."""

    row: Row[Any]
    sides: tuple[int, ...]
    flow: LadderFlow
    stays: list[Stay]
    events: list[MeasuredEvent]
    contest: Contest | None
    wait: Wait | None
    ending: Ending | None

    @property
    def has_clock(self) -> bool:
        return self.row.kind is Kind.ISSUE and not self.row.worked_round

    @property
    def is_over(self) -> bool:
        return self.row.state is State.RESOLVED


class SlowReport:
    """What the report said of a reader's period at a moment."""

    def __init__(self, session: Session, reader: LadderReader, now: datetime) -> None:
        self._reader, self._now = reader, now
        zone = ZoneInfo(reader.arrangement.zone)
        self._bounds = reader.period.moments(zone) if reader.period else None
        self.lived = list(self._issues(session))
        self.raised = [each for each in self.lived if self._is_within(each.row.raised_at)]
        self.counted = [each for each in self.raised if each.row.counted]

    def flows(self) -> dict[str, IssueFlow]:
        found: dict[str, IssueFlow] = {}
        for each in (each for each in self.raised if each.row.visible):
            wanted = each.row.outside_ref or each.row.ref
            flow = IssueFlow(each.row.ref, each.is_over, each.flow, self._came_back(each))
            found[wanted if wanted not in found else f"{wanted} ({each.row.ref})"] = flow
        return found

    def longest(self) -> list[str]:
        def length(issue: IssueFlow) -> tuple[int, int, int]:
            return (len(issue.flow.path), issue.flow.hand_overs, issue.flow.elapsed_seconds)

        return [each.ref for each in sorted(self.flows().values(), key=length, reverse=True)[:WAYS_SHOWN]]

    def counts(self) -> dict[str, Any]:
        """Every figure that is no length of time."""
        counted, over = self.counted, [each for each in self.counted if each.is_over]
        told = Counter(self._came_back(each) for each in counted)
        waits = [each.wait for each in counted if each.wait and each.has_clock]
        return {
            "issues": len(counted),
            "resolved": len(over),
            "reopened": sum(each.flow.reopens > 0 for each in counted),
            "handed_over": sum(each.flow.hand_overs > 0 for each in counted),
            "hand_overs": sum(each.flow.hand_overs for each in counted),
            "ping_pong": sum(each.flow.ping_pong >= RETURNS_TO_FLAG for each in counted),
            "without_clock": sum(not each.has_clock for each in counted),
            "totals": self._totals(counted, over),
            "tiers": {tier: self._tier(found) for tier, found in self._on_tiers().items()},
            "matrix": dict(flow_matrix(self._passed(each) for each in counted)),
            "returns": sum(self._passed(each).returns for each in counted),
            "contested": [bool(each.contest.is_settled) for each in counted if each.contest].count(False),
            "flagged": sum(each.contest is not None for each in counted),
            "asked": len(waits),
            "not_yet": sum(not each.is_answered for each in waits),
            "lapsed": sum(each.lapses > 0 for each in waits),
            "outcomes": dict(Counter(each.row.outcome.value if each.row.outcome else "" for each in over)),
            "not_solved": sum(each.row.outcome in UNSOLVED for each in over),
            "lowest": sum(each.row.outcome is Outcome.SOLVED and each.row.tier == 1 for each in over),
            "followed": (told[True], told[True] + told[False]),
            "past_second": self._past_second(counted),
            "ball": self._ball(counted),
        }

    def lengths(self) -> dict[str, float | None]:
        """To the second: working hours, and of what was contested, days."""
        found: dict[str, float | None] = {}
        for tier, here in self._on_tiers().items():
            curve = kaplan_meier([hours for _, _, hours in here], [stay.is_over for _, stay, _ in here])
            found |= {f"tier {tier} half": median_of(curve), f"tier {tier} most": percentile_of(curve, 90)}
        waits = [(each, each.wait) for each in self.counted if each.wait and each.has_clock]
        if waits:
            hours = [self._hours(each.sides, wait.since, wait.until or self._now) for each, wait in waits]
            curve = kaplan_meier(hours, [wait.is_answered for _, wait in waits])
            found |= {"acknowledged half": median_of(curve), "acknowledged most": percentile_of(curve, 90)}
        contests = [each.contest for each in self.counted if each.contest]
        if contests:
            days = [each.lasted / timedelta(days=1) for each in contests]
            found["contested"] = median_of(kaplan_meier(days, [each.is_settled for each in contests]))
        return found

    def _issues(self, session: Session) -> Iterator[SlowIssue]:
        viewer, crossed = self._reader.viewer, col(Issue.ring) != Ring.ORGANISATION
        visible = visible_issues(viewer) if viewer else crossed
        whole = viewer is None or viewer.sees_totals_of(self._reader.arrangement.id)
        flags = (visible.label("visible"), (crossed if whole else visible).label("counted"))
        shown: tuple[Any, ...] = (*Issue.__table__.columns, *flags)  # type: ignore[attr-defined]
        here = select(*shown).where(col(Issue.partnership_id) == self._reader.arrangement.id, crossed)
        rows = session.execute(here.order_by(col(Issue.raised_at), col(Issue.id))).all()
        events = dict(events_of(session, self._reader.arrangement, col(Event.issue_id).is_not(None)))
        sides = sides_of(session, col(IssueSide.issue_id).is_not(None))
        for row in rows:
            if (row.visible or row.counted) and row.id in events:
                yield self._measured(row, sides[row.id], events[row.id])

    def _measured(self, row: Row[Any], sides: tuple[int, ...], events: list[MeasuredEvent]) -> SlowIssue:
        now, until = self._now, None if row.state is State.RESOLVED else self._now
        others = {self._reader.arrangement.organisations[each].key for each in sides[1:]}
        is_late = row.due_at is not None and row.due_at < now and row.state in LIVE
        lived = [
            replace(
                stay,
                visits=(*stay.visits, *([(stay.since, max(now, stay.since))] if stay.since else [])),
                is_late=stay.is_late or (not stay.is_over and is_late),
            )
            for stay in stays(events, has_limits=row.outside_ref is None)
        ]
        return SlowIssue(
            row=row,
            sides=sides,
            flow=flow_of(events),
            stays=lived,
            events=events,
            contest=contest(events, until),
            wait=wait_for_all(events, others),
            ending=first_ending(events),
        )

    def _is_within(self, at: datetime) -> bool:
        return self._bounds is None or self._bounds[0] <= at < self._bounds[1]

    def _hours(self, sides: Sequence[int], start: datetime, end: datetime) -> float:
        return self._reader.arrangement.joint_calendar(sides).between(start, end) / _AN_HOUR

    def _came_back(self, issue: SlowIssue) -> bool | None:
        if issue.ending is None:
            return None
        at, again = issue.ending
        if self._hours(issue.sides, at, self._now) * _AN_HOUR < _MONTH:
            return None
        return again is not None and self._hours(issue.sides, at, again) * _AN_HOUR <= _MONTH

    def _on_tiers(self) -> Mapping[int, list[tuple[SlowIssue, Stay, float]]]:
        found: defaultdict[int, list[tuple[SlowIssue, Stay, float]]] = defaultdict(list)
        for each in self.lived:
            for stay in each.stays if each.row.counted and each.has_clock else ():
                if self._is_within(stay.entered_at):
                    hours = hours_of(stay, partial(self._hours, each.sides))
                    found[stay.tier].append((each, stay, hours))
        return dict(sorted(found.items()))

    @staticmethod
    def _tier(found: list[tuple[SlowIssue, Stay, float]]) -> tuple[Any, ...]:
        here = [stay for _, stay, _ in found]
        told = [stay for stay in here if stay.is_told]
        timed = [stay for stay in told if stay.has_limit]
        return (
            len(here),
            sum(not stay.is_over for stay in here),
            (sum(stay.rise is not None for stay in told), len(told)),
            Counter(stay.rise for stay in told if stay.rise),
            (sum(not stay.is_late for stay in timed), len(timed)),
        )

    @staticmethod
    def _totals(counted: list[SlowIssue], over: list[SlowIssue]) -> dict[int, tuple[int, int, int]]:
        reached, moved_up = Counter[int](), Counter[int]()
        for each in counted:
            reached.update(set(each.flow.path))
            moved_up.update({low for low, high in pairwise(each.flow.path) if high > low})
        ended = Counter(each.flow.path[-1] for each in over if each.flow.path)
        return {tier: (reached[tier], moved_up[tier], ended[tier]) for tier in sorted(reached)}

    def _past_second(self, counted: list[SlowIssue]) -> int:
        ladder = self._reader.arrangement.default_ladder()
        top = len(ladder.tiers) if ladder else max((each.flow.max_tier for each in counted), default=0)
        return sum(top > 2 and top in each.flow.path and 2 not in each.flow.path for each in counted)

    def _ball(self, counted: list[SlowIssue]) -> dict[Any, timedelta]:
        times = (ball_time(each.events, None if each.is_over else self._now) for each in counted)
        return {where: length for where, length in together(times).spent.items() if length}

    @staticmethod
    def _passed(issue: SlowIssue) -> Any:
        return transfers(event.ball for event in issue.events)


def counts_of(report: Any) -> dict[str, Any]:
    """The figures of a `LadderReport`, as `SlowReport.counts` has them."""
    totals, ends, waits = report.totals, report.endings, report.acknowledgement
    plain = {name: value for name, value in asdict(totals).items() if name != "tiers"}
    return {
        **plain,
        "totals": {each.tier: (each.reached, each.moved_up, each.resolved) for each in totals.tiers},
        "tiers": {
            each.tier: (
                each.entered,
                each.still_there,
                (each.went_up.k, each.went_up.n),
                each.rises,
                (each.within_limit.k, each.within_limit.n),
            )
            for each in report.tiers
        },
        "matrix": dict(report.hand_overs.matrix),
        "returns": report.hand_overs.returns,
        "contested": report.hand_overs.contested.not_settled,
        "flagged": report.hand_overs.flagged,
        "asked": waits.asked,
        "not_yet": waits.not_yet,
        "lapsed": waits.lapsed.k,
        "outcomes": dict(ends.outcomes),
        "not_solved": ends.not_solved.k,
        "lowest": ends.lowest.k,
        "followed": (ends.reopened.k, ends.reopened.n),
        "past_second": ends.skipped_second,
        "ball": dict(report.ball.spent),
    }


def lengths_of(report: Any) -> dict[str, float | None]:
    """The lengths of a `LadderReport`, as `SlowReport.lengths` has them."""
    found: dict[str, float | None] = {}
    for each in report.tiers:
        found |= {f"tier {each.tier} half": each.median_hours, f"tier {each.tier} most": each.ninetieth_hours}
    if report.acknowledgement.asked:
        waits = report.acknowledgement
        found |= {"acknowledged half": waits.median_hours, "acknowledged most": waits.ninetieth_hours}
    if report.hand_overs.contested.issues:
        found["contested"] = report.hand_overs.contested.median
    return found
