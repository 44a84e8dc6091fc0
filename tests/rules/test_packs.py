"""Packs as values: what each reader sees of one, and what changed since it was frozen."""

from dataclasses import replace
from typing import Any

import pytest

from tracker.rules.packs import (
    IssueNow,
    decision_changes,
    for_reader,
    issue_changes,
    named_in,
    taken_out,
    theme_changes,
)

HERE, ABOVE = 4, 5
DUE = "2026-04-28T09:00:00+00:00"


def item(ref: str) -> dict[str, Any]:
    return {
        "ref": ref, "title": "Letters", "state": "open", "body_id": HERE, "due_at": DUE,
        "story": ["Sam rang Mrs Smith"], "papers": [{"organisation": "Council", "text": "Mrs Smith rang"}],
    }  # fmt: skip


def decision(number: int) -> dict[str, Any]:
    return {"number": number, "state": "open", "due_on": "2026-05-29"}


def line(key: str, occurrences: int) -> dict[str, Any]:
    return {"key": key, "name": key.capitalize(), "occurrences": occurrences}


PACK: dict[str, Any] = {
    "agenda": [item("RIV-1"), item("RIV-2")],
    "decisions": [decision(1), decision(2)],
    "themes": {"themes": [line("pace", 2)], "untagged": line("untagged", 0)},
}
NOW = IssueNow("RIV-1", "Letters", "open", "", HERE, "Steering group", DUE)


def test_a_reader_gets_what_they_may_see_and_no_count_of_the_rest() -> None:
    shown = for_reader(PACK, refs={"RIV-2", "RIV-9"}, decisions={1}, totals=False)
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
    shown = for_reader(pack, refs={"RIV-1", "RIV-8"}, decisions={1}, totals=True)["themes"]
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
    now = {1: ("superseded", "2026-05-29"), 2: ("open", "2026-06-05"), 3: ("open", "2026-06-05")}
    assert decision_changes(PACK, now) == {1: "replaced since", 2: "its due date moved since"}


def test_figures_that_are_counted_otherwise_now_are_said() -> None:
    assert theme_changes(PACK, {"pace": 3}) == ("Pace: 3 occurrences now, 2 then",)
    assert theme_changes({**PACK, "themes": None}, {"pace": 3}) == ()


def test_what_is_redacted_is_taken_out_of_the_issue_it_was_on() -> None:
    first, second = taken_out(PACK, "RIV-1", "Mrs Smith")["agenda"]
    assert (first["story"], first["papers"][0]["text"]) == (["Sam rang (taken out)"], "(taken out) rang")
    assert first["ref"] == "RIV-1"
    assert second == item("RIV-2")
    assert taken_out(PACK, "RIV-1", "") == PACK
