"""Periods and months in words, the same on every face of a report."""

from tracker.measures.periods import Period


def in_words(within: Period) -> str:
    """“March 2026”, “2026”, “January to March 2026”, “November 2025 to February 2026”."""
    first, last = within.start, within.months()[-1].start
    if within.name == str(first.year):
        return within.name
    if first == last:
        return f"{first:%B %Y}"
    return f"{first:%B} to {last:%B %Y}" if first.year == last.year else f"{first:%B %Y} to {last:%B %Y}"


def month_words(month: Period) -> str:
    """“Mar 26”."""
    return f"{month.start:%b %y}"
