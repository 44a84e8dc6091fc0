"""Suggesting a theme: from phrases, from what was confirmed, and always with the reasons."""

from collections.abc import Mapping
from random import Random
from typing import Any

import pytest

from tracker.measures.suggestion import Lessons, Suggester, Why, phrases_found
from tracker.measures.suggestion.lessons import FEW
from tracker.measures.suggestion.words import terms

PHRASES = {"pace": ("waiting for sign-off", "still no answer"), "charge": ("wrong invoice",)}
LESSONS = {
    "Still waiting for the panel to decide on a bed": "pace",
    "The panel decides weeks later, we are waiting": "pace",
    "Nobody decides, the form has been waiting since Monday": "pace",
    "The invoice shows the old price": "charge",
    "An invoice came twice, with another price": "charge",
    "They charge a price nobody agreed": "charge",
}


def taught(lessons: Mapping[str, str] = LESSONS, **options: Any) -> Suggester[str]:
    """A suggester that learnt these texts, each called by its number."""
    suggester = Suggester(PHRASES, **options)
    for number, (text, key) in enumerate(lessons.items(), start=1):
        suggester.learn(text, key, number)
    return suggester


def first(suggester: Suggester[str], text: str) -> tuple[str, Why]:
    key, _, why = suggester.suggest(text)[0]
    return key, why


def test_before_anything_is_learnt_the_phrases_speak() -> None:
    assert first(Suggester(PHRASES), "It is still  no ANSWER to us") == ("pace", Why(words=("still no answer",)))


def test_without_a_phrase_and_a_lesson_nothing_is_suggested() -> None:
    assert Suggester(PHRASES).suggest("The bed was broken") == []


def test_once_something_was_learnt_every_learnt_key_is_suggested_best_first() -> None:
    found = taught().suggest("Entirely other words")
    assert {key for key, _, _ in found} == {"pace", "charge"}
    assert [score for _, score, _ in found] == sorted((score for _, score, _ in found), reverse=True)


def test_one_lesson_alone_is_suggested_even_for_an_empty_text() -> None:
    suggester: Suggester[int] = Suggester()
    suggester.learn("", 7)
    assert [key for key, _, _ in suggester.suggest("")] == [7]


def test_what_was_confirmed_suggests_the_same_for_texts_like_it_with_the_words_that_speak_for_it() -> None:
    key, why = first(taught(), "Our panel is waiting for its chair")
    assert key == "pace"
    assert {"panel", "waiting"} <= set(why.words)


def test_the_texts_it_resembles_are_named_most_alike_first_and_only_those_of_the_key() -> None:
    key, why = first(taught(), "Another invoice with the old price")
    assert key == "charge"
    assert why.alike[0] == 4
    assert set(why.alike) <= {4, 5, 6}


def test_a_word_is_a_reason_only_for_what_it_speaks_for_most() -> None:
    found = taught().suggest("The panel is waiting for a price and an invoice")
    words = [word for _, _, why in found for word in why.words]
    assert {"panel", "waiting", "price", "invoice"} <= set(words)
    assert len(words) == len(set(words))


def test_common_words_are_no_reason() -> None:
    for _, _, why in taught().suggest("We are waiting for the panel to decide and they are not"):
        assert not {"the", "are", "for", "they are"} & set(why.words)


def test_words_that_any_text_may_have_are_no_reason_however_often_they_stand_with_one_theme() -> None:
    suggester = Suggester[str]()
    for number in range(5):
        suggester.learn(f"First the porter, then ward {'abcde'[number]}", "pace", number)
        suggester.learn("The invoice is wrong", "charge", 10 + number)
    why = next(why for key, _, why in suggester.suggest("At first no porter came") if key == "pace")
    assert why.words == ("porter",)


def test_a_word_is_no_reason_where_too_few_of_the_learnt_texts_have_it() -> None:
    words = {
        word for _, _, why in taught(least_texts=2).suggest("The form and the panel on Monday") for word in why.words
    }
    assert words == {"panel"}


def test_a_phrase_counts_beside_what_was_learnt_and_is_the_first_reason() -> None:
    key, why = first(taught(), "A wrong invoice, and still no price")
    assert key == "charge"
    assert why.words[0] == "wrong invoice"
    assert "invoice" not in why.words


def test_a_lesson_learnt_later_counts_when_next_asked() -> None:
    suggester = taught()
    before = suggester.suggest("The lift is broken")
    for _ in range(3):
        suggester.learn("The lift is broken again", "upkeep")
    assert "upkeep" not in {key for key, _, _ in before}
    assert first(suggester, "The lift is broken")[0] == "upkeep"


@pytest.mark.parametrize("seed", range(5))
def test_what_was_forgotten_leaves_nothing_behind_in_whatever_order(seed: int) -> None:
    chance = Random(seed)
    words = [f"word{letter}" for letter in "abcdefghijklmnop"]
    texts = {n: (" ".join(chance.choices(words, k=chance.randint(1, 12))), chance.choice("xyz")) for n in range(150)}
    changed, plain = Lessons[str](), Lessons[str]()
    for number in chance.sample(list(texts), 150):
        changed.learn(*texts[number], number)
    for number in chance.sample(list(texts), 75):
        changed.forget(number)
    for number in changed.names:
        plain.learn(*texts[number], number)
    numbers = {number for text, _ in texts.values() for number in terms(text)}
    held = [len(plain.holding(number)) for number in numbers]
    assert max(held) > FEW > min(held)
    assert all(sorted(changed.says(number)) == sorted(plain.says(number)) for number in numbers)
    assert [len(changed.holding(number)) for number in numbers] == held
    assert changed.entries == plain.entries


def test_lessons_in_several_parts_speak_as_they_do_together() -> None:
    chance, together = Random(3), Suggester[str](least_texts=2)
    parts = [Lessons[str](), Lessons[str]()]
    for number in range(200):
        text, key = (
            " ".join(chance.choices(["bed", "ward", "letter", "invoice", "price", "panel", "bus"], k=6)),
            chance.choice("xyz"),
        )
        together.learn(text, key, number)
        parts[number % 2].learn(text, key, number)
    found = Suggester(lessons=parts, least_texts=2).suggest("The letter of the panel, the price of a bed")
    wanted = together.suggest("The letter of the panel, the price of a bed")
    assert [(key, why.words) for key, _, why in found] == [(key, why.words) for key, _, why in wanted]
    assert [score for _, score, _ in found] == pytest.approx([score for _, score, _ in wanted], abs=0.01)


def test_the_same_lessons_give_the_same_suggestions() -> None:
    assert taught().suggest("The panel and the price") == taught().suggest("The panel and the price")


def test_the_scores_of_what_was_learnt_stay_below_one_and_trust_grows_with_the_lessons() -> None:
    few, many = taught(), taught({f"{text} {number}": key for number in range(9) for text, key in LESSONS.items()})
    totals = [sum(score for _, score, _ in each.suggest("panel")) for each in (few, many)]
    assert 0 < totals[0] < totals[1] < 1


@pytest.mark.parametrize(
    "text, found",
    [
        ("WAITING for  sign-off", [("pace", ("waiting for sign-off",))]),
        (
            "a wrong invoice, still no answer, waiting for sign-off",
            [("pace", PHRASES["pace"]), ("charge", PHRASES["charge"])],
        ),
        ("waiting", []),
    ],
    ids=["letters and spaces", "most first", "half a phrase"],
)  # fmt: skip
def test_phrases_are_found_whole(text: str, found: list[tuple[str, tuple[str, ...]]]) -> None:
    assert phrases_found(text, PHRASES) == found
