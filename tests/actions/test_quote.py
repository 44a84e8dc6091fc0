"""Whoever raised an issue lets words of it be quoted, and takes them back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, kinds, last_event, make_issue
from tests.makers import MONDAY, Cast
from tracker.actions import resolve
from tracker.actions.quote import let_quote, take_words_back
from tracker.actions.raise_issue import turn
from tracker.database import Database
from tracker.queries.issues import load
from tracker.queries.story import story
from tracker.records.issue import Issue
from tracker.records.quotation import Quotation
from tracker.rules.lifecycle import Kind
from tracker.rules.refusals import DoneAlready, MayNot, MoveNotAllowed, NotThere, Refused, WrongInput
from tracker.rules.rings import Ring

WORDS = "We wait for a letter and nobody can say where it is."


def quote(session: Session, cast: Cast, issue: Issue, by: str = "sam", text: str = WORDS, **more: Any) -> None:
    let_quote(session, issue.ref, doer(cast, by, **more), text=text, agrees=True, left_out=True)
    session.flush()


def test_the_words_are_kept_with_who_agreed_for_whom_and_when(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        quote(session, cast, issue)
        kept = session.get_one(Quotation, issue.id)
        assert (kept.text, kept.person_id, kept.organisation_id, kept.at) == (
            WORDS, cast.sam.id, cast.acute.id, MONDAY,
        )  # fmt: skip


def test_its_event_holds_the_hash_of_the_words_and_not_the_words(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        quote(session, cast, issue)
        event, kept = last_event(session, issue), session.get_one(Quotation, issue.id)
        assert (event.kind, event.ring, event.position) == ("quotation_agreed", Ring.SHARED, kept.event_position)
        assert event.hashes["text"] == kept.word.hash
        assert WORDS not in str((event.words, event.details))


def test_taken_back_nothing_of_the_words_is_left_but_their_hash(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        quote(session, cast, issue)
        take_words_back(session, issue.ref, doer(cast, "sam"))
        session.flush()
        assert session.get(Quotation, issue.id) is None
        assert kinds(session, issue)[-2:] == ["quotation_agreed", "quotation_withdrawn"]
        quote(session, cast, issue, text="Others.")
        assert session.get_one(Quotation, issue.id).text == "Others."


def test_an_issue_is_quoted_once_and_what_is_not_quoted_is_not_taken_back(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(MoveNotAllowed, match="No words of this issue are quoted"):
            take_words_back(session, issue.ref, doer(cast, "sam"))
        quote(session, cast, issue)
        with pytest.raises(MoveNotAllowed, match="take them back first"):
            quote(session, cast, issue)


def test_a_double_click_agrees_once(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        quote(session, cast, issue, once="a word")
        with pytest.raises(DoneAlready):
            quote(session, cast, issue, once="a word")


@pytest.mark.parametrize("agrees, left_out", [(True, False), (False, True), (False, False)])
def test_without_both_ticks_nothing_is_kept(db: Database, cast: Cast, agrees: bool, left_out: bool) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(WrongInput):
            let_quote(session, issue.ref, doer(cast, "sam"), text=WORDS, agrees=agrees, left_out=left_out)
        assert session.get(Quotation, issue.id) is None
        assert "quotation_agreed" not in kinds(session, issue)


@pytest.mark.parametrize(
    "who, refusal",
    [("jo", MayNot), ("alex", MayNot), ("kim", MayNot), ("lee", MayNot), ("bea", NotThere), ("stan", NotThere)],
)
def test_nobody_speaks_for_whoever_raised_it(db: Database, cast: Cast, who: str, refusal: type[Refused]) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        with pytest.raises(refusal):
            quote(session, cast, issue, by=who)
        quote(session, cast, issue)
        with pytest.raises(refusal):
            take_words_back(session, issue.ref, doer(cast, who))


@pytest.mark.parametrize(
    "said, why",
    [
        ({"ring": Ring.NAMED}, "concerns a person"),
        ({"ring": Ring.ORGANISATION}, "Only your organisation"),
        ({"kind": Kind.EARLY_WARNING}, "early warning"),
    ],
)
def test_of_some_issues_nothing_is_quoted(db: Database, cast: Cast, said: dict[str, Any], why: str) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, **said)
        with pytest.raises(MoveNotAllowed, match=why):
            quote(session, cast, issue)


def test_an_early_warning_that_became_an_issue_may_be_quoted(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, kind=Kind.EARLY_WARNING)
        turn(session, issue.ref, doer(cast, "sam"))
        quote(session, cast, issue)
        assert session.get_one(Quotation, issue.id).text == WORDS


def test_where_the_reporter_keeps_their_name_inside_only_their_organisation_learns_of_it(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, hide_reporter=True)
        version = issue.version
        quote(session, cast, issue)
        assert (last_event(session, issue).ring, issue.version) == (Ring.ORGANISATION, version)
        told = {who: [each.event.name for each in story(session, issue, cast.viewer(who))] for who in ("jo", "lee")}
        assert "quotation_agreed" in told["jo"]
        assert "quotation_agreed" not in told["lee"]


def test_who_has_gone_to_the_other_side_since_still_takes_their_words_back(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, hide_reporter=True)
        quote(session, cast, issue)
        moved = replace(cast.viewer("sam"), memberships=cast.viewer("kim").memberships)
        take_words_back(session, issue.ref, replace(doer(cast, "sam"), viewer=moved))
        event = last_event(session, issue)
        assert (event.kind, event.ring, event.organisation_id) == (
            "quotation_withdrawn", Ring.ORGANISATION, cast.acute.id,
        )  # fmt: skip


def test_an_issue_that_was_withdrawn_keeps_its_words_until_they_are_taken_back(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        quote(session, cast, issue)
        resolve.withdraw(session, issue.ref, doer(cast, "sam"), reason="A mistake.")
        session.flush()
        assert session.get_one(Quotation, issue.id).text == WORDS
        take_words_back(session, issue.ref, doer(cast, "sam", MONDAY + timedelta(days=400)))
        session.flush()
        assert session.get(Quotation, issue.id) is None


def test_the_page_of_whoever_agreed_has_their_words_and_nobody_elses_has(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        quote(session, cast, issue)
        for who, words in (("sam", WORDS), ("jo", ""), ("lee", "")):
            viewer = cast.viewer(who)
            found = story(session, load(session, issue.ref, viewer), viewer)
            assert "".join(each.quoted for each in found) == words
