"""What is kept and added up says what every event of every issue says, read anew: for every reader, at every time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from tests.makers import MONDAY, Cast
from tests.reports.ladder.random_lives import PEOPLE, live_on, past_lives
from tests.reports.ladder.slow_way import SlowReport, counts_of, lengths_of
from tracker.actions.counting.climbs import count_climbs, uncount_climbs
from tracker.database import Database
from tracker.measures.periods import period
from tracker.queries.ladder.sums import LadderReader
from tracker.records.climb import ClimbScope, ClimbTally, IssueClimb
from tracker.records.issue import Issue
from tracker.reports.ladder.build import issue_flows, ladder_report
from tracker.rules.rings import Viewer

PERIODS = ("", "2026-05", "2026-03..2026-04")
READERS = ("", *PEOPLE, "alex", "tess", "stan")
A_WEEK = timedelta(days=7)
SEEDS = (1, 2, 3)


def count_all(session: Session, now: datetime) -> None:
    while count_climbs(session, now=now + timedelta(minutes=2), most=7):
        pass


def readers_of(session: Session, agreed: Any, viewers: dict[str, Viewer | None]) -> Iterator[LadderReader]:
    for viewer in viewers.values():
        for within in PERIODS:
            yield LadderReader(agreed, viewer, period(within) if within else None)


def differences(session: Session, reader: LadderReader, now: datetime) -> list[Any]:
    """Where the report says other than the slow way has it; lengths may be an hour off."""
    slow, report = SlowReport(session, reader, now), ladder_report(session, reader, now=now)
    wanted, told = slow.counts(), counts_of(report)
    found: list[Any] = [(name, told[name], wanted[name]) for name in wanted if told[name] != wanted[name]]
    flows, wanted_flows = dict(issue_flows(session, reader, now)), slow.flows()
    if list(flows.items()) != list(wanted_flows.items()):
        found.append(("flows", flows, wanted_flows))
    if [way.ref for way in report.longest] != slow.longest() or report.readable != len(wanted_flows):
        found.append(("longest", report.readable, [way.ref for way in report.longest], slow.longest()))
    lengths, exact = lengths_of(report), slow.lengths()
    found += [
        (name, lengths.get(name), each) for name, each in exact.items() if not _is_near(name, lengths.get(name), each)
    ]
    return found


def _is_near(name: str, told: float | None, exact: float | None) -> bool:
    if told is None or exact is None:
        return told is exact
    return abs(told - exact) <= (1.5 / 24 if name == "contested" else 1.5)


def everywhere(session: Session, cast: Cast, now: datetime, names: tuple[str, ...] = READERS) -> list[Any]:
    viewers = {name: cast.viewer(name) if name else None for name in names}
    agreed = cast.arrangement(session)
    return [
        (reader.viewer and reader.viewer.name, reader.period and reader.period.name, difference)
        for reader in readers_of(session, agreed, viewers)
        for difference in differences(session, reader, now)
    ]


def kept(session: Session) -> list[Any]:
    """All that is kept, without the ids of its rows."""
    session.flush()
    scope = (ClimbScope.sides, ClimbScope.named, ClimbScope.body_id)
    tallies = select(*scope, ClimbTally.month, ClimbTally.counts, ClimbTally.longest)  # type: ignore[call-overload]
    issues = select(*scope, *(getattr(IssueClimb, name) for name in IssueClimb.model_fields if name != "scope_id"))
    whose = col(ClimbScope.id)
    found = [
        *session.exec(tallies.join(ClimbScope, whose == col(ClimbTally.scope_id))),
        *session.exec(issues.join(ClimbScope, whose == col(IssueClimb.scope_id))),
    ]
    return sorted((tuple(row) for row in found), key=repr)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_is_the_same_for_every_reader_whatever_is_counted_so_far(
    db: Database, cast: Cast, seed: int
) -> None:
    random = Random(seed)
    with db.write() as session:
        past_lives(session, cast, random, 8)
        now = live_on(session, cast, random, steps=60)
        assert everywhere(session, cast, now, ("", "sam", "priya")) == []
        count_all(session, now)
        assert everywhere(session, cast, now) == []
        now = live_on(session, cast, random, steps=25, start=now)
        assert everywhere(session, cast, now, ("", "kim", "ines", "mo")) == []
        count_climbs(session, now=now + timedelta(minutes=2), most=4)
        assert everywhere(session, cast, now + A_WEEK) == []
        count_all(session, now)
        for weeks in (0, 3, 9):
            assert everywhere(session, cast, now + weeks * A_WEEK, ("", "sam", "ines")) == []


@pytest.mark.parametrize("seed", SEEDS[:2])
def test_what_is_kept_is_what_the_events_alone_give(db: Database, cast: Cast, seed: int) -> None:
    random, now = Random(seed), MONDAY
    with db.write() as session:
        past_lives(session, cast, random, 4)
        for _ in range(6):
            now = live_on(session, cast, random, steps=12, start=now)
            count_all(session, now)
        followed = kept(session)
        uncount_climbs(session, cast.partnership.id, now)
        assert kept(session) == []
        count_all(session, now)

        assert session.exec(select(func.count()).select_from(IssueClimb)).one() > 10
        assert kept(session) == followed
        assert session.exec(select(Issue.id).where(col(Issue.uncounted_at).is_not(None))).all() == []
