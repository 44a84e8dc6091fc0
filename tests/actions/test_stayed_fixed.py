"""Did it stay fixed? Asked once, four weeks on, of those who reported it; only they answer, and a no decides."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from tests.issue_makers import ask_stayed_fixed, doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tests.migrations.stepping import as_it_was
from tests.notice_makers import announce_all, told
from tracker.actions import resolve
from tracker.actions.add_note import record_occurrence
from tracker.database import Database
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver
from tracker.records.issue import Issue
from tracker.records.issue_parts import StayedFixedQuestion
from tracker.records.tally import Uncounted
from tracker.records.timer import TimerKind
from tracker.rules.events.resolution import StayedFixed, StayedFixedAsked
from tracker.rules.refusals import MayNot

LATER = MONDAY + timedelta(hours=2)
WEEKS_ON = MONDAY + timedelta(weeks=5)


def resolved(session: Session, cast: Cast, outcome: str = "solved") -> Issue:
    """Raised by Sam; Rita of the same side and Lee of the other said that it happened again; Council proposed."""
    issue = make_issue(session, cast)
    for who in ("rita", "lee"):
        record_occurrence(session, issue.ref, doer(cast, who), occurred_on=date(2026, 4, 27))
    resolve.propose(session, issue.ref, doer(cast, "kim", LATER), outcome=outcome, done="The template has a line.")
    return resolve.agree(session, issue.ref, doer(cast, "jo", LATER))


def asked(session: Session, cast: Cast) -> Issue:
    issue = resolved(session, cast)
    ask_stayed_fixed(session, cast, issue)
    return issue


def say(session: Session, cast: Cast, issue: Issue, who: str, *, fixed: bool) -> None:
    resolve.say_stayed_fixed(session, issue.ref, doer(cast, who, WEEKS_ON), fixed=fixed)


def leave(session: Session, cast: Cast, who: str) -> None:
    change = with_leaver(f"{who}@acute.example", "acute")
    revise(session, cast.partnership.id, change, actor=cast.actor("alex"), now=WEEKS_ON)


def test_whoever_raised_it_and_who_reported_it_for_the_same_side_are_asked(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast)
        assert issue.asked_ids == {cast.sam.id, cast.rita.id}
        assert last_event(session, issue).read().sentence("") == "Resolved on Mon 27 Apr 2026: did it stay fixed?"
        announce_all(session, WEEKS_ON)
        assert told(session, "stayed_fixed_asked") == {"sam", "rita"}


@pytest.mark.parametrize("outcome", ["not_solved", "not_ours", "duplicate"])
def test_of_what_was_not_solved_nobody_is_asked(db: Database, cast: Cast, outcome: str) -> None:
    with db.write() as session:
        issue = resolved(session, cast, outcome)
        assert [timer.kind for timer in issue.timers] == []
        ask_stayed_fixed(session, cast, issue)  # a timer that was set before the rule
        assert (issue.stayed_fixed, kinds(session, issue)[-1]) == (None, "resolved")


def test_what_was_worked_round_together_is_asked_about_and_the_quick_entry_is_not(db: Database, cast: Cast) -> None:
    with db.write() as session:
        together = resolved(session, cast, "worked_round")
        assert [timer.kind for timer in together.timers] == [TimerKind.FOUR_WEEKS]
        assert make_issue(session, cast, worked_round=True).timers == []
        withdrawn = resolve.withdraw(session, make_issue(session, cast).ref, doer(cast, "sam"))
        assert withdrawn.timers == []


@pytest.mark.parametrize("who", ["sam", "jo", "lee", "kim"])
def test_before_it_is_asked_nobody_answers(db: Database, cast: Cast, who: str) -> None:
    with db.write() as session:
        issue = resolved(session, cast)
        with pytest.raises(MayNot, match="is for whoever was asked"):
            say(session, cast, issue, who, fixed=True)


@pytest.mark.parametrize("who", ["jo", "lee", "kim", "alex"])
def test_who_was_not_asked_does_not_answer(db: Database, cast: Cast, who: str) -> None:
    with db.write() as session:
        issue = asked(session, cast)
        with pytest.raises(MayNot, match="is for whoever was asked"):
            say(session, cast, issue, who, fixed=False)
        assert issue.stayed_fixed == "asked"


def test_each_answers_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast)
        say(session, cast, issue, "sam", fixed=True)
        with pytest.raises(MayNot, match="has not answered"):
            say(session, cast, issue, "sam", fixed=False)


@pytest.mark.parametrize(
    "answers, together",
    [
        pytest.param([("sam", True)], "yes", id="one yes, one silent"),
        pytest.param([("sam", True), ("rita", True)], "yes", id="both yes"),
        pytest.param([("sam", True), ("rita", False)], "no", id="a no after a yes"),
        pytest.param([("sam", False), ("rita", True)], "no", id="a yes after a no"),
    ],
)
def test_a_no_decides(db: Database, cast: Cast, answers: list[tuple[str, bool]], together: str) -> None:
    with db.write() as session:
        issue = asked(session, cast)
        for who, fixed in answers:
            say(session, cast, issue, who, fixed=fixed)
        assert issue.stayed_fixed == together


def test_after_another_resolution_it_is_asked_anew(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast)
        say(session, cast, issue, "sam", fixed=False)
        resolve.reopen(session, issue.ref, doer(cast, "jo", WEEKS_ON), reason="It came back.")
        assert issue.asked_ids == frozenset()
        resolve.propose(session, issue.ref, doer(cast, "kim", WEEKS_ON), outcome="solved", done="Mended.")
        resolve.agree(session, issue.ref, doer(cast, "jo", WEEKS_ON))
        ask_stayed_fixed(session, cast, issue, WEEKS_ON + timedelta(weeks=4))
        assert issue.stayed_fixed == "asked"
        assert issue.asked_ids == {cast.sam.id, cast.rita.id}


def test_who_has_left_is_not_asked(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = resolved(session, cast)
        leave(session, cast, "rita")
        ask_stayed_fixed(session, cast, issue)
        assert issue.asked_ids == {cast.sam.id}


def test_who_leaves_without_an_answer_does_not_count_as_silent(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = asked(session, cast)
        leave(session, cast, "rita")
        assert issue.stayed_fixed == "asked"
        assert issue.asked_ids == {cast.sam.id}
        leave(session, cast, "sam")
        assert issue.stayed_fixed is None


@pytest.mark.both_databases
def test_what_others_said_or_said_too_early_is_dropped_from_the_counts_and_stays_an_event(
    db: Database, cast: Cast
) -> None:
    """As it was before: anybody of a side could answer, at any time, of any ending."""
    with db.write() as session:
        early, others, right, not_ours = (
            resolved(session, cast, outcome) for outcome in ("solved", "solved", "solved", "not_ours")
        )
        told_by_kim, told_by_sam = cast.actor("kim"), cast.actor("sam")
        for issue, before, after in (
            (early, told_by_sam, None),
            (others, None, told_by_kim),
            (right, None, told_by_sam),
            (not_ours, None, told_by_sam),
        ):
            for actor in (before, None, after):
                kind = StayedFixed(fixed=True) if actor else StayedFixedAsked()
                issue.append(kind, actor or cast.actor("kim"), WEEKS_ON)
            issue.stayed_fixed = "yes"
        ids = [each.id for each in (early, others, right, not_ours)]
    _migrate_again(db)
    with db.read() as session:
        found = dict(session.exec(select(Issue.id, Issue.stayed_fixed).where(col(Issue.id).in_(ids))).all())
        assert [found[each] for each in ids] == ["asked", "asked", "yes", None]
        assert len(session.exec(select(StayedFixedQuestion)).all()) == 6
        assert session.exec(select(Uncounted.month)).all() != []


@pytest.mark.both_databases
def test_who_proposed_before_is_known_to_have_proposed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="The template has a line.")
        issue.proposal = {name: kept for name, kept in (issue.proposal or {}).items() if name != "answers"}
        issue_id = issue.id
    _migrate_again(db)
    with db.read() as session:
        assert session.get_one(Issue, issue_id).answered_for(cast.kim.id) == cast.council.id


def _migrate_again(db: Database) -> None:
    """Back to before it was asked so, and on again."""
    with db.write() as session:
        session.execute(delete(Uncounted))
    with as_it_was(db, "0015"):
        pass
