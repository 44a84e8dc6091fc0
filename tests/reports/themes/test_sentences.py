"""Sentences of the theme report: which of their numbers lead to issues, and that they read as they always did."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.reports.themes.test_words import FIXES, SUBJECT
from tracker.measures.verdicts import Series, verdicts
from tracker.queries.tallies.counts import IssueCounts
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED
from tracker.reports.sentences import Count, Sentence, plain
from tracker.reports.themes.headlines import Headline
from tracker.reports.themes.recurrence import FixOutcomes
from tracker.reports.themes.theme import ThemeLine


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


def test_a_number_leads_to_its_issues_and_none_leads_nowhere() -> None:
    assert SUBJECT.count(3, "pace", {"stayed": "yes"}) == Count("3", SUBJECT.issues_at("pace", {"stayed": "yes"}))
    assert (SUBJECT.count(0, "pace"), SUBJECT.fix_count(0, BACK)) == (Count("0"), Count("0"))
    assert replace(SUBJECT, chart=()).fix_count(3, BACK) == Count("3")


def test_a_headline_reads_as_one_sentence_whose_numbers_lead_to_what_they_count() -> None:
    verdict = verdicts({"pace": Series((5,) * 18 + (10,) * 6)})["pace"]
    line = ThemeLine(
        SUBJECT, key="pace", name="Pace of decisions", group="", means="", now=60, before=None, change=None,
        issues=IssueCounts(), months=(), pairs={}, chart=(), verdict=verdict, pair_verdicts={}, baselines={},
        decided=(),
    )  # fmt: skip
    headline = Headline(line, ("acute", "council"), verdict)

    assert headline.sentence == (
        "Pace of decisions between A and B is higher, level since July: 60 in the last 6 months, 10 a month; "
        "5 a month before, some 2 times."
    )
    links = [each for each in headline.reasons if isinstance(each, Count)]
    assert [(each.text, urlsplit(each.issues).path.rpartition("/")[2]) for each in links] == [
        ("60", "2025-07..2025-12"),
        ("5 a month", "2025-01..2025-06"),
    ]
