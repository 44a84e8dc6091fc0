"""How often an issue's own duplicates are among the first five that are shown as similar, on a real tracker."""

import pytest

from tests.makers import Cast
from tests.real.duplicates import groups, lay_out, reported
from tracker.database import Database
from tracker.queries.similar import similar_issues


@pytest.mark.both_databases
def test_a_duplicate_is_among_the_first_five_in_four_of_five(
    db: Database, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    issues = reported()
    group = groups(issues)
    with db.write() as session:
        lay_out(session, cast, issues)
        viewer, found = cast.viewer("sam"), []
        for asked in (each for each in issues if each.group):
            rows = similar_issues(session, viewer, cast.partnership.id, asked.title, asked.detail, besides_id=asked.id)
            places = [place for place, row in enumerate(rows, start=1) if group.get(row.id) == asked.group]
            found.append(min(places, default=0))

    right = sum(1 for place in found if place) / len(found)
    first = found.count(1) / len(found)
    with capsys.disabled():
        print(f"\nseamonkey, {db.engine.dialect.name}: first {first:.3f}, first five {right:.3f} of {len(found)}")
    assert right >= 0.80
