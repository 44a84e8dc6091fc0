"""Freezing the limits of a theme around what was usual in some months; moving them and letting them go, with why."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from tracker.actions.set_report_terms import keep_terms, partnership_for_change
from tracker.measures.periods import month_number, month_numbered
from tracker.queries.tallies.counts import Scope, by_month, recorded
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import record
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.events.report import BaselineFrozen, BaselineUnfrozen
from tracker.rules.refusals import FieldError, NotThere, WrongInput
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


def freeze_baseline(
    session: Session,
    arrangement: Arrangement,
    whose: BaselineScope,
    *,
    months: range,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Around the mean of the months of these numbers; in place of what was frozen before.

    Refuses with WrongInput: too few or too many months, one that is not over, months in which nothing happened.
    """
    today = day_in(arrangement.zone, now)
    _require_over(months, today)
    centre, what, per = _centre(session, arrangement, whose, months)
    frozen = Baseline(whose.theme, whose.pair, centre, what, per, months[0], months[-1], actor.name, today, reason)
    before = _replace(partnership_for_change(session, arrangement.id), whose, frozen)
    kind = BaselineFrozen(
        theme=whose.theme,
        pair=whose.pair,
        first=month_numbered(months[0]).name,
        last=month_numbered(months[-1]).name,
        centre=centre,
        centre_before=before.centre if before else None,
        theme_name=whose.name_in(arrangement),
        around=frozen.words,
        before=before.words if before else "",
        reason=reason,
    )
    record(session, partnership_id=arrangement.id, kind=kind, actor=actor, now=now)


def unfreeze_baseline(
    session: Session, arrangement: Arrangement, whose: BaselineScope, *, reason: str, actor: Actor, now: datetime
) -> None:
    """The limits come from the first months again. Refuses what is not frozen: NotThere."""
    before = _replace(partnership_for_change(session, arrangement.id), whose, None)
    if before is None:
        raise NotThere("These limits are not frozen.")
    kind = BaselineUnfrozen(
        theme=whose.theme,
        pair=whose.pair,
        centre_before=before.centre,
        theme_name=whose.name_in(arrangement),
        before=before.words,
        reason=reason,
    )
    record(session, partnership_id=arrangement.id, kind=kind, actor=actor, now=now)


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


def _replace(partnership: Partnership, whose: BaselineScope, frozen: Baseline | None) -> Baseline | None:
    """Puts this one in the place of what was frozen, and gives that."""
    kept = [Baseline.read(each) for each in partnership.settings.get("report", {}).get("baselines", ())]
    before = next((each for each in kept if each.is_of(whose.theme, whose.pair)), None)
    others = [each for each in kept if each is not before]
    if before or frozen:
        keep_terms(partnership, "baselines", [each.kept() for each in (*others, *([frozen] if frozen else []))])
    return before
