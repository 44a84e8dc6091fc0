"""The sentence that opens the page of an issue: whose turn it is and by when, and why then."""

from tests.issue_makers import doer, make_issue
from tests.site import Site
from tracker.actions.resolve import agree, propose

WHY = "Why this date"


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
