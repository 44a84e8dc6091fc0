"""What was done with a history file, line by line, for whoever ran it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from tracker.exchange.history_cells import Told
from tracker.exchange.history_plan import HistoryPlan
from tracker.exchange.history_rows import Row

_HARMLESS: dict[str, Callable[[Row], bool]] = {
    "hand over to nobody named: the ball stayed": lambda row: row.event is Told.HANDED_OVER and not row.to_organisation,
    "name no tier: one up": lambda row: row.event is Told.ESCALATED and row.tier is None,
    "name no tier: one down": lambda row: row.event is Told.HANDED_DOWN and row.tier is None,
    "name no organisation": lambda row: not row.organisation,
}


def lines(plan: HistoryPlan, *, dry: bool) -> Iterator[str]:
    """The counts first, then every case that was not taken in and why, then what is unknown here and how often."""
    counts = {
        "new": len(plan.new),
        "grown": len(plan.grown),
        "unchanged": len(plan.unchanged),
        "left as they were": len(plan.left),
        "set aside": len(plan.set_aside),
    }
    issues = sum(counts.values())
    yield f"{issues} issues of {len(plan.file.rows)} events: {', '.join(f'{n} {what}' for what, n in counts.items())}."
    yield from (f"{each.ref} set aside: row {each.row}: {each.reason}" for each in plan.set_aside)
    yield from (f"{each.ref} left as it was: row {each.row}: {each.reason}" for each in plan.left)
    yield from (f"Unknown column, not read: {column}" for column in plan.file.unknown_columns)
    for column, names in plan.file.unknown.items():
        yield from (f"Unknown {column.replace('_', ' ')} “{name}”: {_rows(count)}" for name, count in names.items())
    yield from _remarks(plan.file.rows)
    if dry:
        yield "Nothing was changed: this was a dry run."


def _remarks(rows: Iterable[Row]) -> Iterator[str]:
    found = Counter(what for row in rows for what, holds in _HARMLESS.items() if holds(row))
    yield from (f"{_rows(found[what])} {what}" for what in _HARMLESS if found[what])


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
