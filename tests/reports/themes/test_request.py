"""What leads set, in the theme report: rates by exposure, thresholds."""

from collections.abc import Mapping
from datetime import date

from sqlmodel import Session

from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast
from tracker.actions.set_report_terms import enter_exposure, keep_terms, name_exposure, partnership_for_change
from tracker.database import Database
from tracker.measures.periods import month_number
from tracker.reports.sentences import plain
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.report import ThemeReport

TODAY = date(2026, 5, 2)
FIRST = month_number(date(2025, 5, 1))
MONTHS = range(FIRST, FIRST + 12)  # the whole months of these tests


def entered(session: Session, cast: Cast, amounts: Mapping[str, float], months: range = MONTHS) -> None:
    """The same amount every month."""
    ids = {name: cast.organisations[name].id for name in amounts}
    by_place = {(month, ids[name]): amount for month in months for name, amount in amounts.items()}
    enter_exposure(session, cast.arrangement(session), by_place, actor=cast.actor("alex"), now=MONDAY)


def happened(session: Session, cast: Cast) -> None:
    """Five times in each of the months, between Hospitals and Council."""
    for month in MONTHS:
        for _ in range(5):
            day = date(month // 12, month % 12 + 1, 1)
            make_issue(session, cast, theme="authority", occurred_on=day)


def report(session: Session, cast: Cast, reader: str = "") -> ThemeReport:
    viewer = cast.viewer(reader) if reader else None
    return theme_report(session, cast.arrangement(session), today=TODAY, viewer=viewer)


def chart_words(found: ThemeReport) -> str:
    verdict = next(line for line in found.themes.lines if line.key == "authority").verdict
    assert verdict is not None
    return verdict.evidence.chart.words


def test_counts_become_rates_where_exposure_is_known_in_every_charted_month(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast)
        name_exposure(session, cast.arrangement(session), "hand-overs", 50, actor=cast.actor("alex"), now=MONDAY)
        entered(session, cast, {"acute": 60, "council": 40})
        found = report(session, cast)
    assert chart_words(found) == "u-chart: occurrences per 50 hand-overs"
    assert (
        found.trust.exposure_text == "how often is told per 50 hand-overs, which were entered for every charted month"
    )
    verdict = found.themes.lines[0].verdict
    assert verdict is not None
    assert verdict.evidence.series.exposure is not None
    assert set(verdict.evidence.series.exposure.months) == {100.0}


def test_one_month_without_exposure_leaves_equal_months_and_says_so(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast)
        entered(session, cast, {"acute": 60, "council": 40})
        missing = {(FIRST + 3, cast.acute.id): None}
        enter_exposure(session, cast.arrangement(session), missing, actor=cast.actor("alex"), now=MONDAY)
        found = report(session, cast)
    assert chart_words(found) == "c-chart: counts, equal months"
    assert (found.trust.exposure.without.k, found.trust.exposure.without.n) == (1, 12)
    assert found.trust.exposure_text.startswith("1 of 12 charted months have no joint cases")


def test_a_month_of_none_at_all_is_no_exposure(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast)
        entered(session, cast, {"acute": 60})
        entered(session, cast, {"acute": 0}, range(FIRST, FIRST + 1))
        found = report(session, cast)
    assert not found.trust.exposure.is_used


def test_a_theme_between_two_goes_by_the_exposure_of_the_two(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast)
        entered(session, cast, {"acute": 60, "council": 40, "community": 900})
        found = report(session, cast)
    series = found.themes.lines[0].pair_verdicts["acute", "council"].evidence.series
    assert series.exposure is not None
    assert set(series.exposure.months) == {100.0}


def test_who_reports_how_often_goes_by_each_organisations_own_exposure(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast)
        by_people = report(session, cast).both_ways.pairs[0]
        entered(session, cast, {"acute": 60, "council": 40})
        found = report(session, cast)
    assert (by_people.exposures, found.both_ways.pairs[0].exposures) == (None, (720, 480))
    assert "reported 60 (720 joint cases)" in plain(next(found.both_ways.raising(found.both_ways.pairs[0])))


def test_a_reader_of_some_organisations_has_rates_by_theirs(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast)
        entered(session, cast, {"acute": 60, "council": 40})
        found = report(session, cast, "sam")
    assert found.themes.lines[0].verdict is not None
    exposure = found.themes.lines[0].verdict.evidence.series.exposure
    assert exposure is not None
    assert set(exposure.months) == {60.0}


def test_the_rule_goes_by_the_thresholds_that_were_set(db: Database, cast: Cast) -> None:
    with db.write() as session:
        happened(session, cast)
        thresholds = {"least_occurrences": 61, "share_by_chance": 0.2}
        keep_terms(partnership_for_change(session, cast.partnership.id), "thresholds", thresholds)
        session.flush()
        found = report(session, cast)
    verdict = found.themes.lines[0].verdict
    assert verdict is not None
    assert (verdict.trend.value, verdict.evidence.thresholds.share_by_chance) == ("too_few", 0.2)


def test_fixes_last_no_longer_than_they_are_followed_whatever_was_set(db: Database, cast: Cast) -> None:
    with db.write() as session:
        keep_terms(partnership_for_change(session, cast.partnership.id), "thresholds", {"lasting_days": 180})
        session.flush()
        assert report(session, cast).recurrence.within == 90
