"""Two issues become one, and a side that was wrong is none any more."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from tests.issue_makers import ask_stayed_fixed, doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, told
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.sides.merge import merge, remove_side
from tracker.database import Database
from tracker.queries import issues
from tracker.queries.related_issues import as_known, linked
from tracker.records.issue import Issue
from tracker.records.issue_parts import Attention, StayedFixedQuestion
from tracker.rules.lifecycle import Cause, Outcome, State
from tracker.rules.notices import AttentionWish
from tracker.rules.refusals import MayNot, NotThere, WrongInput
from tracker.rules.rings import Ring

LATER = MONDAY + timedelta(hours=2)


def two(session: Session, cast: Cast) -> tuple[Issue, Issue]:
    """The same, told by Sam and later by Jo."""
    return make_issue(session, cast), make_issue(session, cast, by="jo", now=MONDAY + timedelta(hours=1))


def with_a_third(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    issue.join_side(cast.arrangement(session).organisations[cast.community.id], "it was named", at=MONDAY)
    session.flush()
    return issue


@pytest.mark.parametrize("first", [0, 1], ids=["on the older", "on the newer"])
def test_on_one_tier_the_older_goes_on_whichever_of_them_is_named(db: Database, cast: Cast, first: int) -> None:
    with db.write() as session:
        pair = two(session, cast)
        older, newer = pair
        merge(session, pair[first].ref, doer(cast, "kim", LATER), same_as=pair[1 - first].ref)
        assert (older.state, newer.state, newer.outcome) == (State.OPEN, State.RESOLVED, Outcome.DUPLICATE)
        assert newer.same_as_id == older.id


def test_the_one_on_the_higher_tier_goes_on_though_it_is_newer(db: Database, cast: Cast) -> None:
    with db.write() as session:
        older, newer = two(session, cast)
        escalate.by_clock(newer, cast.arrangement(session), LATER)
        merge(session, newer.ref, doer(cast, "lee", LATER), same_as=older.ref)
        assert (older.outcome, newer.tier, newer.outcome) == (Outcome.DUPLICATE, 2, None)


def test_each_tells_of_the_other_with_the_day_on_which_it_began(db: Database, cast: Cast) -> None:
    with db.write() as session:
        older, newer = two(session, cast)
        merge(session, newer.ref, doer(cast, "kim", LATER), same_as=older.ref)
        said = [last_event(session, each).read().sentence("Kim") for each in (older, newer)]
        assert said == [
            f"Kim merged {newer.ref}, raised on Mon 27 Apr 2026, into this one",
            f"Kim merged it into {older.ref}, where it goes on",
        ]
        (goes_on,) = linked(session, newer, cast.viewer("jo"))
        (merged,) = linked(session, older, cast.viewer("jo"))
        assert (goes_on.ref, goes_on.how, merged.ref, merged.how) == (older.ref, "same as", newer.ref, "merged")
        assert merged.raised_at == newer.raised_at


def test_whoever_reads_only_one_of_them_reads_no_reference_of_the_other(db: Database, cast: Cast) -> None:
    """The members of a body that reads where it is: of a third organisation."""
    with db.write() as session:
        older, newer = two(session, cast)
        escalate.by_holder(session, newer.ref, doer(cast, "kim", LATER), cause=Cause.LEGAL, reason="Now", to=4)
        merge(session, newer.ref, doer(cast, "lee", LATER), same_as=older.ref)
        ines = cast.viewer("ines")
        assert issues.load(session, newer.ref, ines).id == newer.id
        assert linked(session, newer, ines) == ()
        told_there = as_known(session, last_event(session, newer).read(), ines)
        assert told_there.sentence("Lee") == "Lee merged another issue into this one"


def test_whoever_reported_the_other_hears_of_this_one_and_is_asked_whether_it_stayed_fixed(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        older, newer = two(session, cast)
        merge(session, newer.ref, doer(cast, "kim", LATER), same_as=older.ref)
        session.flush()
        assert session.get_one(Attention, (cast.jo.id, older.id)).wish is AttentionWish.FOLLOW
        resolve.propose(session, older.ref, doer(cast, "kim", LATER), outcome="solved", done="A new form.")
        resolve.agree(session, older.ref, doer(cast, "sam", LATER))
        ask_stayed_fixed(session, cast, older)
        asked = select(StayedFixedQuestion.person_id).where(StayedFixedQuestion.issue_id == older.id)
        assert {*session.exec(asked)} == {cast.sam.id, cast.jo.id}


def test_word_of_it_goes_to_those_of_both(db: Database, cast: Cast) -> None:
    with db.write() as session:
        older, newer = two(session, cast)
        merge(session, newer.ref, doer(cast, "kim", LATER), same_as=older.ref)
        announce_all(session, LATER)
        assert (told(session, "merged"), told(session, "merged_into")) == ({"sam", "jo"}, {"sam", "jo"})


def test_no_chain_of_them_leads_back(db: Database, cast: Cast) -> None:
    with db.write() as session:
        older, newer = two(session, cast)
        merge(session, newer.ref, doer(cast, "kim", LATER), same_as=older.ref)
        for one, other in ((older, newer), (older, older)):
            with pytest.raises(WrongInput):
                merge(session, one.ref, doer(cast, "kim", LATER), same_as=other.ref)


def test_reopened_it_is_an_issue_of_its_own_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        older, newer = two(session, cast)
        merge(session, newer.ref, doer(cast, "kim", LATER), same_as=older.ref)
        resolve.reopen(session, newer.ref, doer(cast, "jo", LATER), reason="Another ward")
        session.flush()
        assert (newer.same_as_id, linked(session, older, cast.viewer("jo"))) == (None, ())


def test_what_not_the_same_sides_read_is_not_merged(db: Database, cast: Cast) -> None:
    with db.write() as session:
        older, third = make_issue(session, cast), with_a_third(session, cast)
        with pytest.raises(WrongInput, match="Riverside Community Care may read only one"):
            merge(session, older.ref, doer(cast, "kim", LATER), same_as=third.ref)


def test_what_concerns_a_person_is_not_merged(db: Database, cast: Cast) -> None:
    with db.write() as session:
        older, named = make_issue(session, cast), make_issue(session, cast, ring=Ring.NAMED)
        with pytest.raises(WrongInput, match="concerns a person"):
            merge(session, older.ref, doer(cast, "kim", LATER), same_as=named.ref)


@pytest.mark.parametrize("who, refusal", [("stan", NotThere), ("mo", NotThere), ("alex", MayNot)])
def test_nobody_else_merges(db: Database, cast: Cast, who: str, refusal: type[Exception]) -> None:
    with db.write() as session:
        older, newer = two(session, cast)
        with pytest.raises((refusal, WrongInput)):
            merge(session, newer.ref, doer(cast, who, LATER), same_as=older.ref)
        assert kinds(session, newer)[-1] != "merged_into"


def test_a_side_taken_out_reads_it_no_more_and_no_clock_waits_for_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = with_a_third(session, cast)
        assert issues.load(session, issue.ref, cast.viewer("mo")).id == issue.id
        remove_side(session, issue.ref, doer(cast, "jo", LATER), side="community", reason="The other ward.")
        session.flush()
        assert issue.side_ids == (cast.acute.id, cast.council.id)
        assert {timer.side for timer in issue.timers} <= {"", "acute", "council"}
        with pytest.raises(NotThere):
            issues.load(session, issue.ref, cast.viewer("mo"))


def test_the_turn_of_a_side_taken_out_goes_to_the_other_that_is_left(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = with_a_third(session, cast)
        remove_side(session, issue.ref, doer(cast, "jo", LATER), side="council", reason="Not theirs.")
        assert issue.ball_with_id == cast.community.id


def test_a_side_that_has_said_anything_stays(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = with_a_third(session, cast)
        add_note(session, issue.ref, doer(cast, "mo", LATER), text="We look at it.", ring=Ring.SHARED)
        acknowledge(session, issue.ref, doer(cast, "kim", LATER))
        for side in ("community", "council", "acute"):
            with pytest.raises(WrongInput, match="none of them"):
                remove_side(session, issue.ref, doer(cast, "jo", LATER), side=side, reason="Wrong.")


def test_of_two_sides_none_is_taken_out(db: Database, cast: Cast) -> None:
    with db.write() as session, pytest.raises(WrongInput):
        remove_side(session, make_issue(session, cast).ref, doer(cast, "jo"), side="council", reason="Wrong.")
