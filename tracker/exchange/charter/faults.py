"""What is wrong in a charter file, as sentences: the place, what was found, and what is allowed."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from tracker.exchange.charter.fields import WrongValue
from tracker.rules.wording import listed, say_count

_MOST_LISTED, _MOST_NAMED = 12, 3
_UNKNOWN = "extra_forbidden"
_KINDS = {
    "string_type": "a text in quotes",
    "string_too_short": "a text that is not empty",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "tuple_type": "a list in square brackets",
    "list_type": "a list in square brackets",
    "dict_type": "a table in curly brackets",
    "model_type": "a table in curly brackets",
    "date_type": "a date like 2026-12-24",
    "date_from_datetime_parsing": "a date like 2026-12-24",
    "date_parsing": "a date like 2026-12-24",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit: where in the file and what of it; and in plain words, for a page (a predicate, where
    several entries share it: `owner`, whose it is). `about`: what is wrong is one and the same for all that name it."""

    place: str
    said: str
    plain: str
    owner: str = ""
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place}: {self.said}"


def told_once(faults: Iterable[Fault]) -> Iterator[Fault]:
    """One for each mistake, however many places show it."""
    groups: dict[object, list[Fault]] = {}
    for at, each in enumerate(faults):
        groups.setdefault(each.about or at, []).append(each)
    return (_merged(group) for group in groups.values())


def _merged(faults: list[Fault]) -> Fault:
    first, others = faults[0], len({each.place for each in faults}) - 1
    owners = list(dict.fromkeys(each.owner for each in faults if each.owner))
    more = [f"{len(owners) - _MOST_NAMED} more"] if len(owners) > _MOST_NAMED else []
    named = listed([*owners[:_MOST_NAMED], *more])
    plain = f"{first.plain} {named}." if named else first.plain
    said = f"{first.said}; so in {say_count(others, 'more place')}" if others else first.said
    return Fault(first.place, said, plain)


def faults_of(place: str, shape: type[BaseModel], error: ValidationError) -> list[str]:
    """One sentence for each thing that pydantic found wrong with an entry. What is missing because it is misspelt is
    told as misspelt."""
    errors = error.errors()
    meant = {(*each["loc"][:-1], _nearest_at(shape, each["loc"])) for each in errors if each["type"] == _UNKNOWN}
    told = [each for each in errors if each["type"] != "missing" or each["loc"] not in meant]
    return [f"{_where(place, each['loc'])}: {sentence(shape, dict(each))}" for each in told]


def _nearest_at(shape: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    return nearest(str(loc[-1]), _fields_at(shape, loc[:-1]))


def sentence(shape: type[BaseModel], error: Mapping[str, Any]) -> str:
    """One of pydantic's errors in our words: what was found, and what is allowed."""
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == _UNKNOWN:
        return not_among(str(error["loc"][-1]), _fields_at(shape, error["loc"][:-1]), "")
    if kind == "value_error":
        return _own_sentence(context["error"], found)
    if kind == "enum":
        return f"{_found(found)}; allowed is {context['expected'].replace(chr(39), '')}"
    allowed = _KINDS[kind].format(**context) if kind in _KINDS else _said(error["msg"])
    return f"{_found(found)}; allowed is {allowed}"


def nearest(found: str, allowed: Collection[str]) -> str:
    """The name that may be meant; "" where none is near."""
    return next(iter(get_close_matches(found, allowed, n=1, cutoff=0.5)), "")


def not_among(found: str, allowed: Collection[str], what: str) -> str:
    """That a name is none of those allowed, and which of them is nearest."""
    near = nearest(found, allowed)
    hint = f" (did you mean “{near}”?)" if near else ""
    return f"found “{found}”{hint}; allowed {f'is {what}' if what else 'are'}{_list(allowed, what)}"


def _list(allowed: Collection[str], what: str) -> str:
    if not allowed:
        return ", of which there is none"
    return f"{':' if what else ''} {', '.join(allowed)}" if len(allowed) <= _MOST_LISTED else ""


def _where(place: str, loc: Iterable[int | str]) -> str:
    """“[[organisation]] acute, calendar, open 1, day”; positions count from 1, what pydantic adds is left out."""
    said = [str(part + 1) if isinstance(part, int) else part for part in loc if part not in {"[key]", "weekly"}]
    words: list[str] = []
    for part in said:
        if part.isdigit() and words:
            words[-1] += f" {part}"
        else:
            words.append(part)
    return ", ".join([place, *words])


def _own_sentence(error: Exception, found: Any) -> str:
    if isinstance(error, WrongValue):
        return str(error)
    return f"allowed is {error}" if isinstance(found, dict | BaseModel) else f"{_found(found)}; allowed is {error}"


def _found(found: Any) -> str:
    if isinstance(found, list | tuple):
        return f"found {listed(_found(each).removeprefix('found ') for each in found) or 'an empty list'}"
    return f"found “{found.value if isinstance(found, Enum) else found}”"


def _said(message: str) -> str:
    """Pydantic's own words, for what we did not think of."""
    return message[0].lower() + message[1:]


def _fields_at(shape: type[BaseModel], loc: Iterable[int | str]) -> list[str]:
    """The names that are allowed at a place inside a shape, as they are written in the file."""
    for part in loc:
        if not isinstance(part, int):
            shape = _inner(shape, part)
    return [field.alias or name for name, field in shape.model_fields.items() if name != "weekly"]


def _inner(shape: type[BaseModel], name: str) -> type[BaseModel]:
    field = next(each for key, each in shape.model_fields.items() if name in {key, each.alias})
    return model_in(field.annotation) or shape


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The shape inside `Shape`, `tuple[Shape, ...]` or `Shape | None`."""
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := model_in(each))), None)
