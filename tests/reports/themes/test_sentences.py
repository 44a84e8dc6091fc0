"""Sentences of the theme report in pieces: what in them is counted, and that they read as they always did."""

from dataclasses import replace

import pytest

from tests.reports.themes.test_words import FIXES
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED
from tracker.reports.sentences import Counted, Sentence, said
from tracker.reports.themes.lines import Said
from tracker.reports.themes.recurrence import lasting_words
from tracker.reports.themes.report import Lasting


def counted(sentence: Sentence) -> dict[str, str]:
    """By its name, each number of a sentence that counts issues."""
    return {each.of: each.text for each in sentence if isinstance(each, Counted)}


@pytest.mark.parametrize(
    "found, numbers",
    [
        (FIXES, {FOLLOWED: "12 fixes", BACK: "3", ALIKE: "2"}),
        (replace(FIXES, fixes=1, back=0, alike=0, share=None), {FOLLOWED: "1 fix", BACK: "0"}),
        (replace(FIXES, fixes=0, back=0, alike=0, share=None), {}),
    ],
    ids=["many", "one", "none"],
)
def test_of_fixes_their_number_and_what_came_after_are_counted(found: Lasting, numbers: dict[str, str]) -> None:
    assert counted(lasting_words(found)) == numbers


def test_a_sentence_about_no_fix_is_all_words() -> None:
    assert said(lasting_words(replace(FIXES, fixes=0))) == "Nothing has been solved yet that could come back."


def test_a_headline_reads_as_one_sentence() -> None:
    told = Said("Pace of decisions", "between A and B", "rising", (Counted("20", "recent"), " in the last 6 months."))
    assert told.sentence == "Pace of decisions between A and B is rising: 20 in the last 6 months."
