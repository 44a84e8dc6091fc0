"""Sentences of the theme report: which of their numbers lead to issues, and that they read as they always did."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.reports.themes.test_words import FIXES
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED
from tracker.reports.sentences import Count, Sentence, plain
from tracker.reports.themes.recurrence import FixOutcomes


def counted(sentence: Sentence) -> dict[str, str]:
    """By what became of those fixes, each number of a sentence that leads to them."""
    links = [each for each in sentence if isinstance(each, Count) and each.issues]
    return {parse_qs(urlsplit(each.issues).query)["fix"][0]: each.text for each in links}


@pytest.mark.parametrize(
    "found, numbers",
    [
        (FIXES, {FOLLOWED: "12 fixes", BACK: "3", ALIKE: "2"}),
        (replace(FIXES, fixes=1, back=0, alike=0, share=None), {FOLLOWED: "1 fix"}),
        (replace(FIXES, fixes=0, back=0, alike=0, share=None), {}),
    ],
    ids=["many", "one", "none"],
)
def test_of_fixes_their_number_and_what_came_after_lead_to_them(found: FixOutcomes, numbers: dict[str, str]) -> None:
    assert counted(found.lasting) == numbers


def test_a_sentence_about_no_fix_is_all_words() -> None:
    assert plain(replace(FIXES, fixes=0).lasting) == "Nothing has been solved yet that could come back."
