"""A name that is searched for finds what its people raised, hold and wrote, as far as whoever asks may know it."""

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions.add_note import add_note
from tracker.database import Database
from tracker.queries.issue_list import IssueQuery, search_list
from tracker.queries.search.people import search_text
from tracker.records.issue import Issue
from tracker.rules.rings import Ring


@pytest.fixture(autouse=True, params=["few", "many"])
def so_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything here holds of people with few issues, and of those with more than are looked at."""
    if request.param == "many":
        monkeypatch.setattr("tracker.queries.search.MANY", 0)


def found(session: Session, cast: Cast, typed: str, who: str = "jo") -> list[str]:
    session.flush()
    viewer = cast.viewer(who)
    sought = search_text(typed, [cast.arrangement(session)])
    return [row.ref for row in search_list(session, viewer, IssueQuery(viewer.partnership_ids), sought).rows]


def note(session: Session, cast: Cast, issue: Issue, by: str, ring: Ring = Ring.SHARED, text: str = "Well.") -> None:
    add_note(session, issue.ref, doer(cast, by), text=text, ring=ring)


@pytest.mark.parametrize("typed", ["Mo Aziz", "aziz", "Aziz, Mo", "AZIZ mo", "azi", "mo"])
def test_whoever_raised_it_is_found_by_their_name_and_its_beginning(db: Database, cast: Cast, typed: str) -> None:
    with db.write() as session:
        make_issue(session, cast)
        make_issue(session, cast, by="mo", with_="acute")
        assert found(session, cast, typed) == ["RIV-2"]


@pytest.mark.parametrize("typed", ["az", "Mo Tran", "mo x", "ziz"])
def test_what_is_nobodys_name_finds_nobody(db: Database, cast: Cast, typed: str) -> None:
    with db.write() as session:
        make_issue(session, cast, by="mo", with_="acute")
        assert found(session, cast, typed) == []


def test_whoever_holds_it_is_found_and_the_newest_comes_first(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for with_ in ("council", "community", "council"):
            make_issue(session, cast, with_=with_)
        assert [found(session, cast, name) for name in ("kim tran", "mo aziz")] == [["RIV-3", "RIV-1"], ["RIV-2"]]


def test_whoever_wrote_a_note_is_found_by_those_who_read_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        one, other = make_issue(session, cast), make_issue(session, cast)
        note(session, cast, one, "lee")
        note(session, cast, other, "lee", Ring.ORGANISATION)
        assert [found(session, cast, "lee ford", who) for who in ("jo", "kim")] == [["RIV-1"], ["RIV-2", "RIV-1"]]


@pytest.mark.parametrize("who, sees", [("jo", ["RIV-1"]), ("kim", []), ("lee", []), ("mo", []), ("stan", [])])
def test_a_name_that_its_reporter_keeps_inside_is_found_inside_alone(
    db: Database, cast: Cast, who: str, sees: list[str]
) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, by="rita", hide_reporter=True)
        note(session, cast, issue, "rita")
        assert found(session, cast, "Rita Moss", who) == sees


def test_what_concerns_somebody_is_not_found_by_the_names_in_it_but_by_its_own_readers(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        make_issue(session, cast, ring=Ring.NAMED)
        make_issue(session, cast, ring=Ring.ORGANISATION)
        assert [len(found(session, cast, "Sam Okafor", who)) for who in ("sam", "jo", "kim", "lee", "mo")] == [
            2, 1, 1, 0, 0,
        ]  # fmt: skip


def test_words_beside_a_whole_name_are_searched_for_in_what_is_theirs(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, title="Beds are broken")
        make_issue(session, cast, title="Beds are broken", with_="community")
        make_issue(session, cast, title="Wheelchairs are late")
        assert found(session, cast, "kim tran beds") == found(session, cast, "broken beds Kim Tran") == ["RIV-1"]
        assert found(session, cast, "kim beds") == []


def test_a_text_that_says_the_name_is_found_beside_what_is_theirs(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, title="Ask Kim Tran about keys", with_="community")
        make_issue(session, cast)
        assert found(session, cast, "Kim Tran") == ["RIV-2", "RIV-1"]


@pytest.mark.parametrize("typed", ["2", "#2", " 2 "])
def test_an_issue_that_is_called_by_a_number_stands_before_those_that_say_it_and_stands_once(
    db: Database, cast: Cast, typed: str
) -> None:
    with db.write() as session:
        for title in ("Beds", "Ward 2", "Ward 2 again"):
            make_issue(session, cast, title=title)
        assert found(session, cast, typed) == ["RIV-2", "RIV-3"]
        assert found(session, cast, typed, "mo") == []
