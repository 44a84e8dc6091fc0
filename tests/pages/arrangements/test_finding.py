"""People among many: found by the beginnings of their words, a page at a time, and leads see who never came."""

import re
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from tests.makers import MONDAY
from tests.pages.arrangements.forms_on_page import agreed_in
from tests.site import Site
from tracker.actions.people.deliver_link import ClaimedLink, claim_link, settle_link_refused, settle_link_sent
from tracker.exchange.people.reading import BY_COMMAND, read_list
from tracker.exchange.people.take_in import people_planned, take_in_people
from tracker.pages.arrangements.finding import PAGE, people_page
from tracker.queries.people import Member, members
from tracker.records.person import Membership
from tracker.rules.events.kinds import SERVER
from tracker.rules.letters import Undelivered
from tracker.rules.rings import Role

ACUTE = "/arrangements/RIV/organisations/acute"
KEY = b"k" * 32


def crowd(session: Session, partnership_id: int, count: int, organisation: str = "acute") -> None:
    """So many people more of an organisation, invited by whoever runs the server."""
    lines = "\n".join(f"Péter Çelik{number} <p{number}@{organisation}.example>" for number in range(count))
    given = read_list(lines, BY_COMMAND).standing_under(organisation)
    plan = people_planned(session, partnership_id, given, own=None, roles=[Role.FRONT_LINE])
    take_in_people(session, partnership_id, plan, actor=SERVER, now=MONDAY)


@pytest.fixture
def crowded(site: Site) -> Site:
    """Sixty people more at the hospitals."""
    with site.db.write() as session:
        crowd(session, site.cast.partnership.id, 60)
    return site


def found(site: Site, typed: str) -> list[str]:
    people = members(agreed_in(site), "acute")
    return [each.name for each in people_page(people, {"name": typed}).people]


@pytest.mark.parametrize(
    "typed, names",
    [
        ("peter celik7", ["Péter Çelik7"]),
        ("CELIK7 pé", ["Péter Çelik7"]),
        ("p7@acute", ["Péter Çelik7"]),
        ("okafor", ["Sam Okafor"]),
        ("kafor", []),
        ("%", None),
    ],
)
def test_a_person_is_found_by_beginnings_of_name_and_address(
    crowded: Site, typed: str, names: list[str] | None
) -> None:
    everybody = members(agreed_in(crowded), "acute")
    assert found(crowded, typed) == (names if names is not None else [each.name for each in everybody[:PAGE]])


def test_pages_follow_one_another_and_hold_everybody_once(crowded: Site) -> None:
    guest, address, seen = crowded.guest("kim"), ACUTE, []
    for _ in range(3):
        page = guest.get(address).text
        seen += re.findall(r'<th scope="row">([^<]+)', page)
        more = re.search(r'<a rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert (address, len(seen), len(set(seen))) == ("", 65, 65)
    assert "p0@acute.example" not in guest.get(f"{ACUTE}?page=99&name=okafor").text


def test_leads_see_who_never_came_and_what_became_of_the_letter(crowded: Site) -> None:
    with crowded.db.write() as session:
        letters = [claim_link(session, now=MONDAY, key=KEY) for _ in range(2)]
        first, second = (each for each in letters if isinstance(each, ClaimedLink))
        settle_link_sent(session, first, now=MONDAY)
        settle_link_refused(session, second, Undelivered("no such mailbox", for_good=True), now=MONDAY)
    address = f"{ACUTE}?who=waiting"
    page = crowded.guest("alex").get(address).text
    assert "60 of 65 people." in page
    assert "Sam Okafor</th>" not in page
    shown = "".join(crowded.guest("alex").get(f"{address}&page={number}").text for number in (1, 2, 3))
    assert shown.count("; the letter goes out") == 58
    assert shown.count(", has not come<") == 1
    assert shown.count("the letter was not delivered: no such mailbox") == 1


@pytest.mark.parametrize("name", ["sam", "kim", "chris"])
def test_nobody_else_sees_how_they_stand(crowded: Site, name: str) -> None:
    page = crowded.guest(name).get(f"{ACUTE}?who=waiting").text
    assert ("the letter goes out" in page, "last in" in page, "not come in" in page) == (False, False, False)


def test_the_month_somebody_was_last_here_is_kept_and_no_more(site: Site) -> None:
    sam, alex = site.guest("sam"), site.guest("alex")
    assert "last in April 2026" in alex.get(f"{ACUTE}?name=sam").text
    site.now = MONDAY + timedelta(days=6, hours=23)
    sam.get("/issues")
    assert "last in May 2026" in alex.get(f"{ACUTE}?name=sam").text
    assert "last in" not in site.guest("alex").get(f"{ACUTE}?name=rita").text


def test_a_visit_to_one_partnership_tells_another_nothing(site: Site) -> None:
    """Of who belongs to several, only what an address names counts."""
    with site.db.write() as session:
        place = session.exec(select(Membership).where(Membership.person_id == site.cast.stan.id)).one()
        session.add(Membership(person_id=place.person_id, organisation_id=site.cast.acute.id, front_line=True))
        site.cast.partnership.version += 1
    stan = site.guest("stan")
    site.later(minutes=6)
    stan.get("/arrangements/ELS")
    with site.db.read() as session:
        months = {
            each.organisation_id: each.here_in
            for each in session.exec(select(Membership).where(Membership.person_id == site.cast.stan.id))
        }
    assert months == {site.cast.north.id: MONDAY.date().replace(day=1), site.cast.acute.id: None}


def test_everybody_stands_beside_each_other_some_of_each_organisation(crowded: Site) -> None:
    guest = crowded.guest("kim")
    page = guest.get("/people/RIV").text
    assert page.count("@acute.example") == page.count("@council.example")
    assert f'<a href="{ACUTE}">All 65 of Riverside Hospitals</a>' in page
    found = guest.get("/people/RIV?name=celik").text
    assert "60 of 75 people." in found
    assert f'<a href="{ACUTE}?name=celik">All 60 of Riverside Hospitals</a>' in found
    assert "Kim Tran</" not in found.partition('id="everybody"')[2]


def test_a_page_too_far_is_the_last_one() -> None:
    people = [
        Member(n, f"k{n}", f"N{n:03}", f"n{n}@a.example", frozenset(), invited=False, away=None) for n in range(7)
    ]
    assert [each.id for each in people_page(people, {"page": "9"}, most=3).people] == [6]
    assert people_page(people, {"page": "x"}, most=3).next == {"page": "2"}
    assert people_page([], {}).people == ()
