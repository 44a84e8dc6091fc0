"""Whether what is usual meets a target: always, never, or by chance (NHS “making data count”)."""

from enum import StrEnum


class Assurance(StrEnum):
    """What the limits of a chart say of a target."""

    PASSES = "consistent_pass"
    FAILS = "consistent_fail"
    BY_CHANCE = "inconsistent"


def assurance(lower: float, upper: float, target: float, *, more_is_good: bool) -> Assurance:
    """A target beyond the limits is met, or missed, unless something changes; one between them is met by chance.

    On a limit it lies between them. Source: NHSRplotthedots, ptd_calculate_assurance_type. Refuses limits the wrong
    way round: ValueError.
    """
    if lower > upper:
        raise ValueError(f"the lower limit {lower:g} lies above the upper one {upper:g}")
    if lower <= target <= upper:
        return Assurance.BY_CHANCE
    return Assurance.PASSES if (target < lower) is more_is_good else Assurance.FAILS
