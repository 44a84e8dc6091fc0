"""Measures pages over several databases, interleaved in rounds, so that what else the machine does falls on all."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from statistics import median, quantiles

from tests.bench.client import Connection, at_once, timed
from tests.bench.pages import Page
from tests.bench.seed import Size
from tests.bench.server import Server

CONNECTIONS = 8
_ONE_BY_ONE, _AT_ONCE = 0.35, 0.35  # seconds that a page is measured for in a round, about
_LEAST, _MOST = 10, 80  # times that it is asked for meanwhile
_WARMING = 24


@dataclass(frozen=True, slots=True)
class Round:
    """One round's figures of a page: milliseconds, requests a second, processor milliseconds of the server."""

    p50: float
    p95: float
    per_second: float
    cpu: float


@dataclass
class Site:
    """A server over one database with what is asked of it."""

    size: Size
    server: Server
    pages: tuple[Page, ...]
    rounds: dict[str, list[Round]] = field(default_factory=dict)
    turns: Iterator[int] = field(default_factory=count)
    often: dict[str, int] = field(default_factory=dict)

    def asked(self, page: Page, times: int) -> list[bytes]:
        """The next so many requests for a page."""
        guest = self.server.guests[page.who]
        return [page.ask(turn, guest.csrf).raw(guest.cookie) for turn in islice(self.turns, times)]


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of all rounds."""

    p50: float
    p95: float
    per_second: float
    cpu: float

    @classmethod
    def of(cls, rounds: Iterable[Round]) -> "Figures":
        found = list(rounds)
        return cls(*(median(getattr(each, name) for each in found) for name in ("p50", "p95", "per_second", "cpu")))


def warm(site: Site) -> None:
    """Every process of the server has drawn every page; how often each is asked for in a round is settled."""
    for page in site.pages:
        for _ in range(3):
            with _connected(site.server.port) as connections:
                at_once(connections, site.asked(page, _WARMING), page.status)
        with Connection(site.server.port) as connection:
            quick = median(timed(connection, site.asked(page, 5), page.status))
        site.often[page.name] = max(_LEAST, min(_MOST, int(_ONE_BY_ONE / quick)))


def one_round(sites: list[Site]) -> None:
    """Each page once on each server, one right after the other."""
    for name in dict.fromkeys(page.name for site in sites for page in site.pages):
        for site in sites:
            for page in (each for each in site.pages if each.name == name):
                site.rounds.setdefault(name, []).append(_measured(site, page))
    sites.reverse()


def growth(small: Site, large: Site, page: str) -> float:
    """How many times as long a page takes on the larger database: the median of what each round showed."""
    pairs = zip(small.rounds[page], large.rounds[page], strict=True)
    return median(after.p50 / before.p50 for before, after in pairs)


def _measured(site: Site, page: Page) -> Round:
    times = site.often[page.name]
    with Connection(site.server.port) as connection:
        timed(connection, site.asked(page, 2), page.status)
        asked, cpu = site.asked(page, times), site.server.cpu_seconds()
        seconds = timed(connection, asked, page.status)
        cpu = site.server.cpu_seconds() - cpu
    many = site.asked(page, 2 * times)
    with _connected(site.server.port) as connections:
        took = at_once(connections, many, page.status)
    p95 = quantiles(seconds, n=20, method="inclusive")[-1]
    return Round(median(seconds) * 1000, p95 * 1000, len(many) / took, cpu / times * 1000)


@contextmanager
def _connected(port: int) -> Iterator[list[Connection]]:
    with ExitStack() as opened:
        yield [opened.enter_context(Connection(port)) for _ in range(CONNECTIONS)]
