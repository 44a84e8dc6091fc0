"""The demonstration's theme report tells what its year was made to show, and headlines nothing else, on any day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from tests.exchange.demonstration.making import NOW, demonstration
from tests.reports.told import Headlines, Told, headlines
from tracker.database import Database
from tracker.exchange.demonstration.governing import acts
from tracker.exchange.demonstration.own_database import KEY, SEED, make_ready
from tracker.exchange.demonstration.script import RAISE, Players
from tracker.measures.effect import EffectVerdict as Helped
from tracker.measures.effect import effect
from tracker.measures.periods import ALL_TIME, month_of
from tracker.measures.verdicts import Trend
from tracker.pages.reports.periods import asked
from tracker.queries.arrangements import by_key
from tracker.queries.decisions import load_decision
from tracker.queries.demonstration import personas
from tracker.queries.tallies.counts import Scope, recorded
from tracker.records.decision import Decision
from tracker.records.event import Event
from tracker.reports.decision_effects import effects_of
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.report import ThemeReport
from tracker.reports.themes.theme import ThemeLine
from tracker.rules.deciding import DecisionState
from tracker.rules.events.decision import DecisionDone
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Viewer

ANOTHER = "another year"
HOSPITALS_AND_COUNCIL = ("acute", "council")
MEANT: Headlines = {
    ("decision_speed", None, "rising"),
    ("quality_attitude", None, "easing"),
    ("info_flow", None, "recurring"),
}
ASKED = [None, ALL_TIME]
FIRST_AND_MIDDLE = [date(2026, month, day) for month in range(1, 13) for day in (1, 15)]
LAST_OF_MONTHS = [day - timedelta(days=1) for day in FIRST_AND_MIDDLE if day.day == 1]
CLOCKS_CHANGE = [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), date(2026, 10, 26)]
CHRISTMAS = [date(2026, 12, day) for day in (23, 24, 25, 26, 28, 31)]
LEAP_YEAR = [date(2028, 2, 29), date(2028, 3, 1), date(2028, 12, 30)]
DAYS = sorted({*FIRST_AND_MIDDLE, *LAST_OF_MONTHS, *CLOCKS_CHANGE, *CHRISTMAS, *LEAP_YEAR})


@pytest.fixture(scope="module")
def file(of_all_workers: Path) -> Path:
    """Of another seed than the usual one."""
    return demonstration(of_all_workers, ANOTHER)


@pytest.fixture(scope="module")
def played(file: Path) -> Iterator[Session]:
    with Database(f"sqlite:///{file}").read() as session:
        yield session


@pytest.fixture(scope="module")
def players(played: Session) -> Players:
    return Players(by_key(played, KEY))


def steering_member(session: Session) -> Viewer:
    """Of the hospitals: the first one at the door of the demonstration."""
    found = next(each for each in personas(session)[0].people if each.role == "steering group")
    return viewer_of(found.id, by_key(session, KEY), at=NOW)


def report(session: Session, words: str | None = None) -> ThemeReport:
    arrangement, viewer = by_key(session, KEY), steering_member(session)
    found = recorded(session, Scope.of(arrangement, viewer))
    within = asked(words, NOW.date(), found.first)
    return theme_report(session, arrangement, today=NOW.date(), viewer=viewer, period=within)


def line(found: ThemeReport, theme: str) -> ThemeLine:
    return next(each for each in found.themes.lines if each.key == theme)


def raised(told: Told) -> dict[str, datetime]:
    return {each.story.key: each.at for each in told.scenes if each.line is RAISE}


def moment(day: date) -> datetime:
    """Some time of that day: in the night, in the morning, at noon or in the evening."""
    return datetime(day.year, day.month, day.day, (day.toordinal() * 7) % 24, 30, tzinfo=UTC)


@pytest.mark.parametrize("words", ASKED)
def test_a_steering_member_reads_what_rises_what_eases_and_what_recurs(played: Session, words: str | None) -> None:
    assert headlines(report(played, words)) == MEANT


@pytest.mark.parametrize("words", ASKED)
def test_what_the_script_tells_is_what_is_counted_once_it_was_played(
    played: Session, players: Players, words: str | None
) -> None:
    told, found = Told(players, now=NOW, seed=ANOTHER).report(words), report(played, words)
    assert {each.key: each.chart for each in told.themes.lines} == {each.key: each.chart for each in found.themes.lines}
    assert headlines(told) == headlines(found)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_whatever_the_day_it_finds_these_and_headlines_nothing_else(players: Players, day: date) -> None:
    told = Told(players, now=moment(day), seed=SEED)
    assert [headlines(told.report(words)) for words in ASKED] == [MEANT, MEANT]


@pytest.mark.parametrize("seed", ["spring", "1", ""])
@pytest.mark.parametrize("day", DAYS[::6], ids=str)
def test_whatever_the_seed_it_tells_the_same(players: Players, day: date, seed: str) -> None:
    told = Told(players, now=moment(day), seed=seed)
    assert [headlines(told.report(words)) for words in ASKED] == [MEANT, MEANT]


def test_another_seed_tells_the_same_at_other_hours(players: Players) -> None:
    one, other = (raised(Told(players, now=NOW, seed=seed)) for seed in (SEED, ANOTHER))
    assert {key: at.date() for key, at in one.items()} == {key: at.date() for key, at in other.items()}
    assert one != other


def test_the_same_seed_on_the_same_day_is_kept(file: Path) -> None:
    assert make_ready(file, now=NOW + timedelta(hours=1), seed=ANOTHER) is False


@pytest.mark.parametrize("words", ASKED)
def test_the_pace_of_decisions_rises_between_the_hospitals_and_the_council_alone(
    played: Session, words: str | None
) -> None:
    pairs = line(report(played, words), "decision_speed").pair_verdicts
    assert {pair for pair, verdict in pairs.items() if verdict.trend is Trend.RISING} == {HOSPITALS_AND_COUNCIL}


@pytest.mark.parametrize("words", ASKED)
def test_the_letters_are_the_only_chain_and_between_the_hospitals_and_the_council(
    played: Session, words: str | None
) -> None:
    found = report(played, words)
    chain, pairs = found.recurrence.chains[0], line(found, "info_flow").pair_verdicts
    assert (len(found.recurrence.chains), chain.theme) == (1, "info_flow")
    assert chain.length >= 4
    assert {pair for pair, verdict in pairs.items() if verdict.is_recurring} == {HOSPITALS_AND_COUNCIL}


def verdicts_of(session: Session, number: int) -> dict[str, Helped]:
    found = effects_of(session, by_key(session, KEY), steering_member(session), number, NOW.date())
    return {theme: each.effect.verdict for theme, each in found.items()}


def test_the_decision_on_one_list_is_said_to_have_helped(played: Session) -> None:
    arrangement, viewer = by_key(played, KEY), steering_member(played)
    assert load_decision(played, arrangement.id, 1, viewer).what.startswith("One list")
    assert verdicts_of(played, 1) == {"quality_attitude": Helped.LESS}


def test_of_the_other_decisions_that_were_done_it_is_too_early_to_tell(played: Session) -> None:
    assert verdicts_of(played, 2) == {"info_flow": Helped.EARLY}
    assert verdicts_of(played, 3) == {"capacity_systems": Helped.EARLY}


def test_a_decision_was_done_between_the_day_it_was_taken_and_the_day_that_was_said(played: Session) -> None:
    known = played.exec(select(Decision).where(Decision.state == DecisionState.DONE)).all()
    assert len(known) == 3
    for each in known:
        said = played.exec(select(Event).where(Event.decision_id == each.id, Event.kind == DecisionDone.name)).one()
        assert each.ended_on
        assert each.decided_on < each.ended_on < said.at.date(), each.what


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_whatever_the_day_there_are_twenty_six_whole_months_and_limits_from_the_first_twelve(
    players: Players, day: date
) -> None:
    told = Told(players, now=moment(day), seed=SEED)
    charted = told.report(None).themes.lines
    assert told.first <= month_of(told.today).ending(27).start
    assert {len(each.verdict.evidence.series.counts) for each in charted if each.verdict} == {24}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_whatever_the_day_the_old_list_is_over_an_hour_before_the_first_story(players: Players, day: date) -> None:
    told = Told(players, now=moment(day), seed=SEED)
    assert all(each.raised_at < each.acknowledged_at < each.resolved_at for each in told.earlier)
    assert max(each.resolved_at for each in told.earlier) < told.scenes[0].at - timedelta(hours=1)


@pytest.mark.parametrize("day", DAYS[::3], ids=str)
def test_whatever_the_day_that_decision_came_after_the_list_and_helped(players: Players, day: date) -> None:
    told, known = Told(players, now=moment(day), seed=SEED), acts(players, now=moment(day), seed=SEED)
    taken, *_, finished = sorted(each.at for each in known if each.key == "ready-list")
    agreed_at = max(each.at for each in told.scenes if each.story.key == "ready-means" and each.line.does == "agree")
    done_on = finished.date() - timedelta(days=7)
    assert agreed_at < taken
    assert taken.date() < done_on
    counted = told.times("quality_attitude")
    assert effect(done_on, done_on, told.today, counted, told.first).verdict is Helped.LESS
