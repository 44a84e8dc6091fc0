"""Prints the figures as tables, and keeps them as JSON."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench import pages as names
from tests.bench.clock import Pace
from tests.bench.compared import Worse
from tests.bench.measure import CROWD, MANY, Figures, Site
from tests.bench.statements import Sent
from tests.bench.wanted import Verdict

_LOADS = (f"req/s at {MANY}", "slowest ms", f"req/s at {CROWD}", "slowest ms")
_HEAD = ("", "p50 ms", "p95 ms", "CPU ms", "fifty rows", "floors", *_LOADS, "statements", "KB")


def show(machine: dict[str, str], sites: list[Site], sent: dict[str, dict[str, Sent]], found: list[Verdict]) -> None:
    """What it was measured on, a table for each database, and what is wanted."""
    print("\n" + ", ".join(f"{name}: {value}" for name, value in machine.items()))
    for site in sites:
        told = f"{site.size.issues:,} issues, {site.size.a_year:,} a year"
        print(f"\n{told}; one connection, medians of {len(site.rounds[names.FLOOR])} rounds\n")
        _print(_HEAD, _lines(site, sent[site.size.name]))
        takes = site.takes
        print(
            f"\nserver: {takes.start:.1f} s of CPU to its first answer, {takes.idle:.0f} MB then, {takes.after:.0f} MB"
        )
        print(f"after {takes.requests:,} requests; database: {site.megabytes:.0f} MB")
    print("\nWanted\n")
    _print(
        ("", "found", "at most", ""),
        ((each.what, f"{each.found:.2f}", f"{each.most:g}", "met" if each.is_met else "MISSED") for each in found),
    )


def told(
    machine: dict[str, str], sites: list[Site], sent: dict[str, dict[str, Sent]], found: list[Verdict]
) -> dict[str, Any]:
    """The same and every round, as JSON values."""
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine,
        "databases": [
            {
                "issues": site.size.issues,
                "a_year": site.size.a_year,
                "megabytes": site.megabytes,
                "server": asdict(site.takes),
                "pages": _pages(site, sent[site.size.name]),
            }
            for site in sites
        ],
        "wanted": [{**asdict(each), "met": each.is_met} for each in found],
    }


def keep(folder: Path, told: dict[str, Any]) -> Path:
    """Written down; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}.json"
    file.write_text(json.dumps(told, indent=1) + "\n")
    return file


def show_paces(who: str, paces: Mapping[str, Pace], issues: int) -> None:
    """What they do in a second."""
    print(f"\n{who}, over {issues:,} issues\n")
    _print(("", "did", "a second"), ((name, f"{each.did}", f"{each.per_second:.0f}") for name, each in paces.items()))


def show_worse(found: list[Worse], since: Path) -> None:
    """What got worse by more than a tenth since a file was kept."""
    print(f"\nWorse by more than a tenth than {since}\n")
    _print(("", "times"), ((each.what, f"{each.times:.2f}") for each in found))
    if not found:
        print("nothing")


def _lines(site: Site, sent: dict[str, Sent]) -> Iterable[tuple[str, ...]]:
    floor = Figures.of(site.rounds[names.FLOOR]).p50
    for name, rounds in site.rounds.items():
        each = Figures.of(rounds)
        yield (
            name, f"{each.p50:.2f}", f"{each.p95:.2f}", f"{each.cpu:.2f}", f"{each.p50 / floor:.1f}",
            f"{each.floors:.1f}", *_loads(each), str(len(sent[name].statements)), f"{sent[name].size / 1000:.1f}",
        )  # fmt: skip


def _loads(each: Figures) -> Iterable[str]:
    for load in (each.many, each.crowd):
        yield from (f"{load.per_second:.0f}", f"{load.slowest:.0f}")


def _pages(site: Site, sent: dict[str, Sent]) -> dict[str, object]:
    return {
        name: {
            **asdict(Figures.of(rounds)),
            "statements": len(sent[name].statements),
            "bytes": sent[name].size,
            "rounds": [asdict(each) for each in rounds],
        }
        for name, rounds in site.rounds.items()
    }


def _print(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> None:
    rows = [head, *lines]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for name, *cells in rows:
        aligned = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        print("  ".join([name.ljust(widths[0]), *aligned]).rstrip())
