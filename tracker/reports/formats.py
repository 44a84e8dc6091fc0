"""The files that reports are had as: what a link calls each, as what it is sent, its name."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from tracker.measures.periods import ALL_TIME, Period

_PORTION = 64_000  # letters


class Format(NamedTuple):
    """`words`: of a link to it. `is_text`: a terminal can show it."""

    words: str
    media_type: str
    is_text: bool = True


FORMATS: Mapping[str, Format] = {
    "json": Format("JSON", "application/json"),
    "csv": Format("CSV", "text/csv"),
    "xlsx": Format("Spreadsheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", is_text=False),
    "pdf": Format("PDF", "application/pdf", is_text=False),
    "html": Format("Page", "text/html"),
}


def file_bytes(content: str | bytes, ending: str) -> bytes:
    """A report as a file. Values with commas begin with the mark by which a spreadsheet knows UTF-8, without which it
    takes letters for those of its machine."""
    if isinstance(content, bytes):
        return content
    return content.encode("utf-8-sig" if ending == "csv" else "utf-8")


def in_portions(pieces: Iterable[str]) -> Iterator[bytes]:
    """A text that comes in small pieces, as it is sent on: each handing over costs more than a piece."""
    waiting, length = list[str](), 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= _PORTION:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    yield "".join(waiting).encode()


def file_name(partnership: str, within: Period | None, report: str, ending: str) -> str:
    """What a file is called where it is kept: “RIV-2026-Q1-themes.csv”."""
    return f"{partnership}-{within.name if within else ALL_TIME}-{report}.{ending}"
