"""On the page of an issue: where it would go now, and the button by which somebody who may says so."""

import re

from tests.issue_makers import make_issue
from tests.site import Site
from tracker.records.agreement import RoutingRule
from tracker.records.partnership import Partnership

CRITICAL = {"title": "Late letters", "severity": "critical"}


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def with_route(site: Site) -> str:
    """An issue, and a route that takes what is critical to the managers, with another organisation to answer."""
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        session.add(
            RoutingRule(
                partnership_id=site.cast.partnership.id,
                key="urgent",
                when={"severity": ["critical"]},
                ladder_key="operational",
                start="ops",
                answers="community",
            )
        )
        session.get_one(Partnership, site.cast.partnership.id).version += 1
    return ref


def test_once_mended_the_page_says_where_it_would_go_and_why_to_whoever_reads_it(site: Site) -> None:
    ref = with_route(site)
    sam = site.guest("sam")
    assert "would go to" not in sam.get(f"/issues/{ref}").text
    assert sam.post(f"/issues/{ref}/amendment", CRITICAL).status_code == 303
    page = words(site.guest("alex").get(f"/issues/{ref}").text)
    assert "it would go to Operational managers' group on the Operational ladder" in page.replace("&#39;", "'")
    assert "with Riverside Community Care to answer. Route urgent: it is critical." in page
    assert "Riverside Community Care would become a side and read all of it." in page
    assert "It stays where it is until a manager or holder of a side sends it there." in page
    assert site.guest("mo").get(f"/issues/{ref}").status_code == 404


def test_why_it_is_here_says_whether_a_route_is_for_it(site: Site) -> None:
    ref = with_route(site)
    sam = site.guest("sam")
    assert "Why hereNo route is for this in particular." in words(sam.get(f"/issues/{ref}").text)
    sam.post(f"/issues/{ref}/amendment", CRITICAL)
    site.guest("jo").post(f"/issues/{ref}/routing")
    assert "Why hereRoute urgent: it is critical." in words(sam.get(f"/issues/{ref}").text)


def test_a_manager_routes_it_anew_by_a_button_and_the_page_says_no_more(site: Site) -> None:
    ref = with_route(site)
    site.guest("sam").post(f"/issues/{ref}/amendment", CRITICAL)
    jo = site.guest("jo")
    assert f'action="/issues/{ref}/routing"' in jo.get(f"/issues/{ref}").text
    assert jo.post(f"/issues/{ref}/routing").status_code == 303
    page = words(jo.get(f"/issues/{ref}").text)
    assert "Jo Lind (Riverside Hospitals) sent it to where it belongs: Route urgent: it is critical" in page
    assert "would go to" not in page
    assert site.guest("mo").get(f"/issues/{ref}").status_code == 200


def test_a_service_area_is_changed_taken_away_and_left_alone(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, service_area="discharge").ref
    sam, mended = site.guest("sam"), {"title": "Late letters", "severity": "serious"}
    seen = []
    for area in ("equipment", "", "-"):
        sam.post(f"/issues/{ref}/amendment", {**mended, "service_area": area})
        head = sam.get(f"/issues/{ref}").text.partition('<ul class="marks">')[0]
        seen.append([each for each in ("Discharge", "Equipment") if f"· {each}" in head])
    assert seen == [["Equipment"], ["Equipment"], []]


def test_routing_what_is_where_it_belongs_is_refused_on_its_page(site: Site) -> None:
    ref = with_route(site)
    answer = site.guest("jo").post(f"/issues/{ref}/routing")
    assert answer.status_code == 409
    assert "It is where it belongs already." in answer.text
