"""The sentence that opens the page of an issue: whose turn it is and by when, and why then."""

import re

from tests.issue_makers import doer, make_issue
from tests.site import Site
from tracker.actions.acknowledge import acknowledge
from tracker.actions.resolve import agree, propose

WHY = "Why this date"


def said(page: str) -> str:
    """What a page says below its head, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def test_why_a_limit_is_when_it_is_stands_below_it_and_not_below_another_date(site: Site) -> None:
    cast, guest = site.cast, site.guest("sam")
    with site.db.write() as session:
        ref = make_issue(session, cast).ref
    assert WHY in guest.get(f"/issues/{ref}").text
    with site.db.write() as session:
        propose(session, ref, doer(cast, "kim"), outcome="solved", done="Letters go out the same day.")
    page = guest.get(f"/issues/{ref}").text
    assert "silence until then counts as agreement" in page
    assert WHY not in page
    with site.db.write() as session:
        agree(session, ref, doer(cast, "sam"))
    page = guest.get(f"/issues/{ref}").text
    assert "Resolved, solved" in page
    assert WHY not in page


def test_by_when_a_side_acknowledges_comes_before_the_limit_until_it_has(site: Site) -> None:
    """On the page, in its ladder, in lists and on the desk; for a side's own people and for all others."""
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    kim, sam = site.guest("kim"), site.guest("sam")
    page, desk, rows = (said(kim.get(address).text) for address in (f"/issues/{ref}", "/", "/issues"))
    mine = "Your side, Riverside Council, acknowledges it by Tue 28 Apr, 17:00 , 1 working day from now."
    assert page.index(mine) < page.index("by Thu 30 Apr, 17:00")
    assert "to acknowledge by Tue 28 Apr" in page
    assert "Acknowledge by Tue 28 Apr, 17:00 limit Thu 30 Apr, 17:00" in desk
    assert "Acknowledge by Tue 28 Apr, 17:00 limit Thu 30 Apr, 17:00" in rows
    assert "Riverside Council acknowledges it by Tue 28 Apr, 17:00" in said(sam.get(f"/issues/{ref}").text)
    assert "Riverside Council acknowledges by Tue 28 Apr, 17:00 limit" in said(sam.get("/issues").text)
    site.later(days=2)
    assert "Riverside Council, was to acknowledge it by Tue 28 Apr, 17:00" in said(kim.get(f"/issues/{ref}").text)
    assert "Riverside Council was to acknowledge by Tue 28 Apr" in said(sam.get("/issues").text)
    with site.db.write() as session:
        acknowledge(session, ref, doer(site.cast, "kim", site.now))
    assert not any("28 Apr" in said(sam.get(address).text) for address in (f"/issues/{ref}", "/issues", "/"))
