"""Texts cut into words: folded, split at all that is no letter or digit, each also without its ending."""

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.house.tree import ROOT
from tracker.measures.cut_text import MOST_WORDS, by_letter, cut, fold, phrases, words
from tracker.measures.stems import stem


@pytest.mark.parametrize(
    "text, right",
    [
        ("Nurse/doctor", ["nurse", "doctor"]),
        ("24/7, 3.2 and DS-7604", ["24", "7", "3", "2", "and", "ds", "7604"]),
        ("mail.acute.example", ["mail", "acute", "example"]),
        ("IT is not there", ["it", "is", "not", "there"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("Übergabe, U\u0308bergabe, café", ["ubergabe", "ubergabe", "cafe"]),
        ("Ørsted Łódź Æther", ["orsted", "lodz", "aether"]),
        ("the ward’s list, the ward's list", ["the", "ward", "list", "the", "ward", "list"]),
        ("don't", ["don", "t"]),
        ("snake_case", ["snake", "case"]),
        ("Kranken\u00adhaus zero\u200bwidth", ["krankenhaus", "zerowidth"]),
        ("!?… – ", []),
    ],
)
def test_a_text_is_cut_at_all_that_is_no_letter_or_digit(text: str, right: list[str]) -> None:
    assert words(text) == right


def test_what_is_kept_is_every_word_without_its_ending_in_order_and_then_as_it_is_written() -> None:
    assert cut("Late deliveries", "of forms, late") == "late deliveri of form late deliveries forms"


def test_what_stands_together_is_a_phrase_and_what_stands_apart_is_not() -> None:
    assert phrases("ward 24/7 the ward") == (("ward",), ("24", "7"), ("the",))


def test_so_many_words_are_searched_for_and_no_more() -> None:
    typed = " ".join(f"a{number}/b" for number in range(100))
    assert sum(map(len, phrases(typed))) == MOST_WORDS


@given(st.text())
def test_folding_again_changes_nothing_and_cutting_gives_words_that_are_cut_no_further(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words(" ".join(words(text))) == words(text)


@given(st.text())
def test_a_text_holds_all_that_is_searched_for_where_it_is_typed_as_it_stands(text: str) -> None:
    kept = f" {cut(text)} "
    assert all(f" {' '.join(map(stem, phrase))} " in kept for phrase in phrases(text))


def test_endings_are_taken_off_as_sqlite_takes_them_off() -> None:
    """Porter's algorithm, against another's reading of it."""
    told = " ".join(each.read_text(encoding="utf-8") for each in sorted(ROOT.glob("**/*.md")))
    known = sorted({each for each in re.findall(r"[a-z]+", told.lower()) if len(each) < 60})
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE kept USING fts5(word, tokenize='porter ascii')")
        connection.execute("CREATE VIRTUAL TABLE stems USING fts5vocab(kept, 'instance')")
        connection.executemany("INSERT INTO kept(rowid, word) VALUES (?, ?)", enumerate(known))
        sqlites = dict(connection.execute("SELECT doc, term FROM stems"))
    assert len(known) > 1000
    assert {each: stem(each) for each in known} == {each: sqlites[place] for place, each in enumerate(known)}


@pytest.mark.parametrize(
    "word, right",
    [("deliveries", "deliveri"), ("delivery", "deliveri"), ("running", "run"), ("it", "it"), ("7604", "7604"),
     ("a1s", "a1s"), ("überweisungen", "überweisungen")],
)  # fmt: skip
def test_a_word_is_known_by_what_stands_before_its_ending(word: str, right: str) -> None:
    assert stem(word) == right


def test_names_stand_in_order_by_letter() -> None:
    names = ["zara lower", "Émile Zo", "Priya Nair", "Ömer Öz", "Adam Upper", "Ådne Berg", "adam Upper"]
    right = ["Adam Upper", "adam Upper", "Ådne Berg", "Émile Zo", "Ömer Öz", "Priya Nair", "zara lower"]
    assert sorted(names, key=by_letter) == right
