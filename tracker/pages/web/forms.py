"""Read a form into its shape; what is wrong with it in plain words, and what was typed, kept."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar, get_origin

from litestar.datastructures import FormMultiDict, UploadFile
from litestar.di import NamedDependency
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    field_validator,
)
from pydantic_core import ErrorDetails

from tracker.actions.begin_step import StepRequest
from tracker.pages.web.csrf import FIELD
from tracker.pages.web.drafts import DRAFT
from tracker.pages.web.parts import FormState
from tracker.queries.visitors import Visitor
from tracker.records.columns import HIGHEST
from tracker.rules.arrangement import Absence
from tracker.rules.refusals import FieldError, Refused, WrongInput
from tracker.rules.reporting import minutes_in
from tracker.rules.spans import YEARS, YEARS_TEXT

Form: TypeAlias = FormMultiDict
TheForm: TypeAlias = NamedDependency[Form]  # what the application gives a handler as `form`
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=10_000)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Hours = Annotated[int, BeforeValidator(minutes_in)]  # as minutes
Shaped = TypeVar("Shaped", bound=BaseModel)

UNSENT = "unsent"  # the form shall only be drawn again as it is filled in
# Carried by the form, not typed by anybody.
OURS = {FIELD, "once", "version", "entries", "answer", "seed", DRAFT, UNSENT}
_SEVERAL = {list, tuple, set, frozenset}
_DATE = "Give a date, as in 2026-05-07."
_NUMBER = "Give a number."
_WHOLE_NUMBER = "Give a whole number."
_SMALLER = "Give a smaller number."
_YES_OR_NO = "Say yes or no."
_NOT_ALLOWED = "This is not one of the choices."

# By the type of pydantic's error (https://docs.pydantic.dev/latest/errors/validation_errors/); braces are its context.
SENTENCES = {
    "missing": "Fill this in.",
    "string_too_short": "Fill this in with at least {min_length} characters.",
    "string_too_long": "Keep this to {max_length} characters.",
    "string_pattern_mismatch": "This does not look right.",
    "too_short": "Choose at least {min_length}.",
    "too_long": "Choose at most {max_length}.",
    "enum": _NOT_ALLOWED,
    "literal_error": _NOT_ALLOWED,
    "bool_parsing": _YES_OR_NO,
    "bool_type": _YES_OR_NO,
    "int_parsing": _WHOLE_NUMBER,
    "int_from_float": _WHOLE_NUMBER,
    "int_parsing_size": _WHOLE_NUMBER,
    "float_parsing": _NUMBER,
    "decimal_parsing": _NUMBER,
    "greater_than": "Give a number above {gt}.",
    "greater_than_equal": "Give {ge} or more.",
    "less_than": "Give a number below {lt}.",
    "less_than_equal": "Give {le} or less.",
    "date_parsing": _DATE,
    "date_from_datetime_parsing": _DATE,
    "date_from_datetime_inexact": _DATE,
    "date_past": "Give a day in the past.",
    "date_future": "Give a day in the future.",
    "datetime_parsing": "Give a day and a time, as in 2026-05-07 16:30.",
    "datetime_from_date_parsing": "Give a day and a time, as in 2026-05-07 16:30.",
    "time_parsing": "Give a time, as in 16:30.",
    "value_error": "{error}",
    "assertion_error": "{error}",
}


def fitting(most: int) -> AfterValidator:
    """Refuses a line that is too long, saying how long it is: nothing of what was pasted is cut off unseen."""

    def fit(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"This has {len(text)} letters, and {most} fit. Move what is too much to the text below.")
        return text

    return AfterValidator(fit)


UNDELIVERABLE = "Give {allowed}."  # of the type that an address gives which no mail arrives at
_ELSE = "This cannot be read."
NOT_SENT = "This is not sent yet. Look at it, then send it."
_DIGITS = 18


class Shape(BaseModel):
    """A form's fields. `sentences` says in this form's own words what is wrong: by field, or by `field.type`.
    `emptied`: texts that can be sent empty, which takes away what stood there; one that is not sent leaves it."""

    model_config = ConfigDict(frozen=True, str_strip_whitespace=True)
    sentences: ClassVar[Mapping[str, str]] = {}
    emptied: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*")
    @classmethod
    def _in_reach(cls, value: Any) -> Any:
        """Refuses days and numbers so far off that no calendar and no column here reaches them."""
        if isinstance(value, date) and value.year not in YEARS:
            raise ValueError(f"Give a day in {YEARS_TEXT}.")
        if isinstance(value, int) and abs(value) > HIGHEST:
            raise ValueError(_SMALLER)
        return value


def read(shape: type[Shaped], form: Form) -> tuple[Shaped | None, FormState]:
    """The form in its shape, or None, and its state with a sentence for each wrong field.

    What was left empty counts as not sent: the shape's default holds, or the field is missing. None also of a form that
    shall only be drawn again (UNSENT).
    """
    if form.get(UNSENT):
        return None, FormState(values=typed(form), problem=NOT_SENT, open=True)
    try:
        return shape.model_validate(_given(shape, form)), FormState(values=typed(form))
    except ValidationError as wrong:
        reasons = {_field(each): _reason(shape, each) for each in reversed(wrong.errors())}
        in_order = {name: reasons[name] for name in shape.model_fields if name in reasons}
        return None, FormState(values=typed(form), errors={**in_order, **reasons}, open=True)


def read_sound(shape: type[Shaped], form: Form, wrong: Collection[str]) -> Shaped:
    """What can be read of a form whose `wrong` fields cannot: those are as if nothing had been sent, and each needs a
    default in the shape."""
    return shape.model_validate({name: each for name, each in _given(shape, form).items() if name not in wrong})


def number_in(text: str) -> int | None:
    """The whole number that a field carries; None for anything else, and for more digits than a number has here."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def once_in(form: Form, place: str) -> str | None:
    """The random word of a form, for one thing at one place: what is sent from the same page to another is not taken
    for what has been done already."""
    word = str(form.get("once", ""))
    return f"{place} {word}" if word else None


