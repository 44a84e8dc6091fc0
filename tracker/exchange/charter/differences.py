"""What differs between two entries of a charter, field by field: in words, and by the names of what they refer to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.exchange.charter.report_shape import ReportNumbers
from tracker.exchange.charter.shapes import CharterEntry
from tracker.rules.agreement import TOPICS
from tracker.rules.meetings import meeting_words, read_meetings
from tracker.rules.opening_hours import week_words
from tracker.rules.rings import ROLE_WORDS, Role
from tracker.rules.rings.doors import DEMAND_WORDS, Demand
from tracker.rules.routing import CONDITIONS
from tracker.rules.wording import say_day

Names = Mapping[tuple[str, str], str]  # by table and key

_THERE = "(there)"  # stands for an entry in a list, beside what the entry says
_REFERS = {
    "answers": "organisation", "body": "body", "deputy": "person", "group": "group", "ladder": "ladder",
    "leads": "person", "organisation": "organisation", "person": "person", "service_area": "service_area",
    "start": "body", "with": "organisation",
}  # fmt: skip
_WORDS = {
    "acknowledge": "to acknowledge within",
    "answers": "who answers",
    "agree_silence": "silence counts as agreement after",
    "calendar": "",  # what it says stands by itself
    "closed": "closed as well on",
    "holidays": "closed on the public holidays of",
    "keep_in_loop": "a quiet side is asked after",
    "open": "open as well on",
    "or_at_most": "at most, without a meeting",
    "organisations": "as one of",
    "paper": "a two-sided paper",
    "pause_cap": "a pause lasts at most",
    "reopens_to_escalate": "goes one tier higher when reopened for the … time",
    "require": "asks for",
    "seats": "seat of",
    "sign_in": "signing in",
    "skip": "a tier can be skipped without a reason by",
    "start": "starts at",
    "text": "what was promised",
    "tiers": "tier",
    "weekly": "open",
    "whole_body": "the whole body reads it",
    "zone": "time zone",
    **{name: field.title or name for name, field in ReportNumbers.model_fields.items()},
}
# What is meant by nothing, by how the path begins.
_LEFT_OUT = {
    "signing in, asks for": "a link alone",
    "who answers": "whoever the issue is with", "starts at": "the first tier", "leads, ": "the first seat that holds",
    "meets": "when called",
}  # fmt: skip


def entry_difference(before: CharterEntry, after: CharterEntry, names: Names) -> tuple[str, ...]:
    """Field by field what differs between two entries of a table, as “name: Old → New”; what comes into a list or goes
    from it is told as one."""
    old, new = (_told(each, names) for each in (before, after))
    paths = [path for path in dict.fromkeys((*old, *new)) if old.get(path) != new.get(path)]
    in_lists = tuple(f"{path}, " for path in paths if _THERE in {old.get(path), new.get(path)})
    told = (
        _listed(path, new) if f"{path}, " in in_lists else _became(path, old.get(path), new.get(path))
        for path in paths
        if not path.startswith(in_lists)
    )
    return tuple(told) or ("put in another order",)


def entry_said(entry: CharterEntry, names: Names) -> tuple[str, ...]:
    """Field by field what an entry says, as “name: Value”. That something stands in a list is told by what it says."""
    told = _told(entry, names)
    says_more = {path for path in told if any(each.startswith(f"{path}, ") for each in told)}
    return tuple(
        f"{path}: {'yes' if text == _THERE else text}"
        for path, text in told.items()
        if text != _THERE or path not in says_more
    )


def _told(entry: CharterEntry, names: Names) -> dict[str, str]:
    return dict(_Telling(names).flat(_dumped(entry)))


@dataclass(frozen=True)
class _Telling:
    """An entry as pairs of a path and what stands there, in words."""

    names: Names

    def flat(self, value: Mapping[str, Any], path: str = "", refers: str = "") -> Iterator[tuple[str, str]]:
        """`refers`: by which the values of this table are told, whose keys are organisations."""
        for name, each in value.items():
            word = self._name("organisation", name) if refers else _WORDS.get(name, name.replace("_", " "))
            word = f"when {CONDITIONS[name]}" if path == "when" else f"{path}, {word}" if path else word
            yield from self._value(each, word, refers or name)

    def _value(self, value: Any, path: str, field: str) -> Iterator[tuple[str, str]]:
        if field == "weekly":
            yield path, "; ".join(" ".join(each) for each in week_words(value)) or "never"
        elif isinstance(value, dict):
            yield from self.flat(value, path, field if field == "leads" else "")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from self._entries(value, path, field)
        else:
            yield path, self._text(value, field)

    def _entries(self, entries: list[dict[str, Any]], path: str, field: str) -> Iterator[tuple[str, str]]:
        """Each by what it is of: a person, a body, an organisation, a day. What is of the same as one before it says
        which of them it is."""
        told: list[str] = []
        for number, each in enumerate(entries, start=1):
            of = next((name for name in ("person", "body", "day", "key") if each.get(name)), "name")
            place = self._name("organisation" if of == "key" else of, str(each.get(of) or number))
            told.append(place)
            place += f" (no. {told.count(place)} of them)" if told.count(place) > 1 else ""
            yield f"{path} {place}", _THERE
            yield from self.flat({name: said for name, said in each.items() if name != of}, f"{path} {place}")

    def _text(self, value: Any, field: str) -> str:
        if isinstance(value, list):
            return ", ".join(self._text(each, field) for each in value) or "nothing"
        if isinstance(value, bool):
            return "yes" if value else "no"
        if field == "meets":
            return _meets_text(value)
        if field == "topic":
            return TOPICS.get(str(value), str(value))
        if field == "require":
            return DEMAND_WORDS[Demand(value)]
        if field == "roles":
            return ROLE_WORDS[Role(value)]
        return self._name(_REFERS.get(field, ""), str(value))

    def _name(self, table: str, key: str) -> str:
        return self.names.get((table, key), key)


def _dumped(entry: CharterEntry) -> dict[str, Any]:
    """What goes without saying is left out, but for lengths and numbers: these are told as what they were."""
    usual = {name: field.default for name, field in type(entry).model_fields.items()}
    said = entry.model_dump(mode="json", by_alias=True, exclude={"key", "email"}, exclude_defaults=True)
    return {name: each for name, each in usual.items() if each and type(each) in (str, int, float)} | said


def _listed(path: str, new: Mapping[str, str]) -> str:
    """What becomes of something in a list, with what it says where it is added."""
    if path not in new:
        return f"{path}: removed"
    below = f"{path}, "
    says = [f"{each.removeprefix(below)}: {text}" for each, text in new.items() if each.startswith(below)]
    return f"{path}: {', '.join(['added', *says])}"


def _became(path: str, old: str | None, new: str | None) -> str:
    left_out = next((words for begins, words in _LEFT_OUT.items() if path.startswith(begins)), "nothing")
    opposite = {"yes": "no", "no": "yes"}
    return f"{path}: {old or opposite.get(new or '', left_out)} → {new or opposite.get(old or '', left_out)}"


def _meets_text(recurrence: str) -> str:
    """As no other one is told: with its first meeting, or as it is written, too, where words leave something out."""
    found, words = read_meetings(recurrence), meeting_words(recurrence)
    if found:
        return f"{words}, from {say_day(found.first_on)} {found.first_on.year}"
    return words if recurrence in words else f"{words} ({recurrence})"
