"""What a frozen theme report says first, and of whether decisions helped."""

from typing import Any

import pytest

from tests.rules.test_packs import PACK, STANDING, line
from tracker.reports.packs.reading import headlines, helped
from tracker.rules.packs import for_reader


def test_a_frozen_report_names_a_decision_by_its_words_for_who_may_read_it() -> None:
    decided = {"number": 1, "what": None, "said": "Decision 1, Thu 12 Feb 2026", "decided_on": "2026-02-12"}
    report = {"themes": [], "untagged": line("untagged", 0), "decisions": [{**decided, "effects": {}}]}
    shown = for_reader({**PACK, "themes": report}, refs=(), decisions={1: STANDING}, totals=True)["themes"]
    assert [*helped(shown)] == [(1, "Pay at once, Thu 12 Feb 2026", ())]
    of_first = {**shown["decisions"][0], "said": ""}
    assert [*helped({**shown, "decisions": [of_first]})] == [(1, "Pay at once, 2026-02-12", ())]


ORDINARY = "what is below is the ordinary friction of working together."


@pytest.mark.parametrize(
    "report, says",
    [
        ({}, ()),
        (
            {"headlines": []},
            (("No theme stands out: what is below is the ordinary friction of working together.", ""),),
        ),
        ({"headlines": [{"sentence": "Pace is rising."}]}, (("Pace is rising.", ""),)),
        (
            {"headlines": [{"sentence": "Pace.", "issues_at": "/issues"}], "most_frequent": "Pay"},
            (("Pace.", "/issues"),),
        ),
    ],
    ids=["from before", "nothing", "without an address", "one"],
)
def test_a_frozen_report_says_first_what_stands_out(report: dict[str, Any], says: tuple[tuple[str, str], ...]) -> None:
    assert headlines(report) == says
