"""Working hours lost, as an issue and its chain keep them, and as months are counted with them."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from tests.issue_makers import doer, last_event, make_issue
from tests.makers import MONDAY, Cast, ask_for_hours
from tests.migrations.stepping import as_it_was
from tests.records.chains import broken_links
from tracker.actions import resolve
from tracker.actions.amend import amend
from tracker.actions.counting.months import recount
from tracker.database import Database
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.tally import Tally, Uncounted
from tracker.reports.themes.build import theme_report
from tracker.rules.lifecycle import Severity
from tracker.rules.refusals import WrongInput

pytestmark = pytest.mark.both_databases


def propose(session: Session, cast: Cast, issue: Issue, lost_minutes: int | None = None) -> None:
    by = doer(cast, "kim")
    resolve.propose(session, issue.ref, by, outcome="solved", done="A new form.", lost_minutes=lost_minutes)


def agree(session: Session, cast: Cast, issue: Issue) -> None:
    resolve.agree(session, issue.ref, doer(cast, "sam"))


def counted(session: Session, cast: Cast) -> tuple[int, int, int]:
    """Serious or critical, of how many hours were said, and the minutes: over all tallies made from nothing."""
    recount(session, cast.partnership.id)
    found = session.exec(select(Tally)).all()
    return (
        sum(each.severe for each in found),
        sum(each.lost_said for each in found),
        sum(each.lost_minutes for each in found),
    )


def test_what_was_lost_until_it_was_raised_is_kept_with_the_issue_and_its_event(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ask_for_hours(session, cast)
        issue = make_issue(session, cast, lost_minutes=150)
        raised = session.exec(select(Event).where(Event.issue_id == issue.id, Event.kind == "raised")).one()
        assert (issue.lost_minutes, raised.details["lost_minutes"]) == (150, 150)


def test_what_was_lost_in_all_takes_the_place_of_that_once_the_resolution_is_agreed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ask_for_hours(session, cast)
        issue = make_issue(session, cast, lost_minutes=150)
        propose(session, cast, issue, 600)
        assert (issue.lost_minutes, last_event(session, issue).details["lost_minutes"]) == (150, 600)
        agree(session, cast, issue)
        assert issue.lost_minutes == 600


def test_a_resolution_without_hours_leaves_what_was_said_before(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ask_for_hours(session, cast)
        issue = make_issue(session, cast, lost_minutes=150)
        propose(session, cast, issue)
        agree(session, cast, issue)
        assert issue.lost_minutes == 150


def test_the_hours_of_a_proposal_that_is_returned_count_nowhere(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ask_for_hours(session, cast)
        issue = make_issue(session, cast)
        propose(session, cast, issue, 600)
        resolve.give_back(session, issue.ref, doer(cast, "sam"), reason="It was less.")
        assert issue.lost_minutes is None
        assert counted(session, cast) == (1, 0, 0)


def test_hours_that_nobody_asked_for_are_refused_when_it_is_raised_and_when_it_is_resolved(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        with pytest.raises(WrongInput, match="Hours lost are not asked for here"):
            make_issue(session, cast, lost_minutes=150)
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput, match="Hours lost are not asked for here") as refused:
            propose(session, cast, issue, 600)
        assert [each.field for each in refused.value.errors] == ["hours"]


def test_months_count_what_is_serious_or_critical_and_the_hours_of_each_issue_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ask_for_hours(session, cast)
        first = make_issue(session, cast, lost_minutes=150)
        make_issue(session, cast, severity=Severity.CRITICAL, occurred_on=date(2026, 3, 2), lost_minutes=0)
        make_issue(session, cast, severity=Severity.MINOR, lost_minutes=60)
        make_issue(session, cast, severity=Severity.MINOR)
        assert counted(session, cast) == (2, 3, 210)
        amend(session, first.ref, doer(cast, "sam"), severity=Severity.MINOR)
        propose(session, cast, first, 600)
        agree(session, cast, first)
        assert counted(session, cast) == (1, 3, 660)


def test_more_than_a_column_of_small_numbers_holds_is_added_up(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ask_for_hours(session, cast)
        for issue in [make_issue(session, cast) for _ in range(2)]:
            issue.lost_minutes = 2**31 - 1
        assert counted(session, cast) == (2, 2, 2 * (2**31 - 1))


def test_what_was_counted_before_is_counted_anew_and_no_report_waits_for_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, theme="authority", occurred_on=MONDAY.date())
        recount(session, cast.partnership.id)
    with as_it_was(db, "0033") as connection:
        connection.execute(text("DELETE FROM uncounted"))
    with db.read() as session:
        assert session.exec(select(Uncounted.month)).all() == [2026 * 12 + 3]
        report = theme_report(session, cast.arrangement(session), today=MONDAY.date())
        assert report.themes.issues.severe == 1


def test_the_chain_holds_over_events_from_before_and_after_hours_were_asked_for(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ask_for_hours(session, cast)
        issue = make_issue(session, cast, lost_minutes=150)
        propose(session, cast, issue, 600)
    with as_it_was(db, "0033"):
        pass
    with db.read() as session:
        assert broken_links(session) == []
