"""Refusals: what the product will not do, each named for the fact, each with a sentence a person can read."""

from collections.abc import Iterable
from dataclasses import dataclass


class Refused(Exception):
    """Something asked for that will not be done. `str(refusal)` is shown to people as it stands."""


class MoveNotAllowed(Refused):
    """The issue is not in a state from which this step can be taken (409)."""


class MayNot(Refused):
    """The person sees this but may not do it (403)."""


class NotThere(Refused):
    """There is no such thing, or none that this person may see: the two are never told apart (404)."""


class NoPartnership(NotThere):
    """No partnership has this key, or none that this person belongs to."""

    def __init__(self, key: str) -> None:
        super().__init__(f"There is no partnership {key}.")


class Stale(Refused):
    """Somebody moved the issue since the form was drawn (409). Nothing of the form was done.

    `changes`: what happened since, a sentence each.
    """

    def __init__(self, *changes: str) -> None:
        super().__init__(f"Somebody was quicker: {'; '.join(changes)}.")
        self.changes = changes


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field of a form or file: its name as sent, and the reason as a sentence."""

    field: str
    reason: str


class WrongInput(Refused):
    """A form or call with wrong fields (422)."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__(" ".join(error.reason for error in errors))
        self.errors = errors


def required(field: str, text: str, reason: str) -> str:
    """The text without the blanks around it. Refuses with `WrongInput` where that leaves nothing."""
    if not text.strip():
        raise WrongInput(FieldError(field, reason))
    return text.strip()


class WrongFile(Refused):
    """A file that cannot be taken in: one sentence per place, each saying where, what was found, what is allowed.
    `plain`: the same for who changes on a page what a file could say, by names and without the file's words."""

    def __init__(self, *places: str, plain: Iterable[str] = ()) -> None:
        super().__init__("\n".join(places))
        self.places = places
        self.plain = " ".join(plain) or str(self)


class DoneAlready(Refused):
    """The same form was sent twice (a double click): what the first did stands; `ref` is the issue it did it to."""

    def __init__(self, ref: str) -> None:
        super().__init__(f"This was done already: see {ref}.")
        self.ref = ref
