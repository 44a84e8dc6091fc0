"""Whether a decision helped, theme by theme, counted as the theme report counts for the same reader."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from tracker.measures.effect import BEFORE, Effect, effect
from tracker.measures.periods import month_number, month_numbered, month_of
from tracker.queries.tallies import counts as theme_counts
from tracker.queries.tallies.counts import Month, Scope
from tracker.records.decision import Decision
from tracker.rules.arrangement import Arrangement
from tracker.rules.deciding import DecisionState, SubjectKind
from tracker.rules.rings import Viewer

_TOLD_OF = (DecisionState.OPEN, DecisionState.DONE)


def effects_of(
    session: Session, arrangement: Arrangement, viewer: Viewer, decision: Decision, today: date
) -> dict[str, Effect]:
    """By the key of each theme that the decision is on; of one that was withdrawn or replaced nothing is said."""
    themes = sorted(each.key for each in decision.subjects if each.kind is SubjectKind.THEME)
    if not themes or decision.state not in _TOLD_OF:
        return {}
    scope = Scope.of(arrangement, viewer)
    recorded = theme_counts.recorded(session, scope)
    asked = months_told_by(decision.decided_on, today)
    months = theme_counts.by_month(session, scope, asked, recorded.uncounted)
    return effects_on(themes, decision.decided_on, months, today=today, first=recorded.first)


def months_told_by(decided_on: date, today: date) -> range:
    """The numbers of the months by which the effect of a decision of that day is told."""
    return range(month_of(decided_on).ending(BEFORE + 1).numbers.start, month_number(today) + 1)


def effects_on(
    themes: Iterable[str], decided_on: date, months: Iterable[Month], *, today: date, first: date | None
) -> dict[str, Effect]:
    """By the key of each theme, from at least the months of `months_told_by`; `first`: the first day recorded."""
    counts: dict[str, Counter[date]] = {theme: Counter() for theme in themes}
    for month in months:
        if month.theme in counts:
            counts[month.theme][month_numbered(month.number).start] += month.occurrences
    return {theme: effect(decided_on, today, found, first) for theme, found in counts.items()}
