"""What tests of pages share: the site with the cast in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.makers import Cast
from tests.site import Site, opened_site
from tracker.database import Database


@pytest.fixture
def site(db: Database, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    """The site on a Monday morning."""
    with opened_site(db, tmp_path, cast) as made:
        yield made


@pytest.fixture
def https_site(db: Database, tmp_path: Path) -> Iterator[Site]:
    """The site behind TLS."""
    with opened_site(db, tmp_path, TRACKER_BASE_URL="https://tracker.example.org") as made:
        yield made
