"""Paper: a template of `templates/reports/` and plain values become a PDF that screen readers can read (PDF/UA-1)."""

import json
from collections.abc import Mapping
from typing import Any

import typst

from tracker.settings import packaged

_STANDARD = "ua-1"
_NO_GLYPH = "could not be displayed"  # what typst says of a character that no font has


def paper(template: str, content: Mapping[str, Any]) -> bytes:
    """A PDF. `template`: the name of a file without `.typ`; `content` reaches it as JSON in `sys.inputs.content`, so
    that what people wrote is never read as markup.

    Where no font has a character, the standard cannot be kept: the paper is made without it rather than not at all.
    """
    try:
        return _compiled(template, content, standards=_STANDARD)
    except typst.TypstError as fault:
        if _NO_GLYPH not in str(fault.diagnostic):
            raise
        return _compiled(template, content, standards=[])


def _compiled(template: str, content: Mapping[str, Any], *, standards: Any) -> bytes:
    """By typst's own fonts alone: the same paper on every machine. Its root holds the templates and nothing else."""
    root = packaged("templates") / "reports"
    made = typst.compile(
        root / f"{template}.typ",
        root=root,
        ignore_system_fonts=True,
        pdf_standards=standards,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    return bytes(made)
