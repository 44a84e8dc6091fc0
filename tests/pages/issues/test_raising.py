"""The form for raising an issue says who will read it, by organisation, before it is sent."""

import re

from tests.issue_makers import make_issue
from tests.site import Site
from tracker.records.agreement import RoutingRule
from tracker.rules.rings import Ring

SAID = {"title": "Remarks at the handover", "severity": "serious", "with": "council", "once": "a"}


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_what_concerns_a_person_names_the_organisations_of_those_who_will_read_it(site: Site) -> None:
    page = words(site.guest("sam").get("/issues/new").text)
    for other in ("Council", "Community Care"):
        both = f"Riverside Hospitals and Riverside {other}"
        assert f"Read by {both}; the members of Steering group, if it gets that far." in page
        assert f"Only you and those who hold it at {both} read this." in page


def test_an_organisation_that_a_route_has_answer_is_named_too(site: Site) -> None:
    with site.db.write() as session:
        home = site.cast.partnership.id
        session.add(RoutingRule(partnership_id=home, key="r", ladder_key="operational", answers="community"))
    page = words(site.guest("sam").get("/issues/new").text)
    assert "Read by Riverside Hospitals, Riverside Council and Riverside Community Care; the members of" in page


def test_an_organisation_that_a_route_has_answer_sometimes_is_named_as_one_that_may_until_that_is_chosen(
    site: Site,
) -> None:
    with site.db.write() as session:
        home, when = site.cast.partnership.id, {"severity": ["critical"], "with": ["council"]}
        rule = RoutingRule(partnership_id=home, key="r", ladder_key="operational", answers="community", when=when)
        session.add(rule)
    sam, both = site.guest("sam"), "Riverside Hospitals and Riverside Council"
    assert f"Read by {both}; Riverside Community Care, where a route has it answer" in words(
        sam.get("/issues/new").text
    )
    serious = words(sam.post("/issues/new", {**SAID, "title": ""}).text)
    assert f"Read by {both}; the members of Steering group, if it gets that far." in serious
    critical = words(sam.post("/issues/new", {**SAID, "title": "", "severity": "critical"}).text)
    assert "Read by Riverside Hospitals, Riverside Council and Riverside Community Care;" in critical


def test_on_the_page_of_what_concerns_a_person_it_says_so(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, ring=Ring.NAMED).ref
    page = words(site.guest("kim").get(f"/issues/{ref}").text)
    only = "Only whoever raised it and those who hold it at Riverside Hospitals and Riverside Council read this."
    assert page.count(only) == 2  # of the issue, and of a note before it is sent


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
