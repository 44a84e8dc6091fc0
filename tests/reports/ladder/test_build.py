"""The ladder report: figures by issue, for each reader, and totals by tier."""

from collections.abc import Callable, Mapping
from dataclasses import astuple, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlmodel import Session

from tests.exchange.history.histories import history, taken_in
from tests.issue_makers import ask_stayed_fixed, doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.amend import confirm_theme
from tracker.actions.counting.climbs import count_all_climbs
from tracker.actions.raise_issue import cross
from tracker.database import Database
from tracker.measures.ball import OUTSIDER, ContestedDays
from tracker.measures.periods import period
from tracker.measures.rates import Share
from tracker.measures.tier_stays import Rise, RiseCause
from tracker.queries.issues import load_by_id
from tracker.queries.ladder.sums import LadderReader
from tracker.reports.ladder.build import issue_flows, ladder_report
from tracker.reports.ladder.faces import sections
from tracker.reports.ladder.report import IssueFlow, LadderReport, TierTotal
from tracker.rules.lifecycle import Cause, Kind
from tracker.rules.rings import Ring

WITH_COUNCIL = {"event": "raised", "to_organisation": "council"}
AFTER_IT_ALL = MONDAY + timedelta(days=60)
LATER = MONDAY + timedelta(hours=1)
NOW = MONDAY + timedelta(days=30)


def report(db: Database, cast: Cast, reader: str = "", within: str = "") -> LadderReport:
    with db.snapshot() as session:
        return ladder_report(session, asked_by(session, cast, reader, within), now=NOW)


def flows(db: Database, cast: Cast, reader: str = "", within: str = "") -> dict[str, IssueFlow]:
    with db.snapshot() as session:
        return dict(issue_flows(session, asked_by(session, cast, reader, within), NOW))


def asked_by(session: Session, cast: Cast, reader: str = "", within: str = "") -> LadderReader:
    viewer = cast.viewer(reader) if reader else None
    return LadderReader(cast.arrangement(session), viewer, period(within) if within else None)


def test_a_past_issue_has_its_figures_under_its_outside_reference(db: Database, cast: Cast) -> None:
    back = {"event": "handed_over", "to_organisation": "acute"}
    told = (
        WITH_COUNCIL,
        "escalated",
        back,
        "paused",
        "resumed",
        {"event": "handed_over", "to_organisation": "council"},
    )
    with db.write() as session:
        taken_in(session, cast, history(*told, "resolved", "reopened", "handed_down", "note"))

    found = flows(db, cast)["A-1"]

    day = 24 * 3600
    assert (found.ref, found.resolved) == ("RIV-1", False)
    assert astuple(found.flow) == ("1>2>1", 2, 1, 1, 2, 1, 1, day, 9 * day)


def test_an_outsider_with_the_ball_is_a_hand_over_too(db: Database, cast: Cast) -> None:
    to_mars = {"event": "handed_over", "to_organisation": "mars"}
    and_back = {"event": "handed_over", "to_organisation": "council"}
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, to_mars, "note", and_back))

    flow = flows(db, cast)["A-1"].flow

    assert (flow.hand_overs, flow.ping_pong) == (2, 1)


def test_an_issue_of_today_starts_with_whoever_answers(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)

    flow = flows(db, cast)["RIV-1"].flow

    assert (flow.tier_path, flow.hand_overs, flow.elapsed_seconds) == ("1", 0, 0)


