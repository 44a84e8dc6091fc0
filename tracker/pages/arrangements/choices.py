"""What a lead can choose from in the forms of an arrangement."""

from collections.abc import Iterable, Mapping
from typing import Any

from tracker.exchange.charter.charter import Charter, name_of
from tracker.exchange.charter.shapes import CharterEntry
from tracker.measures.cut_text import by_letter
from tracker.pages.web.parts import Choice
from tracker.rules.agreement import TOPICS
from tracker.rules.lifecycle import Kind, Severity


def choices_of(charter: Charter) -> dict[str, Any]:
    """Choices for selects and ticks, by field. `people` and `leads`: by organisation key; a lead is chosen as
    “acute sam@acute.example”."""
    people = {key: tuple(_people(charter, key)) for key in charter.organisation}
    return {
        "partnership": charter.partnership.key,
        "topic": tuple(Choice(key, f"{key}: {name}") for key, name in TOPICS.items()),
        "organisation": _named(charter.organisation),
        "ladder": _named(charter.ladder),
        "body": _named(charter.body),
        "service_area": _named(charter.service_area),
        "group": _named(charter.group),
        "severity": tuple(Choice(each.value, each.value) for each in Severity),
        "kind": tuple(Choice(each.value, each.value.replace("_", " ")) for each in Kind),
        "people": people,
        "leads": {
            key: tuple(Choice(f"{key} {each.value}", each.label, each.hint) for each in found)
            for key, found in people.items()
        },
    }


def _named(entries: Mapping[str, CharterEntry]) -> tuple[Choice, ...]:
    return tuple(Choice(key, name_of(entry)) for key, entry in entries.items())


def _people(charter: Charter, organisation: str) -> Iterable[Choice]:
    for person in sorted(charter.person.values(), key=lambda each: by_letter(each.name)):
        if person.roles_in(organisation):
            yield Choice(person.email, person.name, person.email)
