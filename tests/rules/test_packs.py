"""Packs as values: what each reader sees of one, and what it names."""

from typing import Any

from tracker.rules.packs import DecisionNow, for_reader, named_in

HERE = 4
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
    "since_last": None,
    "themes": {"themes": [line("pace", 2)], "untagged": line("untagged", 0)},
}
STANDING = DecisionNow("open", "2026-05-29", "Pay at once")


def test_a_reader_gets_what_they_may_see_and_no_count_of_the_rest() -> None:
    shown = for_reader(PACK, refs={"RIV-2", "RIV-9"}, decisions={1: STANDING}, totals=False)
    assert [each["ref"] for each in shown["agenda"]] == ["RIV-2"]
    assert [each["number"] for each in shown["decisions"]] == [1]
    assert shown["themes"] is None
    assert set(shown) == set(PACK)


def test_of_what_changed_since_the_last_pack_a_reader_gets_what_they_may_see() -> None:
    issues = [{"ref": ref, "words": "resolved since"} for ref in ("RIV-3", "RIV-4")]
    decisions = [{"number": number, "words": "done since"} for number in (1, 7)]
    since = {"number": 1, "meeting": "Tue 28 Apr", "issues": issues, "decisions": decisions, "arrived": ["RIV-1"]}
    pack = {**PACK, "since_last": since}
    assert named_in(pack) == (["RIV-1", "RIV-2", "RIV-3", "RIV-4"], [1, 2, 1, 7])
    shown = for_reader(pack, refs={"RIV-4"}, decisions={1: STANDING}, totals=False)["since_last"]
    assert shown == {**since, "issues": issues[1:], "decisions": decisions[:1], "arrived": []}


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


def test_no_chart_of_a_frozen_report_tells_when_something_was_decided_that_its_reader_may_not_read() -> None:
    bars = {"decided": [4.5], "described": "0 to 2; higher; decided in May 2026; 2 in July 2026"}
    themes = ("pace", "trust", "role")
    report = {
        "themes": [{**line(key, 2), "verdict": {"bars": bars}} for key in themes],
        "untagged": line("untagged", 0),
        "headlines": [{"theme": key, "bars": bars} for key in themes],
        "decisions": [
            {"number": 1, "effects": {"pace": {}}, "themes": ["pace"]},
            {"number": 7, "effects": {"trust": {}}, "themes": ["trust"]},
            {"number": 8, "effects": {}, "themes": ["role"]},
        ],
    }
    shown = for_reader({**PACK, "themes": report}, refs=(), decisions={1: STANDING}, totals=True)["themes"]
    without = {"decided": [], "described": "0 to 2; higher; 2 in July 2026"}
    assert [each["verdict"]["bars"] for each in shown["themes"]] == [bars, without, without]
    assert [each["bars"] for each in shown["headlines"]] == [bars, without, without]
