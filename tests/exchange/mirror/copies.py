"""A copy of what the Council reads, over the site of a test, with a connection that can break off."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.api.calling import Program
from tests.makers import Cast
from tests.queries.proofs.record import a_day_later, begin_with_checkpoints
from tests.site import Site, opened_site
from tracker.database import Database
from tracker.exchange.mirror.copy import MirrorCopy
from tracker.exchange.mirror.entries import FeedEvent, FeedPage
from tracker.exchange.mirror.following import NoAnswer, take_page
from tracker.exchange.mirror.server import HttpFeed


@contextmanager
def site_to_copy(db: Database, cast: Cast, folder: Path) -> Iterator[Site]:
    """With three issues, on two of which something was said, some of it to one side alone, and a checkpoint."""
    with opened_site(db, folder, cast) as made:
        with db.write() as session:
            begin_with_checkpoints(session, cast, 1)
        made.now = a_day_later()
        yield made


class BreakingFeed(HttpFeed):
    """Breaks off at the n-th call, `breaks_at`; 0 is never. Pages are so small that there are many."""

    asked, breaks_at, limit = 0, 0, 500

    def _asked(self, asked: dict[str, str]) -> FeedPage:  # type: ignore[override]
        self.asked += 1
        if self.asked == self.breaks_at:
            raise NoAnswer("broken off")
        return super()._asked({**asked, "limit": str(self.limit)})


class CouncilsCopy:
    """The copy, its file, and the feed that it follows."""

    def __init__(self, site: Site, file: Path, organisation: str = "council", database: Database | None = None) -> None:
        self.file, self.database = file, database or Database(f"sqlite:///{file}", 1)
        self.copy = MirrorCopy(self.database)
        program = Program(site, organisation)
        self.feed = BreakingFeed(f"{site.settings.base_url}/api/v1/partnerships/RIV", program.token, program.client)

    def follow(self) -> int:
        """All that there is by now; how many events of it were new."""
        new, more = 0, True
        while more:
            taken = take_page(self.copy, self.feed)
            new, more = new + taken.events, taken.more
        return new

    def events(self, ref: str = "") -> list[FeedEvent]:
        return [each.event for each in self.copy.events() if each.event and ref in ("", each.ref)]

    def content(self) -> tuple[object, ...]:
        """All that it has, in an order of its own."""
        source = self.copy.source
        assert source
        kept = sorted(self.copy.events(), key=lambda each: each.digest)
        return kept, self.copy.checkpoints(), source.tree, source.origin

    def bytes_kept(self) -> bytes:
        """What stands in its file and in what belongs to it."""
        return b"".join(each.read_bytes() for each in sorted(self.file.parent.glob(f"{self.file.name}*")))
