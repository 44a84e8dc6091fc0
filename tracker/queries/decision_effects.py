"""Whether a decision helped, theme by theme, counted as the theme report counts for the same reader."""

from datetime import date

from sqlmodel import Session

from tracker.measures.effect import BEFORE, Effect, effect
from tracker.measures.periods import month_of
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
    first, _ = theme_counts.recorded(session, scope)
    start = month_of(decision.decided_on).ending(BEFORE + 1).start
    counts = theme_counts.by_month(session, scope, start, today)
    return {
        theme: effect(decision.decided_on, today, {day: n for (key, day), n in counts.items() if key == theme}, first)
        for theme in themes
    }
