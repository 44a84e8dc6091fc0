"""Draws decisions for one reader: a line in a list, the list, one decision with whether it helped."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.measures.effect import EffectVerdict, FollowThrough
from tracker.pages.web.parts import Link
from tracker.queries.decisions import PAGE, DecisionRow, Owner
from tracker.records.decision import Decision
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement
from tracker.rules.deciding import SubjectKind
from tracker.rules.wording import listed, say_count


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision in a list, by the day of the partnership it belongs to."""

    row: DecisionRow
    arrangement: Arrangement
    today: date

    @property
    def body(self) -> str:
        return next((each.name for each in self.arrangement.bodies.values() if each.id == self.row.body_id), "")

    @property
    def is_late(self) -> bool:
        return self.row.is_past_due(self.today)

    @property
    def standing(self) -> str:
        """“due Fri 29 May”, “past due since ...”, “done on ...”."""
        return self.row.standing(self.today)


TONES = {EffectVerdict.LESS: "down", EffectVerdict.MORE: "up"}


def draw_decisions(
    arrangement: Arrangement, today: date, standing: Iterable[DecisionRow], ended: Sequence[DecisionRow]
) -> dict[str, Any]:
    """The list: what is past due, what is open, what is over. `ended`: one more than a page where there are more."""
    lines = [DecisionLine(row, arrangement, today) for row in standing]
    shown = ended[:PAGE]
    return {
        "past_due": [line for line in lines if line.is_late],
        "open": [line for line in lines if not line.is_late],
        "ended": [DecisionLine(row, arrangement, today) for row in shown],
        "more": addresses.decisions(arrangement.key, before=str(shown[-1].number)) if len(ended) > PAGE else "",
    }


def draw_decision(decision: Decision, arrangement: Arrangement, today: date) -> dict[str, Any]:
    """What its template takes of one decision itself. `readers`: by organisation and body, in words."""
    row = _row_of(decision)
    body = next(each for each in arrangement.bodies.values() if each.id == decision.body_id)
    sides = listed(arrangement.organisations[each.organisation_id].name for each in row.owners)
    return {
        "decision": DecisionLine(row, arrangement, today),
        "detail": decision.detail,
        "body_href": addresses.body(arrangement.key, body.key),
        "themes": [theme_link(key, arrangement) for key in _keys(decision, SubjectKind.THEME)],
        "clauses": [clause_link(key, arrangement) for key in _keys(decision, SubjectKind.CLAUSE)],
        "readers": f"the people of {sides}, and the members of {body.name}",
    }


def theme_link(key: str, arrangement: Arrangement) -> Link:
    theme = arrangement.themes.get(key)
    return Link(theme.name if theme else key, addresses.issues({"partnership": arrangement.key, "theme": key}))


def clause_link(key: str, arrangement: Arrangement) -> Link:
    clause = arrangement.clause(key)
    return Link(f"{key} {clause.title}" if clause else key, addresses.arrangements(arrangement.key, "clauses"))


def figures_in_words(through: FollowThrough) -> str:
    """“1 of 6 is past due. 3 done, half of them within 21 days.” as sentences."""
    if not through.decisions:
        return ""
    late = f"{through.past_due} of {through.decisions} {'is' if through.past_due == 1 else 'are'} past due."
    if through.median_days is None:
        return f"{late} None is done yet."
    days = say_count(round(through.median_days), "day")
    one = through.done == 1
    took = f"1 done, {days} after it was decided" if one else f"{through.done} done, half of them within {days}"
    return f"{late} {took}."


def _row_of(decision: Decision) -> DecisionRow:
    """A loaded decision as the row of a list."""
    sides = sorted(decision.sides, key=lambda side: side.position)
    owners = tuple(Owner(side.organisation_id, side.owner_id, side.owner_name) for side in sides)
    columns = (getattr(decision, name) for name in DecisionRow._fields if name != "owners")
    return DecisionRow._make((*columns, owners))


def _keys(decision: Decision, kind: SubjectKind) -> list[str]:
    return sorted(each.key for each in decision.subjects if each.kind is kind)
