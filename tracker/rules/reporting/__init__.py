"""What leads set for the report of themes: the numbers of its rule, how much there was to go wrong, frozen limits."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tracker.rules.refusals import FieldError, WrongInput

JOINT_CASES, A_HUNDRED = "joint cases", 100.0
ASKS_HOURS = "hours"


@dataclass(frozen=True)
class Exposures:
    """How much there was to go wrong: `what` is counted, and `per` so many of it rates are said.

    `amounts`: by the number of the month (`month_number`) and the organisation's id.
    """

    what: str = JOINT_CASES
    per: float = A_HUNDRED
    amounts: Mapping[tuple[int, int], float] = field(default_factory=dict)

    def of(self, organisation_ids: Collection[int], numbers: Iterable[int]) -> tuple[float, ...]:
        """What these organisations have together in each of these months; 0 where one is missing that others have.

        An organisation for which nothing was entered in any of the months counts as having none.
        """
        asked = tuple(numbers)
        if not self.amounts:
            return (0.0,) * len(asked)
        having = [each for each in organisation_ids if any((number, each) in self.amounts for number in asked)]
        return tuple(self._together(having, number) for number in asked)

    def _together(self, organisation_ids: Iterable[int], number: int) -> float:
        found = [self.amounts.get((number, each)) for each in organisation_ids]
        return sum(each for each in found if each is not None) if None not in found else 0.0


@dataclass(frozen=True)
class Baseline:
    """The limits of a theme, or of one between two (`pair`: keys), frozen by a lead for a reason.

    `centre`: occurrences a month, or (with `what`) `per` so much of it, in the months from `since` to `until`.
    """

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

    @property
    def words(self) -> str:
        """“4.25 a month”, “3.1 per 100 joint cases”."""
        return f"{self.centre:.3g} per {self.per:g} {self.what}" if self.what else f"{self.centre:.3g} a month"

    def is_of(self, theme: str, pair: Collection[str] = ()) -> bool:
        return self.theme == theme and set(self.pair) == set(pair)

    def kept(self) -> dict[str, Any]:
        """As the settings of the partnership keep it."""
        return {**vars(self), "pair": list(self.pair), "on": self.on.isoformat()}

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Baseline":
        return cls(**{**kept, "pair": tuple(kept["pair"]), "on": date.fromisoformat(kept["on"])})


MOST_HOURS = 10_000  # lost with one issue: more is a slip
SMALLEST_PART = 15  # minutes
SAY_HOURS = "Give hours as a number, in quarters at the finest, such as 2.5."
_HOURS = re.compile(r"(-?)([0-9]{1,12})(?:[.,]([0-9]{1,2}))?")


def minutes_in(hours: str) -> int:
    """The minutes of “2.5” hours. Refuses, with ValueError, what is no number of hours, less than none, or a slip."""
    found = _HOURS.fullmatch(hours.strip())
    if found is None:
        raise ValueError(SAY_HOURS)
    minutes = Decimal(f"{found[1]}{found[2]}.{found[3] or 0}") * 60
    if refusal := _why_not(minutes):
        raise ValueError(refusal)
    return int(minutes)


def _why_not(minutes: Decimal | int) -> str:
    if minutes < 0:
        return "Give 0 hours or more."
    if minutes > MOST_HOURS * 60:
        return f"Give {MOST_HOURS:,} hours or less: one issue hardly costs more."
    return SAY_HOURS if minutes % SMALLEST_PART else ""


@dataclass(frozen=True)
class ReportTerms:
    """Everything set for the report. `thresholds`: its numbers by name, and what is asked besides, only what is not as
    usual."""

    thresholds: Mapping[str, float | str] = field(default_factory=dict)
    exposures: Exposures = field(default_factory=Exposures)
    baselines: tuple[Baseline, ...] = ()

    @property
    def year_starts(self) -> int:
        """The month in which a year of theirs starts."""
        return int(self.thresholds.get("year_starts", 1))

    @property
    def asks_hours(self) -> bool:
        """Whether it is asked of an issue how many working hours were lost."""
        return self.thresholds.get("asks") == ASKS_HOURS

    def why_not_lost(self, minutes: int | None) -> str:
        """Why so much working time is not taken down as lost; empty where it is, or nothing was said."""
        if minutes is None:
            return ""
        return _why_not(minutes) if self.asks_hours else "Hours lost are not asked for here: leave this empty."

    def baseline(self, theme: str, pair: Collection[str] = ()) -> Baseline | None:
        return next((each for each in self.baselines if each.is_of(theme, pair)), None)


SMALL_GROUPS = ("area", "service_area", "team", "site", "group", "person", "reporter")


def refuse_cuts(asked: Collection[str]) -> None:
    """Refuses, with WrongInput, what asks for figures by one of these."""
    for name in SMALL_GROUPS:
        if name in asked:
            by = name.replace("_", " ")
            reason = (
                f"A report is not cut by {by}: from the difference between two cuts a few people could be told. "
                "How much is reported in each service area stands in the theme report."
            )
            raise WrongInput(FieldError(name, reason))
