"""Forms: read into their shape, or given back with what was typed and what is wrong with it."""

import string
from datetime import date
from typing import Annotated

import pytest
from litestar.datastructures import FormMultiDict
from pydantic import Field, field_validator
from pydantic_core._pydantic_core import list_all_errors

from tracker.pages.web.forms import SENTENCES, Shape, read, refused
from tracker.pages.web.parts import FormState
from tracker.rules.lifecycle import Severity
from tracker.rules.refusals import FieldError, MoveNotAllowed, WrongInput


class Trouble(Shape):
    """A form with a field of each kind."""

    title: Annotated[str, Field(min_length=3, max_length=10)]
    severity: Severity = Severity.MINOR
    on: date | None = None
    count: Annotated[int, Field(ge=1, le=9)] = 1
    spoke: bool = False
    sides: list[str] = Field(default_factory=list)
    sentences = {"title.missing": "Say what happened.", "count": "Count from 1 to 9."}

    @field_validator("title")
    @classmethod
    def _not_shouted(cls, title: str) -> str:
        if title.isupper():
            raise ValueError("Please do not shout.")
        return title


def test_what_fits_becomes_the_shape() -> None:
    filled, state = _read(title=" Letters ", severity="serious", on="2026-05-07", spoke="yes", count="2")
    expected = {"title": "Letters", "severity": Severity.SERIOUS, "on": date(2026, 5, 7), "spoke": True, "count": 2}
    assert filled is not None
    assert filled.model_dump() == {**expected, "sides": []}
    assert state.errors == {}


def test_what_is_left_empty_counts_as_not_sent() -> None:
    filled, _ = _read(title="Letters", severity=" ", on="", count="")
    assert filled is not None
    assert (filled.severity, filled.on, filled.count) == (Severity.MINOR, None, 1)


def test_a_field_sent_several_times_is_taken_whole_where_it_may_be() -> None:
    form = FormMultiDict([("title", "Letters"), ("sides", "acute"), ("sides", "council"), ("sides", "")])
    filled, _ = read(Trouble, form)
    assert filled is not None
    assert filled.sides == ["acute", "council"]


@pytest.mark.parametrize(
    "field, typed, reason",
    [
        ("title", "", "Say what happened."),
        ("title", "No", "Fill this in with at least 3 characters."),
        ("title", "A long long title", "Keep this to 10 characters."),
        ("title", "LETTERS", "Please do not shout."),
        ("severity", "dreadful", "This is not one of the choices."),
        ("on", "yesterday", "Give a date, as in 2026-05-07."),
        ("count", "many", "Count from 1 to 9."),
        ("count", "10", "Count from 1 to 9."),
        ("spoke", "perhaps", "Say yes or no."),
    ],
)
def test_what_does_not_fit_has_a_sentence_and_is_kept(field: str, typed: str, reason: str) -> None:
    filled, state = _read(**{"title": "Letters", field: typed})
    assert filled is None
    assert state.errors == {field: reason}
    assert state.values[field] == typed


def test_reasons_stand_in_the_order_of_the_fields() -> None:
    _, state = _read(count="0", on="x")
    assert list(state.errors) == ["title", "on", "count"]


def test_what_the_form_carries_by_itself_is_not_among_what_was_typed() -> None:
    _, state = _read(title="Letters", csrf="secret", once="random", version="3")
    assert state.values == {"title": "Letters"}


def test_a_refusal_of_fields_stands_beside_them() -> None:
    state = refused(FormState(values={"title": "Letters"}), WrongInput(FieldError("title", "Somebody has that title.")))
    assert (state.errors, state.values) == ({"title": "Somebody has that title."}, {"title": "Letters"})


def test_two_refusals_of_one_field_are_both_said() -> None:
    wrong = WrongInput(
        FieldError("title", "It is long."), FieldError("on", "Late."), FieldError("title", "It is loud.")
    )
    assert refused(FormState(), wrong).errors == {"title": "It is long. It is loud.", "on": "Late."}


def test_another_refusal_stands_on_top_of_the_form() -> None:
    assert refused(FormState(), MoveNotAllowed("It is resolved.")).problem == "It is resolved."


def test_every_sentence_belongs_to_an_error_and_uses_only_what_the_error_tells() -> None:
    known: dict[str, set[str]] = {each["type"]: set(each["example_context"] or {}) for each in list_all_errors()}
    used = {
        kind: {name for _, name, _, _ in string.Formatter().parse(said) if name} for kind, said in SENTENCES.items()
    }
    assert {kind for kind, names in used.items() if not names <= known.get(kind, set())} == set()


def _read(**typed: str) -> tuple[Trouble | None, FormState]:
    return read(Trouble, FormMultiDict(list(typed.items())))
