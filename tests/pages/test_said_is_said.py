"""Said is said: every word that an event keeps is drawn where the event is told, to all who may read it."""

from dataclasses import fields
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import selectinload

from tests.decision_makers import make_decision, make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.notice_makers import announce_all, deliver_all
from tests.site import Site
from tracker.actions import resolve
from tracker.actions.add_note import record_occurrence
from tracker.actions.amend import amend
from tracker.queries import issues
from tracker.records.decision import Decision
from tracker.records.partnership_chain import record
from tracker.rules.events.arrangement import OfArrangement
from tracker.rules.events.decision import OfDecision, PackDiscarded, PackDrafted, PackPublished
from tracker.rules.events.kinds import KINDS, EventKind
from tracker.rules.lifecycle import Severity
from tracker.rules.lifecycle.asks import AskKind
from tracker.rules.rings import Ring

OF_PACKS = (PackDrafted, PackPublished, PackDiscarded)

# A word that is drawn elsewhere than where its event is told, and where and why.
ELSEWHERE = {
    ("raised", "title"): "the head of the issue; once it is changed, the change has it as what was",
    ("raised", "detail"): "the head of the issue; once it is changed, the change has it as what was",
    ("pack_drafted", "meeting"): "the page of the pack is headed by it; its events stand on no page",
    ("pack_published", "meeting"): "the page of the pack is headed by it; its events stand on no page",
    ("pack_discarded", "meeting"): "the page of the pack is headed by it; its events stand on no page",
}

# Of a decision's page, which does not say in each sentence what it is headed by.
HEADED = {("decided", "detail"), *((name, "decision") for name, kind in KINDS.items() if issubclass(kind, OfDecision))}

# Details with which a kind says its words, and other ways in which it is said: each must say all that it has.
SAID_WITH: dict[str, tuple[dict[str, Any], ...]] = {
    "theme_confirmed": ({"theme": "reliability"},),
    "theme_view_given": ({"theme": "reliability"},),
    "amended": ({"fields": ("title", "detail", "severity", "service_area")},),
    "escalated": (
        {},
        {"cause": "limit passed"},
        {"cause": "legal deadline"},
        {"cause": "agreed by every side"},
        {"imported": True},
    ),
    "handed_over": ({}, {"number": 1}),
    "baseline_frozen": ({"centre_before": 3.0},),
    "asked": tuple({"ask": kind.value} for kind in AskKind),
    "paused": ({}, {"until": "2026-05-22"}, {"imported": True}),
    "acknowledged": ({}, {"imported": True}),
    "proposed": ({}, {"outcome": ""}),
    "resolved": ({}, {"outcome": ""}, {"by_silence": True}),
    "occurred": ({}, {"too": True}, {"occurred_on": "2026-04-27"}),
    "holder_left": ({}, {"vacant": True}),
    "tier_vacant": ({}, {"stays": True}),
    "ladder_agreed": ({}, {"in_force": True}),
}
EVERY = [(name, ways) for name in KINDS for ways in SAID_WITH.get(name, ({},))]


def marked(name: str, ways: dict[str, Any]) -> EventKind:
    """An event of a kind with a mark in each of its words."""
    kind = KINDS[name]
    return kind(**{**{word: f"mark {name} {word}." for word in kind.words()}, **ways})


def missing(kind: EventKind, page: str) -> set[str]:
    return {word for word in kind.words() if f"mark {kind.name} {word}." not in unescape(page)}


def of_issues() -> list[tuple[str, dict[str, Any]]]:
    apart = (OfArrangement, OfDecision, *OF_PACKS)
    return [(name, ways) for name, ways in EVERY if not issubclass(KINDS[name], apart)]


def test_every_word_of_what_happens_to_an_issue_is_on_its_page(site: Site) -> None:
    kinds = [marked(name, ways) for name, ways in of_issues()]
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    silent = set()
    for kind in kinds:
        with site.db.write() as session:
            issue = issues.load(session, ref, site.cast.viewer("sam"), for_change=True)
            issue.append(kind, site.cast.actor("jo"), MONDAY)
        page = site.guest("lee").get(f"/issues/{ref}").text
        where = page.rpartition('id="event-')[2] if kind.name != "raised" else ""  # as the last that happened
        silent |= {(kind.name, word) for word in missing(kind, where)}
    assert silent == {each for each in ELSEWHERE if each[0] == "raised"}


