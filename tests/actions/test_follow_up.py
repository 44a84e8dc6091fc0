"""Following a decision up: steps and who may take them, reminders, and what is over."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from tests.decision_makers import DUE, last_told, make_decision, told_of
from tests.issue_makers import doer
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, deliver_all, ring_all, told
from tracker.actions import follow_up
from tracker.actions.begin_step import StepRequest
from tracker.database import Database
from tracker.queries.due import take_up_again
from tracker.records.decision import Decision
from tracker.records.timer import Timer
from tracker.rules.arrangement import Arrangement
from tracker.rules.deciding import DecisionState
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere, Stale, WrongInput

NEAR = MONDAY.replace(month=5, day=21)  # Mon 25 May is a bank holiday
ON_THE_DAY = MONDAY.replace(month=5, day=29)
Step = Callable[[Session, Arrangement, StepRequest], Decision]
STEPS: dict[str, Step] = {
    "progress": lambda session, where, who: follow_up.progress(session, where, 1, who, text="Half of it"),
    "move": lambda session, where, who: follow_up.move(
        session, where, 1, who, due_on=DUE + timedelta(days=7), reason="The form is late"
    ),
    "finish": lambda session, where, who: follow_up.finish(session, where, 1, who, how="In the handbook"),
    "withdraw": lambda session, where, who: follow_up.withdraw(session, where, 1, who, reason="The law changed"),
}


def take(session: Session, cast: Cast, step: str, who: str, **more: object) -> Decision:
    return STEPS[step](session, cast.arrangement(session), doer(cast, who, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize("step, who, says", [
    ("progress", "jo", "Jo Lind on decision 1, “Funding is answered within two days”: Half of it"),
    ("move", "lee", ("Lee Ford moved decision 1, “Funding is answered within two days” from Fri 29 May 2026 "
                    "to Fri 5 Jun 2026: The form is late")),
    ("finish", "lee", "Lee Ford said that decision 1, “Funding is answered within two days” is done: In the handbook"),
    ("withdraw", "dana", "Dana Roy withdrew decision 1, “Funding is answered within two days”: The law changed"),
], ids=lambda value: value if value in STEPS else None)  # fmt: skip
def test_each_step_is_an_event_that_says_who_did_what(db: Database, cast: Cast, step: str, who: str, says: str) -> None:
    with db.write() as session:
        decision = make_decision(session, cast)
        take(session, cast, step, who)
        assert last_told(session, decision) == says


@pytest.mark.parametrize("who", ["jo", "lee", "dana", "ines", "rita", "alex", "sam", "tess"])
@pytest.mark.parametrize("step", STEPS)
def test_owners_say_it_is_done_the_body_withdraws_it_and_both_the_rest(
    db: Database, cast: Cast, step: str, who: str
) -> None:
    may = {"finish": {"jo", "lee"}, "withdraw": {"dana", "ines"}}.get(step, {"jo", "lee", "dana", "ines"})
    with db.write() as session:
        make_decision(session, cast)
        if who in may:
            take(session, cast, step, who)
            return
        with pytest.raises((MayNot, NotThere)):
            take(session, cast, step, who)


def test_what_is_over_is_changed_no_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        decision = take(session, cast, "finish", "jo")
        assert (decision.state, decision.ended_on, decision.timers) == (DecisionState.DONE, MONDAY.date(), [])
        with pytest.raises(MoveNotAllowed, match="It is over"):
            take(session, cast, "move", "jo")


def test_a_form_from_before_somebody_else_acted_is_refused(db: Database, cast: Cast) -> None:
    with db.write() as session:
        seen = make_decision(session, cast).version
        take(session, cast, "progress", "jo")
        with pytest.raises(Stale):
            take(session, cast, "move", "lee", version=seen)


def test_another_date_is_another_day_from_today_on(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        for day in (DUE, MONDAY.date() - timedelta(days=1)):
            with pytest.raises(WrongInput):
                follow_up.move(session, cast.arrangement(session), 1, doer(cast, "jo"), due_on=day, reason="So")


def test_the_owners_are_reminded_before_and_on_the_due_date_each_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        decision = make_decision(session, cast)
        assert ring_all(session, NEAR - timedelta(hours=1)) == []
        assert ring_all(session, NEAR) == ["decision_near"]
        assert ring_all(session, ON_THE_DAY) == ["decision_due"]
        assert ring_all(session, ON_THE_DAY + timedelta(days=90)) == []
        assert told_of(session, decision) == ["decided", "decision_near", "decision_due"]
        announce_all(session, ON_THE_DAY)
        assert told(session, "decision_near") == told(session, "decision_due") == {"jo", "lee"}


def test_a_clock_that_was_off_reminds_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        decision = make_decision(session, cast)
        assert ring_all(session, ON_THE_DAY + timedelta(days=1)) == ["decision_due"]
        assert last_told(session, decision).startswith("Due now, Fri 29 May 2026, and not yet done")


def test_reminders_move_with_the_due_date(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        moved = take(session, cast, "move", "jo")
        assert sorted(timer.due_at.date() for timer in moved.timers) == [date(2026, 5, 29), date(2026, 6, 5)]
        assert ring_all(session, NEAR) == []


def test_what_is_done_rings_no_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        take(session, cast, "finish", "jo")
        announce_all(session, MONDAY)
        deliver_all(session, MONDAY)
        assert session.exec(select(Timer)).all() == []
        assert ring_all(session, ON_THE_DAY) == []


def test_a_bad_timer_of_a_decision_is_set_aside_and_tried_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        decision = make_decision(session, cast)
        decision.timers[0].kind = type(decision.timers[0].kind).LIMIT
        session.flush()
        assert ring_all(session, NEAR) == ["limit set aside"]
        assert ring_all(session, ON_THE_DAY) == ["decision_due"]
        take_up_again(session, ON_THE_DAY + timedelta(days=1))
        assert ring_all(session, ON_THE_DAY + timedelta(days=1)) == ["limit set aside"]


def test_a_letter_about_a_decision_names_it_and_leads_to_its_page(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_decision(session, cast)
        announce_all(session, MONDAY)
        letter = next(each for each in deliver_all(session, MONDAY) if each.to_name == "Jo Lind")
        assert letter.subject == "[RIV] Decision 1: Funding is answered within two days"
        assert letter.about[0].path == "/decisions/RIV/1"


def test_the_letters_of_one_decision_hang_together_and_apart_from_others(db: Database, cast: Cast) -> None:
    threads = []
    with db.write() as session:
        for what in ("One thing", "Another thing"):
            make_decision(session, cast, what=what)
            announce_all(session, MONDAY)
            threads += [each.thread for each in deliver_all(session, MONDAY) if each.to_name == "Jo Lind"]
        take(session, cast, "progress", "dana")
        announce_all(session, MONDAY)
        threads += [each.thread for each in deliver_all(session, MONDAY) if each.to_name == "Jo Lind"]
    first, second, third = threads
    assert (first == third, first == second) == (True, False)
