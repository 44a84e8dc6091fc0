"""Packs as values: what each reader sees of one, and what changed since it was frozen."""

from dataclasses import replace
from typing import Any

import pytest

from tracker.rules.packs import (
    DecisionNow,
    IssueNow,
    decision_changes,
    for_reader,
    headlines,
    helped,
    issue_changes,
    named_in,
    theme_changes,
)

HERE, ABOVE = 4, 5
DUE = "2026-04-28T09:00:00+00:00"


def item(ref: str) -> dict[str, Any]:
    return {
        "ref": ref, "title": "Letters", "state": "open", "body_id": HERE, "due_at": DUE,
        "account": [{"who": "Sam", "when": "Mon 27 Apr 2026", "text": "Mrs Smith went home"}],
        "story": ["Sam rang Mrs Smith"], "papers": [{"organisation": "Council", "text": "Mrs Smith rang"}],
    }  # fmt: skip


def decision(number: int) -> dict[str, Any]:
    return {"number": number, "state": "open", "due_on": "2026-05-29", "what": "Pay at once"}


def line(key: str, occurrences: int) -> dict[str, Any]:
    return {"key": key, "name": key.capitalize(), "occurrences": occurrences}


PACK: dict[str, Any] = {
    "agenda": [item("RIV-1"), item("RIV-2")],
    "decisions": [decision(1), decision(2)],
    "themes": {"themes": [line("pace", 2)], "untagged": line("untagged", 0)},
}
STANDING = DecisionNow("open", "2026-05-29", "Pay at once")
NOW = IssueNow("RIV-1", "Letters", "open", "", HERE, "Steering group", DUE)


def test_a_reader_gets_what_they_may_see_and_no_count_of_the_rest() -> None:
    shown = for_reader(PACK, refs={"RIV-2", "RIV-9"}, decisions={1: STANDING}, totals=False)
    assert [each["ref"] for each in shown["agenda"]] == ["RIV-2"]
    assert [each["number"] for each in shown["decisions"]] == [1]
    assert shown["themes"] is None
    assert set(shown) == set(PACK)


def test_a_frozen_report_names_no_issue_and_no_decision_that_its_reader_may_not_see() -> None:
    chart = {"chart": {"decided": [4.5]}}
    report = {
        "themes": [{**line("pace", 2), "verdict": chart}, {**line("trust", 2), "verdict": chart}],
        "untagged": line("untagged", 0),
        "lasting": {"chains": [{"theme": "pace", "length": 3, "refs": ["RIV-1", "RIV-7", "RIV-8"]}]},
        "decisions": [{"number": 1, "effects": {"pace": {}}}, {"number": 7, "effects": {"trust": {}}}],
    }
    pack = {**PACK, "themes": report}
    assert named_in(pack) == (["RIV-1", "RIV-2", "RIV-1", "RIV-7", "RIV-8"], [1, 2, 1, 7])
    shown = for_reader(pack, refs={"RIV-1", "RIV-8"}, decisions={1: STANDING}, totals=True)["themes"]
    assert shown["lasting"]["chains"][0] == {"theme": "pace", "length": 3, "refs": ["RIV-1", "RIV-8"]}
    assert [each["number"] for each in shown["decisions"]] == [1]
    assert [each["verdict"]["chart"]["decided"] for each in shown["themes"]] == [[4.5], []]


@pytest.mark.parametrize(
    "now, words",
    [
        (NOW, None),
        (replace(NOW, state="resolved", outcome="solved"), "resolved since, solved"),
        (replace(NOW, state="resolved"), "resolved since"),
        (replace(NOW, body_id=ABOVE, body="Directors"), "moved since to Directors"),
        (replace(NOW, body_id=None, body=""), "left this body since"),
        (replace(NOW, state="proposed"), "a resolution was proposed since"),
        (replace(NOW, due_at=""), "its limit moved since"),
        (replace(NOW, title="Discharge letters"), "its title was mended since"),
    ],
    ids=["nothing", "solved", "resolved", "moved", "left", "proposed", "limit", "title"],
)
def test_what_changed_of_an_issue_is_said(now: IssueNow, words: str | None) -> None:
    assert issue_changes(PACK, HERE, [now])[0].get("RIV-1") == words


def test_what_reached_the_body_since_is_told_apart() -> None:
    new = replace(NOW, ref="RIV-7")
    gone = replace(NOW, ref="RIV-8", state="resolved")
    assert issue_changes(PACK, HERE, [NOW, new, gone]) == ({}, (new,))


def test_what_changed_of_a_decision_is_said() -> None:
    now = {1: STANDING._replace(state="superseded"), **dict.fromkeys((2, 3), STANDING._replace(due_on="2026-06-05"))}
    assert decision_changes(PACK, now) == {1: "replaced since", 2: "its due date moved since"}


def test_figures_that_are_counted_otherwise_now_are_said() -> None:
    assert theme_changes(PACK, {"pace": 3}) == ("Pace: 3 occurrences now, 2 then",)
    assert theme_changes({**PACK, "themes": None}, {"pace": 3}) == ()


def test_a_frozen_report_names_a_decision_by_its_words_for_who_may_read_it() -> None:
    decided = {"number": 1, "what": None, "said": "Decision 1, Thu 12 Feb 2026", "decided_on": "2026-02-12"}
    report = {"themes": [], "untagged": line("untagged", 0), "decisions": [{**decided, "effects": {}}]}
    shown = for_reader({**PACK, "themes": report}, refs=(), decisions={1: STANDING}, totals=True)["themes"]
    assert [*helped(shown)] == [(1, "Pay at once, Thu 12 Feb 2026", ())]
    of_first = {**shown["decisions"][0], "said": ""}
    assert [*helped({**shown, "decisions": [of_first]})] == [(1, "Pay at once, 2026-02-12", ())]


@pytest.mark.parametrize(
    "report, says",
    [
        ({}, ()),
        ({"headlines": []}, (("No theme stands out: what is below is the ordinary rub of working together.", ""),)),
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