def test_every_word_of_what_happens_to_a_decision_is_on_its_page(site: Site) -> None:
    kinds = [marked(name, ways) for name, ways in EVERY if issubclass(KINDS[name], OfDecision)]
    with site.db.write() as session:
        decision = make_decision(session, site.cast, detail="mark decided detail.")
        decision_id = decision.id
    with site.db.write() as session:
        for kind in kinds:
            whole = [selectinload(Decision.sides)]  # type: ignore[arg-type]
            session.get_one(Decision, decision_id, options=whole).append(kind, site.cast.actor("jo"), MONDAY)
    page = site.guest("lee").get("/decisions/RIV/1").text
    silent = {(kind.name, word) for kind in kinds for word in missing(kind, page)}
    assert silent == HEADED - {("decided", "detail")}
    assert "Funding is answered within two days" in page


@pytest.mark.parametrize("name, ways", [each for each in EVERY if issubclass(KINDS[each[0]], OfArrangement)])
def test_every_word_of_what_is_done_to_an_arrangement_is_where_leads_read_it(
    site: Site, name: str, ways: dict[str, Any]
) -> None:
    kind, home = marked(name, ways), site.cast.partnership.id
    with site.db.write() as session:
        record(session, partnership_id=home, kind=kind, actor=site.cast.actor("alex"), now=MONDAY)
        announce_all(session, MONDAY)
        letters = str([letter.about for letter in deliver_all(session, MONDAY)])
    assert missing(kind, site.guest("chris").get("/arrangements/RIV/events").text) == set()
    assert missing(kind, letters) == set() or not kind.hears


def test_the_meeting_of_a_pack_heads_its_page(site: Site) -> None:
    with site.db.write() as session:
        make_pack(session, site.cast)
    assert "Steering group, Tue 28 Apr 2026" in unescape(site.guest("priya").get("/packs/RIV/1").text)


def test_what_is_said_elsewhere_is_said_of_words_that_there_are() -> None:
    words = {(name, each.name) for name, kind in KINDS.items() for each in fields(kind) if each.metadata.get("said")}
    assert ELSEWHERE.keys() <= words
    assert SAID_WITH.keys() <= KINDS.keys()


@pytest.mark.parametrize("reader", ["sam", "jo", "alex", "kim", "lee", "chris"])
def test_everybody_reads_what_was_changed_and_what_it_was(site: Site, reader: str) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        changed = {"title": "Letters lack the list", "detail": ""}
        amend(session, ref, doer(site.cast, "jo"), **changed, severity=Severity.SERIOUS)
    page = unescape(site.guest(reader).get("/issues/RIV-1").text)
    assert "<dd>Letters lack the list <small>was “Letters arrive without the medication list”</small></dd>" in page
    assert "<dd>nothing <small>was “Third letter this month.”</small></dd>" in page


def test_what_happened_once_more_and_a_proposal_that_was_returned_stand_where_they_are_told(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        record_occurrence(session, ref, doer(site.cast, "kim"), occurred_on=MONDAY.date(), detail="A fourth one.")
        resolve.propose(
            session, ref, doer(site.cast, "sam"), outcome="solved", done="A new form.", cause="No form.",
            changes_agreement=True,
        )  # fmt: skip
        resolve.give_back(session, ref, doer(site.cast, "kim"), reason="Where is it?")
    page = unescape(site.guest("jo").get("/issues/RIV-1").text)
    for words in (
        "It happened to Kim Tran (Riverside Council) too on Mon 27 Apr 2026", "<dd>A fourth one.</dd>",
        "proposed to resolve it as solved, and asks to change the agreement", "<dd>A new form.</dd>",
        "<dd>No form.</dd>", "returned the proposal: Where is it?",
    ):  # fmt: skip
        assert words in page, words


def test_who_may_not_read_an_event_reads_none_of_its_words(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        issue = issues.load(session, ref, site.cast.viewer("sam"), for_change=True)
        kind = marked("amended", {"fields": ("title", "detail")})
        issue.append(kind, site.cast.actor("jo"), MONDAY, ring=Ring.ORGANISATION)
    assert "mark amended" in site.guest("sam").get(f"/issues/{ref}").text
    assert "mark amended" not in site.guest("lee").get(f"/issues/{ref}").text
