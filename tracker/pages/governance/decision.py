"""Draws decisions for one reader: a line in a list, the list, one decision with whether it helped."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from tracker.measures.effect import Effect, EffectVerdict, FollowThrough
from tracker.pages.web.parts import FormState, Link
from tracker.queries.decisions import PAGE, DecisionRow, Owner
from tracker.queries.story import decision_event_text
from tracker.records.decision import Decision
from tracker.rules import addresses
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.deciding import DecisionState, SubjectKind
from tracker.rules.rings import Viewer
from tracker.rules.wording import listed, say_count


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision in a list. `state_words`: "due Fri 29 May", "past due since ...", "done on ...", as `tone` has it:
    "late", "end" or "". `owners`: who owns it, and for which organisation."""

    number: int
    what: str
    href: str
    body: str
    decided_on: date
    state_words: str
    tone: str
    owners: tuple[tuple[str, Organisation], ...] = ()
    changes_agreement: bool = False


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """Every decision of a partnership that the reader may see. `figures`: how they are followed through, in words;
    `decide`: where the reader may record one."""

    key: str
    partnership: str
    figures: str
    past_due: tuple[DecisionLine, ...]
    open: tuple[DecisionLine, ...]
    ended: tuple[DecisionLine, ...]
    decide: tuple[Link, ...] = ()
    more: str = ""

    @property
    def anything(self) -> bool:
        return bool(self.past_due or self.open or self.ended)


@dataclass(frozen=True, slots=True)
class EffectView:
    """Whether it helped, for a theme it is on. `tone`: "down" for less often, "up" for more, "soft" for the rest."""

    theme: Link
    verdict: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class FollowView:
    """The steps that a reader may take: `forms` by the last part of the address."""

    version: int
    once: str
    forms: Mapping[str, FormState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision, as this reader may see it. `readers`: by organisation and body, in words."""

    line: DecisionLine
    key: str
    detail: str
    due_on: date
    body_href: str
    themes: tuple[Link, ...]
    clauses: tuple[Link, ...]
    issues: tuple[Link, ...]
    story: tuple[tuple[datetime, str], ...]
    effects: tuple[EffectView, ...]
    readers: str
    superseded: Link | None = None
    scope: str = ""  # over whose issues the effects are counted, where not over all


_TONES = {EffectVerdict.LESS: "down", EffectVerdict.MORE: "up"}


def draw_decision_line(row: DecisionRow, arrangement: Arrangement, today: date) -> DecisionLine:
    """A decision in a list."""
    body = next((each.name for each in arrangement.bodies.values() if each.id == row.body_id), "")
    return DecisionLine(
        number=row.number, what=row.what, href=addresses.decision(arrangement.key, row.number), body=body,
        decided_on=row.decided_on, state_words=row.standing(today), tone=_tone(row, today),
        owners=tuple((owner.name, arrangement.organisations[owner.organisation_id]) for owner in row.owners),
        changes_agreement=row.changes_agreement,
    )  # fmt: skip


def draw_decisions(
    arrangement: Arrangement, viewer: Viewer, today: date, through: FollowThrough, *,
    standing: Sequence[DecisionRow], ended: Sequence[DecisionRow], decide: tuple[Link, ...],
) -> DecisionsView:  # fmt: skip
    """The list: what is past due, what is open, what is over. `ended`: one more than a page where there are more."""
    lines = [(row.is_past_due(today), draw_decision_line(row, arrangement, today)) for row in standing]
    shown = ended[:PAGE]
    return DecisionsView(
        key=arrangement.key, partnership=arrangement.name, figures=figures_in_words(through),
        past_due=tuple(line for late, line in lines if late), open=tuple(line for late, line in lines if not late),
        ended=tuple(draw_decision_line(row, arrangement, today) for row in shown), decide=decide,
        more=addresses.decisions(arrangement.key, before=str(shown[-1].number)) if len(ended) > PAGE else "",
    )  # fmt: skip


def draw_decision(
    decision: Decision, row: DecisionRow, arrangement: Arrangement, today: date, *,
    issues: Iterable[Row[Any]], story: Iterable[Row[Any]], effects: dict[str, Effect], scope: str,
) -> DecisionView:  # fmt: skip
    """One decision. `issues`: those that the reader may see; `effects`: by theme, over the issues that `scope` says."""
    body = next(each for each in arrangement.bodies.values() if each.id == decision.body_id)
    later = decision.superseded_by
    sides = listed(arrangement.organisations[each.organisation_id].name for each in row.owners)
    return DecisionView(
        line=draw_decision_line(row, arrangement, today), key=arrangement.key, detail=decision.detail,
        due_on=decision.due_on, body_href=addresses.body(arrangement.key, body.key),
        themes=tuple(_theme(key, arrangement) for key in _keys(decision, SubjectKind.THEME)),
        clauses=tuple(_clause(key, arrangement) for key in _keys(decision, SubjectKind.CLAUSE)),
        issues=tuple(map(_issue, issues)),
        story=tuple((event.at, decision_event_text(event)) for event in story),
        effects=tuple(_effect(key, found, arrangement) for key, found in effects.items()),
        readers=f"the people of {sides}, and the members of {body.name}",
        superseded=Link(f"decision {later}", addresses.decision(arrangement.key, later)) if later else None,
        scope=scope,
    )  # fmt: skip


def row_of(decision: Decision) -> DecisionRow:
    """A loaded decision as the row of a list."""
    sides = sorted(decision.sides, key=lambda side: side.position)
    owners = tuple(Owner(side.organisation_id, side.owner_id, side.owner_name) for side in sides)
    columns = (getattr(decision, name) for name in DecisionRow._fields if name != "owners")
    return DecisionRow._make((*columns, owners))


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


def _tone(row: DecisionRow, today: date) -> str:
    return "late" if row.is_past_due(today) else "" if row.state is DecisionState.OPEN else "end"


def _keys(decision: Decision, kind: SubjectKind) -> list[str]:
    return sorted(each.key for each in decision.subjects if each.kind is kind)


def _theme(key: str, arrangement: Arrangement) -> Link:
    theme = arrangement.themes.get(key)
    return Link(theme.name if theme else key, addresses.issues({"partnership": arrangement.key, "theme": key}))


def _clause(key: str, arrangement: Arrangement) -> Link:
    clause = arrangement.clause(key)
    return Link(f"{key} {clause.title}" if clause else key, addresses.arrangements(arrangement.key, "clauses"))


def _effect(key: str, found: Effect, arrangement: Arrangement) -> EffectView:
    return EffectView(_theme(key, arrangement), found.verdict.value, found.words, _TONES.get(found.verdict, "soft"))


def _issue(row: Row[Any]) -> Link:
    return Link(f"{row.ref} {row.title} ({row.state.value})", addresses.issue(row.ref))
