"""What changed since a pack was frozen, in words."""

from dataclasses import replace

import pytest

from tests.rules.test_packs import DUE, HERE, PACK, STANDING
from tracker.reports.packs.changes import IssueNow, PackChanges, decision_changes, issue_changes, theme_changes

ABOVE = 5
NOW = IssueNow("RIV-1", "Letters", "open", "", HERE, "Steering group", DUE)


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
        (replace(NOW, title="Discharge letters"), "its title was edited since"),
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


def test_on_paper_each_change_is_a_sentence() -> None:
    changes = PackChanges({"RIV-1": "resolved since"}, {3: "replaced since"}, (replace(NOW, ref="RIV-7"),), ("Pace.",))
    assert [*changes.sentences()] == [
        "RIV-1: resolved since",
        "Decision 3: replaced since",
        "RIV-7 Letters: reached this body since",
        "Pace.",
    ]
    assert not PackChanges()
