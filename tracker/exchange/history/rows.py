"""The history file, read: from bytes to rows of known names, or a refusal that names each place."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tracker.exchange.history.cells import COLUMNS, NEEDED, EventName, Names, NotAllowed, moment_again
from tracker.rules.lifecycle import Outcome, Severity
from tracker.rules.refusals import WrongFile

PLACES_TOLD = 50


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One row. Organisations, people, themes, service areas stand by key where known, else as in the file.

    `again_at`: the same hour by the clock once more, where it came twice and the file does not say which it means."""

    number: int
    issue: str
    at: datetime
    event: EventName
    organisation: str = ""
    person: str = ""
    to_organisation: str = ""
    tier: int | None = None
    title: str = ""
    detail: str = ""
    severity: Severity | None = None
    theme: str = ""
    service_area: str = ""
    outcome: Outcome | None = None
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """The rows in file order; the columns, and by column the names (and how often), that nobody here knows."""

    rows: tuple[HistoryRow, ...]
    unknown_columns: tuple[str, ...] = ()
    unknown: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def read(content: bytes, names: Names) -> HistoryFile:
    """Reads the file: UTF-8, a byte order mark or none; columns in any order; empty rows are passed over.

    A moment without an offset is by the clock of the partnership's zone; moments of other years than YEARS, and those
    to come, are refused. Refuses with `WrongFile`, all places at
    once: row (the header is 1), column, what was found, what is allowed. Unknown names are only reported.
    """
    (_, header), *records = list(_records(content)) or [(1, ())]
    _require_columns(header)
    wrong: list[str] = []
    rows = [_row(number, header, cells, names, wrong) for number, cells in records if any(cells)]
    if wrong:
        raise WrongFile(*wrong[:PLACES_TOLD], *_more(len(wrong) - PLACES_TOLD))
    known = tuple(row for row in rows if row)
    strange = tuple(column for column in header if column not in COLUMNS)
    return HistoryFile(known, strange, _unknown(known, names))


def _records(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each record with its number, cells without blanks around them."""
    number = 0
    before, nul, _ = content.partition(b"\0")
    if nul:  # PostgreSQL cannot keep it in a text
        raise WrongFile(f"line {_line(before)}: found a NUL; allowed: text")
    try:
        for cells in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True):
            number += 1
            yield number, tuple(cell.strip() for cell in cells)
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise WrongFile(f"line {_line(content[: error.start])}: found the byte {byte:#04x}; allowed: UTF-8") from error
    except csv.Error as error:
        raise WrongFile(f"row {number + 1}: found {error}; allowed: comma-separated values") from error


def _line(before: bytes) -> int:
    return before.count(b"\n") + 1


def _require_columns(header: Sequence[str]) -> None:
    missing = [column for column in NEEDED if column not in header]
    twice = [column for column in COLUMNS if header.count(column) > 1]
    allowed = f"{', '.join(COLUMNS)}; each once, needed are {', '.join(NEEDED)}"
    found = ", ".join(header) or "nothing"
    if missing or twice:
        raise WrongFile(
            *(f"row 1, column {column}: missing, found {found}; allowed: {allowed}" for column in missing),
            *(f"row 1, column {column}: found more than once; allowed: {allowed}" for column in twice),
        )


def _row(number: int, header: Sequence[str], cells: Sequence[str], names: Names, wrong: list[str]) -> HistoryRow | None:
    """The row; None where a cell is wrong, and then `wrong` has grown by the reasons."""
    so_far = len(wrong)
    if len(cells) > len(header):
        extra = cells[len(header)]
        wrong.append(f"row {number}, column {len(header) + 1}: found “{extra}”; allowed: {len(header)} cells")
    values: dict[str, Any] = {}
    for column, text in zip(header, (*cells, *[""] * len(header)), strict=False):
        if column in COLUMNS:
            try:
                values[column] = COLUMNS[column](text, names)
            except NotAllowed as allowed:
                wrong.append(f"row {number}, column {column}: found “{text}”; allowed: {allowed}")
    if len(wrong) > so_far:
        return None
    return HistoryRow(number=number, again_at=moment_again(cells[header.index("at")], names), **values)


def _more(count: int) -> list[str]:
    return [f"and {count} more places"] if count > 0 else []


def _unknown(rows: Sequence[HistoryRow], names: Names) -> dict[str, dict[str, int]]:
    """By column: the texts that are no key of the partnership's, with how many rows say so."""
    columns = {
        "organisation": (names.organisations, ("organisation", "to_organisation")),
        "person": (names.people, ("person",)),
        "theme": (names.themes, ("theme",)),
        "service_area": (names.service_areas, ("service_area",)),
    }
    counted = {
        column: Counter(getattr(row, cell) for row in rows for cell in cells) for column, (_, cells) in columns.items()
    }
    strange = {
        column: {text: counts[text] for text in sorted(counts) if text and text not in columns[column][0].values()}
        for column, counts in counted.items()
    }
    return {column: found for column, found in strange.items() if found}
