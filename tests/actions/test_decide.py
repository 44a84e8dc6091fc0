"""Deciding: who may, what is refused, what is recorded; and what takes the place of what."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.decision_makers import DUE, TODAY, last_told, make_decision, retire, told_of
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, goes_away, told
from tracker.actions import escalate
from tracker.actions.decide import Resolve, decide
from tracker.database import Database
from tracker.queries.decisions import load_decision
from tracker.records.decision import Decision
from tracker.rules.deciding import DecisionState
from tracker.rules.refusals import DoneAlready, MayNot, NotThere, WrongInput


def wrong_fields(db: Database, cast: Cast, **said: object) -> set[str]:
    with pytest.raises(WrongInput) as wrong, db.write() as session:
        make_decision(session, cast, **said)  # type: ignore[arg-type]
    return {error.field for error in wrong.value.errors}


def test_a_decision_is_numbered_owned_on_each_side_and_recorded(db: Database, cast: Cast) -> None:
    with db.write() as session:
        first, second = make_decision(session, cast), make_decision(session, cast, what="Letters go out the same day")
        assert [first.number, second.number] == [1, 2]
        assert {side.owner_name for side in first.sides} == {"Jo Lind", "Lee Ford"}
        assert told_of(session, first) == ["decided"]
        assert last_told(session, second) == (
            "Priya Nair recorded what Steering group decided: decision 2, “Letters go out the same day”, owned by "
            "Jo Lind (Riverside Hospitals) and Lee Ford (Riverside Council), due Fri 29 May 2026"
        )


def test_its_owners_the_body_and_the_leads_of_its_sides_hear_of_it_but_not_who_recorded_it(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        make_decision(session, cast)
        announce_all(session, MONDAY)
        assert told(session, "decided") == {"jo", "lee", "dana", "ines", "alex", "chris"}


@pytest.mark.parametrize("who", ["sam", "jo", "rita", "alex", "chris", "stan"])
def test_who_is_not_seated_on_a_body_does_not_decide_there(db: Database, cast: Cast, who: str) -> None:
    with pytest.raises(MayNot, match="managers and steering members seated"), db.write() as session:
        make_decision(session, cast, who)


def test_front_line_staff_do_not_decide_though_they_hold_the_first_tier(db: Database, cast: Cast) -> None:
    with pytest.raises(MayNot), db.write() as session:
        make_decision(session, cast, "sam", body="front")


def test_a_manager_who_holds_a_tier_decides_there_and_a_deputy_while_they_are_away(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast, "jo", body="ops")
        goes_away(session, cast, "jo", MONDAY, deputy="rita")
        assert make_decision(session, cast, "rita", body="ops").number == 2


def test_a_manager_decides_about_what_is_on_their_tier_only(db: Database, cast: Cast) -> None:
    with db.write() as session:
        here, below = make_issue(session, cast).ref, make_issue(session, cast).ref
        escalate.by_holder(session, here, doer(cast, "sam"), cause="legal deadline")
        assert make_decision(session, cast, "jo", body="ops", issues=(here,)).issues
    assert wrong_fields(db, cast, by="jo", body="ops", issues=(below,)) == {"issues"}


def test_a_body_that_reads_papers_decides_about_any_issue_its_member_sees(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        assert make_decision(session, cast, issues=(ref,)).issues
    assert wrong_fields(db, cast, by="ines", owners=("bea", "lee"), issues=(ref,)) == {"issues"}


@pytest.mark.parametrize(
    "said, field",
    [
        ({"what": "  "}, "what"),
        ({"decided_on": TODAY + timedelta(days=1)}, "decided_on"),
        ({"due_on": TODAY - timedelta(days=1)}, "due_on"),
        ({"owners": ("jo",)}, "owners"),
        ({"owners": ("lee", "bea")}, "owners"),
        ({"themes": ()}, "themes"),
        ({"themes": ("nonsense",)}, "themes"),
        ({"clauses": ("nonsense",)}, "clauses"),
        ({"issues": ("RIV-99",)}, "issues"),
    ],
    ids=["empty", "tomorrow", "due before", "one side", "not mine", "on nothing", "no theme", "no clause", "no issue"],
)
def test_what_cannot_be_a_decision_is_refused_by_its_field(
    db: Database, cast: Cast, said: dict[str, object], field: str
) -> None:
    assert wrong_fields(db, cast, **said) == {field}


def test_what_is_retired_is_not_decided_on_any_more_and_what_is_in_use_is_named(db: Database, cast: Cast) -> None:
    with db.write() as session:
        retire(session, cast, theme="authority", clause="4.2")
    with pytest.raises(WrongInput) as wrong, db.write() as session:
        make_decision(session, cast, themes=("authority", "odd"), clauses=("4.2",))
    assert {error.field: error.reason for error in wrong.value.errors} == {
        "themes": "“No authority at this level” is retired and “odd” is no theme of this partnership: choose from "
        "Pace of decisions, Promises not kept.",
        "clauses": "“4.2 Discharge letters” is retired: there is none to choose.",
    }


def test_all_that_is_wrong_with_a_decision_is_said_in_one_round(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
    said = {"owners": ("priya", "ines"), "due_on": TODAY - timedelta(days=1), "issues": ("RIV-99",), "replaces": 1}
    assert wrong_fields(db, cast, **said) == {"owners", "due_on", "issues"}


def test_an_owner_is_one_of_the_people_of_their_side(db: Database, cast: Cast) -> None:
    with db.write() as session:
        arrangement = cast.arrangement(session)
        owners = {"acute": cast.people["kim"].id, "council": cast.people["lee"].id}
        resolve = Resolve(what="X", due_on=DUE, decided_on=TODAY, owners=owners, themes=("authority",))
        with pytest.raises(WrongInput, match="one of its people"):
            decide(session, arrangement, arrangement.bodies["steering"], resolve, doer(cast, "priya"))


def test_a_double_click_decides_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast, once="w" * 20)
    with pytest.raises(DoneAlready, match="decision 1"), db.write() as session:
        make_decision(session, cast, once="w" * 20)


def test_a_form_that_is_sent_again_leads_to_its_decision_also_when_the_issue_has_moved_on(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        escalate.by_clock(issue, cast.arrangement(session), MONDAY)
        asked: dict[str, Any] = {"by": "jo", "body": "ops", "issues": (issue.ref,), "once": "w" * 20}
        make_decision(session, cast, **asked)
        escalate.by_clock(issue, cast.arrangement(session), MONDAY)
    with pytest.raises(DoneAlready, match="decision 1"), db.write() as session:
        make_decision(session, cast, **asked)


def test_a_later_decision_takes_the_place_of_an_earlier_one(db: Database, cast: Cast) -> None:
    with db.write() as session:
        old = make_decision(session, cast)
        make_decision(session, cast, what="Funding is answered within a day", replaces=1)
        assert (old.state, old.superseded_by, old.timers) == (DecisionState.SUPERSEDED, 2, [])
        assert last_told(session, old).startswith("Priya Nair put decision 2 in the place of decision 1")


def test_a_body_does_not_replace_what_another_decided(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
    with pytest.raises(MayNot, match="of another body"), db.write() as session:
        make_decision(session, cast, "jo", body="ops", replaces=1)


@pytest.mark.parametrize(
    "who, reads",
    [("sam", True), ("kim", True), ("alex", True), ("ines", True), ("mo", False), ("bea", False), ("tess", False),
     ("stan", False)],
)  # fmt: skip
def test_a_decision_is_read_by_its_sides_and_by_the_body(db: Database, cast: Cast, who: str, reads: bool) -> None:
    with db.write() as session:
        make_decision(session, cast)
        session.flush()
        try:
            found: Decision | None = load_decision(session, cast.partnership.id, 1, cast.viewer(who))
        except NotThere:
            found = None
        assert (found is not None) is reads


def test_its_reminders_are_at_the_opening_of_joint_working_days(db: Database, cast: Cast) -> None:
    with db.write() as session:
        decision = make_decision(session, cast, due_on=date(2026, 5, 25))  # a bank holiday
        days = sorted(timer.due_at.date() for timer in decision.timers)
        assert days == [date(2026, 5, 15), date(2026, 5, 22)]
