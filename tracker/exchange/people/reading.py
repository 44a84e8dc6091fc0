"""Lists of people, read: addresses as mail programs write them, rows of a spreadsheet, or a file with headings."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tracker.measures.cut_text import fold
from tracker.rules.refusals import WrongFile

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "full name", "display name"),
    "address": ("address", "email", "e-mail", "mail", "email address", "e-mail address"),
    "organisation": ("organisation", "organization"),
    "roles": ("roles", "role"),
    "seats": ("seats", "seat"),
}
"""What a heading may be, of each column of a list."""

_PIECE = re.compile(r"[^\s<>,;\"]+")
_AROUND = " \t,;<>\"'"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HOW = "name and address, or a first line with headings: name, address, organisation, roles, seats"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class ListSize:
    """How much a list may have: it is measured before it is read."""

    kilobytes: int
    people: int


ON_SCREEN, BY_COMMAND = ListSize(100, 1_000), ListSize(2_000, 10_000)


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """Somebody of a list, as it says, with the line; "" is not said. `wrong`: why the line cannot be read."""

    line: int
    address: str = ""
    name: str = ""
    organisation: str = ""
    roles: str = ""
    seats: str = ""
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class PeopleList:
    """Everybody of a list in its order. `has_headings`: it is a table, which stands for all of them."""

    people: tuple[ListedPerson, ...]
    has_headings: bool

    def standing_under(self, organisation: str) -> "PeopleList":
        """The same, of this organisation where none is said."""
        people = tuple(replace(each, organisation=each.organisation or organisation) for each in self.people)
        return replace(self, people=people)


def text_of(content: bytes, size: ListSize) -> str:
    """A file as text: UTF-8, UTF-16 with its mark, or else what spreadsheets write in western Europe. Refuses:
    WrongFile."""
    if len(content) > size.kilobytes * 1024:
        raise WrongFile(f"The list has {len(content) // 1024:,} kB; allowed: {size.kilobytes:,} kB.")
    try:
        return content.decode("utf-16" if content.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_list(text: str, size: ListSize) -> PeopleList:
    """Who stands in it. Refuses with WrongFile what is too long, or no text; a line that cannot be read says so."""
    if len(text) > size.kilobytes * 1024:
        raise WrongFile(f"The list has {len(text) // 1024:,} kB; allowed: {size.kilobytes:,} kB.")
    if "\0" in text:
        raise WrongFile(f"line {text[: text.index(chr(0))].count(chr(10)) + 1}: found a NUL; allowed: text")
    lines = text.lstrip("\ufeff").splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        return PeopleList((), has_headings=False)
    headings = _headings(_cells(lines[first]))
    people = list(_rows(lines[first:], first, headings) if headings else _lines(lines))
    if len(people) > size.people:
        raise WrongFile(f"The list has {len(people):,} people; allowed: {size.people:,} at once.")
    return PeopleList(tuple(people), bool(headings))


def _headings(cells: Sequence[str]) -> dict[str, int]:
    """The place of each column; empty where the line holds no headings."""
    called = {fold(each): place for place, each in reversed(list(enumerate(cells)))}
    found = {
        column: called[next(name for name in names if name in called)]
        for column, names in COLUMNS.items()
        if any(name in called for name in names)
    }
    return found if "address" in found else {}


def _rows(lines: Sequence[str], before: int, headings: Mapping[str, int]) -> Iterator[ListedPerson]:
    """Those of a table, below its headings. `before`: how many lines stand above these."""
    rows = csv.reader(io.StringIO("\n".join(lines), newline=""), delimiter=_delimiter(lines[0]))
    try:
        for cells in rows:
            number = before + rows.line_num
            said = {column: _said(cells, place) for column, place in headings.items()}
            if any(said.values()) and number > before + 1:
                wrong = "" if said["address"] else "the column of addresses is empty; allowed: an address in each row"
                yield ListedPerson(number, **said, wrong=wrong)
    except csv.Error as error:
        raise WrongFile(f"line {before + rows.line_num}: found {error}; allowed: a table") from error


def _said(cells: Sequence[str], place: int) -> str:
    """A cell without blanks, and without the apostrophe by which a spreadsheet takes it for no formula."""
    text = cells[place].strip() if place < len(cells) else ""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def _lines(lines: Sequence[str]) -> Iterator[ListedPerson]:
    for number, line in enumerate(lines, start=1):
        if line.strip(_AROUND):
            yield from (replace(each, line=number) for each in _of_line(line))


def _of_line(line: str) -> Iterator[ListedPerson]:
    """Everybody of a line: a name stands before its address, or in a cell of its own."""
    found = [each for each in _PIECE.finditer(line) if "@" in each[0]]
    if not found:
        yield ListedPerson(0, wrong=f"found no address; allowed: {_HOW}")
    elif len(found) == 1 and "<" not in line:
        yield _of_cells(line, found[0][0])
    else:
        end = 0
        for each in found:
            yield ListedPerson(0, each[0], line[end : each.start()].strip(_AROUND))
            end = each.end()
        if rest := line[end:].strip(_AROUND):
            yield ListedPerson(0, wrong=f"found “{rest[:60]}” behind the last address; allowed: {_HOW}")


def _of_cells(line: str, address: str) -> ListedPerson:
    pieces = (each.replace(address, "").strip(_AROUND) for each in _cells(line))
    others = [each for each in pieces if each]
    if len(others) > 1:
        found = listed_cells(others)
        return ListedPerson(0, address, wrong=f"found {found} beside the address; allowed: {_HOW}")
    return ListedPerson(0, address, others[0] if others else "")


def listed_cells(cells: Sequence[str]) -> str:
    return ", ".join(f"“{each[:60]}”" for each in cells)


def _cells(line: str) -> list[str]:
    return next(csv.reader([line], delimiter=_delimiter(line)), [])


def _delimiter(line: str) -> str:
    return next((each for each in "\t;" if each in line), ",")
