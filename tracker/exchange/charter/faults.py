"""What is wrong in a charter file, as sentences: the place, what was found, and what is allowed."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from enum import Enum
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from tracker.exchange.charter.fields import WrongValue
from tracker.rules.wording import listed

_MOST_LISTED = 12
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


def faults_of(place: str, shape: type[BaseModel], error: ValidationError) -> list[str]:
    """One sentence for each thing that pydantic found wrong with an entry."""
    return [f"{_where(place, each['loc'])}: {sentence(shape, dict(each))}" for each in error.errors()]


def sentence(shape: type[BaseModel], error: Mapping[str, Any]) -> str:
    """One of pydantic's errors in our words: what was found, and what is allowed."""
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if kind == "extra_forbidden":
        return not_among(str(error["loc"][-1]), _fields_at(shape, error["loc"][:-1]), "")
    if kind == "value_error":
        return _own_sentence(context["error"], found)
    if kind == "enum":
        return f"{_found(found)}; allowed is {context['expected'].replace(chr(39), '')}"
    allowed = _KINDS[kind].format(**context) if kind in _KINDS else _said(error["msg"])
    return f"{_found(found)}; allowed is {allowed}"


def not_among(found: str, allowed: Collection[str], what: str) -> str:
    """That a name is none of those allowed, and which of them is nearest."""
    nearest = get_close_matches(found, allowed, n=1, cutoff=0.5)
    hint = f" (did you mean “{nearest[0]}”?)" if nearest else ""
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
    return _model_in(field.annotation) or shape


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The shape inside `Shape`, `tuple[Shape, ...]` or `Shape | None`."""
    if isinstance(annotation, type) and not get_args(annotation) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := _model_in(each))), None)
