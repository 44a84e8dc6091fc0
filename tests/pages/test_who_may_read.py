"""Every route, walked by every kind of visitor: what is not theirs to read is nowhere, and what is not theirs to do is
refused. Marks are planted in what each side keeps to itself; none may ever appear on the wrong side."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.visits import Visits
from tracker.actions.take_part import add_note
from tracker.database import Database
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
    "markuncrossed": ACUTE,  # an issue that has not crossed
    "markreporter": ACUTE,  # the name of a reporter who keeps it inside
    "marknamed": {"sam", "kim"},  # an issue that concerns a person: its raiser and its holders
    "markshared": ACUTE | COUNCIL,  # an issue between two sides
}
SHARED, HIDDEN, NAMED = "RIV-1", "RIV-2", "RIV-3"

# Values for the parameters in addresses: what exists in the partnership that is walked.
PARAMETERS: dict[str, tuple[str, ...]] = {
    "key": ("RIV",),
    "body_key": ("ops", "steering"),
    "token": ("nonsense",),
    "path": ("app.css",),
    "session_id": ("999999",),
    "step": ("notes", "proposal", "agreement", "escalation", "amendment", "theme", "reopening", "occurrences"),
}
SEARCHES = ("/issues?q={mark}", "/issues/new?title={mark}+{mark}", "/issues?partnership=RIV&q={mark}")


@pytest.fixture
def visits(db: Database, tmp_path: Path) -> Visits:
    made = Visits(db, tmp_path)
    plant(made)
    return made


def plant(visits: Visits) -> None:
    """Four issues between Hospitals and Council, one of them uncrossed, with private notes on both sides."""
    cast = visits.cast
    with visits.db.write() as session:
        shared = make_issue(session, cast, title="markshared letters", detail="markshared detail")
        for name, text in (("sam", "markprivateacute"), ("kim", "markprivatecouncil")):
            add_note(session, shared.ref, doer(cast, name), text=f"{text} note", ring=Ring.ORGANISATION)
        masked = replace(cast, viewers={**cast.viewers, "sam": replace(cast.viewer("sam"), name="markreporter")})
        make_issue(session, masked, title="markshared too", hide_reporter=True)
        make_issue(session, cast, title="marknamed issue", detail="marknamed detail", ring=Ring.NAMED)
        kept = make_issue(session, cast, title="markuncrossed issue", ring=Ring.ORGANISATION)
        PARAMETERS["ref"] = (SHARED, HIDDEN, NAMED, kept.ref)


def addresses(visits: Visits, method: str) -> list[str]:
    """Every address of the application, its parameters filled in; an unknown parameter is a mistake of this test."""
    found = []
    for route in (each for each in visits.app.routes if isinstance(each, HTTPRoute) and method in each.methods):
        names = list(route.path_parameters)
        assert set(names) <= set(PARAMETERS), f"{route.path}: say what its parameters can be"
        for values in product(*(PARAMETERS[name] for name in names)):
            path = "/".join(_part(part, dict(zip(names, values, strict=True))) for part in route.path_format.split("/"))
            found.append(path)
    return sorted(found)


def _part(part: str, values: dict[str, Any]) -> str:
    return str(values[part[1:-1].split(":")[0]]) if part.startswith("{") else part


def marks_in(text: str) -> set[str]:
    return {mark for mark in MARKS if mark in text.lower()}


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_no_page_block_export_or_search_shows_a_mark_to_the_wrong_side(visits: Visits, name: str) -> None:
    with visits.browser(name) as browser:
        for address in addresses(visits, "GET"):
            for headers in ({}, {"hx-request": "true", "hx-target": "section#story"}):
                answer = browser.get(address, headers=headers)
                wrong = {mark for mark in marks_in(answer.text) if name not in MARKS[mark]}
                assert not wrong, f"{name} reads {wrong} at {address}"
                assert answer.status_code != 500, f"{address} failed for {name}"


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_searching_for_a_mark_finds_it_only_where_it_may_be_read(visits: Visits, name: str) -> None:
    with visits.browser(name) as browser:
        for search, mark in product(SEARCHES, MARKS):
            answer = browser.get(search.format(mark=mark))
            found = answer.text.lower().replace(f'value="{mark}', "")
            wrong = {each for each in marks_in(found) - {mark} if name not in MARKS[each]}
            assert not wrong, f"{name} reads {wrong} at {search} for {mark}"
            if name not in MARKS[mark]:
                assert SHARED not in found or mark == "markshared" or name in ACUTE | COUNCIL


@pytest.mark.parametrize(
    "ref, readers",
    [(SHARED, ACUTE | COUNCIL), (HIDDEN, ACUTE | COUNCIL), (NAMED, {"sam", "kim"}), ("uncrossed", ACUTE)],
)
def test_an_issue_does_not_exist_for_whoever_may_not_see_it(visits: Visits, ref: str, readers: set[str]) -> None:
    ref = PARAMETERS["ref"][-1] if ref == "uncrossed" else ref
    for name in sorted(EVERYBODY):
        with visits.browser(name) as browser:
            expected = 200 if name in readers else 404
            assert browser.get(f"/issues/{ref}").status_code == expected, f"{name} at {ref}"


@pytest.mark.parametrize("name", ["mo", "bea", "ines", "tess", "stan", "nora"])
def test_no_step_of_the_wrong_side_does_anything(visits: Visits, name: str) -> None:
    before = visits.db_digest()
    with visits.browser(name) as browser:
        for address in addresses(visits, "POST"):
            if "/issues/RIV" in address:
                answer = browser.post(address, text="Hello", outcome="solved", done="Done", cause="legal deadline")
                assert answer.status_code == 404, f"{name} at {address}"
    assert visits.db_digest() == before


def test_a_stranger_to_a_partnership_finds_none_of_its_pages(visits: Visits) -> None:
    with visits.browser("stan") as browser:
        for address in (each for each in addresses(visits, "GET") if "/RIV" in each):
            assert browser.get(address).status_code == 404, address


def test_who_is_not_signed_in_gets_no_further_than_the_door(visits: Visits) -> None:
    open_to_all = ("/sign-in", "/static", "/favicon.ico", "/health", "/metrics")
    with visits.browser(None) as browser:
        for address in (each for each in addresses(visits, "GET") if not each.startswith(open_to_all)):
            answer = browser.get(address)
            assert answer.status_code == 303, address
            assert answer.headers["location"].startswith("/sign-in"), address
        for address in (each for each in addresses(visits, "POST") if not each.startswith(open_to_all)):
            assert browser.client.post(address, data={}, follow_redirects=False).status_code in (303, 403), address


def test_a_form_without_the_token_of_the_session_does_nothing(visits: Visits) -> None:
    before = visits.db_digest()
    with visits.browser("kim") as browser:
        for address in addresses(visits, "POST"):
            if not address.startswith("/sign-in"):
                answer = browser.client.post(address, data={"csrf": "forged"}, follow_redirects=False)
                assert answer.status_code == 403, address
    assert visits.db_digest() == before


def test_the_walk_comes_by_every_issue_page_there_is(visits: Visits) -> None:
    walked = addresses(visits, "GET")
    assert {"/", "/issues", "/issues/new", f"/issues/{SHARED}"} <= set(walked)
    assert visits.now == MONDAY
