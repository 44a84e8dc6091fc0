"""What was usual of a theme in some months, by which its limits are frozen; and what is told of limits."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker.measures.periods import month_number, month_numbered
from tracker.queries.tallies.counts import Scope, by_month, recorded
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.report import BaselineFrozen, BaselineUnfrozen
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.reporting import Baseline
from tracker.rules.spans import day_in
from tracker.rules.wording import listed

LEAST_MONTHS, MOST_MONTHS = 6, 60  # statistics.md 2: with fewer than about six nobody knows what is usual


@dataclass(frozen=True, slots=True)
class BaselineScope:
    """A theme, or a theme between two organisations (their keys)."""

    theme: str
    pair: tuple[str, ...] = ()

    def name_in(self, arrangement: Arrangement) -> str:
        """“Pace of decisions”, “Pace of decisions between A and B”."""
        between = listed(arrangement.organisation(key).name for key in self.pair)
        return arrangement.themes[self.theme].name + (f" between {between}" if between else "")


def usual_in(
    session: Session,
    arrangement: Arrangement,
    whose: BaselineScope,
    *,
    months: range,
    reason: str,
    by: str,
    now: datetime,
) -> Baseline:
    """Limits around the mean of the months of these numbers, as they would be frozen.

    Refuses with WrongInput: too few or too many months, one that is not over, months in which nothing happened.
    """
    today = day_in(arrangement.zone, now)
    _require_over(months, today)
    centre, what, per = _centre(session, arrangement, whose, months)
    return Baseline(whose.theme, whose.pair, centre, what, per, months[0], months[-1], by, today, reason)


def limits_event(
    arrangement: Arrangement, before: Baseline | None, after: Baseline | None, reason: str
) -> BaselineFrozen | BaselineUnfrozen:
    """What is told of limits that are frozen, moved, or let go (after: None)."""
    limits = after or before
    assert limits, "one of them is there"
    whose = BaselineScope(limits.theme, limits.pair)
    if after is None:
        return BaselineUnfrozen(
            theme=whose.theme,
            pair=whose.pair,
            centre_before=limits.centre,
            theme_name=whose.name_in(arrangement),
            before=limits.words,
            reason=reason,
        )
    return BaselineFrozen(
        theme=whose.theme,
        pair=whose.pair,
        first=month_numbered(after.since).name,
        last=month_numbered(after.until).name,
        centre=after.centre,
        centre_before=before.centre if before else None,
        theme_name=whose.name_in(arrangement),
        around=after.words,
        before=before.words if before else "",
        reason=after.reason,
    )


def _require_over(months: range, today: date) -> None:
    if not LEAST_MONTHS <= len(months) <= MOST_MONTHS:
        reason = f"Choose {LEAST_MONTHS} to {MOST_MONTHS} months, the first one first."
    elif months[-1] >= month_number(today):
        reason = "Choose a month that is over."
    else:
        return
    raise WrongInput(FieldError("until", reason))


def _centre(
    session: Session, arrangement: Arrangement, whose: BaselineScope, months: range
) -> tuple[float, str, float]:
    """(occurrences a month, "", 1) or, where exposure is known in all of the months, (per so much of it, what, per)."""
    scope = Scope.of(arrangement, None)
    couple = frozenset(arrangement.organisation(key).id for key in whose.pair)
    counted = by_month(session, scope, months, recorded(session, scope).uncounted)
    total = sum(
        each.occurrences
        for each in counted
        if each.theme == whose.theme and each.number in months and couple <= each.sides
    )
    if not total:
        raise WrongInput(FieldError("since", "Nothing of this theme happened in these months."))
    known = arrangement.report.exposures
    sizes = known.of(couple or arrangement.organisations.keys(), months)
    if all(sizes):
        return total * known.per / sum(sizes), known.what, known.per
    return total / len(months), "", 1.0
