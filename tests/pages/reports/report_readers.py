"""What each face of a report says, read back from it by nothing but what stands there."""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from tests.reports.pdf_words import words_on
from tests.reports.workbook_rows import Cell, rows_of

Counts = tuple[int | None, ...]


@dataclass(frozen=True)
class Told:
    """By the name of each theme: how it stands and how many now, open, solved and not solved; its months; its pairs.
    And what is said first; and what each costs, in words, or the figures of it in a sheet.

    To readers it is told as they read it (“higher, level since May”), with what is open today, and with the sentence
    about chance; sheets tell its label (“rising”), what was before, and what is open of the period."""

    themes: Mapping[str, tuple[str, Counts]]
    months: Mapping[str, Counts]
    pairs: Mapping[str, Counts]
    first: tuple[str, ...]
    harm: Mapping[str, str] = field(default_factory=dict)


def from_json(content: str) -> Told:
    """As readers are told it."""
    found = json.loads(content)
    lines = [*found["themes"], found["untagged"]]
    first = (each for each in found["headlines"] if not each["easing"])
    said = (" ".join(filter(None, (each[name] for name in _SAID))) for each in first)
    return Told(
        {each["name"]: (each["standing"] or "", _counts_as_read(each)) for each in lines},
        *_months_and_pairs(lines),
        (*said, found["rest"], found["chance"]),
        {each["name"]: each["harm"]["brief"] for each in lines},
    )


def sheets_in_json(content: str) -> Told:
    """As sheets tell it."""
    found = json.loads(content)
    lines = [*found["themes"], found["untagged"]]
    return Told(
        {each["name"]: (_label(each), tuple(each[name] for name in _COUNTS)) for each in lines},
        *_months_and_pairs(lines),
        (*(each["sentence"] for each in found["headlines"]), found["rest"]),
        {each["name"]: cost_text(*_cost_in(each["harm"])) for each in lines},
    )


def from_csv(content: str, first: tuple[str, ...]) -> Told:
    """A sheet of rows has no room for sentences: `first` is what the others say."""
    return _from_rows([dict(row) for row in csv.DictReader(io.StringIO(content))], first)


def from_xlsx(content: bytes) -> Told:
    sheets = rows_of(content)
    return _from_rows(sheets["Themes"], tuple(str(row["headline"]) for row in sheets["Headlines"]))


def from_html(page: str) -> Told:
    main = page.partition("<main")[2]
    rows = [row for table in re.findall(r'<table class="themes.*?</table>', main, re.DOTALL) for row in _rows(table)]
    foremost = _between(main, '<ol class="findings">', "</ol>").split("<li>")[1:]
    rest = _text(_between(main.partition("What stands out</h2>")[2], '<p class="fine">', "<a"))
    chance = re.search(r"<p>([^<]*(?:by chance alone|from noise)\.)</p>", main)
    assert chance
    return Told(
        {_name(row): (_verdict_of(row), tuple(_count(_cell(row, each)) for each in _LABELS)) for row in rows},
        _heat(main, "Occurrences by theme and month"),
        _heat(main, "Occurrences by theme and pair of organisations"),
        (*map(_finding, foremost), rest, chance[1]),
        {_name(row): _text(_between(_between(row, "</th>", "</tr>"), "<small>", "</small>")) for row in rows},
    )


def from_pdf(content: bytes, names: tuple[str, ...], first: tuple[str, ...]) -> Told:
    """`names`: of the themes, by which their rows are found; `first`: what may be said first, of which it is told what
    stands there, in the order of the paper."""
    words = paper_words(content)
    table = re.split("In their words|Where it happens", words.partition("Theme by theme")[2])[0]
    where, when = (
        _between(words, "Where it happens", "When it happens"),
        re.split(r"Which promise|Does it stay", words.partition("When it happens")[2])[0],
    )
    head, trust = words.partition(" Theme by theme")[0], words.partition("How far to trust this")[2]
    return Told(
        {name: _on_paper(name, table) for name in names},
        {name: _row_on_paper(name, when) for name in names},
        {name: _row_on_paper(name, where) for name in names},
        tuple(sorted((each for each in first if each in head + trust), key=(head + trust).index)),
        {name: _harm_on_paper(name, table) for name in names},
    )


def quotations_on(page: str) -> set[tuple[str, str, str]]:
    """Theme, words and reference ("" for none) of each, on a page."""
    section = _between(page, "<summary><h2>In their words</h2>", "</details>")
    return {
        (_text(group.partition("</h3>")[0]), _text(words), ref)
        for group in section.split("<h3>")[1:]
        for words, ref in re.findall(r"<blockquote>(.*?)</blockquote>.*?(?:>(RIV-\d+)</a>)?</figcaption>", group)
    }


def quotations_on_paper(content: bytes, names: tuple[str, ...]) -> set[tuple[str, str, str]]:
    """The same, on paper; `names`: of the themes."""
    section = re.sub(_FOOT, "", _between(paper_words(content), "without names. ", "Where it happens"))
    parts = re.split(rf"({'|'.join(map(re.escape, names))}) (?=“)", section)[1:]
    return {
        (name, words, ref)
        for name, group in zip(parts[::2], parts[1::2], strict=True)
        for words, ref in re.findall(r"“([^”]*)” [^“]*?(?:· (RIV-\d+) ?)?(?=“|$)", group.strip())
    }


