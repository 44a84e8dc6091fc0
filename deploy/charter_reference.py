"""Writes the keys of a charter file anew into deploy/charter.md: python -m deploy.charter_reference."""

from pathlib import Path

from tracker.exchange.charter.meanings import reference

FILE = Path(__file__).parent / "charter.md"
HEADING = "## Every key\n"


def written() -> str:
    """The page with its keys as they are."""
    return f"{FILE.read_text(encoding='utf-8').partition(HEADING)[0]}{HEADING}\n{reference()}"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
