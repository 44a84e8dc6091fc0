"""The process in which a paper is set, and which ends with it: typst keeps what it used, 40 MB of it.

python -I typesetter.py FOLDER TEMPLATE PAPER, the content as JSON on its standard input, the PDF on its output.
"""

import os
import sys
from pathlib import Path
from typing import Any

import typst

_STANDARD = "ua-1"
_NO_GLYPH = "could not be displayed"  # what typst says of a character that no font has


def main(root: Path, template: str, paper: str, content: str) -> bytes:
    """Where no font has a character, the standard cannot be kept: the paper is made without it rather than not at
    all."""
    try:
        return _compiled(root, template, paper, content, standards=_STANDARD)
    except typst.TypstError as fault:
        if _NO_GLYPH not in str(fault.diagnostic):
            raise
        return _compiled(root, template, paper, content, standards=[])


def _compiled(root: Path, template: str, paper: str, content: str, *, standards: Any) -> bytes:
    """By typst's own fonts alone: the same paper on every machine. Its root holds the templates and nothing else."""
    made = typst.compile(
        root / f"{template}.typ",
        root=root,
        ignore_system_fonts=True,
        pdf_standards=standards,
        sys_inputs={"content": content, "paper": paper},
    )
    return bytes(made)


if __name__ == "__main__":
    os.nice(5)  # whoever looks at a page comes first
    sys.stdout.buffer.write(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.stdin.buffer.read().decode()))
