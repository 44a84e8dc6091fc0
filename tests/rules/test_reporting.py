"""What is asked for reports, hours that were lost, and what no report is cut by."""

import pytest

from tracker.rules.events.issue import Raised
from tracker.rules.events.kinds import read
from tracker.rules.events.resolution import Proposed
from tracker.rules.lifecycle import State
from tracker.rules.refusals import WrongInput
from tracker.rules.reporting import SMALL_GROUPS, ReportTerms, minutes_in, refuse_cuts
from tracker.rules.resolution import Proposal
from tracker.rules.wording import say_hours, say_hours_lost

ASKING = ReportTerms(thresholds={"asks": "hours"})
A_NUMBER = "Give hours as a number, in quarters at the finest, such as 2.5."


@pytest.mark.parametrize("group", SMALL_GROUPS)
def test_a_cut_by_a_small_group_is_refused_with_the_reason(group: str) -> None:
    with pytest.raises(WrongInput, match=f"A report is not cut by {group.replace('_', ' ')}: from the difference"):
        refuse_cuts(["period", group])


def test_a_period_is_no_small_group() -> None:
    refuse_cuts(["period"])


@pytest.mark.parametrize(
    "typed, minutes",
    [("0", 0), ("3", 180), ("2.5", 150), ("2,5", 150), ("0.25", 15), ("1.50", 90), ("10000", 600_000), (" 4 ", 240)],
)
def test_hours_are_kept_exactly_in_minutes(typed: str, minutes: int) -> None:
    assert minutes_in(typed) == minutes


@pytest.mark.parametrize(
    "typed, said",
    [
        pytest.param("a day", A_NUMBER, id="words"),
        pytest.param("1e3", A_NUMBER, id="a power"),
        pytest.param("NaN", A_NUMBER, id="no number"),
        pytest.param("1,000", A_NUMBER, id="a comma for thousands"),
        pytest.param("2.1", A_NUMBER, id="finer than is kept"),
        pytest.param("٣", A_NUMBER, id="digits that no column reads"),
        pytest.param("9" * 400, A_NUMBER, id="a very long number"),
        pytest.param("-1", "Give 0 hours or more.", id="less than none"),
        pytest.param("10000.25", "Give 10,000 hours or less: one issue hardly costs more.", id="a slip"),
    ],
)
def test_what_is_no_number_of_hours_is_refused_in_a_sentence(typed: str, said: str) -> None:
    with pytest.raises(ValueError, match="Give") as refused:
        minutes_in(typed)
    assert str(refused.value) == said


@pytest.mark.parametrize("minutes", [None, 0, 150, 600_000])
def test_a_partnership_that_asks_takes_hours_and_also_that_nobody_says_any(minutes: int | None) -> None:
    assert ASKING.why_not_lost(minutes) == ""


@pytest.mark.parametrize("minutes", [-15, 7, 600_015])
def test_hours_are_tried_by_the_same_rule_whoever_sends_them(minutes: int) -> None:
    assert ASKING.why_not_lost(minutes).startswith("Give ")


def test_a_partnership_that_does_not_ask_takes_none_and_says_so() -> None:
    assert ReportTerms().why_not_lost(None) == ""
    assert ReportTerms().why_not_lost(60) == "Hours lost are not asked for here: leave this empty."


def test_hours_are_said_without_what_is_naught() -> None:
    assert [say_hours(each) for each in (0, 15, 60, 150, 600, 75_030)] == ["0", "0.25", "1", "2.5", "10", "1,250.5"]
    assert [say_hours_lost(each) for each in (60, 150)] == [
        "about 1 working hour lost",
        "about 2.5 working hours lost",
    ]


def test_hours_stand_below_the_sentence_that_tells_the_event() -> None:
    raised, proposed = Raised(detail="It is late.", lost_minutes=150), Proposed(done="A form.", lost_minutes=0)
    assert [(each.label, each.text) for each in raised.passages()] == [
        ("What happened", "It is late."),
        ("Working hours lost so far, about", "2.5"),
    ]
    assert [(each.label, each.text) for each in proposed.passages()] == [
        ("What was done", "A form."),
        ("Working hours lost in all, about", "0"),
    ]


@pytest.mark.parametrize("kind", [Raised, Proposed])
def test_an_event_that_is_older_than_the_question_says_no_hours(kind: type[Raised | Proposed]) -> None:
    details = {name: value for name, value in kind().split()[0].items() if name != "lost_minutes"}
    assert read(kind.name, details, {}, {}) == kind()
    assert read(kind.name, {**details, "lost_minutes": 90}, {}, {}) == kind(lost_minutes=90)


def test_a_proposal_that_stood_before_hours_were_asked_for_is_read_as_it_was() -> None:
    stood = Proposal(1, "Jo", "solved", "A form.", lost_minutes=90)
    kept = stood.kept(ball_before=1)
    assert Proposal.read(kept) == stood
    del kept["lost_minutes"]
    assert Proposal.read(kept) == Proposal(1, "Jo", "solved", "A form.")


def test_what_a_proposal_does_not_say_is_not_kept_and_no_hours_lost_are() -> None:
    silent = Proposal(1, "Jo", "solved", "A form.")
    assert silent.kept(ball_before=2) == {
        "by": 1, "by_name": "Jo", "outcome": "solved", "done": "A form.", "ball_before": 2,
    }  # fmt: skip
    spoke = Proposal(1, "Jo", "solved", "A form.", cause="Old lists.", changes_agreement=True, lost_minutes=0)
    kept = spoke.kept(ball_before=2, state_before=State.RAISED, tier_before=3)
    assert Proposal.read(kept) == spoke
    assert (kept["state_before"], kept["tier_before"]) == ("raised", 3)