def paper_words(content: bytes) -> str:
    """What a PDF says, with the blanks that a change of font leaves before a mark taken out."""
    return re.sub(r"% ([.,);])", r"%\1", words_on(content))


_COUNTS = ("occurrences", "before", "open", "solved", "not_solved")
_LABELS = ("in the period", "open now", "solved", "not solved")
_SAID = ("called", "words", "reasons", "around")
_FOOT = r"Riverside Integrated Discharge · [\w ]+? \d+ of \d+"  # of a page
_COSTS = ("serious_or_critical", "hours_lost", "hours_said_for")
_HARM = r"(?: (?P<harm>(?:none|\d+ %|\d+ of \d+) serious or critical(?:; about [\d.,]+ hours? lost, said for \d+)?))?"
_BARS = r"(?: [A-Z][a-z]{2} \d{4} [A-Z][a-z]{2} \d{4}: \d+| too few months to draw)"


def _cost_in(harm: Mapping[str, Any]) -> tuple[Cell, ...]:
    lost = harm["hours_lost"] or {"hours": None, "said_for": None}
    return harm["serious_or_critical"]["k"], lost["hours"], lost["said_for"]


def cost_text(*cells: Any) -> str:
    """Alike for what CSV has as text and a workbook as numbers."""
    return " ".join("–" if cell in (None, "") else f"{float(cell or 0):g}" for cell in cells)


def _counts_as_read(line: Mapping[str, Any]) -> Counts:
    return line["occurrences"], line["open_now"]["issues"], line["solved"], line["not_solved"]


def _months_and_pairs(lines: list[dict[str, Any]]) -> tuple[dict[str, Counts], dict[str, Counts]]:
    months = {each["name"]: tuple(each["months"].values()) for each in lines}
    return months, {each["name"]: tuple(pair["occurrences"] for pair in each["pairs"]) for each in lines}


def _finding(item: str) -> str:
    """What stands out, as it is called, how it stands, and its numbers; without the promise that it strains."""
    said = _text(_between(item, "<p>", "</p>"))
    return f"{_text(_between(item, '<h3>', '</h3>'))} {said.partition(' Strains ')[0]}"


def _label(line: Mapping[str, dict[str, str] | None]) -> str:
    verdict = line["verdict"]
    return verdict["label"] if verdict else ""


def _from_rows(rows: list[dict[str, Cell]], first: tuple[str, ...]) -> Told:
    spans = [column for column in rows[0] if re.fullmatch(r"\d{4}-\d\d", column)]
    pairs = [column for column in rows[0] if " + " in column]
    return Told(
        {str(row["name"]): (str(row["verdict"] or ""), tuple(_count(row[each]) for each in _COUNTS)) for row in rows},
        {str(row["name"]): tuple(_count(row[each]) for each in spans) for row in rows},
        {str(row["name"]): tuple(_count(row[each]) for each in pairs) for row in rows},
        first,
        {str(row["name"]): cost_text(*(row[each] for each in _COSTS)) for row in rows},
    )


def _count(cell: Cell) -> int | None:
    return None if cell in (None, "", "–") else int(cell or 0)


def _rows(table: str) -> list[str]:
    return re.findall(r'<tr><th scope="row">.*?</tr>', table, re.DOTALL)


def _heat(page: str, label: str) -> dict[str, Counts]:
    rows = _rows(_between(page, f'aria-label="{label}"', "</table>"))
    return {_name(row): tuple(_count(_text(cell)) or 0 for cell in re.findall(r"<td.*?</td>", row)) for row in rows}


def _name(row: str) -> str:
    return _text(re.sub(r"<small>.*?</small>", "", row.partition("</th>")[0]))


def _verdict_of(row: str) -> str:
    found = re.search(r'<span class="verdict[^>]*>([^<]*)</span>', row)
    return _text(found[1]) if found else ""


def _cell(row: str, label: str) -> str:
    return _text(_between(row, f'data-of="{label}">', "</td>"))


def _on_paper(name: str, words: str) -> tuple[str, Counts]:
    found = _row_of_theme(name, words)
    return found["told"] or "", tuple(_count(each) for each in found.groups()[2:])


def _harm_on_paper(name: str, words: str) -> str:
    return _row_of_theme(name, words)["harm"] or ""


def _row_of_theme(name: str, words: str) -> re.Match[str]:
    counts = " ".join([r"(\d+|–)"] * len(_LABELS))
    found = re.search(rf"{re.escape(name)}(?: · (?P<told>.+?))?{_HARM}{_BARS} {counts}(?: |$)", words)
    assert found, name
    return found


def _row_on_paper(name: str, words: str) -> Counts:
    """Of a table, and of those that go on with it: a year of months a table."""
    found = re.findall(rf"{re.escape(name)}((?: (?:\d+|–))+)", words)
    assert found, name
    return tuple(_count(each) or 0 for part in found for each in part.split())


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def _text(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())
