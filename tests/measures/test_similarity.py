"""How alike texts are: by the words that tell what they are about."""

import tracemalloc
from random import Random

import pytest

from tracker.measures.similarity import Rarity, agreeing, most_telling, nearest, ranked, stem, stems, telling_words
from tracker.measures.suggestion.words import terms

LETTERS = "Letters arrive without the medication list"


@pytest.mark.parametrize(
    "text, words",
    [
        (LETTERS, ["letters", "arrive", "without", "medication", "list"]),
        ("The the THE and", []),
        ("a b of it", []),
        ("Ward 7: ward seven", ["ward", "7", "seven"]),
        ("Überweisung für Ältere", ["uberweisung", "fur", "altere"]),
        ("Update to 2022", ["update", "2022"]),
        ("2.49.5 fails, v2", ["2.49.5", "49", "fails", "v2"]),
        ("Nurse/doctor, 24/7", ["nurse", "doctor", "24/7", "24"]),
    ],
    ids=["a title", "common words", "short words", "each once", "other letters", "a year", "a version", "with signs"],
)
def test_telling_words_are_those_that_say_what_a_text_is_about(text: str, words: list[str]) -> None:
    assert telling_words(text) == words


def test_the_same_words_are_most_alike_whatever_their_endings() -> None:
    candidates = {1: "A letter arrived, no list of medication", 2: "The bed was broken", 3: "Medication came late"}
    assert next(key for key, _ in ranked(LETTERS, candidates)) == 1


def test_a_text_is_wholly_like_itself() -> None:
    assert ranked(LETTERS, {1: LETTERS})[0][1] == pytest.approx(1)


def test_a_text_without_a_word_in_common_is_no_candidate() -> None:
    assert ranked(LETTERS, {1: "Beds are broken"}) == []


def test_a_rare_word_in_common_counts_for_more_than_a_frequent_one() -> None:
    candidates = {1: "letters about wheelchairs", 2: "letters about oxygen", 3: "letters about keys", 4: "letters late"}
    found = dict(ranked("letters and oxygen", candidates))
    assert max(found, key=lambda key: found[key]) == 2


@pytest.mark.parametrize(
    "asked, twin, others",
    [
        ("Update to 2022", "Updating for 2022 is needed", ["Update to 2020", "Update to 2021", "Update to 2023"]),
        ("Release 3.2.1 fails", "It fails since 3.2.1", ["Release 3.2.2 fails", "Release 1.2.3 fails"]),
        ("Printer of ward 7", "Ward 7: the printer", ["Printer of ward 8", "Printer of ward 17"]),
    ],
)
def test_a_number_tells_one_from_others_that_are_said_alike(asked: str, twin: str, others: list[str]) -> None:
    texts = {1: twin, **dict(enumerate(others, 2))}
    assert next(key for key, _ in ranked(asked, texts)) == 1


def test_texts_agree_in_so_many_telling_words_and_numbers() -> None:
    assert agreeing("The letter of ward 7 came late", "Late letters to ward 8") == 3


def test_nothing_is_like_an_empty_text() -> None:
    assert ranked("", {1: LETTERS}) == []


def rarity(*texts: str) -> Rarity:
    return Rarity.of(stems(text) for text in texts)


@pytest.mark.parametrize(
    "word, cut", [("letters", "letter"), ("delayed", "delay"), ("meetings", "meet"), ("bed", "bed"), ("less", "less")]
)
def test_plain_endings_are_cut_where_enough_is_left(word: str, cut: str) -> None:
    assert stem(word) == cut


def test_a_word_weighs_the_more_the_fewer_texts_hold_it_and_one_in_all_weighs_one() -> None:
    found = rarity("letter oxygen", "letter", "letters", "letter")
    assert found.weight("letter") == 1
    assert found.weight("oxygen") == found.weight("never") == pytest.approx(2.386, abs=0.001)  # 1 + ln 4


def test_the_most_telling_words_are_rare_ones_and_those_said_twice_each_stem_once() -> None:
    known = rarity("letter late", "letter lost", "letter and bed", "oxygen")
    assert most_telling("Letters, a letter: oxygen, oxygen and beds", known, 3) == ["oxygen", "beds", "letters"]


def test_the_nearest_hold_most_of_what_is_telling_the_newer_first_where_alike() -> None:
    known = rarity("letter late", "letter lost", "letter", "oxygen")
    holding = {"letter": [1, 2, 3], "oxygen": [3, 4]}
    assert nearest("letter and oxygen", holding, known, 3) == [3, 4, 2]


def test_how_rare_words_are_can_be_told_from_elsewhere() -> None:
    known = rarity("oxygen", "oxygen", "oxygen", "letters")
    found = dict(ranked("letters and oxygen", {1: "letters", 2: "oxygen"}, known))
    assert found[1] > found[2]


def test_texts_that_are_one_long_word_leave_nothing_behind_when_they_have_been_compared() -> None:
    random, letters = Random(4), "abcdefghijklmnopqrstuvwxyz"
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(100):
            word = "".join(random.choices(letters, k=10_000))
            assert len(stems(word)) == 1
            assert len(terms(word)) == 2
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 100_000  # of a million letters
