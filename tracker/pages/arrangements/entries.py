"""What leads keep entry by entry: clauses, areas, routes, themes and groups; what touches others their leads agree."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal, Self

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from pydantic import StringConstraints, ValidationError

from tracker.exchange.charter.charter import Charter, key_of
from tracker.exchange.charter.fields import Key, Line, Text, Topic
from tracker.exchange.charter.revisions import Change, fingerprint, with_entry, with_route_moved, without
from tracker.exchange.charter.shapes import (
    CharterEntry,
    ClauseShape,
    GroupShape,
    RouteShape,
    ServiceAreaShape,
    ThemeShape,
    WhenShape,
)
from tracker.pages.arrangements.choices import choices_of
from tracker.pages.arrangements.door import ArrangementRequest, version_in
from tracker.pages.web.choosing import with_chosen
from tracker.pages.web.forms import Form, Shape, read
from tracker.pages.web.parts import FormState
from tracker.queries.theme_suggestions import SuggestionHits, suggestion_hits
from tracker.rules.refusals import NotThere
from tracker.rules.routing import CONDITIONS

_KEY = "Give up to 40 letters, digits, full stops, hyphens or underscores, without spaces."
_WHEN = ("service_area", "severity", "organisation", "with_", "topic", "kind")

Words = Annotated[str, StringConstraints(max_length=2000)]

Chosen = Mapping[str, Sequence[str]]  # what is ticked, by field


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
        when = {name: getattr(self, name) for name in _WHEN}
        words = [each.strip() for each in re.split(r"[,\n]", self.words) if each.strip()]
        said = self.model_dump(include={"key", "ladder", "start", "answers"})
        return RouteShape(**said, when=WhenShape.model_validate({**when, "words": words}), leads=_leads(self.leads))


class ThemeEntry(Shape):
    """A theme; without a key it gets one from its name."""

    sentences = {"key.value_error": _KEY, "topic": "Choose a topic of the agreement.", "group": "Choose a group."}
    key: Key | None = None
    name: Line
    group: Key
    topic: Topic
    means: Text = ""
    phrases: Words = ""
    ring: Literal["tier"] | None = None

    def entry(self) -> ThemeShape:
        phrases = [each.strip() for each in re.split(r"[,\n]", self.phrases) if each.strip()]
        said = {**self.model_dump(), "key": self.key or _key_from(self.name), "phrases": phrases}
        return ThemeShape.model_validate(said)


class GroupEntry(Shape):
    """A group of themes; without a key it gets one from its name."""

    sentences = {"key.value_error": _KEY}
    key: Key | None = None
    name: Line

    def entry(self) -> GroupShape:
        return GroupShape(key=self.key or _key_from(self.name), name=self.name)


@dataclass(frozen=True, slots=True)
class EntryKind:
    """A kind of entry that leads edit: its address, its table in the charter, its form, and what in it is several."""

    path: str
    table: str
    noun: str
    shape: type[ClauseForm] | type[ServiceAreaForm] | type[RouteForm] | type[ThemeEntry] | type[GroupEntry]
    several: tuple[str, ...] = ()

    def typed(self, entry: CharterEntry) -> dict[str, str]:
        """What stands in the form for an entry as it is."""
        texts = {name: getattr(entry, name, "") or "" for name in self.shape.model_fields if name not in self.several}
        if isinstance(entry, ThemeShape):
            return texts | {"phrases": ", ".join(entry.phrases), "ring": "tier" if entry.ring else ""}
        return texts | ({"words": ", ".join(entry.when.words)} if isinstance(entry, RouteShape) else {})

    def chosen(self, form: Form) -> Chosen:
        """What was ticked or chosen where several values can be, by field."""
        return {name: [str(each) for each in form.getall(name, [])] for name in self.several}

    def chosen_in(self, entry: CharterEntry | None) -> Chosen:
        """The same for an entry as it is; None: nothing yet."""
        leads = [f"{key} {person}" for key, person in getattr(entry, "leads", {}).items()]
        when = getattr(entry, "when", None)
        return {name: leads if name == "leads" else getattr(when, name, ()) for name in self.several}


def _leads(chosen: Sequence[str]) -> dict[str, str]:
    """From choices like “acute sam@acute.example”."""
    return dict(each.split(" ", 1) for each in chosen if " " in each)


def _key_from(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "area"


KINDS = {
    each.path: each
    for each in (
        EntryKind("clauses", "clause", "clause", ClauseForm),
        EntryKind("service-areas", "service_area", "service area", ServiceAreaForm, ("leads",)),
        EntryKind("routes", "route", "route", RouteForm, ("leads", *_WHEN)),
        EntryKind("themes", "theme", "theme", ThemeEntry),
        EntryKind("groups", "group", "group", GroupEntry),
    )
}


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """A request for a kind of entry; `charter`: as it is now."""

    asked: ArrangementRequest
    kind: EntryKind
    charter: Charter

    @classmethod
    def of(cls, asked: ArrangementRequest, path: str) -> Self:
        """Refuses: NotThere."""
        if path not in KINDS:
            raise NotThere(f"There are no {path} here.")
        now, charter = asked.anew()
        return cls(now, KINDS[path], charter)

    @property
    def address(self) -> str:
        return self.asked.address(self.kind.path)

    def entry(self, key: str) -> CharterEntry:
        """Refuses: NotThere."""
        found = self.charter.table(self.kind.table).get(key)
        if found is None:
            raise NotThere(f"There is no {self.kind.noun} {key}.")
        return found

    def read(self, form: Form, key: str | None = None) -> tuple[Form, CharterEntry | None, FormState]:
        """The form with who is named in it by their addresses, and what it says: nothing where one is not clear."""
        form, unclear = with_chosen(form, "leads", choices_of(self.charter)["leads"])
        entry, state = _read(self.kind, form, key)
        return (form, None, replace(state, problem=unclear, open=True)) if unclear else (form, entry, state)

    def keep(
        self, change: Change, key: str, form: Form, state: FormState, version: str | None = None
    ) -> tuple[int, FormState]:
        """`version`: where it is not the one that the form came with."""
        version, speaks = version_in(form) if version is None else version, self.asked.speaking(form)
        return self.asked.keep(change, self.kind.table, key, version, state, organisation=speaks)

    def sent(self, state: FormState) -> Response[bytes]:
        return self.asked.sent(state, self.kind.path)

    def draw_all(
        self, state: FormState | None = None, chosen: Chosen | None = None, *, status: int = 200
    ) -> Response[bytes]:
        """The list, with a form for one more."""
        template = f"{self.kind.table}_list"
        return self._draw(
            template, state or FormState(), chosen or self.kind.chosen_in(None), status, hits=self._hits()
        )

    def _hits(self) -> SuggestionHits | None:
        """For leads, how well themes were suggested."""
        if self.kind.table != "theme" or not self.asked.may_change():
            return None
        with self.asked.db.read() as session:
            return suggestion_hits(session, self.asked.agreed.id)

    def draw_one(
        self, key: str, state: FormState | None = None, chosen: Chosen | None = None, *, status: int = 200
    ) -> Response[bytes]:
        """The form of one of them."""
        entry, version = self.entry(key), fingerprint(self.charter, self.kind.table, key)
        state, chosen = state or FormState(values=self.kind.typed(entry)), chosen or self.kind.chosen_in(entry)
        return self._draw("entry", state, chosen, status, entry_key=key, version=version)

    def _draw(
        self,
        template: str,
        state: FormState,
        chosen: Chosen,
        status: int,
        *,
        entry_key: str = "",
        version: str = "",
        hits: SuggestionHits | None = None,
    ) -> Response[bytes]:
        table = self.kind.table
        return self.asked.draw(
            template,
            status=status,
            charter=self.charter,
            kind=self.kind,
            address=self.address,
            choices=choices_of(self.charter),
            words=CONDITIONS,
            versions={key: fingerprint(self.charter, table, key) for key in self.charter.table(table)},
            remarks=self.asked.remarks(self.charter, table),
            form=state,
            chosen=chosen,
            version=version,
            entry_key=entry_key,
            entry_name=self._name(entry_key),
            hits=hits,
        )

    def _name(self, key: str) -> str:
        """What the entry of a page is called; routes and clauses go by their key."""
        return getattr(self.charter.table(self.kind.table).get(key), "name", key)


@get("/arrangements/{key:str}/{entries:str}", sync_to_thread=True)
def show_entries(asked: NamedDependency[ArrangementRequest], entries: FromPath[str]) -> Response[bytes]:
    """All of a kind, with a form for one more where a lead asks."""
    return EntryRequest.of(asked, entries).draw_all()


@post("/arrangements/{key:str}/{entries:str}", sync_to_thread=True)
def add_entry(
    asked: NamedDependency[ArrangementRequest], form: NamedDependency[Form], entries: FromPath[str]
) -> Response[bytes]:
    """One more."""
    wanted = EntryRequest.of(asked, entries)
    asked.require_lead()
    kind, status = wanted.kind, 422
    form, entry, state = wanted.read(form)
    if entry and key_of(entry) in wanted.charter.table(kind.table):
        state = replace(state, errors={"key": f"There is a {kind.noun} {key_of(entry)} already."})
    elif entry:
        status, state = wanted.keep(with_entry(kind.table, entry), key_of(entry), form, state, "")
    if status == 303:
        return wanted.sent(state)
    return wanted.draw_all(replace(state, open=True), kind.chosen(form), status=status)


@get("/arrangements/{key:str}/{entries:str}/{entry_key:str}", sync_to_thread=True)
def show_entry(
    asked: NamedDependency[ArrangementRequest], entries: FromPath[str], entry_key: FromPath[str]
) -> Response[bytes]:
    """One of them, to be changed by a lead."""
    wanted = EntryRequest.of(asked, entries)
    wanted.entry(entry_key)
    asked.require_lead()
    return wanted.draw_one(entry_key)


@post("/arrangements/{key:str}/{entries:str}/{entry_key:str}", sync_to_thread=True)
def change_entry(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    entries: FromPath[str],
    entry_key: FromPath[str],
) -> Response[bytes]:
    """One of them, changed. Its key stays: issues and history refer to it."""
    wanted = EntryRequest.of(asked, entries)
    wanted.entry(entry_key)
    asked.require_lead()
    kind, status = wanted.kind, 422
    form, entry, state = wanted.read(form, key=entry_key)
    if entry:
        status, state = wanted.keep(with_entry(kind.table, entry), entry_key, form, state)
    if status == 303:
        return wanted.sent(state)
    return EntryRequest.of(asked, entries).draw_one(entry_key, state, kind.chosen(form), status=status)


@post("/arrangements/{key:str}/{entries:str}/{entry_key:str}/retirement", sync_to_thread=True)
def retire_entry(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    entries: FromPath[str],
    entry_key: FromPath[str],
) -> Response[bytes]:
    """One of them, retired: no longer chosen, still read where issues refer to it."""
    wanted = EntryRequest.of(asked, entries)
    entry, kind = wanted.entry(entry_key), wanted.kind
    state = FormState(values=kind.typed(entry))
    status, state = wanted.keep(without(kind.table, entry_key), entry_key, form, state)
    if status == 303:
        return wanted.sent(state)
    return EntryRequest.of(asked, entries).draw_one(entry_key, state, kind.chosen_in(entry), status=status)


@post("/arrangements/{key:str}/{entries:str}/{entry_key:str}/order", sync_to_thread=True)
def move_route(
    asked: NamedDependency[ArrangementRequest],
    form: NamedDependency[Form],
    entries: FromPath[str],
    entry_key: FromPath[str],
) -> Response[bytes]:
    """A route tried one place earlier or later: the first that matches wins."""
    wanted = EntryRequest.of(asked, entries)
    wanted.entry(entry_key)
    if wanted.kind.table != "route":
        raise NotThere("Only routes have an order.")
    change = with_route_moved(entry_key, up=form.get("move") == "up")
    status, state = wanted.keep(change, entry_key, form, FormState())
    if status == 303:
        return wanted.sent(state)
    return EntryRequest.of(asked, entries).draw_all(state, status=status)


def _read(kind: EntryKind, form: Form, key: str | None = None) -> tuple[CharterEntry | None, FormState]:
    """The entry that was typed; on the page of one its key is not a field but known. What no form offers makes none."""
    if key is not None:
        form = Form([*((name, value) for name, value in form.multi_items() if name != "key"), ("key", key)])
    typed, state = read(kind.shape, form)
    try:
        return (typed.entry() if typed else None), state
    except ValidationError:
        return None, replace(state, problem="Something here is not one of the choices: choose again.", open=True)


routes = [show_entries, add_entry, show_entry, change_entry, retire_entry, move_route]
