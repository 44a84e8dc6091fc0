"""Draws the form by which a body's member records a decision: whom and what there is to choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.pages.decision_views import DecideView, OwnersChoice
from tracker.pages.frames import side_class
from tracker.pages.part_views import Choice, FormState
from tracker.queries.decisions import DecisionRow
from tracker.queries.issue_lines import IssueRow
from tracker.queries.people import members
from tracker.rules.arrangement import Arrangement, Body, Organisation
from tracker.rules.deciding import deciding_sides
from tracker.rules.rings import Membership


@dataclass(frozen=True, slots=True)
class Asked:
    """The form as somebody asked for it, or sent it: what is typed, and what is ticked by field."""

    arrangement: Arrangement
    body: Body
    now: datetime
    form: FormState
    chosen: Mapping[str, tuple[str, ...]]


def draw_form(
    asked: Asked, places: tuple[Membership, ...], issues: Iterable[IssueRow], standing: Iterable[DecisionRow], *,
    today: date, once: str,
) -> DecideView:  # fmt: skip
    """`places`: for whom the reader may decide here; `issues`: that wait here; `standing`: decisions of the body."""
    arrangement, body = asked.arrangement, asked.body
    names = {each.key: each.name for each in arrangement.organisations.values()}
    return DecideView(
        key=arrangement.key, body_key=body.key, body=body.name, partnership=arrangement.name, today=today, once=once,
        form=asked.form, owners=tuple(_owners(each, asked) for each in deciding_sides(body, arrangement)),
        themes=tuple(Choice(each.key, each.name) for each in arrangement.themes.values() if not each.retired),
        clauses=tuple(Choice(each.key, f"{each.key} {each.title}") for each in arrangement.clauses if not each.retired),
        issues=tuple(Choice(each.ref, f"{each.ref} {each.title}") for each in issues),
        replaceable=tuple(Choice(str(each.number), f"{each.number}: {each.what}") for each in standing),
        speaking_for=tuple(Choice(each.organisation_key, names[each.organisation_key]) for each in places),
        chosen=asked.chosen,
    )  # fmt: skip


def _owners(side: Organisation, asked: Asked) -> OwnersChoice:
    """Those seated on the body first, then everybody else by name."""
    seated = {seat.person_id for seat in asked.body.seats}
    people = sorted(members(asked.arrangement, side.key), key=lambda each: (each.id not in seated, each.name))
    choices = tuple(Choice(f"{side.key} {each.id}", each.name) for each in people if not each.retired)
    return OwnersChoice(side.key, side.name, side_class(side.position), choices)
