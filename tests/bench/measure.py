"""Measures pages over several databases, interleaved in rounds, so that what else the machine does falls on all."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from statistics import median, quantiles

from tests.bench.client import Ask, Connection, Load, at_once, timed
from tests.bench.pages import Page
from tests.bench.seed import Size
from tests.bench.server import Server
from tracker.actions.counting.climbs import count_all_climbs
from tracker.actions.counting.months import count_one
from tracker.database import Database
from tracker.rules.sweeps import COUNTED_AFTER

MANY, CROWD = 8, 64  # connections at once
_ONE_BY_ONE, _AT_ONCE = 0.35, 0.35  # seconds that a page is measured for in a round, about
_LEAST, _MOST = 10, 80  # times that it is asked for meanwhile
_WARMING = 24


@dataclass(frozen=True, slots=True)
class Round:
    """One round's figures of a page: milliseconds, processor milliseconds of the server, and under load. `bare`: the
    milliseconds of its own statements with nothing made of them; 0 of a form."""

    p50: float
    p95: float
    bare: float
    cpu: float
    many: Load
    crowd: Load


@dataclass(frozen=True, slots=True)
class Takes:
    """Processor seconds of a server to its first answer; its megabytes then, and after so many requests."""

    start: float
    idle: float
    after: float
    requests: int


@dataclass
class Site:
    """A server over one database, of so many megabytes, with what is asked of it. `bare`: by page the address of its
    statements alone."""

    size: Size
    database: Database
    server: Server
    pages: tuple[Page, ...]
    megabytes: float
    rounds: dict[str, list[Round]] = field(default_factory=dict)
    turns: int = 0
    often: dict[str, int] = field(default_factory=dict)
    bare: dict[str, str] = field(default_factory=dict)

    @property
    def takes(self) -> Takes:
        """By now."""
        return Takes(self.server.start, self.server.idle, self.server.megabytes(), self.turns)

    def count(self) -> None:
        """What a clock beside the server would have counted by now: months, and how issues climbed."""
        now = datetime.now(UTC) + COUNTED_AFTER
        with self.database.write() as session:
            while count_one(session, now=now):
                pass
        sum(count_all_climbs(self.database, now))

    def asked(self, page: Page, times: int) -> list[bytes]:
        """The next so many requests for a page."""
        guest = self.server.guests[page.who]
        first, self.turns = self.turns, self.turns + times
        return [page.ask(turn, guest.csrf).raw(guest.cookie) for turn in range(first, self.turns)]


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians of all rounds."""

    p50: float
    p95: float
    bare: float
    cpu: float
    many: Load
    crowd: Load

    @classmethod
    def of(cls, rounds: Iterable[Round]) -> "Figures":
        found = list(rounds)
        alone = (median(getattr(each, name) for each in found) for name in ("p50", "p95", "bare", "cpu"))
        return cls(*alone, *(Load.median(getattr(each, name) for each in found) for name in ("many", "crowd")))

    @property
    def floors(self) -> float:
        """How often its bare statements would fit into its time; 0 where it has none."""
        return self.p50 / self.bare if self.bare else 0.0


def warm(site: Site) -> None:
    """Every process of the server has drawn every page; how often each is asked for in a round is settled."""
    for page in site.pages:
        for _ in range(3):
            with _connected(site.server.port, MANY) as connections:
                at_once(connections, site.asked(page, _WARMING), page.status)
        with Connection(site.server.port) as connection:
            quick = median(timed(connection, site.asked(page, 5), page.status))
        site.often[page.name] = max(_LEAST, min(_MOST, int(_ONE_BY_ONE / quick)))


def one_round(sites: list[Site]) -> None:
    """Each page once on each server, one right after the other."""
    for name in dict.fromkeys(page.name for site in sites for page in site.pages):
        for site in sites:
            site.count()
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
        bare = _bare(site, page, connection, times)
    p95 = quantiles(seconds, n=20, method="inclusive")[-1]
    loads = (_load(site, page, connections, 2 * times) for connections in (MANY, CROWD))
    return Round(median(seconds) * 1000, p95 * 1000, bare, cpu / times * 1000, *loads)


def _bare(site: Site, page: Page, connection: Connection, times: int) -> float:
    if page.name not in site.bare:
        return 0.0
    raw = Ask(site.bare[page.name]).raw(site.server.guests[page.who].cookie)
    return median(timed(connection, [raw] * times, 200)) * 1000


def _load(site: Site, page: Page, connections: int, times: int) -> Load:
    asked = site.asked(page, max(times, connections))
    with _connected(site.server.port, connections) as opened:
        return at_once(opened, asked, page.status)


@contextmanager
def _connected(port: int, count: int) -> Iterator[list[Connection]]:
    with ExitStack() as opened:
        yield [opened.enter_context(Connection(port)) for _ in range(count)]
