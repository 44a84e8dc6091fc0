"""What the account page shows: where somebody belongs, who acts for them, where they are signed in."""

from collections.abc import Iterator

from tracker.pages.web.parts import Choice
from tracker.pages.web.visitor import Visitor
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.rings import ROLE_WORDS, Role
from tracker.rules.wording import listed

# First match wins: nearly every browser also calls itself by the names of others.
_BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "FxiOS": "Firefox", "SamsungBrowser": "Samsung"}
_BROWSERS |= {"CriOS": "Chrome", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {"iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "a Mac"}
_SYSTEMS |= {"CrOS": "a Chromebook", "Linux": "Linux"}
NOTICE_CHOICES = (
    Choice("at_once", "As things happen", "Held until your organisation is open, unless it is urgent."),
    Choice("digest", "Once a day, together", "What is urgent still comes at once."),
)


def device_words(agent: str) -> str:
    """“Firefox on Windows”; “an unknown browser” where it says nothing known."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in agent), "an unknown browser")
    system = next((f" on {name}" for sign, name in _SYSTEMS.items() if sign in agent), "")
    return browser + system


def places_of(visitor: Visitor) -> Iterator[tuple[Organisation, str, str, list[str]]]:
    """Each organisation of theirs, with its partnership, what they are there, and who acts for them while they are
    away, by body."""
    for place in visitor.viewer.memberships:
        arrangement = visitor.arrangements[place.partnership_id]
        side = arrangement.organisations[place.organisation_id]
        roles = listed(ROLE_WORDS[role] for role in Role if role in place.roles)
        yield side, arrangement.name, roles, [*_deputies(arrangement, side.key, visitor.person_id)]


def _deputies(arrangement: Arrangement, organisation: str, person_id: int) -> Iterator[str]:
    for body in arrangement.bodies.values():
        for seat in body.seats:
            if (seat.person_id, seat.organisation) == (person_id, organisation) and not body.retired:
                deputy = arrangement.people.get(seat.deputy_id or 0)
                yield f"{body.name}: {deputy.name if deputy else 'nobody acts for you'}"
