"""What tests of copies share: the site with a record to copy, and copies of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.mirror.copies import CouncilsCopy
from tests.makers import Cast
from tests.queries.proofs.record import a_day_later, begin_with_checkpoints
from tests.site import Site, opened_site
from tracker.database import Database


@pytest.fixture
def site(db: Database, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    """With three issues, on two of which something was said, some of it to one side alone, and a checkpoint."""
    with opened_site(db, tmp_path, cast) as made:
        with db.write() as session:
            begin_with_checkpoints(session, cast, 1)
        made.now = a_day_later()
        yield made


@pytest.fixture
def council(site: Site, tmp_path: Path) -> Iterator[CouncilsCopy]:
    """A copy that the Council keeps, empty still."""
    made = CouncilsCopy(site, tmp_path / "copy.sqlite3")
    yield made
    made.database.dispose()
