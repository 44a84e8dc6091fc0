"""Search: words in titles, details and readable notes, whatever is typed, and nothing that others keep inside."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue, shorten_pages
from tests.makers import Cast
from tracker.actions.add_note import add_note
from tracker.actions.amend import amend
from tracker.database import Database
from tracker.queries.issue_list import Cursor, IssuePage, IssueQuery, search_list
from tracker.queries.search.people import search_text
from tracker.rules.lifecycle import Severity
from tracker.rules.rings import Ring


def searched(session: Session, cast: Cast, text: str, who: str = "sam", after: Cursor | None = None) -> IssuePage:
    session.flush()
    viewer = cast.viewer(who)
    return search_list(session, viewer, IssueQuery(viewer.partnership_ids), search_text(text), after=after)


def found(session: Session, cast: Cast, text: str, who: str = "sam") -> list[str]:
    return [row.ref for row in searched(session, cast, text, who).rows]


@pytest.mark.parametrize(
    "text, fits",
    [
        ("medication", True),
        ("MEDICATION letters", True),
        ("third", True),
        ("letter", True),
        ("medic", True),
        ("medication beds", False),
        ("dic", False),
    ],
    ids=[
        "a word",
        "two in any case",
        "of the detail",
        "by its stem",
        "the beginning of the last",
        "one of two",
        "inside",
    ],
)
def test_every_word_is_in_the_title_or_the_detail(db: Database, cast: Cast, text: str, fits: bool) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert found(session, cast, text) == (["RIV-1"] if fits else [])


def test_the_newest_that_match_stand_first(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for title in ("Beds one", "Nothing", "Beds two"):
            make_issue(session, cast, title=title)
        assert found(session, cast, "beds") == ["RIV-3", "RIV-1"]


def test_a_note_that_all_sides_read_is_found_by_all_sides(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="The pharmacy printer is broken", ring=Ring.SHARED)
        assert found(session, cast, "pharmacy printer", "kim") == ["RIV-1"]
        assert found(session, cast, "pharmacy printer", "mo") == []


def test_a_private_note_is_found_by_its_own_side_alone(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "sam"), text="They never read gobbledegook", ring=Ring.ORGANISATION)
        assert [found(session, cast, "gobbledegook", who) for who in ("sam", "jo", "kim", "chris", "mo", "stan")] == [
            ["RIV-1"], ["RIV-1"], [], [], [], [],
        ]  # fmt: skip


@pytest.mark.parametrize("who", ["kim", "jo", "mo", "stan"])
def test_what_concerns_a_person_or_stays_inside_is_not_found_by_others(db: Database, cast: Cast, who: str) -> None:
    readers = {"kim": {"RIV-1"}, "jo": {"kept"}}
    with db.write() as session:
        make_issue(session, cast, title="Wombat named", ring=Ring.NAMED)
        kept = make_issue(session, cast, title="Wombat kept", ring=Ring.ORGANISATION)
        assert {"kept" if ref == kept.ref else ref for ref in found(session, cast, "wombat", who)} == readers.get(
            who, set()
        )


def test_words_that_were_taken_out_are_not_found_any_more(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, title="Wombat")
        amend(session, issue.ref, doer(cast, "jo"), title="Kangaroo", detail="", severity=Severity.MINOR)
        assert (found(session, cast, "wombat"), found(session, cast, "kangaroo")) == ([], ["RIV-1"])


@pytest.mark.parametrize(
    "text",
    [
        '"', "'", "a AND", "OR", "NOT x", "NEAR(a b)", "title:x", "x*", "*", "^x", "(", ")", "- -", "a & b | !c", "<->",
        ":*", "\\", "%", "\x00", "é́", "日本", "a_b", "🙂", "x" * 5000, " ".join("abc" for _ in range(500)),
        "1; DROP TABLE issue",
    ],
)  # fmt: skip
def test_nothing_that_is_typed_can_make_a_search_fail(db: Database, cast: Cast, text: str) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert found(session, cast, text) in ([], ["RIV-1"])


def test_a_search_pages_by_number_and_says_when_it_has_not_read_every_note(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten_pages(monkeypatch, 2, "issue_list")
    monkeypatch.setattr("tracker.queries.search.MOST_NOTES", 1)
    with db.write() as session:
        refs = [make_issue(session, cast, title="Beds").ref for _ in range(3)]
        for ref in refs[:2]:
            add_note(session, ref, doer(cast, "sam"), text="beds", ring=Ring.SHARED)
        first = searched(session, cast, "beds")
        second = searched(session, cast, "beds", after=Cursor(first.rows[-1].raised_at, first.rows[-1].id))
    assert [[row.ref for row in page.rows] for page in (first, second)] == [["RIV-3", "RIV-2"], ["RIV-1"]]
    assert (first.older, second.older, first.bounded) == (True, False, True)


def test_a_note_on_what_is_newer_than_the_rest_of_a_full_page_is_found(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten_pages(monkeypatch, 1, "issue_list")
    with db.write() as session:
        for place, title in enumerate(("Nothing at first", "Beds one", "Beds two", "Nothing yet")):
            make_issue(session, cast, title=title).raised_at -= timedelta(hours=4 - place)
        for ref in ("RIV-1", "RIV-4"):
            add_note(session, ref, doer(cast, "sam"), text="No beds there", ring=Ring.SHARED)
        page = searched(session, cast, "beds")
        assert ([row.ref for row in page.rows], page.older) == (["RIV-4"], True)