def test_an_issue_of_today_is_followed_up_and_to_its_end(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        escalate.by_holder(session, ref, doer(cast, "kim", LATER), cause=Cause.RISK)
        resolve.propose(session, ref, doer(cast, "lee", LATER), outcome="solved", done="a new form")
        resolve.agree(session, ref, doer(cast, "jo", LATER + timedelta(hours=1)))

    found = flows(db, cast)["RIV-1"]

    assert (found.resolved, found.flow.tier_path, found.flow.elapsed_seconds) == (True, "1>2", 2 * 3600)
    assert (found.flow.hand_overs, found.flow.ping_pong) == (1, 0)  # the proposal hands the ball to who must answer


def test_what_is_asked_after_the_end_does_not_lengthen_an_issue_and_a_note_does(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        issue_id, ref, other = issue.id, issue.ref, make_issue(session, cast).ref
        for each in (ref, other):
            resolve.propose(session, each, doer(cast, "kim", LATER), outcome="solved", done="a new form")
            resolve.agree(session, each, doer(cast, "sam", LATER))
    with db.write() as session:
        weeks_on = doer(cast, "sam", LATER + timedelta(days=28))
        ask_stayed_fixed(session, cast, load_by_id(session, issue_id), weeks_on.now)
        resolve.say_stayed_fixed(session, ref, weeks_on, fixed=True)
        confirm_theme(session, ref, doer(cast, "jo", LATER + timedelta(days=29)), theme="authority")
        add_note(session, other, weeks_on, text="It stayed fixed.", ring=Ring.SHARED)
        taken_in(session, cast, history(WITH_COUNCIL, "resolved", "note"))

    found = flows(db, cast)

    assert found[ref].flow.elapsed_seconds == 3600
    assert found[other].flow.elapsed_seconds == 3600 + 28 * 24 * 3600
    assert found["A-1"].flow.elapsed_seconds == 2 * 24 * 3600  # the rows of a history are all of its case


def test_a_private_note_moves_no_figure(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        add_note(session, ref, doer(cast, "sam", LATER), text="Between us.", ring=Ring.ORGANISATION)

    assert flows(db, cast, "sam")["RIV-1"].flow.elapsed_seconds == 0


@pytest.mark.parametrize("reader", ["", "sam", "kim", "dana", "priya"])
def test_what_has_not_crossed_is_on_no_ladder_and_in_nobodys_figures(db: Database, cast: Cast, reader: str) -> None:
    with db.write() as session:
        make_issue(session, cast, ring=Ring.ORGANISATION)

    assert (flows(db, cast, reader), report(db, cast, reader).totals.issues) == ({}, 0)


def test_once_it_has_crossed_it_counts_from_there(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast, ring=Ring.ORGANISATION).ref
        cross(session, ref, doer(cast, "sam", LATER))

    assert flows(db, cast)["RIV-1"].flow.elapsed_seconds == 0


@pytest.mark.parametrize(
    "reader, issues, counted",
    [
        pytest.param("", ["A-1", "A-2"], 2, id="the server: figures of all that crossed"),
        pytest.param("sam", ["A-1"], 1, id="front line of a side"),
        pytest.param("mo", ["A-2"], 1, id="front line of another side"),
        pytest.param("priya", ["A-1"], 2, id="steering: its own issues, totals of all"),
        pytest.param("tess", ["A-2"], 2, id="lead: its own issues, totals of all"),
        pytest.param("stan", [], 0, id="a stranger"),
    ],
)
def test_each_sees_their_issues_and_who_steers_the_totals(
    db: Database, cast: Cast, reader: str, issues: list[str], counted: int
) -> None:
    with db.write() as session:
        other = {"event": "raised", "to_organisation": "community", "organisation": "council"}
        taken_in(session, cast, history(WITH_COUNCIL), history(other, by="council", issue="A-2"))

    found = report(db, cast, reader)

    assert (list(flows(db, cast, reader)), found.readable, found.totals.issues) == (issues, len(issues), counted)


def test_totals_by_tier(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(
            session,
            cast,
            history(WITH_COUNCIL, "resolved"),
            history(WITH_COUNCIL, "escalated", "handed_down", "resolved", issue="A-2"),
            history(WITH_COUNCIL, "escalated", "escalated", issue="A-3"),
        )

    totals = report(db, cast).totals

    assert (totals.issues, totals.resolved, totals.reopened) == (3, 2, 0)
    assert totals.tiers == (TierTotal(1, 3, 2, 2), TierTotal(2, 2, 1, 0), TierTotal(3, 1, 0, 0))


@pytest.mark.parametrize(
    "within, issues", [("2026-03", ["A-1"]), ("2026-Q1", ["A-1"]), ("2025", []), ("2026", ["A-1", "A-2"])]
)
def test_a_period_has_the_issues_raised_in_it_by_the_partnerships_clock(
    db: Database, cast: Cast, within: str, issues: list[str]
) -> None:
    midnight_in_london = {"event": "raised", "at": "2026-03-31T23:00:00Z"}
    with db.write() as session:
        taken_in(session, cast, history("raised"), history(midnight_in_london, issue="A-2"))

    assert list(flows(db, cast, within=within)) == issues


def test_a_reference_that_two_claim_loses_neither(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history("raised", issue="RIV-2"))
        make_issue(session, cast)

    assert [(key, found.ref) for key, found in flows(db, cast).items()] == [
        ("RIV-2", "RIV-1"),
        ("RIV-2 (RIV-2)", "RIV-2"),
    ]


def test_the_clock_and_a_side_push_issues_up_each_in_its_way(db: Database, cast: Cast) -> None:
    with db.write() as session:
        timed, fast, low = (make_issue(session, cast) for _ in range(3))
        escalate.by_clock(timed, cast.arrangement(session), MONDAY + timedelta(days=4))
        escalate.by_holder(session, fast.ref, doer(cast, "kim", LATER), cause=Cause.RISK)
        resolve.propose(session, low.ref, doer(cast, "kim", LATER), outcome="solved", done="a new form")
        resolve.agree(session, low.ref, doer(cast, "sam", LATER + timedelta(hours=1)))
        taken_in(session, cast, history(WITH_COUNCIL, "escalated"))

    first, second = report(db, cast).tiers[:2]

    assert (first.tier, first.entered, first.went_up, first.still_there) == (1, 4, Share(3, 4), 0)
    assert dict(first.rises) == {
        Rise(RiseCause.TIMED_OUT): 1,
        Rise(RiseCause.FAST_TRACK): 1,
        Rise(RiseCause.PUSHED, "acute"): 1,
    }
    assert first.within_limit == Share(2, 3)
    assert (second.entered, second.still_there) == (3, 3)


def test_what_is_still_on_a_tier_past_its_limit_counts_as_late(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)

    (tier,) = report(db, cast).tiers

    assert (tier.went_up, tier.within_limit, tier.median_hours) == (Share(0, 1), Share(0, 1), None)


def test_early_warnings_and_what_was_worked_round_have_no_time_on_a_tier(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, kind=Kind.EARLY_WARNING)
        make_issue(session, cast, worked_round=True)

    found = report(db, cast)

    assert (found.tiers, found.acknowledgement.asked) == ((), 0)
    assert (found.totals.issues, found.totals.without_clock) == (2, 2)


def test_what_ended_worked_round_had_its_time_on_a_tier(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        resolve.propose(session, ref, doer(cast, "kim", LATER), outcome="worked_round", done="by telephone")
        resolve.agree(session, ref, doer(cast, "sam", LATER))

    (tier,) = report(db, cast).tiers

    assert (tier.entered, tier.went_up) == (1, Share(0, 1))


@pytest.mark.parametrize(
    "later",
    [
        pytest.param((), id="still open"),
        pytest.param(({"event": "resolved", "at": "2026-04-03T09:00:00Z"},), id="resolved since"),
        pytest.param(({"event": "resolved", "at": "2026-06-03T09:00:00Z"},), id="resolved after it"),
    ],
)
def test_a_cohort_is_by_the_day_an_issue_came_to_a_tier_not_by_the_day_it_was_raised(
    db: Database, cast: Cast, later: tuple[Mapping[str, object], ...]
) -> None:
    raised = {"event": "raised", "at": "2026-03-30T09:00:00Z", "to_organisation": "council"}
    up = {"event": "escalated", "at": "2026-04-02T09:00:00Z"}
    with db.write() as session:
        taken_in(session, cast, history(raised, up, *later), now=AFTER_IT_ALL)

    march, april = report(db, cast, within="2026-03"), report(db, cast, within="2026-04")

    assert ([tier.tier for tier in march.tiers], list(flows(db, cast, within="2026-03"))) == ([1], ["A-1"])
    assert ([tier.tier for tier in april.tiers], list(flows(db, cast, within="2026-04"))) == ([2], [])


def test_the_time_until_every_other_side_has_it_is_measured_in_joint_working_hours(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, second = make_issue(session, cast), make_issue(session, cast)
        acknowledge(session, first.ref, doer(cast, "kim", LATER))
        joint = cast.arrangement(session).joint_calendar(first.side_ids)

    found = report(db, cast).acknowledgement

    assert (found.asked, found.not_yet, found.lapsed) == (2, 1, Share(0, 2))
    assert found.median_hours == pytest.approx(joint.between(MONDAY, LATER) / timedelta(hours=1))
    assert second.ref == "RIV-2"


def test_the_balls_time_sums_to_what_elapsed_and_a_pause_is_on_whom_it_waits_for(db: Database, cast: Cast) -> None:
    back = {"event": "handed_over", "to_organisation": "acute"}
    paused = {"event": "paused", "to_organisation": "council"}
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, back, paused, "resumed", "resolved"))

    found = report(db, cast)

    day = timedelta(days=1)
    assert (found.ball.held("council"), found.ball.held("acute"), found.ball.paused_on("council")) == (
        day,
        2 * day,
        day,
    )
    assert found.ball.elapsed == timedelta(seconds=flows(db, cast)["A-1"].flow.elapsed_seconds)
    assert (dict(found.hand_overs.matrix), found.hand_overs.returns) == ({("council", "acute"): 1}, 0)


def test_whoever_outside_is_waited_for_is_not_named(db: Database, cast: Cast) -> None:
    paused = {"event": "paused", "to_organisation": "county court"}
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, paused, "resumed"))

    assert report(db, cast).ball.paused_on(OUTSIDER) == timedelta(days=1)


def test_how_issues_ended_is_told_apart(db: Database, cast: Cast) -> None:
    ends = [{"event": "resolved", "outcome": outcome} for outcome in ("solved", "not_solved")]
    over = {"event": "escalated", "tier": "3"}
    with db.write() as session:
        taken_in(session, cast, *(history(WITH_COUNCIL, end, issue=f"A-{n}") for n, end in enumerate(ends)))
        taken_in(session, cast, history(WITH_COUNCIL, over, ends[0], issue="A-9"))

    endings = report(db, cast).endings

    assert (endings.resolved, dict(endings.outcomes)) == (3, {"solved": 2, "not_solved": 1})
    assert (endings.not_solved, endings.lowest) == (Share(1, 3), Share(1, 3))


@pytest.mark.parametrize(
    "told, came_back",
    [
        pytest.param((), None, id="not resolved"),
        pytest.param(({"event": "resolved", "at": "2026-05-20T09:00:00Z"},), None, id="not followed so long"),
        pytest.param(({"event": "resolved", "at": "2026-03-05T09:00:00Z"},), False, id="stays so"),
        pytest.param(("resolved", "reopened"), True, id="reopened the next day"),
        pytest.param(("resolved", {"event": "reopened", "at": "2026-05-20T09:00:00Z"}), False, id="reopened later"),
        pytest.param(("resolved", "reopened", "resolved"), True, id="and resolved again"),
    ],
)
def test_what_was_reopened_within_thirty_working_days_of_those_followed_so_long(
    db: Database, cast: Cast, told: tuple[Mapping[str, object] | str, ...], came_back: bool | None
) -> None:
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, *told), now=AFTER_IT_ALL)

    found = report(db, cast)

    assert flows(db, cast)["A-1"].came_back is came_back
    assert found.endings.reopened == (Share(0, 0) if came_back is None else Share(int(came_back), 1))


