"""Whose the words are that stand about an issue, and that each of them is gathered wherever it stands."""

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions.amend import take_words_out
from tracker.actions.asking.ask import agree_to_ask, ask
from tracker.database import Database
from tracker.queries.redactable import written_words
from tracker.queries.story import story
from tracker.records.issue import Issue
from tracker.rules.lifecycle.asks import AskChoice, AskKind

ASKED = "Mr Smith has to say."


def done_as_asked(session: Session, cast: Cast, kind: AskKind) -> Issue:
    """Asked by Council of Hospitals, for which it was raised, and agreed: the clock does it, with the reason."""
    issue = make_issue(session, cast)
    choice = AskChoice(side="acute", until=MONDAY.date())
    ask(session, issue.ref, doer(cast, "kim"), kind=kind, reason=ASKED, choice=choice)
    return agree_to_ask(session, issue.ref, doer(cast, "sam"), number=1)


@pytest.mark.parametrize("kind", [AskKind.PAUSE, AskKind.ESCALATE, AskKind.HAND_OVER])
def test_what_the_clock_says_again_of_an_ask_goes_with_the_words_of_who_asked(
    db: Database, cast: Cast, kind: AskKind
) -> None:
    with db.write() as session:
        issue = done_as_asked(session, cast, kind)
        session.flush()
        arrangement, chris = cast.arrangement(session), cast.viewer("chris")
        (found,) = [each for each in written_words(session, issue, arrangement, chris) if each.text == ASKED]
        assert (found.side.key, len(found.places)) == ("council", 2)
        take_words_out(session, issue.ref, doer(cast, "chris"), marks=[found.mark], why="person")
        session.flush()
        told = [f"{each.event}" for each in story(session, issue, cast.viewer("sam"))]
        assert [each for each in told if ASKED in each] == []
