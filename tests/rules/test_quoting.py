"""What may be quoted, and what whoever raised an issue must say before it is."""

import pytest

from tracker.rules.events.issue import QuotationAgreed, QuotationWithdrawn
from tracker.rules.lifecycle import Kind
from tracker.rules.refusals import MoveNotAllowed, WrongInput
from tracker.rules.reporting.quoting import LONGEST, agreed_words, require_quotable, why_never
from tracker.rules.rings import MAY, Relation, Ring, Step


@pytest.mark.parametrize(
    "kind, ring, why",
    [
        (Kind.ISSUE, Ring.NAMED, "It concerns a person"),
        (Kind.ISSUE, Ring.ORGANISATION, "Only your organisation knows of it"),
        (Kind.ISSUE, Ring.TIER, "Only those who hold it"),
        (Kind.EARLY_WARNING, Ring.SHARED, "An early warning"),
        (Kind.EARLY_WARNING, Ring.NAMED, "It concerns a person"),
    ],
)
def test_nothing_is_quoted_of_what_few_know_or_of_an_early_warning(kind: Kind, ring: Ring, why: str) -> None:
    with pytest.raises(MoveNotAllowed, match=why):
        require_quotable(kind, ring)


def test_of_an_issue_between_its_sides_words_may_be_quoted() -> None:
    assert why_never(Kind.ISSUE, Ring.SHARED) == ""


def test_words_come_as_one_paragraph() -> None:
    assert agreed_words(" We wait.\r\n\r\n Every week. ", agrees=True, left_out=True) == "We wait. Every week."


@pytest.mark.parametrize(
    "text, agrees, left_out, fields",
    [
        ("We wait.", False, True, ["agrees"]),
        ("We wait.", True, False, ["left_out"]),
        ("We wait.", False, False, ["agrees", "left_out"]),
        ("  \n ", True, True, ["text"]),
        ("x" * (LONGEST + 1), True, True, ["text"]),
        ("", False, False, ["text", "agrees", "left_out"]),
    ],
)
def test_nothing_is_quoted_without_words_and_both_ticks(
    text: str, agrees: bool, left_out: bool, fields: list[str]
) -> None:
    with pytest.raises(WrongInput) as refused:
        agreed_words(text, agrees=agrees, left_out=left_out)
    assert [each.field for each in refused.value.errors] == fields


def test_as_many_letters_as_are_allowed_are_kept_and_one_more_is_counted() -> None:
    assert agreed_words("x" * LONGEST, agrees=True, left_out=True) == "x" * LONGEST
    with pytest.raises(WrongInput, match="Keep it to 500 letters; this has 501"):
        agreed_words("x" * 501, agrees=True, left_out=True)


@pytest.mark.parametrize("step", [Step.QUOTE, Step.UNQUOTE])
def test_only_whoever_raised_it_has_a_say(step: Step) -> None:
    assert MAY[step] == {Relation.RAISER}


def test_the_story_says_that_it_was_agreed_and_taken_back_but_not_the_words() -> None:
    assert QuotationAgreed().sentence("Sam Okafor") == "Sam Okafor agreed to be quoted in reports, without their name"
    assert QuotationWithdrawn().sentence("Sam Okafor") == "Sam Okafor took back the words that could be quoted"
    assert QuotationAgreed().split() == QuotationWithdrawn().split() == ({}, {})
