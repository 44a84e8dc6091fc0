"""Every route, walked by every kind of visitor, with marks planted in what each side keeps to itself.

What is not theirs to read is nowhere, on no page, in no search and no mail; what is not theirs to do is refused.
"""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from io import BytesIO
from itertools import product
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from httpx import Response
from litestar.routes import HTTPRoute
from sqlmodel import col, select

from tests.actions.asking.test_ask import asked
from tests.decision_makers import make_decision, make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.reports.pdf_words import words_on
from tests.site import Site
from tracker.actions.add_note import add_note
from tracker.actions.quote import let_quote
from tracker.clock import clock_of
from tracker.queries.people import key_in
from tracker.records.event import Event
from tracker.rules.rings import Ring

ACUTE = {"sam", "jo", "rita", "priya", "alex"}
COUNCIL = {"kim", "lee", "owen", "dana", "chris"}
COMMUNITY = {"mo", "bea", "gwen", "ines", "tess"}
STRANGERS = {"stan", "nils", "nell", "nan", "nora"}
EVERYBODY = ACUTE | COUNCIL | COMMUNITY | STRANGERS

# Each mark, and the only people who may ever read it.
MARKS = {
    "markprivateacute": ACUTE,  # a note that the Hospitals keep to themselves
    "markprivatecouncil": COUNCIL,  # a note that the Council keeps to itself
    "markholders": {"sam", "kim"},  # a note for those who hold it, and whoever will above
    "markfornamed": {"kim", "jo"},  # a note for the one whom it names, on the other side
    "markuncrossed": ACUTE,  # an issue that has not crossed
    "markreporter": ACUTE,  # the name of a reporter who keeps it inside
    "marknamed": {"sam", "kim"},  # an issue that concerns a person: its raiser and its holders
    "markshared": ACUTE | COUNCIL,  # an issue between two sides
    "markquoted": ACUTE | COUNCIL | {"ines", "tess"},  # what a reporter lets be quoted in reports
    "markdecided": ACUTE | COUNCIL | {"ines"},  # what the steering group decided for the two
}
LAST_MONTH = date(2026, 3, 20)  # the theme report goes up to the last whole month
CLIMBED = {"jo", "lee", "rita", "owen", "priya", "dana"}  # who holds an issue of the two higher up
SHARED, HIDDEN, NAMED = "RIV-1", "RIV-2", "RIV-3"

# Values for the parameters in addresses: what exists in the partnership that is walked.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "key": ("RIV",),
    "body_key": ("ops", "steering"),
    "token": ("nonsense",),
    "message_id": ("nonsense",),
    "path": ("app.css",),
    "file": tuple(f"{name}.{ending}" for name in ("themes", "ladder") for ending in ("json", "csv", "xlsx", "pdf")),
    "session_id": ("999999",),
    "passkey_number": ("999999",),
    "side_key": ("acute", "council"),
    "person_key": (key_in("RIV", "sam@acute.example"), key_in("RIV", "kim@council.example")),
    "entries": ("clauses", "service-areas", "routes", "themes"),
    "entry_key": ("4.2", "discharge", "authority"),
    "ladder_key": ("operational",),
    "step": (
        "notes",
        "proposal",
        "agreement",
        "escalation",
        "colleague",
        "hand-down",
        "merging",
        "paper",
        "side-removal",
        "taking-back",
        "amendment",
        "theme",
        "theme-view",
        "routing",
        "reopening",
        "occurrences",
        "quotation",
        "quotation-withdrawal",
        "resumption",
    ),
    "answer": ("agreement", "return", "taking-back"),
    "number": ("1",),
    "domain": ("acute.example",),
    "pack_file": ("pack.pdf", "pack.xlsx", "pack.json"),
    "theme": ("authority", "untagged"),
    "months": ("2026", "2026-13"),
    "decision_step": ("completion", "progress", "due-date", "withdrawal"),
}
ONLY_ASKED = {"/decisions/RIV/precedents", "/issues/similar"}  # sent as forms, and change nothing
SEARCHES = ("/issues?q={mark}", "/issues?partnership=RIV&q={mark}")


@pytest.fixture
def planted(site: Site) -> Site:
    plant(site)
    return site


def plant(site: Site) -> None:
    """Four issues between Hospitals and Council, one of them uncrossed, with private notes on both sides."""
    cast = site.cast
    with site.db.write() as session:
        shared = make_issue(
            session, cast, title="markshared letters", detail="markshared detail", occurred_on=LAST_MONTH
        )
        for name, text in (("sam", "markprivateacute"), ("kim", "markprivatecouncil")):
            add_note(session, shared.ref, doer(cast, name), text=f"{text} note", ring=Ring.ORGANISATION)
        add_note(session, shared.ref, doer(cast, "sam"), text="markholders note", ring=Ring.TIER)
        add_note(session, shared.ref, doer(cast, "kim"), text="@Jo Lind, markfornamed note", ring=Ring.NAMED)
        masked = replace(cast, viewers={**cast.viewers, "sam": replace(cast.viewer("sam"), name="markreporter")})
        hidden = make_issue(session, masked, title="markshared too", hide_reporter=True, occurred_on=LAST_MONTH)
        make_issue(session, cast, title="marknamed issue", detail="marknamed detail", ring=Ring.NAMED)
        kept = make_issue(session, cast, title="markuncrossed issue", ring=Ring.ORGANISATION)
        make_issue(session, cast, title="Long ago", occurred_on=date(2025, 6, 2))  # so the theme report says all it can
        PARAMETERS["ref"] = (SHARED, HIDDEN, NAMED, kept.ref)
        for issue, by in ((shared, cast), (hidden, masked)):
            let_quote(session, issue.ref, doer(by, "sam"), text="markquoted words", agrees=True, left_out=True)
        asked(session, cast, shared.ref, reason="markshared ruling")
        make_decision(session, cast, what="markdecided what", detail="markdecided detail", issues=(shared.ref,))
        make_pack(session, cast)


