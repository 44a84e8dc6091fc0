"""Measures: python3 go.py bench [--issues N] [--rounds N] [--database URL]."""

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from tests.bench import stores
from tests.bench.machine import machine
from tests.bench.measure import Site, one_round, warm
from tests.bench.pages import pages_of
from tests.bench.server import serving
from tests.bench.statements import Sent, statements
from tests.bench.table import keep, show
from tests.bench.wanted import verdicts
from tracker.database import Database
from tracker.settings import Settings

SIZES = (10_000, 100_000)
LEAST = 1000  # with fewer the smaller database would not fill a list
ROUNDS = 11


def main(arguments: Sequence[str]) -> None:
    """Measures two sizes, ten times apart: pages should cost about the same on both."""
    asked = _read(arguments)
    with stores.opened(asked.database) as store, ExitStack() as running:
        addresses = {count: running.enter_context(store.copy(count)) for count in asked.sizes}
        on = machine(addresses[asked.sizes[-1]])
        sites, sent = _opened(addresses, running)
        for number in range(asked.rounds):
            one_round(sites)
            print(f"round {number + 1} of {asked.rounds}", end="\r", file=sys.stderr, flush=True)
    sites.sort(key=lambda site: site.issues)
    found = list(verdicts(sites, sent))
    show(on, sites, sent, found)
    print(f"\nwritten to {keep(stores.FOLDER, on, sites, sent, found)}")


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="go.py bench", description="Measures the server over seeded databases.")
    parser.add_argument("--issues", dest="sizes", type=_sizes, default=SIZES, help="so many issues, and a tenth of it")
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


def _opened(addresses: dict[int, str], running: ExitStack) -> tuple[list[Site], dict[int, dict[str, Sent]]]:
    """A warm server over each database, and what its pages send there."""
    sites, sent = [], {}
    for count, url in addresses.items():
        home = stores.FOLDER / f"home-{count}"
        server = running.enter_context(serving(url, home))
        database = Database(url)
        site = Site(count, server, pages_of(database))
        settings = Settings.from_environment({"TRACKER_HOME": str(home)})
        sent[count] = statements(database, settings, site.pages, now=datetime.now(UTC))
        database.dispose()
        warm(site)
        sites.append(site)
    return sites, sent


if __name__ == "__main__":
    main(sys.argv[1:])
