"""A list of issues in words, from the filters it was asked for with."""

from collections.abc import Mapping
from datetime import date

from tracker.rules.wording import say_day

_STATES = {
    "unresolved": "Unresolved issues", "raised": "Issues nobody has acknowledged yet", "open": "Open issues",
    "paused": "Paused issues", "proposed": "Issues with a resolution proposed", "resolved": "Resolved issues",
}  # fmt: skip
_PHRASES = {
    "side": " of {}", "pair": " between {}", "tier": " at {}", "theme": " under {}", "topic": " on {}",
    "clause": " under {}", "area": " at {}", "partnership": " in {}", "by": " that {} reported",
    "named": " that {} have named", "fix": " that were {}",
}  # fmt: skip
_ENDINGS = {"ball": ", with the ball at {}", "due": ", limit {}"} | dict.fromkeys(
    ("outcome", "kind", "alike", "view", "stayed", "again", "entered", "crossed"), ", {}"
)
_SOME_OR_NONE = {"untagged": " without a theme", "tagged": " with a theme"}
_DAYS = (
    ("from", "until", "happened"),
    ("raised_from", "raised_until", "raised"),
    ("resolved_from", "resolved_until", "resolved"),
)


def list_words(values: Mapping[str, str], named: Mapping[str, str], searched: str = "") -> str:
    """“Open issues of Riverside Council at tier 2, newest first”. `values` as in the address, `named` in words."""
    words = _STATES.get(values.get("state", ""), "Issues")
    words += "".join(phrase.format(named[name]) for name, phrase in _PHRASES.items() if name in named)
    if values.get("theme") in _SOME_OR_NONE:
        words = words.replace(_PHRASES["theme"].format(named["theme"]), _SOME_OR_NONE[values["theme"]])
    words += f" that say “{searched}”" if searched else ""
    words += "".join(phrase.format(named[name]) for name, phrase in _ENDINGS.items() if name in named)
    for first, last, what in _DAYS:
        words += _between(values.get(first), values.get(last), what)
    return f"{words}, newest first"


def _between(first: str | None, last: str | None, what: str) -> str:
    if first and last:
        return f", {what} from {_day_text(first)} to {_day_text(last)}"
    if first or last:
        return f", {what} {'from' if first else 'until'} {_day_text(first or last or '')}"
    return ""


def _day_text(text: str) -> str:
    return say_day(date.fromisoformat(text), told_in=0)