def addresses(site: Site, method: str) -> list[str]:
    """Every address of the application, its parameters filled in; an unknown parameter is a mistake of this test. What
    programs ask is walked by them (tests/api)."""
    found = []
    for route in (each for each in site.app.routes if isinstance(each, HTTPRoute) and method in each.methods):
        if route.path.startswith(("/api/", "/scim/")):
            continue
        names = list(route.path_parameters)
        assert set(names) <= set(PARAMETERS), f"{route.path}: say what its parameters can be"
        for values in product(*(PARAMETERS[name] for name in names)):
            path = "/".join(_part(part, dict(zip(names, values, strict=True))) for part in route.path_format.split("/"))
            found.append(path)
    return sorted(found)


def _part(part: str, values: dict[str, Any]) -> str:
    return str(values[part[1:-1].split(":")[0]]) if part.startswith("{") else part


def read_out(answer: Response) -> str:
    """What an answer says: of a paper its words, of a workbook its parts."""
    kind = answer.headers.get("content-type", "")
    if kind == "application/pdf":
        return words_on(answer.content)
    if kind.endswith("spreadsheetml.sheet"):
        book = ZipFile(BytesIO(answer.content))
        return "".join(book.read(name).decode() for name in book.namelist())
    return answer.text


def marks_in(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text.lower()}


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_no_page_block_export_or_search_shows_a_mark_to_the_wrong_side(planted: Site, name: str) -> None:
    browser = planted.guest(name)
    for address in addresses(planted, "GET"):
        for headers in ({}, {"hx-request": "true", "hx-target": "section#story"}):
            answer = browser.get(address, headers=headers)
            wrong = {mark for mark in marks_in(read_out(answer)) if name not in MARKS[mark]}
            assert not wrong, f"{name} reads {wrong} at {address}"
            assert answer.status_code != 500, f"{address} failed for {name}"


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_searching_for_a_mark_finds_it_only_where_it_may_be_read(planted: Site, name: str) -> None:
    browser = planted.guest(name)
    for search, mark in product(SEARCHES, MARKS):
        answer = browser.get(search.format(mark=mark))
        assert answer.status_code == 200
        wrong = {each for each in marks_in(answer.text) - {mark} if name not in MARKS[each]}
        assert not wrong, f"{name} reads {wrong} at {search} for {mark}"
        found = [ref for ref in PARAMETERS["ref"] if f"/issues/{ref}" in answer.text]
        assert not found or name in MARKS[mark], f"{name} finds {found} at {search} for {mark}"
    for mark in MARKS:
        similar = browser.post("/issues/similar", {"title": f"{mark} {mark}"})
        assert similar.status_code == 200
        assert not {each for each in marks_in(similar.text) if name not in MARKS[each]}, mark


@pytest.mark.parametrize(
    "place, readers", [(0, ACUTE | COUNCIL), (1, ACUTE | COUNCIL), (2, {"sam", "kim"}), (3, ACUTE)],
    ids=["shared", "hidden-reporter", "named", "uncrossed"],
)  # fmt: skip
def test_an_issue_does_not_exist_for_whoever_may_not_see_it(planted: Site, place: int, readers: set[str]) -> None:
    address = f"/issues/{PARAMETERS['ref'][place]}"
    answers = {name: planted.guest(name).get(address).status_code for name in sorted(EVERYBODY)}
    assert answers == {name: 200 if name in readers else 404 for name in answers}


@pytest.mark.parametrize("name", ["mo", "bea", "ines", "tess", "stan", "nora"])
def test_no_step_of_the_wrong_side_does_anything(planted: Site, name: str) -> None:
    before = digest(planted)
    browser = planted.guest(name)
    for address in (each for each in addresses(planted, "POST") if each.startswith("/issues/RIV")):
        fields = {"text": "Hello", "outcome": "solved", "done": "Done", "cause": "legal deadline", "reason": "So"}
        assert browser.post(address, {**fields, "severity": "minor", "title": "Mine"}).status_code == 404, address
    assert digest(planted) == before


