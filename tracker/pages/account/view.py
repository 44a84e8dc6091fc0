"""What the account page shows: where somebody belongs, who acts for them, where they are signed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tracker.pages.web.header import side_class
from tracker.pages.web.parts import Choice, FormState
from tracker.pages.web.visitor import Visitor
from tracker.queries.accounts import AccountChoices, Device
from tracker.rules.arrangement import Arrangement
from tracker.rules.rings import ROLE_WORDS, Role
from tracker.rules.wording import listed

# First match wins: nearly every browser also calls itself by the names of others.
_BROWSERS = {"Edg": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "FxiOS": "Firefox", "SamsungBrowser": "Samsung"}
_BROWSERS |= {"CriOS": "Chrome", "Chrome/": "Chrome", "Safari/": "Safari"}
_SYSTEMS = {"iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "a Mac"}
_SYSTEMS |= {"CrOS": "a Chromebook", "Linux": "Linux"}


def device_words(agent: str) -> str:
    """“Firefox on Windows”; “an unknown browser” where it says nothing known."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in agent), "an unknown browser")
    system = next((f" on {name}" for sign, name in _SYSTEMS.items() if sign in agent), "")
    return browser + system


NOTICE_CHOICES = (
    Choice("at_once", "As things happen", "Held until your organisation is open, unless it is urgent."),
    Choice("digest", "Once a day, together", "What is urgent still comes at once."),
)


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place somebody has. `deputies`: who acts for them while they are away, by body."""

    organisation: str
    side: str
    partnership: str
    roles: str
    deputies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeviceView:
    """Where somebody is signed in; `here`: the browser that asks."""

    id: int
    words: str
    created_at: datetime
    seen_at: datetime
    here: bool


def absence_state(choices: AccountChoices) -> FormState:
    days = {"away_from": choices.away_from, "away_until": choices.away_until}
    return FormState(values={name: day.isoformat() for name, day in days.items() if day})


def notices_state(choices: AccountChoices) -> FormState:
    return FormState(values={"notices": "digest" if choices.digest else "at_once"})


def places_of(visitor: Visitor) -> Iterator[PlaceView]:
    for place in visitor.viewer.memberships:
        arrangement = visitor.arrangements[place.partnership_id]
        side = arrangement.organisations[place.organisation_id]
        roles = listed(ROLE_WORDS[role] for role in Role if role in place.roles)
        deputies = tuple(_deputies(arrangement, side.key, visitor.person_id))
        yield PlaceView(side.name, side_class(side.position), arrangement.name, roles, deputies)


def _deputies(arrangement: Arrangement, organisation: str, person_id: int) -> Iterator[str]:
    for body in arrangement.bodies.values():
        for seat in body.seats:
            if (seat.person_id, seat.organisation) == (person_id, organisation) and not body.retired:
                deputy = arrangement.people.get(seat.deputy_id or 0)
                yield f"{body.name}: {deputy.name if deputy else 'nobody acts for you'}"


def device_view(device: Device, visitor: Visitor) -> DeviceView:
    here = visitor.session is not None and visitor.session.id == device.id
    return DeviceView(device.id, device_words(device.agent), device.created_at, device.seen_at, here)
