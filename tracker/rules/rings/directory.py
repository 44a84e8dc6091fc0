"""What follows from what an organisation's own directory says of its people (SCIM 2.0, RFC 7643 and 7644)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from tracker.rules.arrangement import Organisation
from tracker.rules.events.kinds import Actor

MOST_CALLS, CALLS_WINDOW = 1_500, timedelta(minutes=1)  # of one token: 25 a second, which Entra ID asks for
LONGEST_NAME = 200  # letters
LONGEST_FILTER = 2_000  # letters
MOST_OPERATIONS = 100  # of a patch
MOST_ENTRIES = 10_000  # of an organisation's directory


@dataclass(frozen=True, slots=True)
class ToldPerson:
    """Somebody as a directory tells of them: at which address, by which name, and whether they belong."""

    address: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class ToldAddress:
    """One of the addresses that a directory has of somebody."""

    address: str
    kind: str = ""
    primary: bool = False


class Belonging(Enum):
    """What somebody is to the organisation of the directory. GIVEN_UP: the directory itself ended what they were, and
    nobody else has done anything about it since."""

    NOBODY = auto()
    INVITED = auto()
    MEMBER = auto()
    GIVEN_UP = auto()

    @property
    def is_here(self) -> bool:
        return self in (Belonging.INVITED, Belonging.MEMBER)


class DirectoryStep(Enum):
    """What is done about what a directory said."""

    INVITE = auto()
    GIVE_BACK = auto()
    END = auto()
    READDRESS = auto()
    ASK_ABOUT_ADDRESS = auto()
    RENAME = auto()


def steps(was: ToldPerson, told: ToldPerson, belonging: Belonging) -> Iterator[DirectoryStep]:
    """In the order in which they are done. Whoever comes in has an address and a name that are theirs to change: the
    one is asked about, and whether the other may be changed is seen where it would be."""
    if not told.active:
        yield from (DirectoryStep.END,) if belonging.is_here else ()
    elif belonging is Belonging.GIVEN_UP:
        yield DirectoryStep.GIVE_BACK
    elif belonging is Belonging.NOBODY:
        yield DirectoryStep.INVITE
    elif was.address != told.address:
        invited = belonging is Belonging.INVITED
        yield DirectoryStep.READDRESS if invited else DirectoryStep.ASK_ABOUT_ADDRESS
        if was.name != told.name and not invited:
            yield DirectoryStep.RENAME
    elif was.name != told.name:
        yield DirectoryStep.RENAME


def address_of(addresses: Iterable[ToldAddress]) -> str:
    """The one that counts of several: the one that is called the first, else one for work, else any."""
    several = tuple(addresses)
    first = next((each for each in several if each.primary), None)
    at_work = next((each for each in several if each.kind.lower() == "work"), None)
    found = first or at_work or next(iter(several), ToldAddress(""))
    return found.address.strip().lower()


def name_of(*, given: str, family: str, display: str, formatted: str, login: str) -> str:
    """What somebody is called: by both their names, else as the directory shows them, else as they sign in there."""
    both = f"{given} {family}" if given.strip() and family.strip() else ""
    words = (" ".join(each.split()) for each in (both, display, formatted, given, family, login))
    return next((each for each in words if each), "")[:LONGEST_NAME].strip()


def directory_of(organisation: Organisation) -> Actor:
    """Who does what a directory says: no person, for the organisation."""
    name = f"{organisation.name}'s directory"
    return Actor(None, name, organisation.id, organisation.key, organisation.name)
