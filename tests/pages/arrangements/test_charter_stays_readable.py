"""Whoever is made a person, by whatever way and from whatever text: the charter of their partnership can be read."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from tests.api.directory.calling import Caller
from tests.pages.account.providers import FakeProvider, set_up
from tests.pages.account.test_own_sign_in import at_the_door
from tests.pages.arrangements.forms_on_page import person_address
from tests.pages.arrangements.test_newcomers import ACUTE
from tests.site import Guest, Site
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.writing import write
from tracker.records.person import Person
from tracker.records.session import SignInLink
from tracker.rules.letters import LinkPurpose, is_address

INVITED = "ravi@acute.example"
ADDRESSES = (
    "a b@acute.example", "jörg@acute.example", "x,y@acute.example", "@acute.example", "a@b@acute.example",
    "a..b@acute.example", "<a>@acute.example", f"{'s' * 65}@acute.example", "sam\u200b@acute.example",
    "\u212aay@acute.example", "s@localhost", " ",
)  # fmt: skip
NAMES = (" ", "\u00a0", "\u200b", "n" * 201, "n" * 500, " " * 300 + "n", "a\nb", "\u202eabc", "Nia Bell")
UNLUCKY = [(each, "Nia Bell") for each in ADDRESSES]
UNLUCKY += [(f"nia.{number}@acute.example", each) for number, each in enumerate(NAMES)]
Try = Callable[[str, str], object]


def by_the_sign_in_of_their_organisation(site: Site) -> Try:
    provider: FakeProvider = set_up(site, "acute.example", arrives=True)

    def comes(address: str, name: str) -> object:
        who = {"sub": f"new {len(provider.calls)}", "email": address, "email_verified": True}
        guest = site.stranger()
        return guest.get(provider.signs_in(at_the_door(site, guest), **who, name=name))

    return comes


def by_their_directory(site: Site) -> Try:
    caller = Caller(site, "acute")
    return lambda address, name: caller.ask(
        "POST", "/Users", {"userName": address, "displayName": name, "active": True, "emails": [{"value": address}]}
    )


def by_what_a_directory_says_later(site: Site) -> Try:
    caller = Caller(site, "acute")
    key = caller.create(INVITED).json()["id"]

    def says(address: str, name: str) -> object:
        parts, emails = {"givenName": "", "familyName": ""}, [{"value": address, "primary": True}]
        said = {"name": parts, "displayName": name, "emails": emails}
        return caller.patch(key, {"op": "replace", "value": said})

    return says


def by_a_lead(site: Site) -> Try:
    alex = _lead(site)
    return lambda address, name: alex.post(
        f"{ACUTE}/people", {"email": address, "name": name, "roles": ["front_line"], "version": ""}
    )


def by_a_list(site: Site) -> Try:
    alex = _lead(site)

    def takes_in(address: str, name: str) -> object:
        sent = {"list": f'name,address\n"{name}","{address}"', "roles": "front_line"}
        page = alex.post(f"{ACUTE}/newcomers", sent).text
        shown = page.partition('name="plan" value="')[2].partition('"')[0]
        return alex.post(f"{ACUTE}/newcomers", {**sent, "plan": shown}) if shown else None

    return takes_in


def by_a_correction(site: Site) -> Try:
    alex = _lead(site)
    alex.post(f"{ACUTE}/people", {"email": INVITED, "name": "Ravi Das", "roles": ["front_line"], "version": ""})
    place = f"{person_address('acute', INVITED)}/correction"
    return lambda address, name: alex.post(place, {"email": INVITED, "name": name, "version": ""})


def by_themselves(site: Site) -> Try:
    jo = site.guest("jo")
    return lambda address, name: jo.post("/account/name", {"name": name})


MAKERS = (
    by_the_sign_in_of_their_organisation, by_their_directory, by_what_a_directory_says_later, by_a_lead, by_a_list,
    by_a_correction, by_themselves,
)  # fmt: skip


@pytest.mark.parametrize("maker", MAKERS, ids=lambda maker: maker.__name__.replace("_", " "))
def test_whatever_somebody_is_called_the_charter_can_be_read(site: Site, maker: Callable[[Site], Try]) -> None:
    """And somebody with an address and a name as they should be is made: nothing of this is refused wholesale."""
    make, before = maker(site), _people(site)
    for address, name in UNLUCKY:
        make(address, name)
        with site.db.read() as session:
            assert write(kept(session, site.cast.partnership.id)), (address, name)
    assert "Nia Bell" in {name for _, name in _people(site) - before}


def test_an_address_that_somebody_asks_for_themselves_is_one(site: Site) -> None:
    jo = site.guest("jo")
    for address in ADDRESSES:
        jo.post("/account/address", {"email": address})
    with site.db.read() as session:
        asked = select(SignInLink).where(SignInLink.purpose == LinkPurpose.ADDRESS)
        assert [each for each in session.exec(asked) if not is_address(each.to_address)] == []


def _lead(site: Site) -> Guest:
    alex = site.guest("alex")
    alex.get("/account")
    return alex


def _people(site: Site) -> set[tuple[str, str]]:
    with site.db.read() as session:
        return {(each.email, each.name) for each in session.exec(select(Person))}
