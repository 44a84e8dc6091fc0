"""One person of many: chosen from a list while it is short, else typed and read by what people are called."""

from collections.abc import Mapping, Sequence

from tracker.pages.web.forms import Form
from tracker.pages.web.parts import Choice
from tracker.queries.people import UnclearPerson, one_called


def chosen_person(typed: str, people: Sequence[Choice]) -> str:
    """The value of whom a field names: of a list it is one already. `people`: with their addresses as hints. Refuses:
    UnclearPerson."""
    if not typed or any(each.value == typed for each in people):
        return typed
    return one_called(typed, people, lambda each: (each.label, each.hint)).value


def with_chosen(form: Form, name: str, people: Mapping[str, Sequence[Choice]]) -> tuple[Form, str]:
    """A form whose fields `name.acute`, of each organisation, are values of its field `name`, and why one of them is
    not clear ("": all are); that one stands in it as it was typed."""
    why, values = "", []
    for side, choices in people.items():
        typed = str(form.get(f"{name}.{side}") or "").strip()
        try:
            values += [chosen_person(typed, choices)] if typed else []
        except UnclearPerson as unclear:
            why, values = str(unclear), [*values, f"{side} {typed}"]
    return Form([*form.multi_items(), *((name, each) for each in values)]) if values else form, why
