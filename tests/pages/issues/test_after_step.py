"""After every step the page says what was done, who is told of it and what comes next, where it happened."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import Session

from tests.actions.asking.test_joining import newer_version
from tests.actions.asking.test_pausing import paused
from tests.actions.sides.test_merge import with_a_third
from tests.actions.test_resolve import propose, resolved
from tests.issue_makers import ask_stayed_fixed, doer, last_event, make_issue
from tests.makers import MONDAY, TIERS, Cast
from tests.queries.readers_said import OF_REPORTS, read_since, said_by
from tests.site import Guest, Site
from tracker.actions import escalate
from tracker.actions.acknowledge import acknowledge
from tracker.actions.amend import amend
from tracker.actions.quote import let_quote
from tracker.pages.issues.steps import ASKED, STEPS
from tracker.queries.people import key_in
from tracker.records.agreement import RoutingRule
from tracker.records.issue import Issue
from tracker.records.partnership import Partnership
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.rings import Ring

_DONE = re.compile(r'<div class="done" id="done" role="status" tabindex="-1">(.*?)</div>', re.DOTALL)


def proposed(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    propose(session, cast, issue)
    return issue


def asked(session: Session, cast: Cast) -> Issue:
    issue = resolved(session, cast)
    ask_stayed_fixed(session, cast, issue)
    return issue


def elsewhere(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    session.add(
        RoutingRule(
            partnership_id=cast.partnership.id,
            key="urgent",
            when={"severity": ["critical"]},
            ladder_key="operational",
            start="ops",
            answers="community",
        )
    )
    session.get_one(Partnership, cast.partnership.id).version += 1
    session.flush()
    amend(session, issue.ref, doer(cast, "sam"), severity=Severity.CRITICAL)
    return issue


def quoted(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    let_quote(session, issue.ref, doer(cast, "sam"), text="Letters come too late.", agrees=True, left_out=True)
    return issue


def above(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    escalate.by_clock(issue, cast.arrangement(session), MONDAY)
    return issue


def second(session: Session, cast: Cast) -> Issue:
    make_issue(session, cast)
    return make_issue(session, cast, now=MONDAY + timedelta(hours=1))


def at_the_top(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    escalate.by_holder(session, issue.ref, doer(cast, "kim"), cause="legal deadline", reason="Soon", to=4)
    return issue


def stopped(session: Session, cast: Cast) -> Issue:
    return paused(session, cast, make_issue(session, cast))


def outdated(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast)
    newer_version(session, cast, *TIERS)
    return issue


PAPER = {"facts": "Three letters.", "view": "Nobody owns the form.", "asks": "One form."}


@dataclass(frozen=True)
class Scene:
    """Who takes a step on what, with which fields, and the beginning of the line that they read."""

    who: str
    line: str
    fields: dict[str, str]
    made: Callable[[Session, Cast], Issue] = make_issue


def _inside(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast, ring=Ring.ORGANISATION)


def _warning(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast, kind=Kind.EARLY_WARNING)


SCENES = {
    "acknowledgement": Scene("kim", "Acknowledged. Sam Okafor at Riverside Hospitals is told. It is your side's", {}),
    "agreement": Scene(
        "jo",
        "You agreed. It is resolved: solved. Kim Tran at Riverside Council and Sam Okafor at Riverside Hospitals",
        {},
        proposed,
    ),
    "return": Scene("jo", "You returned the proposal. Kim Tran at", {"reason": "Not yet."}, proposed),
    "taking-back": Scene("kim", "You took the proposal back. Sam Okafor at Riverside Hospitals is told", {}, proposed),
    "resumption": Scene(
        "kim", "You ended the pause. Sam Okafor at Riverside Hospitals is told. The clock goes on.", {}, stopped
    ),
    "proposal": Scene("kim", "You proposed to resolve it as solved. Sam Okafor", {"outcome": "solved", "done": "New."}),
    "stayed-fixed": Scene("sam", "You said it stayed fixed. Kim Tran at Riverside", {"held": "yes"}, asked),
    "crossing": Scene(
        "sam", "Shared with Riverside Council. Kim Tran at Riverside Council has it and should say so by", {}, _inside
    ),
    "turning": Scene("sam", "It is an issue now. Kim Tran at", {"severity": "serious"}, _warning),
    "notes": Scene("sam", "Your note is kept. Kim Tran at Riverside Council is told. Riverside", {"text": "Rang Kim."}),
    "occurrences": Scene("jo", "Added: it happened to you too on Mon 27 Apr 2026. Kim Tran", {}),
    "escalation": Scene("kim", "You escalated it", {"cause": "risk to a person", "tier": "2", "reason": "A fall."}),
    "paper": Scene("priya", "Your side’s paper is kept. Nobody else is sent word of it.", PAPER, at_the_top),
    "hand-down": Scene(
        "lee",
        "You handed it down from Operational managers' group to Front line: Do it on the ward. Jo Lind",
        {"tier": "1", "reason": "Do it on the ward"},
        above,
    ),
    "asks-hand_over": Scene(
        "kim",
        "You offered to hand it over to Riverside Hospitals: Their form. Sam Okafor at Riverside Hospitals is told.",
        {"side": "acute", "reason": "Their form."},
    ),
    "asks-escalate": Scene(
        "kim", "You asked to escalate it to Operational managers' group now: No authority.", {"reason": "No authority."}
    ),
    "asks-add_side": Scene(
        "kim",
        "You asked to add Riverside Community Care as a side: They drive.",
        {"side": "community", "reason": "They drive."},
    ),
    "asks-newer_ladder": Scene(
        "kim", "You asked to move it to version 2 of the Operational ladder: Shorter.", {"reason": "Shorter."}, outdated
    ),
    "asks-pause": Scene(
        "kim",
        "You asked to pause it until Fri 1 May 2026, waiting for the court: A ruling. Sam Okafor",
        {"outsider": "the court", "until": "2026-05-01", "reason": "A ruling."},
    ),
    "colleague": Scene(
        "kim",
        "You gave it to Lee Ford, of the same organisation. ",
        {"colleague": key_in("RIV", "lee@council.example")},
    ),
    "theme": Scene("kim", "You confirmed the theme: Pace of decisions", {"theme": "decision_speed"}),
    "theme-view": Scene("kim", "Kept: your side sees it as Pace of decisions", {"theme": "decision_speed"}),
    "reopening": Scene("sam", "You reopened it", {"reason": "It came back."}, resolved),
    "amendment": Scene("sam", "You changed the severity", {"severity": "minor"}),
    "merging": Scene("kim", "You merged it into RIV-1, where it goes on. Sam Okafor", {"same_as": "riv 1"}, second),
    "side-removal": Scene(
        "jo",
        "You took Riverside Community Care out, which was no side of it: The other ward.",
        {"side": "community", "reason": "The other ward."},
        with_a_third,
    ),
    "withdrawal": Scene("sam", "You withdrew it. Kim Tran at Riverside Council is told.", {}),
    "routing": Scene("jo", "You sent it to where it belongs", {}, elsewhere),
    "quotation": Scene(
        "sam",
        "Your words can be quoted in reports, without your name. Nobody else is sent word of it.",
        {"text": "Letters come too late.", "agrees": "yes", "left_out": "yes"},
    ),
    "quotation-withdrawal": Scene("sam", "Your words are taken back", {}, quoted),
}


def test_every_step_has_its_scene() -> None:
    assert list(SCENES) == list(STEPS)


@pytest.mark.parametrize("name", SCENES)
def test_after_a_step_a_line_says_what_was_done_and_who_is_told_and_those_read_it_who_were_named(
    site: Site, name: str
) -> None:
    scene = SCENES[name]
    with site.db.write() as session:
        issue = scene.made(session, site.cast)
        ref, before = issue.ref, last_event(session, issue).position
        named = said_by(session, site.cast, issue, scene.who, name, scene.fields) if name not in OF_REPORTS else None
    site.now += timedelta(weeks=5) if name == "stayed-fixed" else timedelta(hours=3)
    guest = site.guest(scene.who)
    address, kind = ("asks", {"kind": ASKED[name].value}) if name in ASKED else (name, {})
    answer = guest.post(f"/issues/{ref}/{address}", {**scene.fields, **kind, "once": f"word-{name}"})
    assert answer.headers["location"].endswith(f"?sent=word-{name}#done"), answer.text
    line = line_of(guest, answer.headers["location"])
    assert line.startswith(scene.line)
    assert not re.search(r"\btheir\b|\bYou\b.*\bYou\b", line)
    with site.db.read() as session:
        for happened, readers in read_since(session, site.cast, ref, before).items():
            assert readers == named or name in OF_REPORTS, happened


RAISED = {"title": "Letters arrive late", "severity": "serious", "with": "council", "once": "the-word"}


def test_whoever_raises_an_issue_reads_who_has_it_by_when_they_should_say_so_and_that_we_write(site: Site) -> None:
    sam = site.guest("sam")
    answer = sam.post("/issues/new", RAISED)
    assert answer.headers["location"] == "/issues/RIV-1?sent=the-word#done"
    assert line_of(sam, answer.headers["location"]) == (
        "Raised. Kim Tran at Riverside Council has it and should say so by "
        "Tue 28 Apr, 17:00. We write to you when they answer."
    )


def test_a_second_click_is_told_the_same_and_nobody_else_is_told_anything(site: Site) -> None:
    sam = site.guest("sam")
    first, second = (sam.post("/issues/new", RAISED).headers["location"] for _ in range(2))
    assert first == second
    assert line_of(sam, second).startswith("Raised.")
    assert [line_of(site.guest(name), second) for name in ("jo", "kim")] == ["", ""]
    assert line_of(sam, "/issues/RIV-1?sent=another") == ""
    site.later(hours=2)
    assert line_of(sam, first) == ""


def test_what_was_worked_round_is_heard_of_in_the_digest(site: Site) -> None:
    sam = site.guest("sam")
    line = line_of(sam, sam.post("/issues/new", {**RAISED, "worked_round": "yes"}).headers["location"])
    assert line == (
        "Kept as worked round, and over with it. Kim Tran at Riverside Council hears of it in the daily digest."
    )


def test_what_stays_inside_says_so_and_that_no_clock_runs(site: Site) -> None:
    sam = site.guest("sam")
    line = line_of(sam, sam.post("/issues/new", {**RAISED, "ring": "organisation"}).headers["location"])
    assert line.startswith("Raised. Nobody else is sent word of it. Only Riverside Hospitals sees it")


def test_a_form_that_changes_nothing_is_told_so(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    sam = site.guest("sam")
    answer = sam.post(f"/issues/{ref}/amendment", {"severity": "serious", "once": "word"})
    assert line_of(sam, answer.headers["location"]) == "Nothing was changed: it stood like that already."


def test_a_reporter_who_keeps_their_name_is_not_named_among_those_who_are_told(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, by="jo", hide_reporter=True).ref
    kim = site.guest("kim")
    line = line_of(kim, kim.post(f"/issues/{ref}/acknowledgement", {"once": "word"}).headers["location"])
    assert "whoever raised it" in line
    assert "Jo Lind" not in line


def test_a_note_that_one_side_keeps_is_told_to_that_side_alone(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        acknowledge(session, ref, doer(site.cast, "kim"))
    jo = site.guest("jo")
    sent = {"text": "Between us.", "ring": "organisation", "once": "word"}
    line = line_of(jo, jo.post(f"/issues/{ref}/notes", sent).headers["location"])
    assert line.startswith("Your note is kept. Sam Okafor at Riverside Hospitals is told.")
    assert "Kim Tran at" not in line


def test_the_line_stands_where_it_happened(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    kim = site.guest("kim")
    note = kim.post(f"/issues/{ref}/notes", {"text": "Rang Sam.", "once": "a"}).headers["location"]
    page = kim.get(note).text
    assert page.index("Rang Sam.") < page.index('id="done"') < page.index('id="notes"')
    theme = kim.post(f"/issues/{ref}/theme", {"theme": "reliability", "once": "b"}).headers["location"]
    page = kim.get(theme).text
    assert page.index('id="done"') < page.index("<h1>")


def line_of(guest: Guest, address: str) -> str:
    """What the line says, "" where there is none."""
    found = _DONE.search(guest.get(address).text)
    words = " ".join(re.sub(r"<[^>]+>", "", found[1]).split()) if found else ""
    return unescape(words)
