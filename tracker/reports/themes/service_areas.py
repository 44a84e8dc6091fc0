"""What the theme report says of service areas, in words and as plain values: the same on every face of it."""

from typing import Any

from tracker.measures.periods import Period, in_words
from tracker.reports.themes.areas import AreaLine, Areas
from tracker.rules.wording import listed


def spans(found: Areas) -> str:
    """Which quarters are held against which, and why not others."""
    return (
        f"{in_words(found.recent)}, against {in_words(found.before)}: always whole quarters, the same whatever period "
        "is asked for. What fewer than five people reported is not shown, nor what would give it away."
    )


def head(within: Period) -> str:
    """“April to September 2026 (6 months)”: the two are not of one length."""
    return f"{in_words(within)} ({within.length} months)"


def summary(found: Areas) -> str:
    """Which areas have fallen silent."""
    names = listed(each.name for each in found.silent)
    return f"Silent: {names}. Nothing reported need not mean that nothing happens." if names else "No area is silent."


def area_words(line: AreaLine) -> str:
    """“silent: about 4 were to be expected”; empty for an area that reports."""
    if not line.is_silent:
        return ""
    return f"silent: {f'about {line.expected:.0f}' if line.expected else 'some'} were to be expected"


def values(found: Areas) -> dict[str, Any]:
    """As JSON, paper and a frozen pack have it: counts as they may be shown (null: hidden), with their words."""
    return {
        "recent": head(found.recent),
        "before": head(found.before),
        "words": spans(found),
        "summary": summary(found),
        "lines": [_line(each) for each in found.lines],
    }


def _line(line: AreaLine) -> dict[str, Any]:
    return {
        "key": line.key or None,
        "name": line.name,
        "recent": line.recent.value,
        "before": line.before.value,
        "shown": [line.recent.text, line.before.text],
        "silent": line.is_silent,
        "words": area_words(line),
    }
