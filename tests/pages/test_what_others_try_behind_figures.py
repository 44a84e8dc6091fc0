"""What somebody tries with the lists behind figures: to learn from them of issues that they may not read."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.queries.tallies.test_solved import solve
from tests.site import Guest, Site
from tracker.actions import escalate
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import record_occurrence
from tracker.actions.amend import give_theme_view
from tracker.records.issue import Issue
from tracker.reports.ladder.numbers import What
from tracker.rules.lifecycle import Cause
from tracker.rules.rings import Ring

LIKE: dict[str, Any] = {"theme": "authority", "service_area": "discharge"}
SOLVED_ON, AGAIN_ON = date(2026, 2, 2), date(2026, 3, 3)
SECRETS: dict[str, dict[str, Any]] = {
    "Kangaroo named": {"ring": Ring.NAMED},
    "Kangaroo kept inside": {"ring": Ring.ORGANISATION},
    "Kangaroo of others": {"with_": "community"},
}
FIXES = "resolved_from=2026-01-01&resolved_until=2026-12-31"
LISTS = (
    "crossed=yes", "by=acute", "by=council", "by=community", "entered=prompt", "again=yes", "stayed=any", "stayed=yes",
    "stayed=no", "named=any", "named=acute,council", "named=acute&alike=no", "named=any&alike=yes", "theme=tagged",
    "view=acute:authority", "view=council:reliability", f"fix=followed&{FIXES}", f"fix=back&{FIXES}",
    f"fix=alike&{FIXES}", "again=yes&by=acute&entered=prompt&from=2026-03-01&until=2026-03-31",
)  # fmt: skip
MORE = ("", "&pair=acute,council", "&q=Kangaroo", "&q=letters", "&before=1-1")


@pytest.fixture
def plain(site: Site) -> Site:
    """Two issues that the Council reads too, one solved in February. The secrets come after."""
    with site.db.write() as session:
        seen = make_issue(session, site.cast, title="Letters late", occurred_on=date(2026, 1, 5), **LIKE)
        seen.topic = "GOV"
        solve(seen, SOLVED_ON)
        make_issue(session, site.cast, title="Letters lost", occurred_on=date(2026, 4, 1))
    return site


def plant(session: Session, cast: Cast, *, is_linked: bool) -> None:
    """One that concerns a person, one kept inside the Hospitals, one between two others: each like the one that was
    solved and after it, said to be it again or not, and with something to find by every filter. What is seen and not
    solved is one of them again."""
    solved, seen = session.get_one(Issue, 1), session.get_one(Issue, 2)
    for title, more in SECRETS.items():
        issue = make_issue(session, cast, title=title, occurred_on=AGAIN_ON, **{**LIKE, **more})
        issue.topic, issue.stayed_fixed = "GOV", "no"
        issue.again_of_id = solved.id if is_linked else None
        record_occurrence(session, issue.ref, doer(cast, "sam"), occurred_on=date(2026, 3, 4))
    seen.again_of_id, others = issue.id, issue.ref
    for who, theme in (("jo", "authority"), ("bea", "reliability")):
        give_theme_view(session, others, doer(cast, who), theme=theme)
    acknowledge(session, others, doer(cast, "mo"))
    escalate.by_holder(session, others, doer(cast, "mo"), cause=Cause.RISK)


def addresses() -> Iterator[str]:
    yield from (f"/reports/RIV/issues?{one}{more}" for one, more in product(LISTS, MORE))
    yield from (f"/issues?theme=tagged{more}" for more in MORE)


def numbers() -> Iterator[str]:
    """Every number of the ladder report that an address can name, of two periods."""
    of = ("", "&tier=1", "&tier=2", "&by=acute", "&by=community", "&by=acute&to=community", "&tier=1&how=fast-track")
    for what, more, within in product(What, of, ("all", "2026-Q2")):
        yield f"/reports/RIV/ladder/issues?period={within}&what={what}{more}"


def read(guest: Guest, address: str) -> tuple[int, str]:
    answer = guest.get(address)
    return answer.status_code, re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])


@pytest.mark.parametrize("is_linked", [True, False], ids=["linked", "alike"])
@pytest.mark.parametrize("name", ["owen", "dana"])
def test_no_list_changes_with_what_its_reader_may_not_read(plain: Site, name: str, is_linked: bool) -> None:
    guest, asked = plain.guest(name), [*addresses()]
    before = {each: read(guest, each) for each in asked}
    with plain.db.write() as session:
        plant(session, plain.cast, is_linked=is_linked)
    assert [each for each in asked if read(guest, each) != before[each]] == []
    assert {status for status, _ in before.values()} == {200}
    assert sum("Letters l" in said for _, said in before.values()) > 10


@pytest.mark.parametrize("name", ["lee", "owen", "dana", "chris"])
def test_a_number_of_the_ladder_report_tells_no_more_than_how_many(plain: Site, name: str) -> None:
    """And that only to those whose totals cover every issue that crossed."""
    plain.now = MONDAY + timedelta(days=30)
    guest, asked = plain.guest(name), [*numbers()]
    before = {each: read(guest, each) for each in asked}
    with plain.db.write() as session:
        plant(session, plain.cast, is_linked=True)
    after = {each: read(guest, each) for each in asked}
    changed = [each for each in asked if uncounted(after[each][1]) != uncounted(before[each][1])]
    assert changed == []
    assert not any("Kangaroo" in said for _, said in after.values())
    told = [each for each in asked if after[each] != before[each]]
    assert bool(told) == (name in ("dana", "chris"))


def uncounted(page: str) -> str:
    """Without the sentence that says how many there are."""
    return re.sub(r"\d+ issues?(?:, newest first\.| (?:is|are) counted[^.]*\.)", "", page)
