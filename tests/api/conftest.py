"""What tests of the API share: the site with the cast, and organisations that ask by a token."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.makers import Cast
from tests.site import Site, opened_site
from tracker.database import Database


@pytest.fixture
def site(db: Database, cast: Cast, tmp_path: Path) -> Iterator[Site]:
    with opened_site(db, tmp_path, cast) as made:
        yield made
