"""Whoever reads far away reads every moment by their own clock, and another's only with its city."""

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.issue_makers import doer, make_issue
from tests.pages.test_who_may_read import addresses, plant
from tests.site import Site
from tracker.actions.resolve import propose
from tracker.clock import clock_of
from tracker.records.partnership import Organisation, Partnership

AUCKLAND = ZoneInfo("Pacific/Auckland")
IN_THE_EVENING = {"zone": "Pacific/Auckland", "mon-fri": ["18:00-23:00"]}  # 07:00 to 12:00 in London
A_TIME = re.compile(r"\b([01]\d|2[0-3]):[0-5]\d\b")
RELATIVE = re.compile(r" ago$|^just now$|^yesterday")
DRAWN = re.compile(r'<time datetime="([0-9TZ:-]+Z)"[^>]*>([^<]*)</time>')
# What says times of day that are no moments: opening hours, and the hour at which a body meets, each with its city.
HOURS = re.compile(r"\b[0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d\b|\bat \d\d:\d\d in London\b|\(\d\d:\d\d in London\)")
ELSEWHERE = re.compile(r"\b\w{3} \d+ \w{3}( \d{4})?,? \d\d:\d\d in (London|Auckland)\b")
MEETINGS = re.compile(r"\bTue \d+ May, 21:00\b")  # 10:00 in London, in words and in the choices of a form

WHY = re.compile(r'<details class="why"><summary>Why this date.*?</details>', re.DOTALL)


@pytest.fixture
def far_away(site: Site) -> Site:
    """The Council is in Auckland, the Hospitals in London; there is something on every page."""
    with site.db.write() as session:
        session.get_one(Organisation, site.cast.council.id).calendar = IN_THE_EVENING
        session.get_one(Partnership, site.cast.partnership.id).version += 1
    plant(site)
    with site.db.write() as session:
        proposed = make_issue(session, site.cast)
        propose(session, proposed.ref, doer(site.cast, "kim"), outcome="solved", done="Sent again.")
    site.later(days=1, hours=5)
    assert list(clock_of(site.settings, site.db, now=site.now).until_nothing_is_due())
    return site


def pages_of(site: Site, name: str) -> Iterator[tuple[str, str]]:
    """Every page that somebody of the cast may open, below its head."""
    browser = site.guest(name)
    for address in addresses(site, "GET"):
        answer = browser.get(address)
        if answer.status_code == 200 and answer.headers["content-type"].startswith("text/html"):
            yield address, answer.text.partition("<main")[2]


@pytest.mark.parametrize("name", ["kim", "dana", "chris"])
def test_every_moment_on_every_page_is_told_by_the_readers_clock(far_away: Site, name: str) -> None:
    seen = 0
    for address, page in pages_of(far_away, name):
        for exact, told in DRAWN.findall(page):
            if RELATIVE.search(told):
                continue  # the moment is behind it, as `moment` says it
            local = datetime.fromisoformat(exact).astimezone(AUCKLAND)
            assert A_TIME.search(told) is None or told.endswith(f"{local:%H:%M}"), f"{exact} is {told} at {address}"
            assert f" {local.day} " in f" {told} ".replace(",", " "), f"{exact} is {told} at {address}"
            seen += 1
    assert seen > 10


@pytest.mark.parametrize("name", ["kim", "dana", "chris"])
def test_a_time_that_is_no_moment_of_the_readers_says_in_which_city(far_away: Site, name: str) -> None:
    for address, page in pages_of(far_away, name):
        steps = WHY.findall(page)
        rest = re.sub(r"<[^>]+>", " ", WHY.sub("", re.sub("<time.*?</time>", "", page)))
        found = A_TIME.search(MEETINGS.sub("", HOURS.sub("", ELSEWHERE.sub("", rest))))
        assert found is None, f"{address} says {found[0]}"
        assert all("counted by the partnership&#39;s clock, in London" in each for each in steps), address


def test_why_this_date_is_told_by_the_clock_of_the_sentence_above_it(far_away: Site) -> None:
    kim, sam = (far_away.guest(name).get("/issues/RIV-1").text for name in ("kim", "sam"))
    assert "limit Thu 30 Apr 12:00" in sam
    assert "limit Thu 30 Apr 23:00" in kim
    assert "received Mon 27 Apr 20:00, before joint close 23:00" not in kim
    assert "received Mon 27 Apr 20:00, before joint close Mon 27 Apr 23:00, so counted from Mon 27 Apr" in kim
    assert "By the clock in Auckland; Thu 30 Apr, 12:00 in London, at Riverside Hospitals." in kim
    assert "By the clock in London; Thu 30 Apr, 23:00 in Auckland, at Riverside Council." in sam


def test_a_body_says_by_whose_clock_it_meets(far_away: Site) -> None:
    chris, alex = (far_away.guest(name).get("/arrangements/RIV/bodies/steering").text for name in ("chris", "alex"))
    assert "Meets every Tuesday at 10:00 in London. Next:" in chris
    assert "Tue 5 May, 21:00</time> (10:00 in London)" in chris
    assert "Meets every Tuesday at 10:00. Next:" in alex
    assert "Tue 5 May, 10:00</time>;" in alex
