"""One lead alone tries every form of the arrangements: nothing that touches another comes into force by it.

And what is another organisation's own stays as it was.
"""

import re
from itertools import product
from typing import Any

import pytest
from litestar.routes import HTTPRoute

from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import agreed_in, all_agree
from tests.pages.arrangements.test_record import WITNESS
from tests.site import Guest, Site, went_to
from tracker.queries.people import key_in
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import touched

AT = "/arrangements/{key}"
LADDER = {
    "agree_silence": "1 working day", "pause_cap": "1 working day", "keep_in_loop": "1 working day",
    "reopens_to_escalate": "1", "body1": "steering", "limit1": "1 working hour",
}  # fmt: skip
WEEKDAYS = {"zone": "Europe/London", "mon": "03:00-04:00", "name": "Mine"}
MINE = {"name": "Mine", "answers": "acute", "leads": ["council kim@council.example"]}
EVERY_KIND: list[dict[str, Any]] = [
    {"key": "1.9", "topic": "GOV", "title": "Mine"},
    {**MINE, "key": "mine"},
    {**MINE, "key": "mine2", "ladder": "operational", "start": "steering", "organisation": ["council"]},
    {"name": "Mine", "group": "deciding", "topic": "GOV", "phrases": "mine"},
    {"key": "mine3", "ladder": "operational", "leads": ["community mo@community.example"], "words": "a"},
]
# What is sent to each address, by the form of the address.
FORMS: dict[str, list[dict[str, Any]]] = {
    f"{AT}/partnership": [{"name": "Mine", "zone": "Asia/Tokyo"}],
    f"{AT}/organisations": [{**WEEKDAYS, "key": "mine", "lead_email": "my@own.example", "lead_name": "Mine"}],
    f"{AT}/organisations/{{side_key}}/retirement": [{}],
    f"{AT}/organisations/{{side_key}}": [WEEKDAYS],
    f"{AT}/organisations/{{side_key}}/people": [
        {"email": "jo@acute.example", "name": "Mine", "roles": ["lead"]},
        {"email": "kim@council.example", "name": "Mine", "roles": ["lead"]},
    ],
    f"{AT}/organisations/{{side_key}}/people/{{person_key}}": [{"roles": ["lead"], "away_from": "2026-04-01"}],
    f"{AT}/organisations/{{side_key}}/people/{{person_key}}/correction": [{"email": "my@own.example", "name": "Mine"}],
    f"{AT}/organisations/{{side_key}}/people/{{person_key}}/leaving": [{}],
    f"{AT}/organisations/{{side_key}}/people/{{person_key}}/asking": [{"what": "Look at it"}],
    f"{AT}/organisations/{{side_key}}/people/{{person_key}}/sessions": [{}],
    f"{AT}/organisations/{{side_key}}/people/{{person_key}}/invitation": [{}],
    f"{AT}/organisations/{{side_key}}/newcomers": [
        {"list": "Mine <kim@council.example>", "roles": ["lead"]}, {"list": "my@own.example", "plan": "0" * 16},
    ],
    f"{AT}/organisations/{{side_key}}/sign-in": [{"require": "second_factor"}],
    f"{AT}/organisations/{{side_key}}/tokens": [{"name": "Mine"}],
    f"{AT}/organisations/{{side_key}}/sign-in/provider": [
        {"issuer": "https://login.own.example", "client": "mine", "secret": "mine", "arrives": "yes"},
    ],
    f"{AT}/organisations/{{side_key}}/sign-in/provider/retirement": [{}],
    f"{AT}/organisations/{{side_key}}/sign-in/provider/domains": [{"domain": "own.example"}],
    f"{AT}/organisations/{{side_key}}/sign-in/provider/domains/{{domain}}/confirmation": [{}],
    f"{AT}/organisations/{{side_key}}/sign-in/provider/domains/{{domain}}/removal": [{}],
    f"{AT}/organisations/{{side_key}}/tokens/{{number}}/revocation": [{}],
    f"{AT}/organisations/{{side_key}}/directory": [{"name": "Mine"}],
    f"{AT}/organisations/{{side_key}}/directory/{{number}}/revocation": [{}],
    f"{AT}/mail": [{}],
    f"{AT}/bodies": [{"key": "mine", "name": "Mine", "often": "weekly", "first_on": "2026-05-01", "at": "03:00"}],
    f"{AT}/bodies/{{body_key}}": [
        {"name": "Mine", "often": "never"},
        {"name": "Mine", "often": "weekly", "first_on": "2026-05-01", "at": "03:00"},
    ],
    f"{AT}/bodies/{{body_key}}/meetings": [
        {"meeting": "2026-04-28T09:00:00+00:00", "becomes": "put_off", "later_on": "2026-04-27", "later_at": "09:00"},
        {"meeting": "2026-04-29T09:00:00+00:00", "becomes": "put_off", "later_on": "2026-04-30", "later_at": "09:00"},
    ],
    f"{AT}/bodies/{{body_key}}/seats/{{side_key}}": [
        {"person1": "alex@acute.example", "holds1": "yes"},
        {"person1": "kim@council.example", "holds1": "yes"},
        {},
    ],
    f"{AT}/bodies/{{body_key}}/retirement": [{}],
    f"{AT}/ladders": [{**LADDER, "key": "mine", "name": "Mine"}],
    f"{AT}/ladders/{{ladder_key}}/retirement": [{}],
    f"{AT}/ladders/{{ladder_key}}/proposal": [LADDER],
    f"{AT}/ladders/{{ladder_key}}/agreement": [
        {"number": "2"}, {"number": "2", "speaking_for": "council"}, {"number": "2", "speaking_for": "community"},
    ],
    f"{AT}/ladders/{{ladder_key}}/withdrawal": [{}],
    f"{AT}/ladders/{{ladder_key}}/default": [{}],
    f"{AT}/report": [{"recent_months": "3"}],
    f"{AT}/report/baselines": [{"theme": "authority", "since": "2025-10", "until": "2026-03", "reason": "Mine"}],
    f"{AT}/report/baselines/unfreezing": [{"theme": "authority", "reason": "Mine"}],
    f"{AT}/report/exposure": [{"year": "2026", "amount-1-1": "5"}],
    f"{AT}/report/exposure/file": [{"lines": "month,organisation,amount\n2026-03,council,5"}],
    f"{AT}/report/exposure/name": [{"what": "shifts", "per": "10"}],
    f"{AT}/{{entries}}": EVERY_KIND,
    f"{AT}/{{entries}}/{{entry_key}}": EVERY_KIND,
    f"{AT}/{{entries}}/{{entry_key}}/retirement": [{}],
    f"{AT}/{{entries}}/{{entry_key}}/order": [{"move": "up"}, {"move": "down"}],
    f"{AT}/proposals/{{number}}/agreement": [
        {}, {"speaking_for": "acute"}, {"speaking_for": "council"}, {"speaking_for": "community"},
    ],
    f"{AT}/proposals/{{number}}/return": [{"reason": "Mine", "speaking_for": "council"}],
    f"{AT}/proposals/{{number}}/withdrawal": [{}],
    f"{AT}/record": [{}],
    f"{AT}/record/witnesses/{{side_key}}": [{"verifier": WITNESS, "address": "https://w.example"}],
    f"{AT}/record/witnesses/{{side_key}}/retirement": [{}],
    f"{AT}/record/epoch": [{"lost": "Mine", "speaking_for": "acute"}],
}  # fmt: skip
PEOPLE = ("sam@acute", "kim@council", "mo@community")
PARAMETERS = {
    "key": ["RIV"], "side_key": ["acute", "council", "community"],
    "person_key": [key_in("RIV", f"{each}.example") for each in PEOPLE],
    "body_key": ["front", "ops", "steering"], "ladder_key": ["operational", "contract"],
    "entry_key": ["4.2", "discharge", "late", "authority", "clarity"],
    "entries": ["clauses", "service-areas", "routes", "themes", "groups"], "number": ["1", "2", "3"],
    "domain": ["own.example"],
}  # fmt: skip


