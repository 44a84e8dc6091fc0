"""What the agreement says of issues: topics and clauses, service areas, routes, and themes of friction."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.rules.rings import Ring

# The topics of an agreement between organisations (product.md, "Words").
TOPICS = {
    "SCOPE": "What the partnership is for",
    "ROLE": "Who does what",
    "INFO": "Information",
    "STANDARD": "Standards and delivery",
    "CHARGE": "Money and recharges",
    "GOV": "Governance and decisions",
    "PEOPLE": "People",
    "RESOURCE": "Capacity, systems and access",
}


@dataclass(frozen=True)
class Route:
    """A routing rule: all of `when` must hold; `leads` gives the person per organisation key."""

    key: str
    when: Mapping[str, tuple[str, ...]]
    ladder: str
    start: str | None = None
    answers: str | None = None
    leads: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Clause:
    """A promise under a topic of the agreement."""

    key: str
    topic: str
    title: str
    text: str
    retired: bool = False


@dataclass(frozen=True)
class StrainedPromise:
    """What of the agreement an issue strains: a topic and, where somebody named it, a clause (`name`: its title)."""

    topic: str | None = None
    clause: str | None = None
    name: str = ""


NOTHING_STRAINED = StrainedPromise()


@dataclass(frozen=True)
class ServiceArea:
    """Where an issue rubs: who answers there, and who leads."""

    key: str
    name: str
    answers: str | None = None
    leads: Mapping[str, int] = field(default_factory=dict)
    retired: bool = False


@dataclass(frozen=True)
class ThemeGroup:
    """A heading over themes."""

    key: str
    name: str


@dataclass(frozen=True)
class Theme:
    """Why it rubs; `ring` is the tighter default where a person may be recognised."""

    key: str
    group: str
    topic: str
    name: str
    means: str
    phrases: tuple[str, ...]
    ring: Ring | None = None
    retired: bool = False
