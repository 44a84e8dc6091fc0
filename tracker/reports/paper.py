"""Paper: a template of `templates/reports/` and plain values become a PDF that screen readers can read (PDF/UA-1)."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tracker.reports.typesetters import typeset
from tracker.rules.arrangement import PaperSize

# As typst writes them: a cell below the head of the first column, and the end of a file.
_ROW_NAME = re.compile(
    rb"(\d{1,9}) 0 obj\s<</Type/StructElem/S/TD(/P \d{1,9} 0 R/A\[<</O/Table)"
    rb"(/Headers\[\(U\d{1,9}x0y\d{1,9}\)\].{0,2000}?)endobj",
    re.DOTALL,
)
_END = re.compile(rb"trailer\s<<(?P<trailer>.{0,1000}?)>>\sstartxref\s(?P<at>\d{1,12})\s%%EOF\s{0,2}\Z", re.DOTALL)


def paper(template: str, content: Mapping[str, Any], size: PaperSize = PaperSize.A4) -> bytes:
    """A PDF. `template`: the name of a file without `.typ`; `content` reaches it as JSON in `sys.inputs.content`, so
    that what people wrote is never read as markup. It is set in a process apart. Refuses: PaperFault."""
    return _with_row_heads(typeset(template, size.value, json.dumps(content, ensure_ascii=False)))


def _with_row_heads(pdf: bytes) -> bytes:
    """The name of a row is its head: typst says so of columns alone (its `pdf.header-cell` cannot be switched on from
    here). Said in an update at the end of the file, as ISO 32000-1, 7.5.6 has it: an object of the same number, the
    place of each, and where the places before are."""
    end, names = _END.search(pdf), _ROW_NAME.findall(pdf)
    if end is None or not names:
        return pdf
    made, places = bytearray(pdf), bytearray(b"xref\n")
    for number, parent, rest in names:
        places += b"%b 1\n%010d 00000 n\r\n" % (number, len(made))
        made += b"%b 0 obj\n<</Type/StructElem/S/TH%b/Scope/Row%bendobj\n" % (number, parent, rest)
    at = len(made)
    made += b"%btrailer\n<<%b/Prev %b>>\nstartxref\n%d\n%%%%EOF\n" % (bytes(places), end["trailer"], end["at"], at)
    return bytes(made)
