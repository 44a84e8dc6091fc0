"""Ratios of rates in words."""


def times(ratio: float) -> str:
    """“2.8”, “0.04” where one digit would make nothing of it, “under 0.01”."""
    if 0 < ratio < 0.01:
        return "under 0.01"
    return f"{ratio:.2f}" if 0 < ratio < 0.1 else f"{ratio:.1f}"


def between(low: float, high: float) -> str:
    """An interval: “1.5 to 5.2”."""
    return f"{times(low)} to {times(high)}"