@pytest.mark.parametrize("name", ["sam", "kim", "alex", "mo", "tess", "stan"])
def test_nobody_follows_a_decision_up_who_neither_owns_it_nor_decides_there(planted: Site, name: str) -> None:
    before = digest(planted)
    browser = planted.guest(name)
    fields = {"text": "Hello", "reason": "So", "due_on": "2026-12-01", "what": "Mine"}
    for address in (each for each in addresses(planted, "POST") if "/decisions" in each and each not in ONLY_ASKED):
        assert browser.post(address, fields).status_code in (403, 404, 422), address
    assert digest(planted) == before


@pytest.mark.parametrize("name", ["chris", "alex"])
def test_a_lead_reads_and_notes_but_takes_no_step_of_the_ladder(planted: Site, name: str) -> None:
    browser = planted.guest(name)
    for step in ("acknowledgement", "escalation", "proposal", "theme", "theme-view", "amendment"):
        fields = {"cause": "legal deadline", "outcome": "solved", "done": "Done", "title": "T", "severity": "minor"}
        assert browser.post(f"/issues/{SHARED}/{step}", fields).status_code == 403, step
    assert browser.post(f"/issues/{SHARED}/notes", {"text": "Seen", "ring": "shared"}).status_code == 303


@pytest.mark.parametrize("name", sorted(EVERYBODY - {"sam"}))
def test_nobody_but_the_reporter_has_words_quoted_or_takes_them_back(planted: Site, name: str) -> None:
    before = digest(planted)
    browser = planted.guest(name)
    fields = {"text": "Mine", "agrees": "yes", "left_out": "yes"}
    for address in (each for each in addresses(planted, "POST") if "/quotation" in each):
        assert browser.post(address, fields).status_code in (403, 404), address
    assert digest(planted) == before


@pytest.mark.parametrize("name", sorted(MARKS["markquoted"]))
def test_whoever_reads_the_reports_of_it_reads_what_is_quoted(planted: Site, name: str) -> None:
    browser = planted.guest(name)
    for file in ("themes", "themes.json", "themes.pdf", "themes.xlsx"):
        assert "markquoted" in read_out(browser.get(f"/reports/RIV/{file}")), file
    assert "markquoted" not in browser.get("/reports/RIV/themes.csv").text


def test_a_stranger_to_a_partnership_finds_none_of_its_pages(planted: Site) -> None:
    """To where a provider sends people back answers alike whatever the keys in it, and whether they are there."""
    browser = planted.guest("stan")
    for address in (each for each in addresses(planted, "GET") if "/RIV" in each):
        expected = 410 if address.startswith("/sign-in/own/") else 404
        assert browser.get(address).status_code == expected, address
    assert browser.get("/sign-in/own/NONE/nobody").status_code == 410


def test_who_is_not_signed_in_gets_no_further_than_the_door(planted: Site) -> None:
    open_to_all = ("/sign-in", "/static", "/favicon.ico", "/health", "/metrics")
    browser = planted.stranger()
    for address in (each for each in addresses(planted, "GET") if not each.startswith(open_to_all)):
        answer = browser.get(address)
        assert (answer.status_code, answer.headers.get("location", "")[:8]) == (303, "/sign-in"), address
    for address in (each for each in addresses(planted, "POST") if not each.startswith(open_to_all)):
        assert browser.post(address).status_code in (303, 403), address


def test_a_form_without_the_token_of_the_session_does_nothing(planted: Site) -> None:
    before = digest(planted)
    browser = planted.guest("kim")
    for address in (each for each in addresses(planted, "POST") if not each.startswith("/sign-in")):
        assert browser.post(address, {"csrf": "forged"}).status_code == 403, address
    assert digest(planted) == before


def test_no_mail_carries_a_mark_to_the_wrong_side(planted: Site) -> None:
    addressed = {person.email: name for name, person in planted.cast.people.items()}
    for days in (1, 5, 12, 30, 60, 90):  # past every limit, to the top and its reminders
        clock = clock_of(planted.settings, planted.db, now=MONDAY + timedelta(days=days))
        assert list(clock.until_nothing_is_due())
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in mail_files(planted)]
    assert {addressed[str(mail["to"].addresses[0].addr_spec)] for mail in mails} >= {"jo", "lee", "dana", "priya"}
    for mail in mails:
        name = addressed[str(mail["to"].addresses[0].addr_spec)]
        marks = marks_in(mail.as_string() + words_of(mail))
        above = {"marknamed", "markholders"} if name in CLIMBED else set[str]()
        wrong = {mark for mark in marks - above if name not in MARKS[mark]}
        assert not wrong, f"{name} is sent {wrong}: {mail['subject']}"


def mail_files(site: Site) -> list[Path]:
    return sorted((site.settings.home / "mail").glob("*.eml"))


def words_of(mail: EmailMessage) -> str:
    """What is read in a mail, whichever way it is encoded."""
    return "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")


def test_the_walk_comes_by_every_issue_page_there_is(planted: Site) -> None:
    assert {"/", "/issues", "/issues/new", f"/issues/{SHARED}"} <= set(addresses(planted, "GET"))


def digest(site: Site) -> tuple[int, str]:
    """How many events there are, and the digest of the last: equal when nothing was done."""
    with site.db.read() as session:
        events = session.exec(select(Event.digest).order_by(col(Event.id))).all()
    return len(events), events[-1]
