"""What a lead types about a clause, a service area or a route, and the entry of the charter that it makes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import StringConstraints

from tracker.exchange.charter.shapes import ClauseShape, RouteShape, ServiceAreaShape, WhenShape
from tracker.exchange.charter.shapes import Shape as Entry
from tracker.exchange.charter.values import Key, Line, Text, Topic
from tracker.pages.forms import Form, Shape

_KEY = "Give up to 40 letters, digits, full stops, hyphens or underscores, without spaces."
_CONDITIONS = ("service_area", "severity", "organisation", "with", "topic", "kind")

Words = Annotated[str, StringConstraints(max_length=2000)]


class ClauseForm(Shape):
    """A clause; its number is its key."""

    sentences = {"key.value_error": _KEY, "topic": "Choose a topic of the agreement."}
    key: Key
    topic: Topic
    title: Line
    text: Text = ""

    def entry(self) -> ClauseShape:
        return ClauseShape(**self.model_dump())


class ServiceAreaForm(Shape):
    """A service area; without a key it gets one from its name."""

    sentences = {"key.value_error": _KEY}
    key: Key | None = None
    name: Line
    answers: str | None = None
    leads: list[str] = []

    def entry(self) -> ServiceAreaShape:
        key = self.key or _key_from(self.name)
        return ServiceAreaShape(key=key, name=self.name, answers=self.answers, leads=_leads(self.leads))


class RouteForm(Shape):
    """A route; each condition is a list of which one value must hold."""

    sentences = {"key.value_error": _KEY, "ladder": "Choose a ladder."}
    key: Key
    ladder: str
    start: str | None = None
    answers: str | None = None
    leads: list[str] = []
    service_area: list[str] = []
    severity: list[str] = []
    organisation: list[str] = []
    with_: list[str] = []
    topic: list[str] = []
    kind: list[str] = []
    words: Words = ""

    def entry(self) -> RouteShape:
        when = {name: getattr(self, "with_" if name == "with" else name) for name in _CONDITIONS}
        words = [each.strip() for each in re.split(r"[,\n]", self.words) if each.strip()]
        return RouteShape(
            key=self.key,
            when=WhenShape.model_validate({**when, "words": words}),
            ladder=self.ladder,
            start=self.start,
            answers=self.answers,
            leads=_leads(self.leads),
        )


@dataclass(frozen=True, slots=True)
class EntryKind:
    """A kind of entry that leads edit: its address, its table in the charter, its form and how an entry fills that."""

    path: str
    table: str
    noun: str
    shape: type[ClauseForm] | type[ServiceAreaForm] | type[RouteForm]
    typed: Callable[[Any], Mapping[str, str]]
    several: tuple[str, ...] = ()

    def chosen(self, form: Form) -> dict[str, Sequence[str]]:
        """What was ticked or chosen where several values can be, by field."""
        return {name: [str(each) for each in form.getall(name, [])] for name in self.several}

    def chosen_in(self, entry: Entry | None) -> dict[str, Sequence[str]]:
        """The same for an entry as it is; None: nothing yet."""
        leads = [f"{key} {person}" for key, person in getattr(entry, "leads", {}).items()]
        when = entry.when.kept() if isinstance(entry, RouteShape) else {}
        named = {"with_" if name == "with" else name: values for name, values in when.items()}
        return {name: leads if name == "leads" else named.get(name, []) for name in self.several}


def _typed_clause(clause: ClauseShape) -> dict[str, str]:
    return {"key": clause.key, "topic": clause.topic, "title": clause.title, "text": clause.text}


def _typed_area(area: ServiceAreaShape) -> dict[str, str]:
    return {"key": area.key, "name": area.name, "answers": area.answers or ""}


def _typed_route(route: RouteShape) -> dict[str, str]:
    said = {"key": route.key, "ladder": route.ladder, "start": route.start or "", "answers": route.answers or ""}
    return {**said, "words": ", ".join(route.when.words)}


def _leads(chosen: Sequence[str]) -> dict[str, str]:
    """From choices like “acute sam@acute.example”."""
    return dict(each.split(" ", 1) for each in chosen if " " in each)


def _key_from(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "area"


_WHEN = ("service_area", "severity", "organisation", "with_", "topic", "kind")
KINDS = {
    each.path: each
    for each in (
        EntryKind("clauses", "clause", "clause", ClauseForm, _typed_clause),
        EntryKind("service-areas", "service_area", "service area", ServiceAreaForm, _typed_area, ("leads",)),
        EntryKind("routes", "route", "route", RouteForm, _typed_route, ("leads", *_WHEN)),
    )
}
