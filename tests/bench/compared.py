"""What got worse since figures that were kept: as ratios to the floor of the same run, so that two machines compare."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import pages as names

WORSE = 1.1  # by more than a tenth
_SLOWER = ("p50", "cpu")
_LOADS = ("many", "crowd")


@dataclass(frozen=True, slots=True)
class Worse:
    """A figure that is `times` what it was."""

    what: str
    times: float


def got_worse(file: Path, told: Mapping[str, Any]) -> list[Worse]:
    """The worst first. Both are what `table.keep` writes."""
    before = {each["issues"]: each["pages"] for each in json.loads(file.read_text())["databases"]}
    found = (
        each
        for now in told["databases"]
        if now["issues"] in before
        for each in _of(f"{now['issues']:,} issues", before[now["issues"]], now["pages"])
    )
    return sorted((each for each in found if each.times > WORSE), key=lambda each: -each.times)


def _of(where: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Worse]:
    for name in (each for each in after if each in before and each != names.FLOOR):
        for figure in _SLOWER:
            yield Worse(
                f"{where}: {name}: {figure} in floors", _ratio(after, name, figure) / _ratio(before, name, figure)
            )
        for load in _LOADS:
            was, now = (_per_second(pages, name, load) for pages in (before, after))
            yield Worse(f"{where}: {name}: requests a second ({load}) of the floor's", was / now)
        for figure in ("statements", "bytes"):
            yield Worse(f"{where}: {name}: {figure}", after[name][figure] / (before[name][figure] or 1))


def _ratio(pages: Mapping[str, Any], name: str, figure: str) -> float:
    return float(pages[name][figure] / pages[names.FLOOR][figure])


def _per_second(pages: Mapping[str, Any], name: str, load: str) -> float:
    return float(pages[name][load]["per_second"] / pages[names.FLOOR][load]["per_second"])
