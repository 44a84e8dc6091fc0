"""The exposure file: how much there was to go wrong, a CSV with a line for each month and organisation."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from math import isfinite

from tracker.measures.periods import month_number, period
from tracker.rules.arrangement import Arrangement
from tracker.rules.refusals import WrongFile

COLUMNS = ("month", "organisation", "amount")
MOST = 1_000_000_000
_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")
_MOST_TOLD = 50

Found = dict[tuple[int, int], float]


def read(content: bytes, arrangement: Arrangement) -> Found:
    """Amounts by number of the month and organisation id. Organisations stand by key or name.

    Refuses with WrongFile, all places at once, each with its line, what was found and what is allowed.
    """
    (_, header), *records = list(_records(content)) or [(1, ())]
    if sorted(header) != sorted(COLUMNS):
        raise WrongFile(f"line 1: found “{','.join(header)}”; allowed: {','.join(COLUMNS)}")
    found: Found = {}
    wrong = [
        said for line, cells in records if any(cells) for said in _read_line(line, header, cells, arrangement, found)
    ]
    if wrong:
        more = [f"and {len(wrong) - _MOST_TOLD} more"] if len(wrong) > _MOST_TOLD else []
        raise WrongFile(*wrong[:_MOST_TOLD], *more)
    if not found:
        raise WrongFile("line 2: found nothing; allowed: a line for each month and organisation")
    return found


def amount_of(text: str) -> float:
    """A number from 0 to a thousand million. Refuses: ValueError."""
    amount = float(text)
    if not (isfinite(amount) and 0 <= amount <= MOST):
        raise ValueError(text)
    return amount


def _records(content: bytes) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each record with the line it ends on; cells without blanks around them."""
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        for cells in lines:
            yield lines.line_num, tuple(cell.strip() for cell in cells)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise WrongFile(f"line {line}: found the byte {content[error.start]:#04x}; allowed: UTF-8") from None
    except csv.Error as error:
        raise WrongFile(f"line {lines.line_num}: found {error}; allowed: comma-separated values") from None


def _read_line(
    line: int, header: Sequence[str], cells: Sequence[str], arrangement: Arrangement, found: Found
) -> Iterator[str]:
    """Puts the amount of a line where it belongs, or says what is wrong."""
    if len(cells) != len(header):
        yield f"line {line}: found {len(cells)} cells; allowed: {len(header)}, as in line 1"
        return
    said = dict(zip(header, cells, strict=True))
    organisation, amount = _organisation(said["organisation"], arrangement), _amount(said["amount"])
    if not _MONTH.fullmatch(said["month"]):
        yield f"line {line}, month: found “{said['month']}”; allowed: a month like 2026-03"
    if organisation is None:
        keys = ", ".join(each.key for each in arrangement.organisations.values())
        yield f"line {line}, organisation: found “{said['organisation']}”; allowed: {keys}"
    if amount is None:
        yield f"line {line}, amount: found “{said['amount']}”; allowed: a number, 0 or more"
    if not _MONTH.fullmatch(said["month"]) or organisation is None or amount is None:
        return
    place = (month_number(period(said["month"]).start), organisation)
    if place in found:
        yield f"line {line}: found {said['month']} of {said['organisation']} again; allowed: once"
    found[place] = amount


def _organisation(text: str, arrangement: Arrangement) -> int | None:
    named = (each.id for each in arrangement.organisations.values() if text.casefold() in _names(each.key, each.name))
    return next(named, None)


def _names(*names: str) -> set[str]:
    return {name.casefold() for name in names}


def _amount(text: str) -> float | None:
    try:
        return amount_of(text)
    except ValueError:
        return None
