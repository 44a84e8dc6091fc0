"""The ladder of an issue, as its page and its letters have it: they never differ in who stands where."""

import re
from datetime import timedelta
from html import unescape

from sqlmodel import select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.notice_makers import announce_all, changed, deliver_all
from tests.site import Site
from tracker.actions.add_note import add_note
from tracker.actions.resolve import propose
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import with_leaver
from tracker.records.governance import Seat
from tracker.rules.rings import Ring

LATER = MONDAY + timedelta(hours=1)
FRONT = "Front line"


def kim_leaves(site: Site, deputy: str = "") -> None:
    """Kim, who holds the front line for the council, leaves it; a deputy inherits."""
    with site.db.write() as session:
        if deputy:
            seat = session.exec(select(Seat).where(Seat.person_id == site.cast.kim.id)).one()
            seat.deputy_id = site.cast.people[deputy].id
            changed(session, site.cast)
        change = with_leaver("kim@council.example", "council")
        revise(session, site.cast.partnership.id, change, actor=site.cast.actor("chris"), now=LATER)
    site.now = LATER


def seats_on_page(site: Site, rung: str) -> list[str]:
    """Who stands on a rung for each side, and who else."""
    page = unescape(site.guest("sam").get("/issues/RIV-1").text)
    (here,) = (each for each in page.partition('class="rungs"')[2].partition("</ol>")[0].split("<li") if rung in each)
    seats = (re.sub(r"<[^>]+>", " ", f"<{seat}") for seat in here.split('<div class="seat')[1:])
    return [" ".join(seat.split()) for seat in seats]


def names_on_page(site: Site, rung: str) -> list[str]:
    """Who stands there first."""
    return [re.split(r" (?:you )?Riverside ", seat)[0].removesuffix(" you") for seat in seats_on_page(site, rung)]


def names_in_letter(site: Site, rung: str) -> list[str]:
    with site.db.write() as session:
        add_note(session, "RIV-1", doer(site.cast, "chris", LATER), text="What now?", ring=Ring.SHARED)
        announce_all(session, LATER)
        (letter,) = (each for each in deliver_all(session, LATER) if each.to_name == "Sam Okafor")
    return [name or "nobody yet" for each in letter.about[0].rungs if each.name == rung for name in each.seats]


def test_whoever_inherits_stands_first_on_the_page_and_in_the_letter(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    kim_leaves(site, deputy="lee")
    assert names_in_letter(site, FRONT) == ["Sam Okafor", "Lee Ford"]
    assert names_on_page(site, FRONT) == ["Sam Okafor", "Lee Ford"]


def test_who_left_is_not_said_to_hold_it_too(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    kim_leaves(site, deputy="lee")
    assert "Kim Tran" not in " ".join(seats_on_page(site, FRONT))


def test_where_who_left_has_no_heir_nobody_stands_there_on_the_page_and_in_the_letter(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        propose(session, ref, doer(site.cast, "kim"), outcome="solved", done="A new form.")
    kim_leaves(site)
    assert names_in_letter(site, FRONT) == ["Sam Okafor", "nobody yet"]
    assert names_on_page(site, FRONT) == ["Sam Okafor", "nobody yet"]


def test_a_tier_that_was_left_keeps_the_names_of_who_was_there(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    kim_leaves(site)  # nobody is left there, so that it goes up at once
    assert names_in_letter(site, FRONT) == ["Sam Okafor", "Kim Tran"]
    assert names_on_page(site, FRONT) == ["Sam Okafor", "Kim Tran"]