def addresses(site: Site) -> dict[str, list[str]]:
    """Every address of the arrangements to which something is sent, filled in, by its form."""
    found = {}
    for route in (each for each in site.app.routes if isinstance(each, HTTPRoute) and "POST" in each.methods):
        path = re.sub(r":\w+}", "}", route.path_format)
        if path.startswith(AT):
            names = re.findall(r"{(\w+)}", path)
            values = product(*(PARAMETERS[name] for name in names))
            found[path] = [path.format(**dict(zip(names, each, strict=True))) for each in values]
    return found


def test_every_form_of_the_arrangements_is_tried(site: Site) -> None:
    assert set(addresses(site)) == set(FORMS)


@pytest.fixture
def arranged(site: Site) -> Site:
    """With a route and a service area that were agreed, and an issue on its way."""
    with site.db.write() as session:
        make_issue(session, site.cast)
    alex = site.guest("alex")
    alex.post(
        "/arrangements/RIV/routes", {"key": "late", "ladder": "operational", "severity": "critical", "start": "ops"}
    )
    alex.post("/arrangements/RIV/service-areas", {"name": "Beds", "answers": "council"})
    all_agree(site)
    alex.post("/arrangements/RIV/ladders", {**LADDER, "key": "contract", "name": "Contract"})
    for lead in ("alex", "chris", "tess"):
        site.guest(lead).post("/arrangements/RIV/ladders/contract/agreement", {"number": "1"})
    return site


