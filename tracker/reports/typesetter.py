"""A process that sets papers, one after the other, and ends by itself: typst keeps what it used, 2 MB more a paper.

python -I typesetter.py FOLDER SECONDS. A request is a line of JSON on its standard input: the template, the size of the
paper, and the content as JSON; the answer a line with the kind and the length of what follows: the PDF, or what was
wrong.
"""

import json
import os
import select
import signal
import sys
from pathlib import Path
from typing import Any

import typst

_MOST_PAPERS = 12
_STANDARD = "ua-1"
_NO_GLYPH = "could not be displayed"  # what typst says of a character that no font has


def main(root: Path, idles_for: float) -> None:
    """Until it has set enough, nothing was asked for so many seconds, or whoever asks is gone."""
    for _ in range(_MOST_PAPERS):
        if not select.select([sys.stdin], [], [], idles_for)[0]:
            return
        request = sys.stdin.buffer.readline()
        if not request:
            return
        try:
            kind, answer = b"made", _set(root, *json.loads(request))
        except Exception as fault:
            kind, answer = b"refused", str(fault).encode()
        sys.stdout.buffer.write(b"%b %d\n%b" % (kind, len(answer), answer))
        sys.stdout.buffer.flush()


def _set(root: Path, template: str, paper: str, content: str) -> bytes:
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
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # it ends with whoever asks, and says nothing
    main(Path(sys.argv[1]), float(sys.argv[2]))
