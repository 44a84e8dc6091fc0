"""The ladder report: figures by issue, for each reader, and totals by tier."""

from dataclasses import astuple
from datetime import timedelta

import pytest

from tests.exchange.histories import history, taken_in
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import escalate, resolve
from tracker.actions.raise_issue import cross
from tracker.actions.take_part import add_note
from tracker.database import Database, statement_count
from tracker.measures.periods import period
from tracker.queries.ladder_report import LadderReport, TierTotal, ladder_report
from tracker.rules.lifecycle import Cause
from tracker.rules.rings import Ring

WITH_COUNCIL = {"event": "raised", "to_organisation": "council"}
LATER = MONDAY + timedelta(hours=1)


def report(db: Database, cast: Cast, reader: str = "", within: str = "") -> LadderReport:
    with db.read() as session:
        viewer = cast.viewer(reader) if reader else None
        return ladder_report(
            session, cast.arrangement(session), viewer=viewer, period=period(within) if within else None
        )


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

    found = report(db, cast).issues["A-1"]

    day = 24 * 3600
    assert (found.ref, found.resolved) == ("RIV-1", False)
    assert astuple(found.flow) == ("1>2>1", 2, 1, 1, 2, 1, 1, day, 9 * day)


def test_an_outsider_with_the_ball_is_a_hand_over_too(db: Database, cast: Cast) -> None:
    to_mars = {"event": "handed_over", "to_organisation": "mars"}
    and_back = {"event": "handed_over", "to_organisation": "council"}
    with db.write() as session:
        taken_in(session, cast, history(WITH_COUNCIL, to_mars, "note", and_back))

    flow = report(db, cast).issues["A-1"].flow

    assert (flow.hand_overs, flow.ping_pong) == (2, 1)


def test_an_issue_of_today_starts_with_whoever_answers(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)

    flow = report(db, cast).issues["RIV-1"].flow

    assert (flow.tier_path, flow.hand_overs, flow.elapsed_seconds) == ("1", 0, 0)


def test_an_issue_of_today_is_followed_up_and_to_its_end(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        escalate.by_holder(session, ref, doer(cast, "kim", LATER), cause=Cause.RISK)
        resolve.propose(session, ref, doer(cast, "lee", LATER), outcome="solved", done="a new form")
        resolve.agree(session, ref, doer(cast, "jo", LATER + timedelta(hours=1)))

    found = report(db, cast).issues["RIV-1"]

    assert (found.resolved, found.flow.tier_path, found.flow.elapsed_seconds) == (True, "1>2", 2 * 3600)
    assert (found.flow.hand_overs, found.flow.ping_pong) == (1, 0)  # the proposal hands the ball to who must answer


def test_a_private_note_moves_no_figure(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        add_note(session, ref, doer(cast, "sam", LATER), text="Between us.", ring=Ring.ORGANISATION)

    assert report(db, cast, "sam").issues["RIV-1"].flow.elapsed_seconds == 0


def test_what_has_not_crossed_is_its_own_sides_and_in_nobody_elses_figures(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast, ring=Ring.ORGANISATION).ref

    assert list(report(db, cast, "sam").issues) == [ref]
    assert [list(report(db, cast, reader).issues) for reader in ("", "kim", "dana")] == [[], [], []]
    assert report(db, cast, "priya").totals.issues == 0  # steering: what crossed


def test_once_it_has_crossed_it_counts_from_there(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast, ring=Ring.ORGANISATION).ref
        cross(session, ref, doer(cast, "sam", LATER))

    assert report(db, cast).issues["RIV-1"].flow.elapsed_seconds == 0


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

    assert (list(found.issues), found.totals.issues) == (issues, counted)


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

    assert list(report(db, cast, within=within).issues) == issues


def test_a_reference_that_two_claim_loses_neither(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history("raised", issue="RIV-2"))
        make_issue(session, cast)

    assert [(key, found.ref) for key, found in report(db, cast).issues.items()] == [
        ("RIV-2", "RIV-1"),
        ("RIV-2 (RIV-2)", "RIV-2"),
    ]


def test_it_takes_one_statement_whatever_the_number_of_issues(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, *(history("raised", "resolved", issue=f"A-{number}") for number in range(20)))
    with db.read() as session:
        arrangement = cast.arrangement(session)
        with statement_count(db) as sent:
            ladder_report(session, arrangement, viewer=cast.viewer("priya"))

    assert len(sent) == 1
