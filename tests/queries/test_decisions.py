"""Decisions as they are asked for: on themes, about issues, past due, earlier ones on the same."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.decision_makers import DUE, TODAY, make_decision
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import follow_up
from tracker.database import Database, statement_count
from tracker.measures.effect import EffectVerdict
from tracker.queries.decisions import (
    decisions_about,
    decisions_on_themes,
    ended_decisions,
    followed,
    open_decisions,
    precedents,
)
from tracker.queries.ladder.sums import LadderReader
from tracker.reports.decision_effects import effects_of
from tracker.reports.ladder.build import ladder_report
from tracker.rules.deciding import DecisionState


def test_decisions_on_themes_come_with_their_dates_in_one_statement(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast, themes=("decision_speed", "authority"), clauses=("4.2",))
        make_decision(session, cast, themes=(), clauses=("4.2",))
        session.flush()
        with statement_count(db) as sent:
            (found,) = decisions_on_themes(session, cast.partnership.id, cast.viewer("priya"))
    assert len(sent) == 1
    assert (found.number, found.what, found.decided_on, found.due_on, found.state) == (
        1, "Funding is answered within two days", TODAY, DUE, DecisionState.OPEN,
    )  # fmt: skip
    assert (found.themes, found.clauses) == (("authority", "decision_speed"), ("4.2",))
    assert (found.is_past_due(DUE), found.is_past_due(DUE + timedelta(days=1))) == (False, True)


@pytest.mark.parametrize("who, sees", [("sam", 1), ("ines", 1), ("mo", 0), ("tess", 0)])
def test_a_report_tells_each_reader_of_the_decisions_they_may_read(
    db: Database, cast: Cast, who: str, sees: int
) -> None:
    with db.write() as session:
        make_decision(session, cast)
        assert len(decisions_on_themes(session, cast.partnership.id, cast.viewer(who))) == sees


def test_figures_without_a_reader_have_no_words_and_nothing_that_was_withdrawn(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        make_decision(session, cast)
        follow_up.withdraw(session, cast.arrangement(session), 2, doer(cast, "priya"), reason="So")
        found = decisions_on_themes(session, cast.partnership.id, None)
        assert [(each.number, each.what) for each in found] == [(1, "")]


def test_decisions_of_a_period_are_those_taken_in_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        for start, end, count in ((TODAY, None, 1), (None, TODAY, 0), (TODAY + timedelta(days=1), None, 0)):
            found = decisions_on_themes(session, cast.partnership.id, None, start=start, end=end)
            assert len(found) == count


def test_precedents_share_a_theme_a_clause_or_a_topic_the_newest_first(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for days in (9, 3, 6):
            make_decision(session, cast, decided_on=TODAY - timedelta(days=days))
        make_decision(session, cast, themes=("reliability",))
        session.flush()
        asked = {"themes": ("decision_speed",), "clauses": (), "topics": ("GOV",)}
        with statement_count(db) as sent:
            found = precedents(session, cast.viewer("priya"), cast.partnership.id, **asked)
    assert [row.number for row in found] == [2, 3, 1]
    assert len(sent) == 2
    assert {owner.name for owner in found[0].owners} == {"Jo Lind", "Lee Ford"}


def test_nothing_asked_for_has_no_precedent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        assert precedents(session, cast.viewer("priya"), cast.partnership.id, themes=(), clauses=(), topics=()) == ()


def test_open_ones_stand_by_their_due_date_and_the_rest_by_their_number(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for due_on in (DUE, DUE - timedelta(days=1), DUE, DUE):
            make_decision(session, cast, due_on=due_on)
        for number in (3, 4):
            follow_up.finish(session, cast.arrangement(session), number, doer(cast, "jo"), how="")
        mine = (session, cast.viewer("jo"), cast.partnership.id)
        assert [row.number for row in open_decisions(*mine)] == [2, 1]
        assert [row.number for row in ended_decisions(*mine)] == [4, 3]
        assert [row.number for row in ended_decisions(*mine, before=4)] == [3]
        assert (TODAY, DUE - timedelta(days=1), None) in followed(*mine)
        assert [done_on for _, _, done_on in followed(*mine)].count(TODAY) == 2


def test_the_decisions_about_an_issue_are_those_the_reader_may_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        make_decision(session, cast, issues=(issue.ref,))
        session.flush()
        seen = {who: len(decisions_about(session, cast.viewer(who), issue.id)) for who in ("sam", "mo")}
    assert seen == {"sam": 1, "mo": 0}


def test_whether_it_helped_counts_as_the_report_does_for_the_same_reader(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for month in range(1, 13):
            for _ in range(5):
                make_issue(session, cast, theme="decision_speed", occurred_on=date(2025, month, 5))
        make_decision(session, cast, decided_on=date(2026, 1, 5))
        agreed, later = cast.arrangement(session), MONDAY.date() + timedelta(days=40)
        follow_up.finish(session, agreed, 1, doer(cast, "jo"), how="", done_on=date(2026, 1, 20))
        found = {who: effects_of(session, agreed, cast.viewer(who), 1, later) for who in ("priya", "ines", "sam", "mo")}
    assert found["priya"] == found["ines"] == found["sam"]
    assert found["priya"]["decision_speed"].words == "Helped: 5 a month before, 0 since."
    assert found["mo"] == {}, "who may not read the decision is told nothing of it"


def test_decisions_on_one_theme_within_three_months_are_judged_together_and_what_is_not_done_is_named(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        for month in range(1, 13):
            for _ in range(5):
                make_issue(session, cast, theme="decision_speed", occurred_on=date(2025, month, 5))
        for day in (date(2025, 8, 4), date(2025, 10, 6), date(2025, 11, 3), date(2026, 3, 2)):
            make_decision(session, cast, decided_on=day)
        agreed, later = cast.arrangement(session), MONDAY.date() + timedelta(days=40)
        for number, day in ((1, date(2025, 9, 1)), (3, date(2025, 12, 1)), (4, date(2026, 3, 9))):
            follow_up.finish(session, agreed, number, doer(cast, "jo"), how="", done_on=day)
        told = {number: effects_of(session, agreed, cast.viewer("priya"), number, later) for number in range(1, 5)}
    first, second, third, apart = (told[number]["decision_speed"] for number in range(1, 5))
    assert first.company == "Judged together with decision 3; decision 2 is not done."
    assert third.company == "Judged together with decision 1; decision 2 is not done."
    assert first.effect == third.effect
    assert first.effect.words == "Helped: 5 a month before, 0 since."
    assert second.effect.verdict is EffectVerdict.OPEN
    assert apart.company == ""


def test_what_was_replaced_or_withdrawn_has_no_effect(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, theme="decision_speed", occurred_on=date(2026, 1, 5))
        make_decision(session, cast)
        make_decision(session, cast, replaces=1)
        follow_up.withdraw(session, cast.arrangement(session), 2, doer(cast, "dana"), reason="Too soon.")
        agreed = cast.arrangement(session)
        assert [effects_of(session, agreed, cast.viewer("priya"), n, MONDAY.date()) for n in (1, 2)] == [{}, {}]


@pytest.mark.parametrize("who, late", [("priya", 1), ("mo", 0), ("", 1)])
def test_the_ladder_report_says_what_of_the_decisions_one_may_read_is_past_due(
    db: Database, cast: Cast, who: str, late: int
) -> None:
    with db.write() as session:
        make_decision(session, cast)
        later = datetime.combine(DUE, time(12), tzinfo=UTC) + timedelta(days=1)
        viewer = cast.viewer(who) if who else None
        found = ladder_report(session, LadderReader(cast.arrangement(session), viewer, None), now=later)
    assert (found.decisions.past_due, found.decisions.decisions) == (late, late)
