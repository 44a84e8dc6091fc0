"""Measures: python3 go.py bench [--issues N] [--rounds N] [--database URL] [--compare FILE]."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench import stores
from tests.bench.clock import Pace, paces
from tests.bench.compared import got_worse
from tests.bench.floor import PATHS_BARE, Bare, keep_bare
from tests.bench.machine import machine, megabytes
from tests.bench.measure import Site, one_round, warm
from tests.bench.pages import AT_HAND, FLOOR, FORMS, OF_COUNTS, pages_of
from tests.bench.seed import BUSY, Size
from tests.bench.server import serving
from tests.bench.sides import sides_paces
from tests.bench.statements import Sent, statements
from tests.bench.table import keep, show, show_paces, show_worse, told
from tests.bench.wanted import verdicts
from tracker.database import Database
from tracker.settings import Settings

SIZES = (10_000, 100_000)
LEAST = 1000  # with fewer the smaller database would not fill a list
ROUNDS = 11


def main(arguments: Sequence[str]) -> None:
    """Measures two sizes, ten times apart: pages should cost about the same on both; what is counted by month also on
    a million occurrences."""
    asked = _read(arguments)
    sizes = [Size(count) for count in asked.sizes] + ([] if asked.quick else [BUSY])
    with stores.opened(asked.database) as store, ExitStack() as running:
        addresses = {size: running.enter_context(store.copy(size)) for size in sizes}
        on = machine(addresses[sizes[1]])
        sites, sent = _opened(addresses, running)
        for number in range(asked.rounds):
            one_round(sites)
            print(f"round {number + 1} of {asked.rounds}", end="\r", file=sys.stderr, flush=True)
        sites.sort(key=lambda site: sizes.index(site.size))
        found = list(verdicts(sites[0], sites[1], None if asked.quick else sites[2], sent))
        sides = sides_paces(addresses[sizes[0]], stores.FOLDER / f"home-{sizes[0].name}", sites[0].server)
        clock = paces(addresses[sizes[1]], stores.FOLDER / f"home-{sizes[1].name}")  # where its log's key is
        show(on, sites, sent, found)
        show_paces("Two sides, and a proof of all", sides, sizes[0].issues)
        show_paces("One clock", clock, sizes[1].issues)
        figures = told(on, sites, sent, found)
        figures |= {"clock": _figures(clock), "sides": _figures(sides)}
    print(f"\nwritten to {keep(stores.FOLDER, figures)}")
    if asked.compare:
        show_worse(got_worse(asked.compare, figures), asked.compare)


def _figures(paces: Mapping[str, Pace]) -> dict[str, dict[str, Any]]:
    return {name: asdict(pace) for name, pace in paces.items()}


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="go.py bench", description="Measures the server over seeded databases.")
    parser.add_argument("--issues", dest="sizes", type=_sizes, default=SIZES, help="so many issues, and a tenth of it")
    parser.add_argument("--quick", action="store_true", help="without the million occurrences")
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="say what got worse since: the JSON of another run"
    )
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default {ROUNDS}")
    parser.add_argument(
        "--database", metavar="URL", help=f"postgresql://…, or “{stores.EMBEDDED}” for one of our own; default SQLite"
    )
    return parser.parse_args(arguments)


def _sizes(text: str) -> tuple[int, int]:
    count = int(text)
    if count < LEAST:
        raise argparse.ArgumentTypeError(f"at least {LEAST}")
    return count // 10, count


def _opened(addresses: dict[Size, str], running: ExitStack) -> tuple[list[Site], dict[str, dict[str, Sent]]]:
    """A warm server over each database, and what its pages send there."""
    sites, sent = [], {}
    for size, url in addresses.items():
        home = stores.FOLDER / f"home-{size.name}"
        server = running.enter_context(serving(url, home))
        database = Database(url)
        running.callback(database.dispose)
        pages = tuple(page for page in pages_of(database) if not size.bare or page.name in OF_COUNTS)
        site = Site(size, database, server, pages, megabytes(url))
        settings = Settings.from_environment({"TRACKER_HOME": str(home)})
        sent[size.name] = statements(database, settings, site.pages, now=datetime.now(UTC))
        site.bare = _keep_bare(home, sent[size.name])
        warm(site)
        sites.append(site)
    return sites, sent


def _keep_bare(home: Path, sent: dict[str, Sent]) -> dict[str, str]:
    """The statements of each page without those of the door, which lets in whoever asks for them alone too."""
    door = len(sent[AT_HAND].statements)
    read = {name: each for name, each in sent.items() if name not in (FLOOR, AT_HAND, *FORMS)}
    keep_bare(home, {number: Bare(each.statements[door:], each.size) for number, each in enumerate(read.values())})
    return {name: f"{PATHS_BARE}/{number}" for number, name in enumerate(read)}


if __name__ == "__main__":
    main(sys.argv[1:])
