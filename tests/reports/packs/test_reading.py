"""What a frozen theme report says first, and of whether decisions helped."""

from tests.rules.test_packs import PACK, STANDING, line
from tracker.reports.packs.reading import headlines, helped, ordinary, standing_out
from tracker.rules.packs import for_reader


def test_a_frozen_report_names_a_decision_by_its_words_for_who_may_read_it() -> None:
    decided = {"number": 1, "what": None, "said": "Decision 1, Thu 12 Feb 2026", "decided_on": "2026-02-12"}
    report = {"themes": [], "untagged": line("untagged", 0), "decisions": [{**decided, "effects": {}}]}
    shown = for_reader({**PACK, "themes": report}, refs=(), decisions={1: STANDING}, totals=True)["themes"]
    assert [*helped(shown)] == [(1, "Pay at once, Thu 12 Feb 2026", "", ())]
    of_first = {**shown["decisions"][0], "said": ""}
    assert [*helped({**shown, "decisions": [of_first]})] == [(1, "Pay at once, 2026-02-12", "", ())]


def test_what_stands_out_in_a_frozen_report_is_told_in_the_parts_it_was_frozen_in() -> None:
    parts = {"called": "Pace", "words": "higher", "tone": "up", "reasons": "6 a month.", "around": "5 open now."}
    bars = {"counts": [1, 2]}
    told = {"theme": "pace", "sentence": "Pace is higher: 6 a month.", "issues_at": "/issues", "bars": bars, **parts}
    found = headlines(
        {"headlines": [told, {"sentence": "Trust is lower.", "easing": True}, {"sentence": "Of before."}]}
    )
    assert found is not None
    first, eased, before = found
    assert (first.called, first.words, first.reasons, first.around) == ("Pace", "higher", "6 a month.", "5 open now.")
    assert (first.bars, first.issues_at) == (bars, "/issues")
    assert (before.called, before.words, before.bars) == ("Of before.", "", None)
    assert standing_out(found) == (first, before)
    assert eased.easing


def test_at_most_five_are_said_first() -> None:
    found = headlines({"headlines": [{"sentence": f"Theme {number}."} for number in range(7)]})
    assert found is not None
    assert [each.called for each in standing_out(found)] == [f"Theme {number}." for number in range(5)]


def test_a_report_from_before_it_said_anything_says_nothing_first() -> None:
    assert headlines({}) is None


def test_where_nothing_stood_out_what_was_most_frequent_is_said() -> None:
    said = "No theme stands out: what is below is the ordinary friction of working together."
    assert ordinary({"headlines": []}) == said
    assert ordinary({"headlines": [], "most_frequent": "Pay: 3 occurrences"}) == (
        f"{said} The most frequent is Pay: 3 occurrences."
    )
