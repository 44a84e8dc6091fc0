"""Themes suggested for an issue: learnt from what was confirmed, with reasons that the reader may read."""

from collections.abc import Iterable
from random import Random
from typing import Any

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions.add_note import add_note
from tracker.actions.amend import amend, confirm_theme, take_words_out
from tracker.database import Database, statement_count
from tracker.queries import learning
from tracker.queries.redactable import written_words
from tracker.queries.theme_suggestions import SuggestedTheme, theme_suggestions
from tracker.records.issue import Issue
from tracker.rules.rings import Ring

SLOW = ("The panel takes weeks to decide", "Weeks until the panel decides", "The panel met and will decide in weeks")
LATE = ("The van came late", "The van came too late again", "No van, then a late one")


def confirmed(session: Session, cast: Cast, titles: Iterable[str], theme: str, **said: Any) -> list[str]:
    """Issues with this theme, confirmed by a manager of the side that raised them; their references."""
    made = [make_issue(session, cast, title=title, detail="", **said) for title in titles]
    return [confirm_theme(session, issue.ref, doer(cast, "jo"), theme=theme).ref for issue in made]


def suggested(session: Session, cast: Cast, who: str, issue: Issue, text: str = "") -> tuple[SuggestedTheme, ...]:
    session.flush()
    return theme_suggestions(session, cast.viewer(who), cast.arrangement(session), issue, text or issue.title)


def test_a_phrase_of_a_theme_suggests_it_before_anything_was_confirmed(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, title="Still no answer about the bed")
        assert suggested(session, cast, "jo", issue) == (SuggestedTheme("decision_speed", ("still no answer",), ()),)


def test_what_was_confirmed_suggests_itself_with_words_and_the_issues_it_is_like(db: Database, cast: Cast) -> None:
    with db.write() as session:
        slow = confirmed(session, cast, SLOW, "decision_speed")
        confirmed(session, cast, LATE, "reliability")
        issue = make_issue(session, cast, title="The panel will decide after Easter")
        first = suggested(session, cast, "jo", issue)[0]
        assert first.theme == "decision_speed"
        assert "panel" in first.words
        assert {like.ref for like in first.alike} <= set(slow)
        assert len(first.alike) == 2


def test_nothing_is_suggested_by_issues_of_a_pair_that_the_reader_is_no_side_of(db: Database, cast: Cast) -> None:
    with db.write() as session:
        confirmed(session, cast, SLOW, "decision_speed")
        confirmed(session, cast, LATE, "reliability")
        issue = make_issue(session, cast, by="mo", title="The panel will decide after Easter", with_="council")
        for who, sees in (("bea", False), ("lee", True)):
            found = suggested(session, cast, who, issue)
            assert bool(found) is sees
            assert all(each.theme == "decision_speed" and each.alike for each in found)


@pytest.mark.parametrize("ring", [Ring.ORGANISATION, Ring.NAMED])
def test_nothing_is_learnt_from_what_did_not_cross_or_concerns_a_person(db: Database, cast: Cast, ring: Ring) -> None:
    with db.write() as session:
        for title in SLOW:
            kept = make_issue(session, cast, by="jo", title=title, detail="", ring=ring)
            confirm_theme(session, kept.ref, doer(cast, "jo"), theme="decision_speed")
        issue = make_issue(session, cast, title="The panel will decide after Easter")
        assert suggested(session, cast, "jo", issue) == ()


def test_nothing_is_suggested_without_a_reason(db: Database, cast: Cast) -> None:
    with db.write() as session:
        confirmed(session, cast, SLOW, "decision_speed")
        issue = make_issue(session, cast, title="Wheelchair broken")
        assert suggested(session, cast, "jo", issue) == ()


def test_what_was_confirmed_since_is_learnt_when_next_asked_and_nothing_else_is_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        confirmed(session, cast, SLOW, "decision_speed")
        issue = make_issue(session, cast, title="The panel will decide after Easter")
        suggested(session, cast, "jo", issue)
        with statement_count(db) as sent:
            suggested(session, cast, "jo", issue)
        assert len(sent) == 3  # what was agreed, whether anything happened, which of those alike may be read
        confirmed(session, cast, LATE, "reliability")
        assert "reliability" in {each.theme for each in suggested(session, cast, "jo", issue, "A late van came")}


OTHERS = ("No answer from the ward", "The van left without the letter", "Weeks and no answer about the bed")


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_is_what_would_be_found_anew_whatever_happens(db: Database, cast: Cast, seed: int) -> None:
    random = Random(seed)
    readers = (("sam", "acute"), ("jo", "acute"), ("lee", "council"), ("bea", "community"))
    with db.write() as session:
        made = [make_issue(session, cast, title=title, detail="") for title in (*SLOW, *LATE, *OTHERS)]
        made += [make_issue(session, cast, by="mo", title=title, detail="", with_="council") for title in OTHERS]

        def something_happens() -> None:
            issue, title = random.choice(made), random.choice((*SLOW, *LATE, *OTHERS))
            by = "bea" if issue.raised_for_id == cast.organisations["community"].id else "jo"
            what = random.randrange(3)
            if what == 0:
                theme = random.choice(("decision_speed", "reliability", None))
                confirm_theme(session, issue.ref, doer(cast, by), theme=theme)
            elif what == 1:
                raiser = "mo" if by == "bea" else "sam"
                amend(session, issue.ref, doer(cast, raiser), title=title, detail="", severity=issue.severity)
            else:
                add_note(session, issue.ref, doer(cast, by), text=title, ring=Ring.SHARED)

        for _ in range(12):
            something_happens()
            issue = random.choice(made)
            text = f"{issue.title} {random.choice(OTHERS)}"
            for who, _ in readers:
                asked = [suggested(session, cast, who, issue, text) for _ in range(2)]
                learning._kept.clear()
                assert asked == [suggested(session, cast, who, issue, text)] * 2


def test_what_was_kept_of_an_issue_is_dropped_by_whoever_asks_anything_after_words_were_taken_out(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        confirmed(session, cast, SLOW, "decision_speed")
        issue, other = make_issue(session, cast, title="The panel of Mary Smith"), make_issue(session, cast)
        assert "panel" in suggested(session, cast, "jo", issue)[0].words
        assert "Mary Smith" in repr(vars(learning.learner(session)))
        session.flush()
        written = written_words(session, issue, cast.arrangement(session), cast.viewer("alex"))
        marks = [each.mark for each in written if "Mary" in each.text]
        take_words_out(session, issue.ref, doer(cast, "alex"), marks=marks, why="person")
        suggested(session, cast, "jo", other)
        assert "Mary Smith" not in repr(vars(learning.learner(session)))
