"""The numbers of the rule by which the report of themes tells what recurs, as `[report]` and a form have them."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, field_validator

from tracker.exchange.charter.fields import DisallowedValue
from tracker.exchange.charter.shapes import CharterEntry
from tracker.measures.recurrence import RECURS_WITHIN
from tracker.measures.verdicts import Thresholds

USUAL = Thresholds()

Months = Annotated[int, Field(ge=1, le=60)]
Many = Annotated[int, Field(ge=1, le=999)]
Followed = Annotated[int, Field(ge=1, le=RECURS_WITHIN.days)]  # what comes later is not looked for
Portion = Annotated[float, Field(gt=0, le=1)]


class ReportNumbers(BaseModel):
    """Every field of `Thresholds`, with what it is called and what it means."""

    recent_months: Months = Field(
        default=USUAL.recent_months,
        title="Recent months",
        description="What is called recent: so many months, up to the last.",
    )
    earlier_months: Months = Field(
        default=USUAL.earlier_months,
        title="Earlier months",
        description="What they are held against: so many months before.",
    )
    least_occurrences: Many = Field(
        default=USUAL.least_occurrences,
        title="Fewest occurrences",
        description="Fewer than these, in the months of the next line, are too few to say.",
    )
    least_months: Months = Field(
        default=USUAL.least_months,
        title="Counted in the last",
        description="Months in which that many are needed.",
    )
    least_periods: Months = Field(
        default=USUAL.least_periods,
        title="Fewest months",
        description="With fewer months on record nothing is said at all.",
    )
    signal_months: Months = Field(
        default=USUAL.signal_months,
        title="Fresh",
        description="A point outside the limits counts in the last so many months.",
    )
    share_by_chance: Portion = Field(
        default=USUAL.share_by_chance,
        title="Share by chance",
        description="Of the themes that stand out, the share that may be chance: 0.1 is one in ten.",
    )
    baseline_months: Months = Field(
        default=USUAL.baseline_months,
        title="Baseline",
        description="Limits come from the first so many charted months, unless a lead froze them.",
    )
    recurrences: Many = Field(
        default=USUAL.recurrences,
        title="Recurrences",
        description="So many linked recurrences, in the months of the next line, make a theme recurring.",
    )
    recurrence_months: Months = Field(
        default=USUAL.recurrence_months,
        title="Recurrences in the last",
        description="Months in which they are counted.",
    )
    fixes: Many = Field(
        default=USUAL.fixes,
        title="Fewest fixes",
        description="Fewer fixes say nothing about how long fixes last.",
    )
    lasting_days: Followed = Field(
        default=USUAL.lasting_days,
        title="A fix lasts",
        description="Days without another occurrence, for a fix to last: 90 at most, as long as fixes are followed.",
    )
    lasting_share: Portion = Field(
        default=USUAL.lasting_share,
        title="Share of fixes that last",
        description="Recurring, too, is a theme of whose fixes clearly fewer than this share last.",
    )
    stable_months: Months = Field(
        default=USUAL.stable_months,
        title="Stable",
        description="Without a signal in so many months a theme is called stable.",
    )
    breadth_kept: Portion = Field(
        default=USUAL.breadth_kept,
        title="Still reporting",
        description="Easing needs this share of those who reported before, and of what they reported; "
        "with less it is “quieter, check reporting”.",
    )

    def changed(self) -> dict[str, float]:
        """What is not the usual number, by name."""
        return {name: value for name, value in self.model_dump().items() if value != getattr(USUAL, name)}


class ReportShape(ReportNumbers, CharterEntry):
    """`[report]`; what is left out is the usual number."""

    @field_validator("*", mode="before")
    @classmethod
    def _a_number(cls, found: Any) -> Any:
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise DisallowedValue("a number without quotes")
        return found
