"""Similar issues: those with the same telling words, and only what the person may see."""

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tracker.actions.add_note import add_note
from tracker.database import Database, statement_count
from tracker.measures.learning import rarity
from tracker.queries.learning import learnt_for
from tracker.queries.similar import similar_issues, worth_showing
from tracker.rules.rings import Ring

LIKE = "Letter came without a list of medication"


def similar(session: Session, cast: Cast, title: str = LIKE, who: str = "sam", with_: str = "") -> list[str]:
    session.flush()
    with_id = cast.organisations[with_].id if with_ else None
    rows = similar_issues(session, cast.viewer(who), cast.partnership.id, title, "", with_id)
    return [row.ref for row in rows]


def counted(session: Session, cast: Cast, organisation: str) -> int:
    """Of how many issues it was counted how rare words are for an organisation."""
    session.flush()
    return rarity(learnt_for(session, [cast.organisations[organisation].id])).texts


def test_an_issue_with_the_same_telling_words_is_found_and_one_about_something_else_is_not(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        make_issue(session, cast)
        make_issue(session, cast, title="Wheelchair delivered broken", detail="The left wheel.")
        assert similar(session, cast) == ["RIV-1"]


def test_one_that_is_resolved_is_found_too(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, worked_round=True)
        assert similar(session, cast) == ["RIV-1"]


@pytest.mark.parametrize(
    "title", ["", "the and of", "letters", "it it it"], ids=["nothing", "common", "one word", "short"]
)
def test_fewer_than_two_telling_words_are_like_nothing(db: Database, cast: Cast, title: str) -> None:
    with db.write() as session:
        make_issue(session, cast)
        session.flush()
        with statement_count(db) as sent:
            assert similar(session, cast, title) == []
        assert sent == []


@pytest.mark.parametrize("who, sees", [("kim", True), ("alex", True), ("mo", False), ("ines", False)])
def test_only_what_somebody_may_see_is_similar(db: Database, cast: Cast, who: str, sees: bool) -> None:
    with db.write() as session:
        make_issue(session, cast)
        assert bool(similar(session, cast, who=who)) is sees


def test_what_the_other_side_keeps_inside_or_says_in_private_is_like_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, ring=Ring.ORGANISATION)
        make_issue(session, cast, ring=Ring.NAMED)
        other = make_issue(session, cast, title="Wheelchair delivered broken", detail="")
        add_note(session, other.ref, doer(cast, "sam"), text=LIKE, ring=Ring.ORGANISATION)
        assert similar(session, cast, who="lee") == []


def test_of_two_as_alike_the_one_with_the_same_organisation_comes_first(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, with_="council")
        make_issue(session, cast, with_="community")
        assert similar(session, cast, with_="council")[0] == "RIV-1"
        assert similar(session, cast, with_="community")[0] == "RIV-2"


def test_at_most_five_are_found_in_four_statements(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for _ in range(7):
            make_issue(session, cast)
        similar(session, cast)
        with statement_count(db) as sent:
            assert len(similar(session, cast)) == 5
        assert len(sent) == 4


def test_an_issue_is_not_similar_to_itself(db: Database, cast: Cast) -> None:
    with db.write() as session:
        one, other = make_issue(session, cast), make_issue(session, cast)
        session.flush()
        found = similar_issues(session, cast.viewer("sam"), cast.partnership.id, LIKE, "", besides_id=one.id)
        assert [row.id for row in found] == [other.id]


def test_a_rare_word_finds_an_old_issue_behind_many_with_the_common_ones(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, title="Oxygen cylinder missing on the ward", detail="")
        for number in range(160):
            make_issue(session, cast, title=f"Letter missing on the ward {number}", detail="")
        session.flush()
        assert similar(session, cast, "Missing on the ward: oxygen")[0] == "RIV-1"


def test_how_rare_words_are_is_counted_anew_once_there_are_more_issues(db: Database, cast: Cast) -> None:
    with db.write() as session:
        assert similar(session, cast) == []
        make_issue(session, cast)
        similar(session, cast)
        make_issue(session, cast, title="Letter about a wheelchair", detail="")
        assert counted(session, cast, "acute") == 2


def test_what_did_not_cross_or_concerns_a_person_is_not_counted(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for ring in (Ring.ORGANISATION, Ring.NAMED, Ring.SHARED):
            make_issue(session, cast, ring=ring)
        assert counted(session, cast, "acute") == 1
        assert counted(session, cast, "community") == 0


def test_what_others_have_with_each_other_does_not_stand_before_what_the_reader_may_see(
    db: Database, cast: Cast
) -> None:
    with db.write() as session:
        make_issue(session, cast, title="Oxygen cylinder missing on the ward", detail="")
        for number in range(160):
            make_issue(session, cast, by="bea", with_="council", title=f"Oxygen missing {number}", detail="")
        assert similar(session, cast, "Oxygen missing on the ward") == ["RIV-1"]


def shown(session: Session, cast: Cast, title: str = LIKE, with_: str = "council") -> list[str]:
    session.flush()
    with_id = cast.organisations[with_].id
    rows = similar_issues(session, cast.viewer("sam"), cast.partnership.id, title, "", with_id)
    return [row.ref for row in worth_showing(rows)]


def test_only_what_agrees_in_two_telling_words_is_shown(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, title="Medication", detail="")
        make_issue(session, cast, title="Letters about medication", detail="")
        assert (similar(session, cast), shown(session, cast)) == (["RIV-2", "RIV-1"], ["RIV-2"])


def test_at_most_three_are_shown_the_chosen_pairs_and_open_ones_first(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast, with_="community", title=LIKE, detail="")
        make_issue(session, cast, worked_round=True, title=LIKE, detail="")
        make_issue(session, cast, title=f"{LIKE}, once more with something else", detail="")
        make_issue(session, cast, with_="community", title=LIKE, detail="")
        assert shown(session, cast) == ["RIV-3", "RIV-2", "RIV-4"]


def test_a_number_finds_its_twin_among_many_of_other_numbers(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for year in range(2010, 2024):
            make_issue(session, cast, title=f"Update to {year}", detail="")
        twin = make_issue(session, cast, title="Updating for 2015 needed", detail="")
        assert twin.ref in shown(session, cast, "Update to 2015")
        assert set(shown(session, cast, "Update to 2015")) == {"RIV-6", twin.ref}
