"""Texts that people labelled, from the folder of real data, in parts by the hash of each text."""

import csv
import gzip
import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

TEXTS = Path(os.environ.get("TRACKER_REAL_DATA", ".")) / "text"
PARTS = 5  # one of so many is scored, the others are learnt


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one file."""
    csv.field_size_limit(10**8)
    with gzip.open(TEXTS / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def part_of(text: str) -> int:
    """By its hash, so that the same text never stands in two parts."""
    return int(sha256(text.casefold().encode()).hexdigest(), 16) % PARTS


def is_scored(text: str) -> bool:
    """Whether a text is kept for scoring."""
    return part_of(text) == 0
