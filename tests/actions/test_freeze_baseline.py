"""Freezing the limits of a theme: around what, refused for what, told to whom, and used by the report."""

from datetime import date

import pytest
from sqlmodel import Session, col, select

from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast, arrange
from tracker.actions.freeze_baseline import BaselineScope, usual_in
from tracker.actions.set_report_terms import enter_exposure
from tracker.database import Database
from tracker.exchange.charter.report_shape import BaselineShape, baseline_key
from tracker.exchange.charter.revisions import with_baseline
from tracker.measures.periods import month_number
from tracker.records.event import Event
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.report import ThemeReport
from tracker.reports.themes.theme import ThemeLine
from tracker.rules.refusals import NotThere, WrongInput

pytestmark = pytest.mark.both_databases

FIRST = month_number(date(2025, 4, 1))
MONTHS, HALF = range(FIRST, FIRST + 12), range(FIRST, FIRST + 6)
AUTHORITY = BaselineScope("authority")


@pytest.fixture
def busy(db: Database, cast: Cast) -> Cast:
    """Five a month between Hospitals and Council, from the seventh month on ten."""
    with db.write() as session:
        for month in MONTHS:
            for _ in range(5 if month in HALF else 10):
                make_issue(session, cast, theme="authority", occurred_on=date(month // 12, month % 12 + 1, 1))
    return cast


def freeze(
    session: Session, cast: Cast, whose: BaselineScope = AUTHORITY, months: range = HALF, reason: str = "So"
) -> None:
    by = cast.actor("alex").name
    usual = usual_in(session, cast.arrangement(session), whose, months=months, reason=reason, by=by, now=MONDAY)
    arrange(session, cast, with_baseline(baseline_key(whose.theme, whose.pair), BaselineShape.of(usual)))


def frozen(line: ThemeLine) -> list[str]:
    return [line.frozen_text(pair) for pair in line.baselines]


def report(session: Session, cast: Cast, reader: str = "") -> ThemeReport:
    viewer = cast.viewer(reader) if reader else None
    return theme_report(session, cast.arrangement(session), today=date(2026, 4, 27), viewer=viewer)


def centre(found: ThemeReport) -> float | None:
    verdict = found.themes.lines[0].verdict
    return verdict.evidence.months.centre if verdict else None


def sentence(session: Session) -> str:
    event = session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
    return event.read().sentence(event.actor_name)


def test_limits_are_around_what_was_usual_in_the_months_and_the_report_says_why(db: Database, busy: Cast) -> None:
    with db.write() as session:
        assert centre(report(session, busy)) == 7.5
        freeze(session, busy, reason="before the new ward")
        assert sentence(session) == (
            "Alex Hill froze the limits of No authority at this level around 5 a month, as in 2025-04 to 2025-09: "
            "before the new ward"
        )
    with db.read() as session:
        found = report(session, busy)
        said = frozen(found.themes.lines[0])
    assert centre(found) == 5
    assert said == ["Limits frozen around 5 a month by Alex Hill on Mon 27 Apr 2026: before the new ward"]


def test_moving_them_tells_from_what_to_what(db: Database, busy: Cast) -> None:
    with db.write() as session:
        freeze(session, busy)
        freeze(session, busy, months=MONTHS, reason="it has changed for good")
        assert sentence(session) == (
            "Alex Hill moved the frozen limits of No authority at this level from 5 a month to 7.5 a month, as in "
            "2025-04 to 2026-03: it has changed for good"
        )
    with db.read() as session:
        assert len(busy.arrangement(session).report.baselines) == 1


def test_let_go_they_come_from_the_first_months_again(db: Database, busy: Cast) -> None:
    with db.write() as session:
        freeze(session, busy)
        arrange(session, busy, with_baseline("authority", None), by="chris", why="a mistake")
        assert sentence(session).endswith("which were around 5 a month: a mistake")
        assert centre(report(session, busy)) == 7.5
        with pytest.raises(NotThere):
            arrange(session, busy, with_baseline("authority", None))


def test_those_of_a_theme_between_two_are_their_own(db: Database, busy: Cast) -> None:
    with db.write() as session:
        freeze(session, busy, BaselineScope("authority", ("acute", "council")))
    with db.read() as session:
        found = report(session, busy)
    assert centre(found) == 7.5
    assert found.themes.lines[0].pair_verdicts["acute", "council"].evidence.months.centre == 5


def test_with_exposure_they_are_around_a_rate_and_wait_while_it_is_not_known(db: Database, busy: Cast) -> None:
    with db.write() as session:
        amounts = {(month, busy.acute.id): 50.0 for month in MONTHS}
        enter_exposure(session, busy.arrangement(session), amounts, actor=busy.actor("alex"), now=MONDAY)
        freeze(session, busy)
        assert "around 10 per 100 joint cases" in sentence(session)
        assert centre(report(session, busy)) == 10
        missing = {(FIRST, busy.acute.id): None}
        enter_exposure(session, busy.arrangement(session), missing, actor=busy.actor("alex"), now=MONDAY)
        found = report(session, busy)
        assert centre(found) == 7.5
        assert frozen(found.themes.lines[0]) == []


def test_a_reader_of_some_organisations_has_limits_of_what_they_see(db: Database, busy: Cast) -> None:
    with db.write() as session:
        freeze(session, busy)
        assert centre(report(session, busy, "sam")) == 7.5
        assert centre(report(session, busy, "priya")) == 5


@pytest.mark.parametrize(
    "whose, months, said",
    [
        pytest.param(AUTHORITY, range(FIRST, FIRST + 5), "Choose 6 to 60 months", id="too few"),
        pytest.param(AUTHORITY, range(FIRST + 5, FIRST), "Choose 6 to 60 months", id="backwards"),
        pytest.param(AUTHORITY, range(FIRST, FIRST + 13), "Choose a month that is over.", id="not over"),
        pytest.param(BaselineScope("reliability"), HALF, "Nothing of this theme happened", id="nothing happened"),
        pytest.param(
            BaselineScope("authority", ("acute", "community")), HALF, "Nothing of this theme happened", id="pair"
        ),
    ],
)
def test_limits_that_say_nothing_are_refused(
    db: Database, busy: Cast, whose: BaselineScope, months: range, said: str
) -> None:
    with db.write() as session, pytest.raises(WrongInput, match=said):
        freeze(session, busy, whose, months)
