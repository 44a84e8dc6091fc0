"""Who reads what, as the name of a chain; what the next event of it stands on; words by their salted hash."""

from hashlib import sha256

import pytest

from tracker.rules.digest import FIRST, NO_HEAD, Head, Word, actor_id_hash, next_on, readers_of, with_head
from tracker.rules.rings import Ring


def readers(ring: Ring, *, personal: bool = False) -> str:
    return readers_of(ring, [12, 3], organisation_id=3, people=[15], tier=2, personal=personal)


@pytest.mark.parametrize(
    "ring, of_all, of_some",
    [
        (Ring.SHARED, "3+12", "named 3+12"),
        (Ring.ORGANISATION, "3", "named 3"),
        (Ring.TIER, "tier 2 of 3+12", "tier 2 of 3+12"),
        (Ring.NAMED, "person 15", "person 15"),
    ],
)
def test_a_chain_is_called_by_who_reads_it(ring: Ring, of_all: str, of_some: str) -> None:
    assert (readers(ring), readers(ring, personal=True)) == (of_all, of_some)


def test_what_is_for_some_people_is_in_a_chain_of_theirs() -> None:
    named = readers_of(Ring.NAMED, [12, 3], organisation_id=3, people=[15, 4], tier=2, personal=False)
    assert named == "person 4+15"
    heads = with_head({}, "3+12", Head(1, "c" * 64))
    assert next_on(heads, named) == NO_HEAD


def test_what_nobody_did_before_it_crosses_is_its_organisations_own() -> None:
    own = readers_of(Ring.ORGANISATION, [3], organisation_id=None, people=[], tier=0, personal=False)
    assert own == "3"


def test_every_chain_of_a_new_issue_begins_by_itself() -> None:
    heads = with_head({}, "3", Head(1, "a" * 64))
    assert next_on(heads, "3+12") == NO_HEAD
    assert next_on(heads, "3") == Head(1, "a" * 64)


def test_a_new_chain_stands_on_the_closed_one() -> None:
    heads = {"before 3+12": Head(7, "b" * 64)}
    assert next_on(heads, "3+12") == next_on(heads, "3") == next_on(heads, "tier 1 of 3+12") == Head(0, "b" * 64)


def test_with_other_sides_their_chain_stands_on_the_one_before_and_back_again_goes_on() -> None:
    heads = with_head({"before 3+12": Head(7, "b" * 64)}, "3+12", Head(1, "c" * 64))
    assert next_on(heads, "3+7+12") == Head(0, "c" * 64)
    heads = with_head(with_head(heads, "3+7+12", Head(1, "d" * 64)), "3", Head(1, "e" * 64))
    assert next_on(heads, "3+12") == Head(1, "d" * 64)
    heads = with_head(heads, "3+12", Head(2, "f" * 64))
    assert next_on(heads, "3+12") == Head(2, "f" * 64)
    assert next_on(heads, "3+7+12") == Head(1, "f" * 64)


def test_what_some_keep_moves_nothing_of_what_all_read() -> None:
    heads = with_head({}, "3+12", Head(1, "c" * 64))
    for own in ("3", "12", "tier 1 of 3+12", "person 15", "named 3"):
        assert next_on(with_head(heads, own, Head(9, "e" * 64)), "3+12") == Head(1, "c" * 64), own


def test_the_hash_of_a_word_is_over_its_salt_as_text() -> None:
    assert Word("00ff" * 8, "Ärger").hash == sha256(f"{'00ff' * 8}\nÄrger".encode()).hexdigest()


def test_who_did_it_is_told_by_no_hash_to_who_has_not_the_salt() -> None:
    first, second = ({"actor": Word.of("Sam Okafor")} for _ in range(2))
    assert actor_id_hash(first, 7) != actor_id_hash(second, 7)
    assert actor_id_hash(first, 7) == {"actor_id": Word(first["actor"].salt, "7").hash}
    assert actor_id_hash(first, None) == actor_id_hash({}, 7) == {}
    assert FIRST not in actor_id_hash(first, 7).values()
