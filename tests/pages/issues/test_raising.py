"""The form for raising an issue says who will read it, by organisation, before it is sent."""

import re

from tests.issue_makers import make_issue
from tests.site import Site
from tracker.records.agreement import RoutingRule
from tracker.rules.rings import Ring

SAID = {"title": "Remarks at the handover", "severity": "serious", "with": "council", "once": "a"}

ALL_THREE = (
    "Read by Riverside Hospitals (5 people), Riverside Council (5 people) and Riverside Community Care (5 people)"
)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_what_concerns_a_person_names_the_organisations_of_those_who_will_read_it(site: Site) -> None:
    page = words(site.guest("sam").get("/issues/new").text)
    for other in ("Council", "Community Care"):
        both = f"Riverside Hospitals (5 people) and Riverside {other} (5 people)"
        assert f"Read by {both}; 1 person more of Steering group, if it gets that far." in page
        at = f"at Riverside Hospitals and Riverside {other}"
        assert f"Only you and whoever comes to hold it read this, or stands in for them, {at}." in page


def test_an_organisation_that_a_route_has_answer_is_named_too(site: Site) -> None:
    with site.db.write() as session:
        home = site.cast.partnership.id
        session.add(RoutingRule(partnership_id=home, key="r", ladder_key="operational", answers="community"))
    page = words(site.guest("sam").get("/issues/new").text)
    assert ALL_THREE in page


def test_an_organisation_that_a_route_has_answer_sometimes_is_named_as_one_that_may_until_that_is_chosen(
    site: Site,
) -> None:
    with site.db.write() as session:
        home, when = site.cast.partnership.id, {"severity": ["critical"], "with": ["council"]}
        rule = RoutingRule(partnership_id=home, key="r", ladder_key="operational", answers="community", when=when)
        session.add(rule)
    sam, both = site.guest("sam"), "Riverside Hospitals (5 people) and Riverside Council (5 people)"
    assert f"Read by {both}; Riverside Community Care, where a route has it answer" in words(
        sam.get("/issues/new").text
    )
    serious = words(sam.post("/issues/new", {**SAID, "title": ""}).text)
    assert f"Read by {both}; 1 person more of Steering group, if it gets that far." in serious
    critical = words(sam.post("/issues/new", {**SAID, "title": "", "severity": "critical"}).text)
    assert ALL_THREE in critical


def test_on_the_page_of_what_concerns_a_person_it_says_so(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, ring=Ring.NAMED).ref
    page = words(site.guest("kim").get(f"/issues/{ref}").text)
    only = "Only 2 people read this: Sam Okafor of Riverside Hospitals and you of Riverside Council;"
    assert page.count(only) > 2  # of the issue, of a note and of every step before it is sent
    assert "(5 people)" not in page


def test_what_concerns_a_person_is_not_first_its_whole_organisations(site: Site) -> None:
    sam = site.guest("sam")
    answer = sam.post("/issues/new", {**SAID, "named": "yes", "ring": "organisation"})
    assert (answer.status_code, "Choose one of the two." in answer.text) == (422, True)
    assert sam.post("/issues/new", {**SAID, "named": "yes"}).status_code == 303
    assert site.guest("jo").get("/issues/RIV-1").status_code == 404


def test_who_reads_it_is_one_of_the_two_that_are_offered(site: Site) -> None:
    sam = site.guest("sam")
    for ring in (Ring.TIER, Ring.NAMED, "everybody"):
        assert sam.post("/issues/new", {**SAID, "ring": ring}).status_code == 422, ring
