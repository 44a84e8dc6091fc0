"""Whether a decision helped, theme by theme, counted as the theme report counts for the same reader."""

from collections import Counter
from datetime import date

from sqlmodel import Session

from tracker.measures.effect import BEFORE, Effect, effect
from tracker.measures.periods import month_number, month_numbered, month_of
from tracker.queries import theme_counts
from tracker.queries.theme_counts import Scope
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
    months = range(month_number(month_of(decision.decided_on).ending(BEFORE + 1).start), month_number(today) + 1)
    counts: dict[str, Counter[date]] = {theme: Counter() for theme in themes}
    for month in theme_counts.by_month(session, scope, months, recorded.uncounted):
        if month.theme in counts:
            counts[month.theme][month_numbered(month.number).start] += month.occurrences
    return {theme: effect(decision.decided_on, today, counts[theme], recorded.first) for theme in themes}
