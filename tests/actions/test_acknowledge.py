"""Acknowledging: a side has it from then on."""

import pytest

from tests.issue_makers import doer, kinds, make_issue
from tests.makers import Cast
from tracker.actions.acknowledge import acknowledge
from tracker.database import Database
from tracker.records.timer import TimerKind
from tracker.rules.refusals import MayNot


def test_acknowledging_stops_that_sides_clock_and_sets_when_it_lapses(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        clocks = {(timer.kind, timer.side) for timer in issue.timers}
        assert (TimerKind.ACKNOWLEDGEMENT, "council") not in clocks
        assert (TimerKind.LAPSE, "council") in clocks


def test_acknowledging_twice_is_one_event(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        acknowledge(session, issue.ref, doer(cast, "lee"))
        assert kinds(session, issue).count("acknowledged") == 1


def test_a_front_line_person_who_holds_nothing_does_not_acknowledge(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(MayNot, match="a manager of a side"):
            acknowledge(session, issue.ref, doer(cast, "chris"))
