"""The list of issues as a page: filters in the address, the list in words, pages, references and searches."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.pages.desk.test_desk import said
from tests.site import Site
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.actions.amend import confirm_theme, give_theme_view
from tracker.actions.resolve import agree, propose
from tracker.database import statement_count
from tracker.records.person import Membership
from tracker.rules.lifecycle import Kind
from tracker.rules.rings import Ring


def refs(page: str) -> list[str]:
    """The references of the rows of a list, in order."""
    return re.findall(r'<th scope="row"><a href="/issues/([^"]+)"', page)


def listed(site: Site, query: str = "", who: str = "sam") -> str:
    """A page of the list; of what a number of the theme report counts the one that it leads on to."""
    return site.guest(who).follow(f"/issues{query}").text


def stories(site: Site) -> None:
    """RIV-1: open, of a theme, which the sides call otherwise. RIV-2: with the third organisation. RIV-3: resolved, and
    asked about. RIV-4: an early warning."""
    cast = site.cast
    with site.db.write() as session:
        first = make_issue(session, cast)
        acknowledge(session, first.ref, doer(cast, "kim"))
        confirm_theme(session, first.ref, doer(cast, "jo"), theme="reliability", clause="4.2")
        for who, theme in (("jo", "reliability"), ("lee", "authority")):
            give_theme_view(session, first.ref, doer(cast, who), theme=theme)
        make_issue(session, cast, with_="community", service_area="discharge")
        third = make_issue(session, cast)
        propose(session, third.ref, doer(cast, "kim"), outcome="not_solved", done="Done.")
        agree(session, third.ref, doer(cast, "sam"))
        third.stayed_fixed = "asked"
        make_issue(session, cast, kind=Kind.EARLY_WARNING, now=MONDAY + timedelta(hours=1))


@pytest.mark.parametrize(
    "query, found",
    [
        ("", ["RIV-4", "RIV-3", "RIV-2", "RIV-1"]),
        ("?side=community", ["RIV-2"]),
        ("?pair=acute,council", ["RIV-4", "RIV-3", "RIV-1"]),
        ("?state=unresolved", ["RIV-4", "RIV-2", "RIV-1"]),
        ("?state=open", ["RIV-1"]),
        ("?tier=1&state=resolved", ["RIV-3"]),
        ("?theme=reliability", ["RIV-1"]),
        ("?theme=untagged&side=community", ["RIV-2"]),
        ("?topic=STANDARD", ["RIV-1"]),
        ("?clause=4.2", ["RIV-1"]),
        ("?topic=STANDARD&clause=none", []),
        ("?area=discharge", ["RIV-2"]),
        ("?area=none&state=resolved", ["RIV-3"]),
        ("?ball=community", ["RIV-2"]),
        ("?outcome=unsolved", ["RIV-3"]),
        ("?due=overdue", []),
        ("?from=2026-04-27&until=2026-04-27&state=resolved", ["RIV-3"]),
        ("?until=2026-04-26", []),
        ("?resolved_from=2026-04-27&resolved_until=2026-04-27", ["RIV-3"]),
        ("?raised_from=2026-04-27&raised_until=2026-04-27&state=resolved", ["RIV-3"]),
        ("?raised_until=2026-04-26", []),
        ("?kind=issue&state=unresolved", ["RIV-2", "RIV-1"]),
        ("?kind=early_warning", ["RIV-4"]),
        ("?q=medication&side=community", ["RIV-2"]),
        ("?partnership=RIV&state=open", ["RIV-1"]),
        ("?theme=tagged", ["RIV-1"]),
        ("?crossed=yes&state=resolved", ["RIV-3"]),
        ("?by=acute&side=community", ["RIV-2"]),
        ("?by=council", []),
        ("?named=acute,council", ["RIV-1"]),
        ("?named=council&alike=no", ["RIV-1"]),
        ("?named=any&alike=yes", []),
        ("?view=council:authority", ["RIV-1"]),
        ("?view=acute:authority", []),
        ("?stayed=any", ["RIV-3"]),
        ("?stayed=asked", ["RIV-3"]),
        ("?stayed=yes", []),
        ("?fix=back&resolved_from=2026-04-01&resolved_until=2026-04-30", []),
        ("?entered=prompt&state=resolved", ["RIV-3"]),
        ("?again=yes", []),
    ],
)
def test_each_filter_of_the_address_leaves_what_fits_it(site: Site, query: str, found: list[str]) -> None:
    stories(site)
    assert refs(listed(site, query)) == found


def test_fixes_are_found_on_the_days_on_which_they_are_counted(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        propose(session, ref, doer(site.cast, "kim"), outcome="solved", done="Done.")
        half_past_midnight_in_london = datetime(2026, 4, 30, 23, 30, tzinfo=UTC)
        agree(session, ref, doer(site.cast, "sam", half_past_midnight_in_london))
    april, may = (
        "resolved_from=2026-04-01&resolved_until=2026-04-30",
        "resolved_from=2026-05-01&resolved_until=2026-05-31",
    )
    assert [refs(listed(site, f"?fix=followed&{days}")) for days in (april, may)] == [[], ["RIV-1"]]
    assert [refs(listed(site, f"?{days}")) for days in (april, may)] == [[], ["RIV-1"]]


def test_limits_within_a_working_day_are_told_from_those_that_have_passed(site: Site) -> None:
    stories(site)
    site.now = MONDAY + timedelta(days=2)
    assert refs(listed(site, "?due=soon")) == ["RIV-2", "RIV-1"]
    site.now = MONDAY + timedelta(days=4)
    assert refs(listed(site, "?due=overdue")) == ["RIV-2", "RIV-1"]
    assert refs(listed(site, "?due=soon")) == []


SHARED = ", only what is shared between organisations"  # said of every list behind a number


@pytest.mark.parametrize(
    "query, words",
    [
        ("", "Issues, newest first. 4 issues."),
        ("?state=open&side=council&tier=1", "Open issues of Riverside Council at tier 1, newest first."),
        ("?theme=untagged", "Issues without a theme, newest first. 3 issues."),
        ("?theme=reliability&pair=acute,council", "between Riverside Hospitals and Riverside Council under Promises"),
        ("?area=discharge", "Issues at Discharge, newest first. 1 issue."),
        ("?topic=STANDARD&clause=none", "Issues on Standards and delivery under no clause, newest first."),
        ("?q=letters", "Issues that say “letters”, newest first."),
        ("?due=overdue&ball=council", "Issues, where it is the turn of Riverside Council, limit passed, newest first."),
        ("?from=2026-03-01&until=2026-03-31", "happened from Sun 1 Mar 2026 to Tue 31 Mar 2026, newest first."),
        ("?theme=tagged&by=council", f"Issues with a theme that Riverside Council reported{SHARED}, newest first."),
        (
            "?named=acute,council&alike=yes",
            f"Issues that Riverside Hospitals and Riverside Council have named, by one name{SHARED}, newest first.",
        ),
        ("?named=acute", f"Issues that Riverside Hospitals and another side have named{SHARED}, newest first."),
        (
            "?named=any&view=acute:reliability",
            f"Issues that two sides have named, Riverside Hospitals calls it Promises not kept{SHARED}, newest first.",
        ),
        (
            "?fix=back&resolved_from=2026-04-01&resolved_until=2026-04-30",
            f"Issues that were solved and came back{SHARED}, resolved from Wed 1 Apr 2026 to Thu 30 Apr 2026, newest",
        ),
        (
            "?stayed=yes&crossed=yes",
            f"Issues, said to have stayed fixed{SHARED}, newest first.",
        ),
        (
            "?entered=prompt&again=yes",
            f"Issues, each an earlier one that came back, recorded within two days{SHARED}, newest first.",
        ),
    ],
)
def test_the_list_says_in_words_what_it_holds(site: Site, query: str, words: str) -> None:
    stories(site)
    assert words in said(listed(site, query))


@pytest.mark.parametrize(
    "query, value",
    [("?tier=99", "99"), ("?state=nonsense", "nonsense"), ("?theme=x&side=y", "y"), ("?from=never", "never"),
     ("?pair=acute", "acute"), ("?pair=acute,acute", "acute,acute"), ("?partnership=ELS", "ELS"), ("?due=1", "1"),
     ("?area=kitchen", "kitchen"), ("?clause=9.9", "9.9"), ("?by=nobody", "nobody"),
     ("?named=acute,nobody", "acute,nobody"), ("?named=acute,acute", "acute,acute"), ("?view=acute", "acute"),
     ("?view=acute:untagged", "acute:untagged"), ("?alike=yes", "yes"), ("?stayed=perhaps", "perhaps"),
     ("?fix=back", "back"), ("?fix=alike", "alike"), ("?fix=x", "x"), ("?entered=late", "late"),
     ("?named=,", ","), ("?again=2", "2"), ("?named=any,acute", "any,acute"), ("?view=acute:tagged", "acute:tagged")],
)  # fmt: skip
def test_a_filter_that_nobody_can_choose_is_left_out_and_said(site: Site, query: str, value: str) -> None:
    stories(site)
    page = listed(site, query)
    assert f"“{value}” is nothing to choose as" in said(page)
    assert len(refs(page)) == 4


def test_a_day_in_use_as_a_filter_is_said_as_a_day(site: Site) -> None:
    stories(site)
    assert "Take away: happened from Sun 1 Mar 2026" in said(listed(site, "?from=2026-03-01"))


@pytest.mark.parametrize("how", ["followed", "back", "alike"])
@pytest.mark.parametrize("more", ["", "&partnership=RIV", "&q=letters"])
def test_fixes_of_days_that_end_before_they_begin_are_left_out_and_said(site: Site, how: str, more: str) -> None:
    stories(site)
    page = listed(site, f"?fix={how}&resolved_from=2026-05-01&resolved_until=2026-01-31{more}")
    assert f"“{how}” is nothing to choose as fix" in said(page)
    assert refs(page) == []


def test_an_address_with_other_words_in_it_is_no_mistake(site: Site) -> None:
    stories(site)
    page = listed(site, "?utm_source=mail&state=")
    assert "left out" not in said(page)
    assert len(refs(page)) == 4


@pytest.mark.parametrize("place", ["x", "1", "-", "1-2-3", "99999999999999999-99999999999", "0-0", "%00"])
def test_a_place_no_list_gave_out_is_refused_or_the_beginning(site: Site, place: str) -> None:
    for name in ("after", "before"):
        assert site.guest("sam").get(f"/issues?{name}={place}").status_code in (200, 422)


def test_a_long_list_goes_on_and_back_and_keeps_its_filters(site: Site) -> None:
    with site.db.write() as session:
        for minute in range(53):
            make_issue(session, site.cast, now=MONDAY + timedelta(minutes=minute))
    guest = site.guest("sam")
    first = guest.get("/issues?tier=1").text
    onward = link_to(first, "next")
    second = guest.get(onward).text
    back = guest.get(link_to(second, "prev")).text
    assert (refs(first)[0], refs(first)[-1], refs(second)) == ("RIV-53", "RIV-4", ["RIV-3", "RIV-2", "RIV-1"])
    assert refs(back) == refs(first)
    assert "tier=1" in onward
    assert 'rel="prev"' not in first + back
    assert 'rel="next"' not in second


def test_a_list_of_several_pages_says_which_part_of_it_each_is(site: Site) -> None:
    with site.db.write() as session:
        for minute in range(103):
            make_issue(session, site.cast, now=MONDAY + timedelta(minutes=minute))
    guest, address, parts = site.guest("sam"), "/issues", []
    for onward in ("next", "next", "prev"):
        page = guest.get(address).text
        parts.append(re.findall(r'<p class="ref">[^<]*newest first\. ([^<]+?)\s*<', page))
        address = link_to(page, onward)
    assert parts == [["The newest 50."], ["50 more."], ["The oldest 3."]]


def link_to(page: str, rel: str) -> str:
    found = re.search(rf'<a rel="{rel}" href="([^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


def test_each_filter_in_use_can_be_taken_away_and_the_form_hands_on_what_it_does_not_show(site: Site) -> None:
    stories(site)
    page = listed(site, "?state=open&pair=acute,council&q=letters")
    assert 'href="/issues?pair=acute,council&amp;q=letters"><span class="unseen">Take away: </span>state open' in page
    assert '<input type="hidden" name="pair" value="acute,council">' in page
    assert '<option value="open" selected>' in page


@pytest.mark.parametrize(
    "typed", ["RIV-1", "riv-1", "%20RIV-1%20", "riv1", "%23RIV-1", "RIV%201", "riv%E2%80%931", "RIV%23+1"]
)
def test_a_reference_leads_straight_to_its_issue(site: Site, typed: str) -> None:
    stories(site)
    answer = site.guest("sam").get(f"/issues?q={typed}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/issues/RIV-1")


def test_a_reference_somebody_may_not_see_is_a_search_that_finds_nothing(site: Site) -> None:
    stories(site)
    answer = site.guest("mo").get("/issues?q=RIV-1")
    assert (answer.status_code, refs(answer.text)) == (200, [])


@pytest.mark.parametrize("typed", ["RIV-9", "ELS-1", "els1", "RIV", "RIV-", "%23", "RIV-1-1"])
def test_what_is_no_reference_here_leads_nowhere(site: Site, typed: str) -> None:
    stories(site)
    assert site.guest("sam").get(f"/issues?q={typed}").status_code == 200


def test_a_number_alone_lists_the_issue_that_is_called_so_first(site: Site) -> None:
    stories(site)
    assert [refs(listed(site, "?q=1", who)) for who in ("sam", "mo")] == [["RIV-1"], []]
    assert refs(listed(site, "?q=1&state=paused")) == []


def test_a_name_is_searched_for_as_one_and_said_so(site: Site) -> None:
    stories(site)
    page = listed(site, "?q=mo+aziz")
    assert refs(page) == ["RIV-2"]
    assert "Issues that say “mo aziz”, or that Mo Aziz raised, has or wrote a note about, newest first." in said(page)
    beside = said(listed(site, "?q=kim+tran+letters"))
    assert "or the rest of it where it is one that Kim Tran raised, has or wrote a note about" in beside


def test_a_search_for_what_the_other_side_said_in_private_finds_nothing(site: Site) -> None:
    stories(site)
    with site.db.write() as session:
        add_note(session, "RIV-1", doer(site.cast, "sam"), text="Our gobbledegook", ring=Ring.ORGANISATION)
    assert refs(listed(site, "?q=gobbledegook", "jo")) == ["RIV-1"]
    assert refs(listed(site, "?q=gobbledegook", "kim")) == []


@pytest.mark.parametrize("typed", ["%22", "*", "a+AND", "%00", "(", "%F0%9F%99%82", "x" * 3000])
def test_nothing_that_is_typed_breaks_the_page(site: Site, typed: str) -> None:
    stories(site)
    assert site.guest("sam").get(f"/issues?q={typed}").status_code == 200


def test_a_list_that_no_issue_fits_differs_from_one_that_is_empty(site: Site) -> None:
    stories(site)
    assert "No issue fits these filters." in said(listed(site, "?state=paused"))
    assert "Nobody has raised one yet." in said(listed(site, who="stan"))


def test_each_state_says_what_stands_there_instead_of_a_tier(site: Site) -> None:
    stories(site)
    with site.db.write() as session:
        make_issue(session, site.cast, ring=Ring.ORGANISATION)
        make_issue(session, site.cast, ring=Ring.NAMED)
    page = said(listed(site))
    for words in ("early warning", "resolved not solved", "only Riverside Hospitals", "concerns a person"):
        assert words in page


def test_a_row_is_read_by_the_clock_of_the_reader(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
        hours = {**site.cast.acute.calendar, "zone": "Europe/Amsterdam"}
        session.merge(site.cast.acute).calendar = hours
        session.merge(site.cast.partnership).changed()
    assert "Thu 30 Apr, 18:00" in said(listed(site))
    assert "Thu 30 Apr, 17:00" in said(listed(site, who="kim"))


def test_somebody_of_two_partnerships_lists_both_or_one(site: Site) -> None:
    stories(site)
    with site.db.write() as session:
        session.add(Membership(person_id=site.cast.sam.id, organisation_id=site.cast.north.id, front_line=True))
        session.merge(site.cast.elsewhere).changed()
    assert len(refs(listed(site))) == len(refs(listed(site, "?partnership=RIV"))) == 4
    page = listed(site, "?partnership=ELS")
    assert refs(page) == []
    assert '<option value="ELS" selected>' in page


@pytest.mark.parametrize("query", ["", "?state=unresolved&side=council", "?q=letters"])
def test_a_list_sends_few_statements_however_long_it_is(site: Site, query: str) -> None:
    guest = site.guest("sam")
    counts = []
    for more in (3, 40):
        with site.db.write() as session:
            for _ in range(more):
                make_issue(session, site.cast)
        guest.get(f"/issues{query}")
        with statement_count(site.db) as statements:
            guest.get(f"/issues{query}")
        counts.append(len([each for each in statements if each.startswith(("SELECT", "UPDATE"))]))
    assert counts[0] == counts[1] <= 7
