"""How often an issue's own duplicates are among the first five that are like it, and among those shown, really."""

from collections.abc import Iterable

import pytest
from sqlmodel import Session

from tests.makers import Cast
from tests.real.duplicates import Reported, groups, lay_out, reported
from tracker.database import Database
from tracker.queries.similar import SimilarIssue, similar_issues, worth_showing

_EVERY = 5  # of the many without a duplicate one of so many is asked about


def like(session: Session, cast: Cast, asked: Reported) -> tuple[SimilarIssue, ...]:
    viewer, here = cast.viewer("sam"), cast.partnership.id
    return similar_issues(session, viewer, here, asked.title, asked.detail, besides_id=asked.id)


@pytest.mark.both_databases
def test_a_duplicate_is_among_the_first_five_in_four_of_five(
    db: Database, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    issues = reported()
    group = groups(issues)
    twins = [each for each in issues if each.group]
    others = [each for each in issues if not each.group][::_EVERY]
    with db.write() as session:
        lay_out(session, cast, issues)
        found = {each.id: like(session, cast, each) for each in (*twins, *others)}

    def is_among(asked: Reported, rows: tuple[SimilarIssue, ...]) -> bool:
        return any(group.get(row.id) == asked.group for row in rows)

    with_numbers = [each for each in twins if any(map(str.isdigit, each.title))]
    first = share(is_among(each, found[each.id][:1]) for each in twins)
    right = share(is_among(each, found[each.id]) for each in twins)
    numbered = share(is_among(each, found[each.id]) for each in with_numbers)
    shown = share(is_among(each, worth_showing(found[each.id])) for each in twins)
    needless = share(bool(worth_showing(found[each.id])) for each in others)
    with capsys.disabled():
        print(
            f"\nseamonkey, {db.engine.dialect.name}: first {first:.3f}, first five {right:.3f} of {len(twins)}, "
            f"with numbers {numbered:.3f} of {len(with_numbers)}; "
            f"shown {shown:.3f}, something without a duplicate {needless:.3f} of {len(others)}"
        )
    assert right >= 0.84
    assert numbered >= 0.78
    assert shown >= 0.78
    assert needless <= 0.65


def share(of: Iterable[bool]) -> float:
    told = [*of]
    return sum(told) / len(told)