def step_request(visitor: Visitor, now: datetime, form: Form, place: str, *, is_versioned: bool = True) -> StepRequest:
    """Who sends a form, when, for whom; and, unless it only adds, of which version it was drawn: 0, which is older than
    any, where it does not say."""
    version = number_in(str(form.get("version", ""))) or 0 if is_versioned else None
    speaking_for = str(form.get("speaking_for", "")).rpartition(":")[2] or None
    return StepRequest(visitor.viewer, now, speaking_for, version=version, once=once_in(form, place))


def typed(form: Form) -> dict[str, str]:
    """What somebody typed or chose, by field; the last one where a field was sent several times."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str) and name not in OURS}


def days_away(absence: Absence | None) -> dict[str, str]:
    """The days of an absence as they stand in a form."""
    days = {"away_from": absence.away_from, "away_until": absence.away_until} if absence else {}
    return {name: day.isoformat() for name, day in days.items() if day}


def refused(state: FormState, refusal: Refused) -> FormState:
    """The state of a form that could be read, and was refused for what it says."""
    if isinstance(refusal, WrongInput):
        return replace(state, errors=reasons_by_field(refusal.errors), open=True)
    return replace(state, problem=str(refusal), open=True)


def reasons_by_field(wrong: Iterable[FieldError]) -> dict[str, str]:
    """What is wrong with each field, every reason once."""
    reasons: dict[str, list[str]] = {}
    for each in wrong:
        if each.reason not in reasons.setdefault(each.field, []):
            reasons[each.field].append(each.reason)
    return {field: " ".join(said) for field, said in reasons.items()}


def _given(shape: type[BaseModel], form: Form) -> dict[str, Any]:
    given = {name: _values(form, name, several=_takes_several(shape, name)) for name in shape.model_fields}
    sent = {name: value for name, value in given.items() if value not in (None, "", [])}
    emptied: frozenset[str] = getattr(shape, "emptied", frozenset())
    return {name: "" for name in emptied if name in form} | sent


def _values(form: Form, name: str, *, several: bool) -> Any:
    sent = [each for each in form.getall(name, []) if _is_filled(each)]
    return sent if several else next(reversed(sent), None)


def _is_filled(value: object) -> bool:
    if isinstance(value, UploadFile):
        return bool(value.filename)
    return bool(str(value).strip())


def _takes_several(shape: type[BaseModel], name: str) -> bool:
    return get_origin(shape.model_fields[name].annotation) in _SEVERAL


def _field(error: ErrorDetails) -> str:
    return str(error["loc"][0]) if error["loc"] else ""


def _reason(shape: type[BaseModel], error: ErrorDetails) -> str:
    own: Mapping[str, str] = getattr(shape, "sentences", {})
    field = _field(error)
    said = own.get(f"{field}.{error['type']}") or own.get(field) or SENTENCES.get(error["type"], _ELSE)
    return said.format(**error.get("ctx", {})).replace("; allowed is ", "; give ")
