"""Reads how a PDF is put together for whoever has it read aloud: its tags, as its newest objects say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tests.reports.pdf_words import objects_of

_KIND = re.compile(rb"<</Type/StructElem/S/(\w+)")
_KIDS = re.compile(rb"/K\[(.*?)\]", re.DOTALL)
_HEADING = re.compile(r"H[1-6]")


@dataclass(frozen=True)
class Tag:
    """`scope`: "Row" or "Column" of a head; `page`: of what it marks itself, as the number of an object, 0 for none."""

    kind: str
    scope: str
    page: int
    children: tuple["Tag", ...]

    def all_of(self, kind: str) -> Iterator["Tag"]:
        """Itself and what is below it, in order."""
        if self.kind == kind:
            yield self
        for each in self.children:
            yield from each.all_of(kind)

    @property
    def first_page(self) -> int:
        """Where it begins."""
        return self.page or next((at for each in self.children if (at := each.first_page)), 0)

    @property
    def is_heading(self) -> bool:
        return bool(_HEADING.fullmatch(self.kind))


def tags_of(pdf: bytes) -> Tag:
    objects = objects_of(pdf)
    (root,) = (number for number, body in objects.items() if b"/S/Document" in body and _KIND.search(body))
    return _tag(root, objects)


def _tag(number: int, objects: Mapping[int, bytes]) -> Tag:
    body = objects[number]
    kind, kids, scope = _KIND.search(body), _KIDS.search(body), re.search(rb"/Scope/(\w+)", body)
    assert kind, body
    below = [int(each) for each in re.findall(rb"(\d+) 0 R", kids[1] if kids else b"")]
    page = re.search(rb"/Pg (\d+) 0 R", body)
    return Tag(
        kind[1].decode(),
        scope[1].decode() if scope else "",
        int(page[1]) if page else 0,
        tuple(_tag(each, objects) for each in below if _KIND.search(objects[each])),
    )
