"""The numbers of the rule by which the report of themes tells what recurs, as `[report]` and a form have them."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from tracker.exchange.charter.fields import DisallowedValue
from tracker.exchange.charter.shapes import CharterEntry
from tracker.measures.recurrence import RECURS_WITHIN
from tracker.measures.verdicts import Thresholds
from tracker.rules.reporting import ASKS_HOURS, Baseline

USUAL = Thresholds()

Months = Annotated[int, Field(ge=1, le=60)]
Many = Annotated[int, Field(ge=1, le=999)]
Followed = Annotated[int, Field(ge=1, le=RECURS_WITHIN.days)]  # what comes later is not looked for
Portion = Annotated[float, Field(gt=0, le=1)]


def _number(usual: float | str, title: str, means: str) -> Any:
    return Field(default=usual, title=title, description=means)


class ReportNumbers(BaseModel):
    """Every field of `Thresholds`, when a year starts and what is asked besides, with what each is called and means."""

    recent_months: Months = _number(
        USUAL.recent_months, "Recent months", "What is called recent: so many months, up to the last."
    )
    earlier_months: Months = _number(
        USUAL.earlier_months, "Earlier months", "What they are held against: so many months before."
    )
    least_occurrences: Many = _number(
        USUAL.least_occurrences,
        "Fewest occurrences",
        "Fewer than these, in the months of the next line, are too few to say.",
    )
    least_months: Months = _number(USUAL.least_months, "Counted in the last", "Months in which that many are needed.")
    least_periods: Months = _number(
        USUAL.least_periods, "Fewest months", "With fewer months on record nothing is said at all."
    )
    signal_months: Months = _number(
        USUAL.signal_months, "Fresh", "A point outside the limits counts in the last so many months."
    )
    share_by_chance: Portion = _number(
        USUAL.share_by_chance,
        "Share by chance",
        "Of the themes that stand out, the share that may be chance: 0.1 is one in ten.",
    )
    baseline_months: Months = _number(
        USUAL.baseline_months,
        "Baseline",
        "Limits come from the first so many charted months, unless a lead froze them.",
    )
    recurrences: Many = _number(
        USUAL.recurrences,
        "Recurrences",
        "So many linked recurrences, in the months of the next line, make a theme recurring.",
    )
    recurrence_months: Months = _number(
        USUAL.recurrence_months, "Recurrences in the last", "Months in which they are counted."
    )
    fixes: Many = _number(USUAL.fixes, "Fewest fixes", "Fewer fixes say nothing about how long fixes last.")
    lasting_days: Followed = _number(
        USUAL.lasting_days,
        "A fix lasts",
        "Days without another occurrence, for a fix to last: 90 at most, as long as fixes are followed.",
    )
    lasting_share: Portion = _number(
        USUAL.lasting_share,
        "Share of fixes that last",
        "Recurring, too, is a theme of whose fixes clearly fewer than this share last.",
    )
    stable_months: Months = _number(
        USUAL.stable_months, "Stable", "Without a signal in so many months a theme is called stable."
    )
    breadth_kept: Portion = _number(
        USUAL.breadth_kept,
        "Still reporting",
        "Easing needs this share of those who reported before, and of what they reported; "
        "with less it is “quieter, check reporting”.",
    )

    year_starts: Annotated[int, Field(ge=1, le=12)] = _number(
        1, "Year starts in month", "4 for a year from April to March; reports then go by those years, too."
    )
    asks: Literal["", "hours"] = _number(
        "",
        "Asked besides",
        '"hours": whoever raises an issue, or proposes how it ends, can say how many working hours were lost; the '
        "report adds them up by theme, never by person. Left out, nobody is asked.",
    )

    def changed(self) -> dict[str, float | str]:
        """What is not as usual, by name."""
        usual = {name: each.default for name, each in type(self).model_fields.items()}
        return {name: value for name, value in self.model_dump().items() if value != usual[name]}


class ReportShape(ReportNumbers, CharterEntry):
    """`[report]`; what is left out is as usual."""

    @field_validator("*", mode="before")
    @classmethod
    def _is_of_its_kind(cls, found: Any, info: ValidationInfo) -> Any:
        if info.field_name == "asks":
            if found not in ("", ASKS_HOURS):
                raise DisallowedValue(f"“{ASKS_HOURS}”, or to leave it out")
        elif isinstance(found, bool) or not isinstance(found, int | float):
            raise DisallowedValue("a number without quotes")
        return found


class BaselineShape(CharterEntry):
    """The frozen limits of a theme, or of one between two. Not in the file, as what they were counted from is not."""

    key: str
    theme: str
    pair: tuple[str, ...]
    centre: float
    what: str
    per: float
    since: int
    until: int
    by: str
    on: date
    reason: str

    @classmethod
    def of(cls, frozen: Baseline) -> "BaselineShape":
        return cls(key=baseline_key(frozen.theme, frozen.pair), **vars(frozen))

    def baseline(self) -> Baseline:
        return Baseline(**self.model_dump(exclude={"key"}))


def baseline_key(theme: str, pair: Collection[str]) -> str:
    """What frozen limits are known by: “authority”, “authority:acute,council”."""
    return f"{theme}:{','.join(sorted(pair))}" if pair else theme


def pair_in(key: str) -> set[str]:
    """The two organisations of that; empty where the limits are of all."""
    return set(filter(None, key.partition(":")[2].split(",")))
