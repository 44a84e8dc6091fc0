"""Acknowledging: a side has it from then on; what all sides can read says so, too."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, kinds, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.amend import amend, confirm_theme, give_theme_view
from tracker.actions.asking.ask import agree_to_ask, ask
from tracker.actions.begin_step import READ_BY_ALL, StepRequest
from tracker.actions.sides.hand_to_colleague import hand_to_colleague
from tracker.database import Database
from tracker.queries.people import key_in
from tracker.records.timer import TimerKind
from tracker.rules.lifecycle import Cause, Severity, State
from tracker.rules.lifecycle.asks import AskChoice, AskKind
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Ring, Step

LATER = MONDAY + timedelta(hours=2)
BY_WRITING = "acknowledged_by_writing"
Act = Callable[[Session, str, StepRequest], object]

ACTS: dict[Step, Act] = {
    Step.NOTE: lambda session, ref, who: add_note(session, ref, who, text="We look at it.", ring=Ring.SHARED),
    Step.OCCURRENCE: lambda session, ref, who: record_occurrence(session, ref, who, occurred_on=None),
    Step.ESCALATE: lambda session, ref, who: escalate.by_holder(session, ref, who, cause=Cause.AUTHORITY),
    Step.HAND: lambda session, ref, who: hand_to_colleague(session, ref, who, colleague=_director(who)),
    Step.PROPOSE: lambda session, ref, who: resolve.propose(session, ref, who, outcome="solved", done="Mended."),
    Step.THEME: lambda session, ref, who: confirm_theme(session, ref, who, theme="reliability"),
    Step.THEME_VIEW: lambda session, ref, who: give_theme_view(session, ref, who, theme="reliability"),
    Step.AMEND: lambda session, ref, who: _amended(session, ref, who, Severity.MINOR),
}
ANSWERS: dict[Step, Act] = {
    Step.AGREE: resolve.agree,
    Step.RETURN: lambda session, ref, who: resolve.give_back(session, ref, who, reason="One ward has the old form."),
    Step.ANSWER_ASK: lambda session, ref, who: agree_to_ask(session, ref, who, number=1),
}
NEVER = {
    Step.ACKNOWLEDGE: "says so itself",
    Step.REROUTE: "its action acknowledges at the tier it comes to, too (test_route_anew)",
    Step.REOPEN: "what is resolved asks nobody to acknowledge; reopened, each side is asked anew",
    Step.STAYED_FIXED: "what is resolved asks nobody to acknowledge",
    Step.WITHDRAW: "by whoever raised it, whose side has acknowledged",
    Step.HAND_DOWN: "asks each side anew on the tier it comes to (sides/test_hand_down)",
    Step.PAPER: "is sealed: only its own side reads it",
    Step.MERGE: "ends one of two, and is written in both (sides/test_merge)",
    Step.REMOVE_SIDE: "needs a third side (sides/test_merge)",
    Step.TAKE_BACK: "is for the side that proposed, which has",
    Step.TAKE_ASK_BACK: "is for the side that asked, which has",
    Step.RESUME: "every side has, by agreeing to the pause; what lapsed since comes back (test_pausing)",
    Step.QUOTE: "is nobody's but the raiser's",
    Step.UNQUOTE: "is nobody's but the raiser's",
    Step.REWORD: "is a part of amending",
    Step.REDACT: "is a lead's, who acknowledges nothing",
    Step.CROSS: "before it no other side reads it",
    Step.TURN: "an early warning asks nobody to acknowledge",
}


def _ask(session: Session, ref: str, who: StepRequest) -> None:
    choice = AskChoice(outsider="County Court", until=date(2026, 5, 1))
    ask(session, ref, who, kind=AskKind.PAUSE, reason="Their ruling.", choice=choice)


ACTS[Step.ASK] = _ask


def _director(who: StepRequest) -> str:
    """The key of a colleague who works on issues, too."""
    email = {"acute": "rita@acute.example", "council": "owen@council.example"}
    return key_in("RIV", email[who.viewer.memberships[0].organisation_key])


def test_acknowledging_stops_that_sides_clock_and_sets_when_it_lapses(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        clocks = {(timer.kind, timer.side) for timer in issue.timers}
        assert (TimerKind.ACKNOWLEDGEMENT, "council") not in clocks
        assert (TimerKind.LAPSE, "council") in clocks


def test_acknowledging_twice_is_one_event(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        acknowledge(session, issue.ref, doer(cast, "lee"))
        assert kinds(session, issue).count("acknowledged") == 1


def test_a_front_line_person_who_holds_nothing_does_not_acknowledge(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(MayNot, match="a manager of a side"):
            acknowledge(session, issue.ref, doer(cast, "chris"))


def test_every_step_is_tried_here_or_cannot_acknowledge_for_a_reason() -> None:
    assert {*ACTS, *ANSWERS} | set(NEVER) == set(Step)
    apart = {Step.REROUTE, Step.HAND_DOWN, Step.MERGE, Step.REMOVE_SIDE, Step.RESUME}
    assert {*ACTS, *ANSWERS} >= READ_BY_ALL - apart


@pytest.mark.parametrize("step", ACTS, ids=lambda step: step.name.lower())
def test_what_all_sides_can_read_acknowledges_for_the_side_that_had_not(db: Database, cast: Cast, step: Step) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        ACTS[step](session, issue.ref, doer(cast, "kim", LATER))
        assert kinds(session, issue).count(BY_WRITING) == 1
        if step is not Step.ESCALATE:  # on the next tier each side is asked anew
            assert issue.side(cast.council.id).acknowledged_at == LATER
            assert (TimerKind.ACKNOWLEDGEMENT, "council") not in {(each.kind, each.side) for each in issue.timers}
            assert (TimerKind.LAPSE, "council") in {(each.kind, each.side) for each in issue.timers}
            assert issue.state is not State.RAISED


@pytest.mark.parametrize("step", ANSWERS, ids=lambda step: step.name.lower())
def test_who_answers_has_seen_it(db: Database, cast: Cast, step: Step) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        if step is Step.ANSWER_ASK:
            _ask(session, issue.ref, doer(cast, "sam"))
        else:
            resolve.propose(session, issue.ref, doer(cast, "sam"), outcome="solved", done="We mended it ourselves.")
        ANSWERS[step](session, issue.ref, doer(cast, "kim", LATER))
        assert kinds(session, issue).count(BY_WRITING) == 1


@pytest.mark.parametrize("step", ACTS, ids=lambda step: step.name.lower())
def test_a_side_that_has_acknowledged_does_so_no_second_time(db: Database, cast: Cast, step: Step) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        ACTS[step](session, issue.ref, doer(cast, "jo", LATER))  # the raiser's side has
        assert BY_WRITING not in kinds(session, issue)


def test_a_private_note_says_nothing_to_the_other_side_so_it_acknowledges_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "kim"), text="Ask Lee first.", ring=Ring.ORGANISATION)
        assert issue.side(cast.council.id).acknowledged_at is None


def test_who_may_not_acknowledge_does_not_by_writing_either(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "chris"), text="I read this as the lead.", ring=Ring.SHARED)
        assert issue.side(cast.council.id).acknowledged_at is None


@pytest.mark.parametrize("step", [Step.AMEND, Step.THEME_VIEW], ids=lambda step: step.name.lower())
def test_a_form_that_changed_nothing_acknowledges_nothing(db: Database, cast: Cast, step: Step) -> None:
    with db.write() as session:
        issue, kim = make_issue(session, cast), doer(cast, "kim")
        if step is Step.AMEND:
            _amended(session, issue.ref, kim, issue.severity)
        else:
            give_theme_view(session, issue.ref, kim, theme=None)
        assert BY_WRITING not in kinds(session, issue)


def _amended(session: Session, ref: str, who: StepRequest, severity: Severity) -> None:
    words = {"title": "Letters arrive without the medication list", "detail": "Third letter this month."}
    amend(session, ref, who, **words, severity=severity)
