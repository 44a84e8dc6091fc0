"""What a form on a page carries along, and what became of it."""

import re

from tests.makers import agree_waiting
from tests.site import Guest, Site
from tracker.queries.arrangements import by_key
from tracker.queries.people import key_in
from tracker.rules.arrangement import Arrangement


def version_in(text: str, form: str = "") -> str:
    """The hidden version of the first form, or of the one that posts to this address."""
    at = text.index(f'action="{form}"') if form else 0
    found = re.search(r'name="version" value="([^"]+)"', text[at:])
    assert found, text[at : at + 300]
    return found[1]


def version_on(guest: Guest, address: str, form: str = "") -> str:
    """The same, on the page at an address."""
    return version_in(guest.get(address).text, form)


def person_address(organisation: str, email: str) -> str:
    """The page of somebody of RIV, for a lead of theirs."""
    return f"/arrangements/RIV/organisations/{organisation}/people/{key_in('RIV', email)}"


def agreed_in(site: Site) -> Arrangement:
    """What is agreed in RIV now."""
    with site.db.read() as session:
        return by_key(session, "RIV")


def all_agree(site: Site) -> None:
    """What waits is agreed by everybody whom it touches."""
    with site.db.write() as session:
        agree_waiting(session, site.cast, now=site.now)
