"""Reads a PDF that typst made as a screen reader does: the letters of its pages, as each font says they are."""

import re
import zlib
from collections.abc import Iterator, Mapping

_OBJECT = re.compile(rb"(\d+) 0 obj\s(.*?)endobj", re.DOTALL)
_SIGN = rb"\\.|[^\\()]"
_NESTED = rb"\((?:" + _SIGN + rb")*\)"  # brackets that pair stand in a string as they are
for _ in range(6):
    _NESTED = rb"\((?:" + _SIGN + rb"|" + _NESTED + rb")*\)"
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|(" + _NESTED + rb")|(ET)\b", re.DOTALL)
_PROPERTIES = re.compile(rb"<<.*?>>\s*BDC", re.DOTALL)  # of marked content: they are not shown
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Letters = Mapping[int, str]


def words_on(pdf: bytes) -> str:
    """All that its pages say, in order, with one blank between any two words."""
    return " ".join(filter(None, pages_of(pdf)))


def pages_of(pdf: bytes) -> list[str]:
    """What each of its pages says."""
    objects = objects_of(pdf)
    return [" ".join("".join(_words(page, objects)).split()) for page in _pages(objects)]


def page_sizes(pdf: bytes) -> list[tuple[float, float]]:
    """How wide and how high each page is, in points, to the hundredth."""
    boxes = (re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", page) for page in _pages(objects_of(pdf)))
    return [(round(float(box[1]), 2), round(float(box[2]), 2)) for box in boxes if box]


def objects_of(pdf: bytes) -> dict[int, bytes]:
    """The newest of each number."""
    return {int(number): body for number, body in _OBJECT.findall(pdf)}


def _pages(objects: Mapping[int, bytes]) -> list[bytes]:
    return [body for body in objects.values() if re.search(rb"/Type\s*/Page\b", body)]


def _words(page: bytes, objects: Mapping[int, bytes]) -> str:
    used = objects[_reference(rb"Resources", page)] if b"/Font" not in page else page
    fonts = {name: _letters(objects[int(at)], objects) for name, at in re.findall(rb"/(f\d+) (\d+) 0 R", used)}
    return "".join(_shown(_content(objects[_reference(rb"Contents", page)]), fonts))


def _shown(content: bytes, fonts: Mapping[bytes, Letters]) -> Iterator[str]:
    font: Letters = {}
    for name, written, ended in _SHOWN.findall(_PROPERTIES.sub(b"", content)):
        if name:
            font = fonts[name]
        elif ended:
            yield " "
        else:
            codes = _ESCAPE.sub(_unescaped, written[1:-1])
            yield "".join(font[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else _PLAIN.get(sign, sign)


def _letters(font: bytes, objects: Mapping[int, bytes]) -> Letters:
    table = _content(objects[_reference(rb"ToUnicode", font)])
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>\n", table.partition(b"endcodespacerange")[2])
    return {int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be") for code, letters in pairs}


def _reference(name: bytes, body: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found, f"no {name!r} in {body[:200]!r}"
    return int(found[1])


def _content(body: bytes) -> bytes:
    return zlib.decompressobj().decompress(body.partition(b"stream")[2].lstrip(b"\r\n"))
