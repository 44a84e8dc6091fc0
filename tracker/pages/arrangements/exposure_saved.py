"""Which months were saved, carried by the address that a lead is sent on to, and said on its page."""

import re
from collections.abc import Collection, Iterator

from tracker.measures.period_words import in_words
from tracker.measures.periods import month_number, month_numbered, period
from tracker.rules.wording import listed

_MONTH = r"[12]\d{3}-(?:0[1-9]|1[0-2])"
_RUN = re.compile(rf"({_MONTH})(?:~({_MONTH}))?")
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
    found = [_RUN.fullmatch(each) for each in text.split(",")]
    spans = [_in_words(each[1], each[2] or each[1]) for each in found if each]
    return f"Saved: {what} of {listed(spans)}." if spans and all(found) and all(spans) else ""


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """(first, last) of those that follow each other."""
    ends = [number for number in numbers if number + 1 not in numbers]
    starts = [number for number in numbers if number - 1 not in numbers]
    yield from zip(starts, ends, strict=True)


def _run(first: int, last: int) -> str:
    names = dict.fromkeys((month_numbered(first).name, month_numbered(last).name))
    return "~".join(names)


def _in_words(first: str, last: str) -> str:
    months = month_number(period(last).start) - month_number(period(first).start) + 1
    return in_words(period(last).ending(months)) if months > 0 else ""
