"""Small shapes that the macros in `templates/parts/` take, shared by several pages."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.pages.web.step_done import StepDone
from tracker.rules.rings.readers import OrganisationReaders


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: in a select, as a radio button, as a checkbox.

    `readers` is for a choice that decides who reads; `named_readers`: who does if it concerns a person.
    """

    value: str
    label: str
    hint: str = ""
    side: str = ""
    readers: "Readers | None" = None
    named_readers: "Readers | None" = None


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody who will read something, by organisation; `private`: it stays inside the reader's own.

    `later`: who joins when it goes up ("3 people more of the Steering group, when it reaches them"); "" when
    nobody does. `named`: not all of these organisations read it, but the people named. `words`: what is said instead
    where they follow from what is still to be chosen.
    """

    who: tuple[OrganisationReaders, ...]
    private: bool = False
    later: str = ""
    named: bool = False
    words: str = ""

    @property
    def people(self) -> frozenset[int]:
        """The ids of all of them: a page says how many."""
        return frozenset[int]().union(*(each.people for each in self.who))


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words; `current`: it is what is shown now."""

    words: str
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class FormState:
    """What was typed into a form and what was wrong with it; empty when it is first shown.

    `values` and `errors` go by field name; `problem` is a refusal that belongs to no field. `warnings`: each field in
    which something looks like a personal identifier, with what does ("a phone number: 07700 900123"); drawn with the
    button `as_it_is`, which sends it all the same. `open`: it is shown unfolded. `proposal`: the number of what came
    of it, where that waits for others; `done`: what it did.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    warnings: tuple[tuple[str, str], ...] = ()
    open: bool = False
    proposal: int | None = None
    done: StepDone | None = None
