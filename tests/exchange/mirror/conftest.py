"""What tests of copies share: the site with a record to copy, and copies of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.mirror.copies import CouncilsCopy, site_to_copy
from tests.makers import Cast
from tests.site import Site
from tracker.database import Database


@pytest.fixture
def site(db: Database, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with site_to_copy(db, cast, tmp_path) as made:
        yield made


@pytest.fixture
def council(site: Site, tmp_path: Path) -> Iterator[CouncilsCopy]:
    """A copy that the Council keeps, empty still."""
    made = CouncilsCopy(site, tmp_path / "copy.sqlite3")
    yield made
    made.database.dispose()