@pytest.mark.parametrize("path", sorted(FORMS))
def test_nothing_that_touches_another_comes_into_force_by_one_lead_alone(arranged: Site, path: str) -> None:
    alex = arranged.guest("alex")
    others = {key: own_of(agreed_in(arranged), key) for key in ("council", "community")}
    for address, form in product(addresses(arranged)[path], FORMS[path]):
        before = agreed_in(arranged)
        alex.post(address, {**form, "version": version_for(alex, address)})
        after = agreed_in(arranged)
        assert touched(before, after, "acute") == (), f"{address} {form}"
        assert {key: own_of(after, key) for key in others} == others, f"{address} {form}"


def test_the_forms_of_the_walk_do_change_what_is_the_own_organisations(arranged: Site) -> None:
    """Else it would prove nothing."""
    alex, page = arranged.guest("alex"), "/arrangements/RIV/bodies/ops/seats/acute"
    alex.post(page, {"person1": "alex@acute.example", "holds1": "yes", "version": version_for(alex, page)})
    assert arranged.cast.alex.id in {seat.person_id for seat in agreed_in(arranged).bodies["ops"].seats}
    answer = alex.post("/arrangements/RIV/routes", EVERY_KIND[2])
    assert went_to(answer).startswith("/arrangements/RIV/proposals/")


def own_of(agreed: Arrangement, key: str) -> object:
    """What is one organisation's own: its name and calendar, its people and what they are, its seats."""
    people = {each.id: each.roles.get(key) for each in agreed.people.values() if key in each.roles}
    seats = [(body.key, seat) for body in agreed.bodies.values() for seat in body.seats if seat.organisation == key]
    return agreed.organisation(key), people, seats


def version_for(guest: Guest, address: str) -> str:
    """The version that the form for this address carries, on the page where it stands."""
    parts = address.split("/")
    for count in range(len(parts), 2, -1):
        text = guest.get("/".join(parts[:count])).text
        at = text.find(f'method="post" action="{address}"')
        found = re.search(r'name="version" value="([^"]*)"', text[at : at + 2000]) if at >= 0 else None
        if found:
            return found[1]
    return ""
