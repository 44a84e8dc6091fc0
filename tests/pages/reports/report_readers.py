"""What each face of a report says, read back from it by nothing but what stands there."""

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from tests.reports.pdf_words import words_on
from tests.reports.workbook_rows import Cell, rows_of

Counts = tuple[int | None, ...]


@dataclass(frozen=True)
class Told:
    """By the name of each theme: its verdict and how many now, before, open, solved and not solved; its months; its
    pairs. And what is said first, with the sentence about chance."""

    themes: Mapping[str, tuple[str, Counts]]
    months: Mapping[str, Counts]
    pairs: Mapping[str, Counts]
    first: tuple[str, ...]


def from_json(content: str) -> Told:
    found = json.loads(content)
    lines = [*found["themes"], found["untagged"]]
    return Told(
        {each["name"]: (_label(each), tuple(each[name] for name in _COUNTS)) for each in lines},
        {each["name"]: tuple(each["months"].values()) for each in lines},
        {each["name"]: tuple(pair["occurrences"] for pair in each["pairs"]) for each in lines},
        (*(each["sentence"] for each in found["headlines"]), found["chance"]),
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
    said = [_text(each) for each in re.findall(r"<li>.*?</li>", _between(main, 'class="heads-up"', "</ul>"), re.DOTALL)]
    chance = re.search(r'<p class="fine">([^<]*(?:by chance alone|from noise)\.)</p>', main)
    assert chance
    return Told(
        {_name(row): (_verdict_of(row), tuple(_count(_cell(row, each)) for each in _LABELS)) for row in rows},
        _heat(main, "Occurrences by theme and month"),
        _heat(main, "Occurrences by theme and pair of organisations"),
        (*said, chance[1]),
    )


def from_pdf(content: bytes, names: tuple[str, ...]) -> Told:
    """`names`: of the themes, by which their rows are found."""
    words = paper_words(content)
    table = re.split("In their words|Where it rubs", words.partition("Theme by theme")[2])[0]
    where, when = (
        _between(words, "Where it rubs", "When it rubs"),
        re.split(r"Which promise|Does it stay", words.partition("When it rubs")[2])[0],
    )
    head = words.partition(" Theme by theme")[0]
    said = re.match(
        r".*?(?:• (?P<first>.*?) |apart\. )?(?P<chance>(?:The last months are|Something can|There is too).*)", head
    )
    assert said
    return Told(
        {name: _on_paper(name, table) for name in names},
        {name: _row_on_paper(name, when) for name in names},
        {name: _row_on_paper(name, where) for name in names},
        (*(said["first"].split(" • ") if said["first"] else ()), said["chance"]),
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
    section = _between(paper_words(content), "without names. ", "Where it rubs")
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
_LABELS = ("now", "before", "open", "solved", "not solved")


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
    counts = " ".join([r"(\d+|–)"] * len(_COUNTS))
    found = re.search(rf"{re.escape(name)}(?: · (?P<told>[a-z, ]+)(?= [A-Z0-9]))?(?: .*?)? {counts}(?: |$)", words)
    assert found, name
    return found["told"] or "", tuple(_count(each) for each in found.groups()[1:])


def _row_on_paper(name: str, words: str) -> Counts:
    """Of a table, and of those that go on with it: a year of months a table."""
    found = re.findall(rf"{re.escape(name)}((?: (?:\d+|–))+)", words)
    assert found, name
    return tuple(_count(each) or 0 for part in found for each in part.split())


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def _text(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())
