"""Numbers of the theme report lead to as many issues as they count, also where issues have three sides."""

from datetime import date
from random import Random
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import Session, select

from tests.issue_makers import make_issue
from tests.makers import Cast
from tests.pages.reports.figures import Led, figures_of
from tests.pages.reports.test_linked_figures import fits, listed
from tests.queries.tallies.test_solved import any_life
from tests.site import Site
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide, Occurrence
from tracker.rules.lifecycle import State


def varied(session: Session, cast: Cast, chance: Random) -> None:
    """Some issues of three sides, each of which may call it something; some asked about; some that happened again."""
    any_life(session, cast, chance)
    everybody = {each.id for each in (cast.acute, cast.council, cast.community)}
    for issue in session.exec(select(Issue)).all():
        sides = list(session.exec(select(IssueSide).where(IssueSide.issue_id == issue.id)))
        if chance.random() < 0.5:
            others = sorted(everybody - {each.organisation_id for each in sides})
            sides += [IssueSide(issue_id=issue.id, organisation_id=other, position=2) for other in others]
        for side in sides:
            side.theme = chance.choice(["authority", "reliability", None])
            session.add(side)
        if issue.state is State.RESOLVED:
            issue.stayed_fixed = chance.choice(["yes", "no", "asked", None])
        first = session.exec(select(Occurrence).where(Occurrence.issue_id == issue.id)).one()
        first.organisation_id = chance.choice(sides).organisation_id
    session.flush()


def is_told(link: Led, found: int, words: str) -> bool:
    """Of all pairs together an issue of three sides counts pair by pair; what came after a fix, or before, a reader may
    not see. There, and only there, a list is shorter than its number."""
    asked = parse_qs(urlsplit(link.href).query)
    if asked.keys() & {"fix", "again"} or ("named" in asked and "," not in asked["named"][0]):
        return found <= (link.count or found)
    return fits(link, found, words)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("who", ["jo", "kim", "mo"])
def test_of_three_sides_too_a_number_leads_to_as_many_issues_as_it_counts(site: Site, who: str, seed: int) -> None:
    with site.db.write() as session:
        for by, other in (("sam", "council"), ("kim", "community")):  # long enough ago that verdicts are told
            make_issue(session, site.cast, occurred_on=date(2025, 6, 2), by=by, with_=other)
        varied(session, site.cast, Random(seed))
    guest = site.guest(who)
    links = figures_of(guest.get("/reports/RIV/themes?period=2026-Q1").text).led
    behind = {each.href: listed(guest, each.href) for each in links}
    assert [(each.text, each.href) for each in links if not is_told(each, *behind[each.href])] == []
    assert len(links) > 50