def test_how_long_it_was_to_and_fro_whose_an_issue_is(db: Database, cast: Cast) -> None:
    to_acute, to_council = ({"event": "handed_over", "to_organisation": each} for each in ("acute", "council"))
    passed = (WITH_COUNCIL, to_acute, to_council, "note", to_acute)
    with db.write() as session:
        taken_in(session, cast, history(*passed, "note", "resolved"), history(*passed[:2], issue="A-2"))
    settled = report(db, cast).hand_overs.contested
    with db.write() as session:
        taken_in(session, cast, history(*passed, issue="A-3"))

    assert settled == ContestedDays(1, 0, 3.0)
    assert report(db, cast).hand_overs.contested == ContestedDays(2, 1, 3.0)


def test_a_private_note_moves_no_total_either(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
    before = report(db, cast, "priya")
    with db.write() as session:
        add_note(session, ref, doer(cast, "sam", LATER), text="Between us.", ring=Ring.ORGANISATION)

    assert report(db, cast, "priya") == before


def test_what_is_kept_of_a_finished_issue_gives_way_when_something_more_happens(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        resolve.propose(session, ref, doer(cast, "kim", LATER), outcome="solved", done="a new form")
        resolve.agree(session, ref, doer(cast, "sam", LATER))
    before, again = report(db, cast), report(db, cast)
    with db.write() as session:
        resolve.reopen(session, ref, doer(cast, "sam", LATER + timedelta(days=1)), reason="it is back")

    assert before == again
    assert (again.totals.reopened, report(db, cast).totals.reopened) == (0, 1)


def many(db: Database, cast: Cast, first: int, count: int) -> None:
    """So many past issues, each with a way of its own, and counted."""
    ways = (WITH_COUNCIL, "escalated", "note", "resolved"), (WITH_COUNCIL, "paused"), ("raised",)
    told = (history(*ways[number % 3], issue=f"A-{number}") for number in range(first, first + count))
    with db.write() as session:
        taken_in(session, cast, *told)
    sum(count_all_climbs(db, NOW))


@pytest.mark.parametrize("reader", ["priya", "sam", ""])
@pytest.mark.parametrize("within", ["", "2026-Q1"])
def test_it_reads_as_many_rows_by_as_many_statements_for_four_times_as_many_issues(
    db: Database, cast: Cast, reader: str, within: str
) -> None:
    many(db, cast, 0, 60)
    few = rows_read(db, lambda: report(db, cast, reader, within))
    many(db, cast, 60, 180)
    more = rows_read(db, lambda: report(db, cast, reader, within))

    assert report(db, cast, "", within).totals.issues == 240
    assert more == few
    assert len(few) <= 8


def test_where_more_changed_than_it_looks_at_the_last_counts_stand_and_it_says_so(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.queries.ladder.sums.MOST_LIVE", 2)
    many(db, cast, 0, 3)
    before = report(db, cast, "sam")
    with db.write() as session:
        for _ in range(2):
            make_issue(session, cast)
    up_to_date = report(db, cast, "sam")
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, "note", issue="A-9"))

    lags = report(db, cast, "sam")
    assert (before.behind, up_to_date.behind, lags.behind) == (0, 0, 3)
    assert (up_to_date.totals.issues, up_to_date.readable) == (before.totals.issues + 2, before.readable + 2)
    assert replace(lags, behind=0) == before
    assert len(flows(db, cast, "sam")) == before.readable + 3
    assert sections(lags, lambda number: "").behind.startswith("3 issues have changed and are being counted")


def rows_read(db: Database, ask: Callable[[], object]) -> list[tuple[str, int]]:
    """Each statement by what it begins with, and how many rows it answers."""
    questions = [each for each in statements_of(db, ask) if each[0].startswith("SELECT")]
    with db.engine.connect() as connection:
        return [(sent[:60], len(connection.exec_driver_sql(sent, given).all())) for sent, given in questions]


def statements_of(db: Database, ask: Callable[[], object]) -> list[tuple[str, Any]]:
    """What is sent, with what is given."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        sent.append((statement, given))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return sent
