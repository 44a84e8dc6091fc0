"""What a lead types to freeze the limits of a theme, and how those that are frozen are shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from tracker.actions.freeze_baseline import BaselineScope
from tracker.measures.periods import month_number, month_numbered, month_words, period
from tracker.pages.web.forms import Shape
from tracker.pages.web.parts import Choice, FormState
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.refusals import FieldError, WrongInput
from tracker.rules.reporting import Baseline
from tracker.rules.rings import Viewer
from tracker.rules.wording import listed, say_day


def _month(text: str) -> str:
    if len(period(text).numbers) != 1:
        raise ValueError(text)
    return text


_A_MONTH = "Give a month, as in 2026-03."
Month = Annotated[str, AfterValidator(_month)]
Reason = Annotated[str, StringConstraints(max_length=1000)]


class LettingGoForm(Shape):
    """Whose limits, and why. `pair`: keys with a comma between, "" for all."""

    sentences = {"reason.missing": "Say why: everybody reads it beside the chart."}
    theme: str
    pair: str = ""
    reason: Reason

    def whose(self, agreed: Arrangement) -> BaselineScope:
        """Refuses with WrongInput a theme or a pair that is not there."""
        if self.theme not in agreed.themes:
            raise WrongInput(FieldError("theme", "Choose a theme."))
        pair = tuple(self.pair.split(",")) if self.pair else ()
        if pair and set(pair) not in [{one.key, other.key} for one, other in _couples(agreed)]:
            raise WrongInput(FieldError("pair", "Choose two organisations, or all."))
        return BaselineScope(self.theme, pair)


class FreezingForm(LettingGoForm):
    """And the months that are taken as usual."""

    sentences = {**LettingGoForm.sentences, "since": _A_MONTH, "until": _A_MONTH}
    since: Month
    until: Month

    @property
    def months(self) -> range:
        return range(period(self.since).numbers.start, period(self.until).numbers.stop)


@dataclass(frozen=True, slots=True)
class FrozenView:
    """Limits that are frozen, with words for them. `form`: the one that lets them go."""

    frozen: Baseline
    name: str
    months: str
    day: str
    form: FormState


def frozen_views(
    agreed: Arrangement, viewer: Viewer, of: BaselineScope | None, form: FormState
) -> Iterator[FrozenView]:
    """All that is frozen of themes that are there, as far as a reader sees what it was counted from; `form`: as it goes
    back for one of them."""
    for each in agreed.report.baselines:
        whose = BaselineScope(each.theme, each.pair)
        if each.theme in agreed.themes and _may_see(viewer, agreed, each):
            day = f"{say_day(each.on)} {each.on.year}"
            yield FrozenView(each, whose.name_in(agreed), _months(each), day, form if whose == of else FormState())


def _may_see(viewer: Viewer, agreed: Arrangement, frozen: Baseline) -> bool:
    """What was usual is a figure like others: of all it is a total, of two it is for those two."""
    mine = {each.organisation_key for each in viewer.in_partnership(agreed.id)}
    return viewer.sees_totals_of(agreed.id) or bool(mine & set(frozen.pair))


def theme_choices(agreed: Arrangement) -> tuple[Choice, ...]:
    """The themes in use."""
    return tuple(Choice(each.key, each.name) for each in agreed.themes.values() if not each.retired)


def pair_choices(agreed: Arrangement) -> tuple[Choice, ...]:
    """Pairs of organisations, where there are more than two: else there is but one."""
    couples = list(_couples(agreed))
    return tuple(
        Choice(f"{one.key},{other.key}", listed((one.name, other.name))) for one, other in couples if len(couples) > 1
    )


def usual_months(today: date) -> dict[str, str]:
    """The last twelve months that are over, as they stand in the form at first."""
    last = month_number(today) - 1
    return {"since": month_numbered(last - 11).name, "until": month_numbered(last).name}


def _couples(agreed: Arrangement) -> Iterable[tuple[Organisation, Organisation]]:
    return combinations(agreed.active_organisations(), 2)


def _months(frozen: Baseline) -> str:
    return f"{month_words(month_numbered(frozen.since))} to {month_words(month_numbered(frozen.until))}"
