"""The exposure file: how much there was to go wrong, a CSV with a line for each month and organisation."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from math import inf, isfinite

from tracker.measures.periods import is_month, month_number, month_numbered, period
from tracker.rules.arrangement import Arrangement, Organisation
from tracker.rules.refusals import WrongFile
from tracker.rules.spans import YEARS, YEARS_TEXT
from tracker.rules.wording import listed

COLUMNS = ("month", "organisation", "amount")
MOST = 1_000_000_000
HOW_TO_WRITE = "write 1200 or 1,200 for twelve hundred, 1.5 for one and a half"
_THOUSANDS = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_MOST_TOLD = 50

Found = dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Whose amounts a file may hold, and up to the month of which number."""

    organisations: tuple[Organisation, ...]
    whose: Collection[int]
    until: float

    @property
    def keys(self) -> str:
        return ", ".join(each.key for each in self.organisations)

    @property
    def own(self) -> str:
        return listed(each.name for each in self.organisations if each.id in self.whose)

    def named(self, text: str) -> Organisation | None:
        name = text.casefold()
        return next((each for each in self.organisations if name in (each.key.casefold(), each.name.casefold())), None)


def read(
    content: bytes, arrangement: Arrangement, *, whose: Collection[int] | None = None, until: int | None = None
) -> Found:
    """Amounts by number of the month and organisation id. Organisations stand by key or name. `whose`: only these
    organisations' may be in it; `until`: only months up to the one of this number.

    Refuses with WrongFile, all places at once, each with its line, what was found and what is allowed.
    """
    known = arrangement.organisations
    allowed = _Bounds(tuple(known.values()), known if whose is None else whose, inf if until is None else until)
    (_, header), *records = list(_records(content)) or [(1, ())]
    if sorted(header) != sorted(COLUMNS):
        raise WrongFile(f"line 1: found “{','.join(header)}”; allowed: {','.join(COLUMNS)}")
    found: Found = {}
    wrong = [said for line, cells in records if any(cells) for said in _read_line(line, header, cells, allowed, found)]
    if wrong:
        more = [f"and {len(wrong) - _MOST_TOLD} more"] if len(wrong) > _MOST_TOLD else []
        raise WrongFile(*wrong[:_MOST_TOLD], *more)
    if not found:
        raise WrongFile("line 2: found nothing; allowed: a line for each month and organisation")
    return found


def amount_of(text: str) -> float:
    """A number from 0 to a thousand million; a comma may part its thousands. Refuses: ValueError."""
    amount = float(text.replace(",", "") if _THOUSANDS.fullmatch(text.strip()) else text)
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


def _read_line(line: int, header: Sequence[str], cells: Sequence[str], allowed: _Bounds, found: Found) -> Iterator[str]:
    """Puts the amount of a line where it belongs, or says what is wrong."""
    if len(cells) != len(header):
        yield f"line {line}: found {len(cells)} cells; allowed: {len(header)}, as in line 1"
        return
    said = dict(zip(header, cells, strict=True))
    organisation, amount = allowed.named(said["organisation"]), _amount(said["amount"])
    wrong = [*_month_wrong(said["month"], allowed), *_whose_wrong(said["organisation"], organisation, allowed)]
    if amount is None:
        wrong.append(f"amount: found “{said['amount']}”; allowed: a number, 0 or more; {HOW_TO_WRITE}")
    yield from (f"line {line}, {each}" for each in wrong)
    if wrong or organisation is None or amount is None:
        return
    place = (month_number(period(said["month"]).start), organisation.id)
    if place in found:
        yield f"line {line}: found {said['month']} of {said['organisation']} again; allowed: once"
    found[place] = amount


def _month_wrong(text: str, allowed: _Bounds) -> Iterator[str]:
    if not is_month(text):
        yield f"month: found “{text}”; allowed: a month like 2026-03"
    elif month_number(period(text).start) > allowed.until:
        yield f"month: found {text}, which is still to come; allowed: up to {month_numbered(int(allowed.until)).name}"
    elif period(text).start.year not in YEARS:
        yield f"month: found {text}; allowed: a month in {YEARS_TEXT}"


def _whose_wrong(text: str, organisation: Organisation | None, allowed: _Bounds) -> Iterator[str]:
    if organisation is None:
        yield f"organisation: found “{text}”; allowed: {allowed.keys}"
    elif organisation.id not in allowed.whose:
        yield f"organisation: found {organisation.name}, which you do not lead; allowed: {allowed.own}"


def _amount(text: str) -> float | None:
    try:
        return amount_of(text)
    except ValueError:
        return None
