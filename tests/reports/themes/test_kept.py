"""Kept reports: the same as fresh ones whatever happens, shared by who reads the same alone."""

from collections.abc import Callable, Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from sqlmodel import Session

from tests.decision_makers import make_decision, make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.reports.themes.test_opening import sat
from tracker.actions import quote, resolve
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.amend import amend, confirm_theme, give_theme_view, take_words_out
from tracker.database import Database, statement_count
from tracker.measures.periods import twelve_months_to
from tracker.queries.redactable import written_words
from tracker.queries.tallies.counts import Scope, counted_state, recorded
from tracker.records.issue import Issue
from tracker.reports.themes import kept, series
from tracker.reports.themes.build import kept_theme_report, theme_report
from tracker.reports.themes.opening import Sitting
from tracker.reports.themes.report import ThemeReport
from tracker.reports.themes.request import ReportRequest
from tracker.rules.lifecycle import Outcome, Severity
from tracker.rules.rings import Ring

TODAY = MONDAY.date()
READERS = ("priya", "alex", "jo", "kim", "bea")  # two with totals, and one each of the sides
DAYS = tuple(date(2025 + month // 12, month % 12 + 1, day) for month in range(6, 15) for day in (3, 17))


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    yield
    kept._kept.clear()
    kept._states.clear()


def asked(session: Session, cast: Cast, who: str, sitting: Sitting | None = None) -> ThemeReport:
    session.flush()
    agreed, viewer = cast.arrangement(session), cast.viewer(who)
    return kept_theme_report(
        session,
        agreed,
        today=TODAY,
        viewer=viewer,
        period=twelve_months_to(TODAY),
        recorded=recorded(session, Scope.of(agreed, viewer)),
        sitting=sitting,
    )


def fresh(session: Session, cast: Cast, who: str, sitting: Sitting | None = None) -> ThemeReport:
    series._judged.clear()
    agreed, viewer = cast.arrangement(session), cast.viewer(who)
    return theme_report(session, agreed, today=TODAY, viewer=viewer, period=twelve_months_to(TODAY), sitting=sitting)


def a_year(session: Session, cast: Cast) -> list[Issue]:
    """Issues of both pairs, some quoted."""
    made = [
        make_issue(session, cast, theme=theme, occurred_on=day, title=f"Keys {day}")
        for day in DAYS
        for theme in ("authority", "reliability")
    ]
    made += [
        make_issue(session, cast, by="mo", with_="council", occurred_on=day, theme="authority") for day in DAYS[::3]
    ]
    return made


def happenings(session: Session, cast: Cast, random: Random) -> list[Callable[[Issue], object]]:
    """What may happen to an issue between Hospitals and Council, by name of who does it."""
    sam, jo, lee = doer(cast, "sam"), doer(cast, "jo"), doer(cast, "lee")

    def end(issue: Issue) -> None:
        resolve.propose(
            session, issue.ref, jo, outcome=Outcome.SOLVED, done="Fitted", cause="", changes_agreement=False
        )
        resolve.agree(session, issue.ref, lee)

    return [
        lambda issue: record_occurrence(session, issue.ref, sam, occurred_on=random.choice(DAYS)),
        lambda issue: confirm_theme(session, issue.ref, jo, theme=random.choice(("authority", "decision_speed", None))),
        lambda issue: give_theme_view(session, issue.ref, lee, theme=random.choice(("reliability", None))),
        lambda issue: amend(session, issue.ref, sam, title="Keys again", detail="", severity=Severity.CRITICAL),
        lambda issue: quote.let_quote(session, issue.ref, sam, text="We wait and wait.", agrees=True, left_out=True),
        lambda issue: make_issue(session, cast, occurred_on=random.choice(DAYS), theme="authority", title="Keys"),
        lambda issue: make_decision(session, cast, issues=(issue.ref,)),
        lambda issue: add_note(session, issue.ref, jo, text="Looked at.", ring=Ring.SHARED),
        end,
    ]


@pytest.mark.parametrize("seed", range(2))
def test_what_is_kept_is_what_would_be_made_anew_whatever_happened(db: Database, cast: Cast, seed: int) -> None:
    random = Random(seed)
    with db.write() as session:
        made = a_year(session, cast)
        mine = made[: 2 * len(DAYS)]
        random.shuffle(mine)
        for happen in happenings(session, cast, random):
            for who in READERS:
                assert asked(session, cast, who) == asked(session, cast, who) == fresh(session, cast, who), who
            happen(mine.pop())
        for who in READERS:
            assert asked(session, cast, who) == fresh(session, cast, who), who


def test_while_nothing_happens_nothing_is_counted_or_made_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = a_year(session, cast)[0]
        first = asked(session, cast, "priya")
        state = counted_state(session)
        add_note(session, issue.ref, doer(cast, "jo"), text="Looked at.", ring=Ring.SHARED)
        session.flush()
        assert counted_state(session) == state
        with statement_count(db) as sent:
            again = asked(session, cast, "priya")
    assert again.themes is first.themes
    assert not any("tally" in each or "reported" in each or "fix." in each for each in sent)


def test_verdicts_are_told_anew_only_when_a_month_that_is_over_changes(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[range] = []

    def judge(request: ReportRequest, *counted: Any) -> series.Verdicts:
        told.append(request.numbers)
        return judged(request, *counted)

    judged = series._judge
    monkeypatch.setattr(series, "_judge", judge)
    series._judged.clear()
    with db.write() as session:
        a_year(session, cast)
        asked(session, cast, "priya")
        at_first = len(told)
        make_issue(session, cast, theme="authority", occurred_on=TODAY)
        this_month = asked(session, cast, "priya")
        assert len(told) == at_first > 0
        make_issue(session, cast, theme="authority", occurred_on=date(2026, 3, 9))
        a_month_before = asked(session, cast, "priya")
        assert len(told) > at_first
        assert this_month != a_month_before == fresh(session, cast, "priya")


def test_who_has_the_same_totals_shares_what_is_counted_and_nobody_else(db: Database, cast: Cast) -> None:
    with db.write() as session:
        a_year(session, cast)
        found = {who: asked(session, cast, who) for who in ("priya", "rita", "bea", "jo")}
        assert found["rita"].themes is found["jo"].themes
        assert found["priya"].themes is not found["jo"].themes
        assert found["bea"].themes.occurrences < found["priya"].themes.occurrences
        assert "RIV-1" not in repr(found["bea"])


def test_what_waits_for_a_body_and_what_is_new_since_it_met_are_each_readers_own(db: Database, cast: Cast) -> None:
    with db.write() as session:
        a_year(session, cast)
        make_pack(session, cast)
        for who in ("priya", "alex", "rita"):
            sitting = sat(session, cast, who)
            assert asked(session, cast, who, sitting) == fresh(session, cast, who, sitting)
        assert asked(session, cast, "priya").opening.sitting is None


def test_words_that_are_taken_out_are_dropped_by_whoever_asks_next(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = a_year(session, cast)[0]
        quote.let_quote(session, issue.ref, doer(cast, "sam"), text="We wait for Mary.", agrees=True, left_out=True)
        assert "Mary" in repr(asked(session, cast, "priya"))
        assert "Mary" in kept_words()
        written = written_words(session, issue, cast.arrangement(session), cast.viewer("alex"))
        marks = [each.mark for each in written if "Mary" in each.text]
        take_words_out(session, issue.ref, doer(cast, "alex"), marks=marks, why="person")
        asked(session, cast, "bea")
        assert "Mary" not in kept_words()


def kept_words() -> str:
    """All that is kept."""
    return repr([[*vars(each)["_reports"]] for each in kept._kept.values()])
