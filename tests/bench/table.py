"""Prints the figures as tables, and keeps them as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from tests.bench import pages as names
from tests.bench.measure import CONNECTIONS, Figures, Site
from tests.bench.statements import Sent
from tests.bench.wanted import Verdict

_HEAD = ("", "p50 ms", "p95 ms", "floors", f"req/s at {CONNECTIONS}", "CPU ms", "statements", "KB")


def show(machine: dict[str, str], sites: list[Site], sent: dict[str, dict[str, Sent]], found: list[Verdict]) -> None:
    """What it was measured on, a table for each database, and what is wanted."""
    print("\n" + ", ".join(f"{name}: {value}" for name, value in machine.items()))
    for site in sites:
        told = f"{site.size.issues:,} issues, {site.size.a_year:,} a year"
        print(f"\n{told}; one connection, medians of {len(site.rounds[names.FLOOR])} rounds\n")
        _print(_HEAD, _lines(site, sent[site.size.name]))
    print("\nWanted\n")
    _print(
        ("", "found", "at most", ""),
        ((each.what, f"{each.found:.2f}", f"{each.most:g}", "met" if each.is_met else "MISSED") for each in found),
    )


def keep(
    folder: Path, machine: dict[str, str], sites: list[Site], sent: dict[str, dict[str, Sent]], found: list[Verdict]
) -> Path:
    """The same and every round as JSON; the file."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    told = {
        "measured_at": now.isoformat(timespec="seconds"),
        "machine": machine,
        "databases": [
            {"issues": site.size.issues, "a_year": site.size.a_year, "pages": _pages(site, sent[site.size.name])}
            for site in sites
        ],
        "wanted": [{**asdict(each), "met": each.is_met} for each in found],
    }
    file = folder / f"{now:%Y-%m-%d-%H%M%S}.json"
    file.write_text(json.dumps(told, indent=1) + "\n")
    return file


def _lines(site: Site, sent: dict[str, Sent]) -> Iterable[tuple[str, ...]]:
    floor = Figures.of(site.rounds[names.FLOOR]).p50
    for name, rounds in site.rounds.items():
        each = Figures.of(rounds)
        yield (
            name, f"{each.p50:.2f}", f"{each.p95:.2f}", f"{each.p50 / floor:.1f}", f"{each.per_second:.0f}",
            f"{each.cpu:.2f}", str(len(sent[name].statements)), f"{sent[name].size / 1000:.1f}",
        )  # fmt: skip


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
