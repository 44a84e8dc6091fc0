"""Which months were saved, carried by the address that a lead is sent on to, and said on its page."""

from collections.abc import Collection, Iterator

from tracker.measures.periods import in_words, is_month, month_number, month_numbered, period
from tracker.rules.wording import listed

_NOTHING = "nothing"
_MOST_RUNS = 24


def carried(numbers: Collection[int]) -> str:
    """The months of these numbers as an address carries them: “2025-12~2026-03,2026-05”."""
    runs = [*_runs(sorted(numbers))]
    if len(runs) > _MOST_RUNS:
        runs = [(runs[0][0], runs[-1][1])]
    return ",".join(_run(*each) for each in runs) or _NOTHING


def saved_words(text: str, what: str) -> str:
    """“Saved: joint cases of December 2025 to March 2026.”; empty where the address carries nothing readable."""
    if text == _NOTHING:
        return "Nothing was changed: what you sent is what was known already."
    spans = [_in_words(*_ends(each)) for each in text.split(",")]
    return f"Saved: {what} of {listed(spans)}." if all(spans) else ""


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of those that follow each other."""
    ends = [number for number in numbers if number + 1 not in numbers]
    starts = [number for number in numbers if number - 1 not in numbers]
    yield from zip(starts, ends, strict=True)


def _run(first: int, last: int) -> str:
    names = dict.fromkeys((month_numbered(first).name, month_numbered(last).name))
    return "~".join(names)


def _ends(run: str) -> tuple[str, str]:
    """The first and the last month of “2025-12~2026-03”; of one alone, that one twice."""
    first, to, last = run.partition("~")
    return first, last if to else first


def _in_words(first: str, last: str) -> str:
    """Empty where these are no months, or the last is before the first."""
    if not (is_month(first) and is_month(last)):
        return ""
    months = month_number(period(last).start) - month_number(period(first).start) + 1
    return in_words(period(last).ending(months)) if months > 0 else ""
