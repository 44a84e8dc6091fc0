"""The numbers of the ladder report: each leads to the issues that it counts, as far as its reader may see them."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urljoin

import pytest

from tests.actions.test_ring_timer import keep_open
from tests.exchange.history.histories import history, taken_in
from tests.issue_makers import doer, make_issue
from tests.notice_makers import ring_all
from tests.pages.reports.test_reports import links, text
from tests.site import Guest, Site
from tracker.actions import escalate, resolve
from tracker.actions.acknowledge import acknowledge
from tracker.reports.ladder.numbers import What
from tracker.rules.lifecycle import Cause
from tracker.rules.rings import Ring

HERE = "/reports/RIV/ladder/issues?"
ALL = "/reports/RIV/ladder?period=all"
# Changes of the ball, working time and shares: what stands there is no count of issues.
OF_MORE = {"passed", "returned", "held", "waited-for", "turn"}
WITH_COUNCIL = {"event": "raised", "to_organisation": "council"}
SKIPPED = {"event": "escalated", "tier": "3"}
TO_AND_FRO = [{"event": "handed_over", "to_organisation": to} for to in ("acute", "council") * 2]
PAST = (
    history(WITH_COUNCIL, {"event": "paused", "to_organisation": "County Court"}, "resumed", *TO_AND_FRO, "resolved"),
    history(WITH_COUNCIL, "escalated", "escalated", "resolved", issue="A-2"),
    history({"event": "raised", "to_organisation": "community"}, SKIPPED, issue="A-3", by="council"),
    history(WITH_COUNCIL, *TO_AND_FRO, issue="A-4"),
    history(WITH_COUNCIL, {"event": "handed_over", "to_organisation": "County Court"}, issue="A-5"),
    *(history(WITH_COUNCIL, "resolved", issue=f"B-{number}") for number in range(8)),
)


@pytest.fixture
def climbed(site: Site) -> Site:
    """Some went up, one by risk, one to and fro, one straight to the top, one to an outsider; some solved, one not; one
    came back; one is between others, and one has not crossed. A hundred days on."""
    cast, later = site.cast, site.now + timedelta(days=3)
    with site.db.write() as session:
        taken_in(session, cast, *PAST)
        lapsed, *others = [make_issue(session, cast) for _ in range(6)]
        high, low, again, unsolved, _ = [each.ref for each in others]
        make_issue(session, cast, worked_round=True)
        make_issue(session, cast, by="kim", with_="community")
        make_issue(session, cast, title="markuncrossed", ring=Ring.ORGANISATION)
        escalate.by_holder(session, high, doer(cast, "kim"), cause=Cause.RISK)
        for ref, outcome in ((low, "solved"), (again, "solved"), (unsolved, "not_solved")):
            resolve.propose(session, ref, doer(cast, "kim", later), outcome=outcome, done="A new form.")
            resolve.agree(session, ref, doer(cast, "sam", later))
        acknowledge(session, lapsed.ref, doer(cast, "kim"))
        keep_open(session, lapsed)
        ring_all(session, later + timedelta(days=30))
        resolve.reopen(session, again, doer(cast, "sam", later + timedelta(days=4)), reason="It is back.")
    site.now += timedelta(days=100)
    return site


def numbers(page: str) -> list[tuple[str, str]]:
    """Each link to the issues behind a number: its address, and the number as it stands there."""
    found = re.findall(r'<a href="([^"]*)">([^<]+)</a>', page)
    led = ((urljoin("/reports/RIV/ladder", unescape(address)), number) for address, number in found)
    return [(address, number) for address, number in led if address.startswith(HERE)]


def behind(guest: Guest, address: str) -> tuple[int, set[str]]:
    """How many issues a list says that the number counts, and the references that it lists."""
    page = guest.get(address).text
    counted = re.search(r"(\d+) issues?(?: (?:is|are) counted|, newest)", text(page))
    assert counted
    return int(counted[1]), set(re.findall(r'href="/issues/(RIV-\d+)"', page.partition("<main")[2]))


@pytest.mark.parametrize("within", ["all", "2026-Q2", "2026-Q1"])
def test_a_number_counts_just_the_issues_that_its_list_holds(climbed: Site, within: str) -> None:
    priya, kinds = climbed.guest("priya"), set()
    for address, number in numbers(priya.get(f"/reports/RIV/ladder?period={within}").text):
        what = re.findall(r"what=([\w-]+)", address)[0]
        counted, listed = behind(priya, address)
        exact = re.fullmatch(r"(\d+)(?: issues?)?", number)
        meant = {counted, len(listed)} if what == "raised" else {counted}  # of all it is said how many can be read
        assert counted >= max(1, len(listed)), address
        assert what in OF_MORE or not exact or int(exact[1]) in meant, (address, number, counted)
        kinds.add(what)
    assert within != "all" or kinds == {each.value for each in What}


def test_no_number_of_the_tables_leads_nowhere(climbed: Site) -> None:
    page = climbed.guest("priya").get(ALL).text
    for label in ("Going up, by tier", "Time on each tier", "Whose turn it was", "From whom to whom the turn passed"):
        table = page.partition(f'aria-label="{label}"')[2].partition("</table>")[0]
        cells = re.findall(r"<td.*?</td>", table)
        assert cells
        bare = [cell for cell in cells if re.search(r"[1-9]", re.sub(r"<[^>]+>", "", cell)) and "<a " not in cell]
        assert bare == [], label


def test_a_share_within_the_limit_leads_to_those_within_it_and_a_share_of_none_to_those_past_it(climbed: Site) -> None:
    priya, met = climbed.guest("priya"), set()
    for address, number in numbers(priya.get(ALL).text):
        what, share = re.findall(r"what=([\w-]+)", address)[0], re.fullmatch(r"(\d+) of (\d+)", number)
        if what in {"within", "late"} and share:
            assert behind(priya, address)[0] == int(share[1] if what == "within" else share[2]), address
            met.add((what, share[1] == "0"))
    assert met == {("within", False), ("late", True)}


def test_whose_issues_they_are_not_is_counted_and_not_listed(climbed: Site) -> None:
    priya, kim, came = climbed.guest("priya"), climbed.guest("kim"), f"{HERE}period=all&what=raised"
    (counted, hers), (his_count, his) = behind(priya, came), behind(kim, came)

    assert "21 issues are counted; here are the 20 that you may read, newest first." in text(priya.get(came).text)
    assert (counted, len(hers)) == (21, 20)
    assert (his_count, len(his)) == (21, 21)  # who has no totals reads every issue that counts for them
    assert "markuncrossed" not in priya.get(came).text


@pytest.mark.parametrize("name", ["stan", "nils"])
def test_a_stranger_to_the_partnership_finds_no_list(climbed: Site, name: str) -> None:
    assert climbed.guest(name).get(f"{HERE}period=all&what=raised").status_code == 404


@pytest.mark.parametrize("name", ["sam", "mo"])
def test_a_front_line_person_is_told_of_no_issue_but_those_they_may_read(climbed: Site, name: str) -> None:
    guest = climbed.guest(name)
    for address, _ in numbers(guest.get(ALL).text):
        counted, listed = behind(guest, address)
        assert counted == len(listed), address


@pytest.mark.parametrize(
    "asked",
    ["", "what=", "what=everything", "what=came&tier=x", "what=came&tier=-1", "what=came&tier=" + "9" * 5000,
     "what=came&tier=%D9%A1", "what=went-up&tier=1&how=teleported", "what=went-up&tier=1&how=pushed",
     "what=went-up&tier=1&how=pushed&by=nowhere", "what=went-up&tier=1&how=fast-track&by=acute",
     "what=held&by=acute&how=pushed", "what=raised&how=skipped", "what=went-up&tier=1&how=skipped&by=acute",
     "what=held&by=nowhere", "what=passed&by=acute", "what=passed&to=acute",
     "what=passed&by=acute&to=<b>"],
)  # fmt: skip
def test_a_number_that_no_report_has_is_not_there(climbed: Site, asked: str) -> None:
    answer = climbed.guest("priya").get(f"{HERE}period=all&{asked}")
    assert (answer.status_code, "No report has such a number" in text(answer.text)) == (404, True)


def test_a_list_behind_a_number_is_not_cut_by_small_groups(climbed: Site) -> None:
    answer = climbed.guest("priya").get(f"{HERE}period=all&what=raised&area=discharge")
    assert (answer.status_code, "A report is not cut by area" in text(answer.text)) == (422, True)


def test_what_a_list_holds_is_said_in_words_with_the_way_back(climbed: Site) -> None:
    priya = climbed.guest("priya")
    page = priya.get(f"{HERE}period=2026-Q2&what=went-up&tier=1&how=fast-track").text

    assert "<h1>Went up from Front line, fast-track</h1>" in page
    assert "Came to the tier in April to June 2026" in text(page)
    assert links(page, "/reports/RIV/ladder?") == ["/reports/RIV/ladder?period=2026-Q2"]
    passed = priya.get(f"{HERE}period=all&what=passed&by=acute&to=council").text
    assert "<h1>The turn passed from Riverside Hospitals to Riverside Council</h1>" in passed


def test_a_long_list_goes_on_over_pages_and_back(site: Site) -> None:
    with site.db.write() as session:
        refs = [make_issue(session, site.cast).ref for _ in range(53)]
    sam, first = site.guest("sam"), f"{HERE}period=all&what=raised"
    page = sam.get(first).text
    onward = unescape(re.findall(r'rel="next" href="([^"]+)"', page)[0])
    rest = sam.get(onward).text
    back = unescape(re.findall(r'rel="prev" href="([^"]+)"', rest)[0])

    assert behind(sam, first) == (53, set(refs[3:]))
    assert behind(sam, onward) == (53, set(refs[:3]))
    assert 'rel="next"' not in rest
    assert behind(sam, back) == (53, set(refs[3:]))
    assert 'rel="prev"' not in sam.get(back).text
