"""Whoever holds an issue can be reached; numbers and references in what people wrote lead somewhere."""

import re

import pytest

from tests.issue_makers import doer, make_issue
from tests.site import Site
from tracker.actions.add_note import add_note
from tracker.database import statement_count
from tracker.rules.rings import Ring

REACHED = {"phone": "+44 117 496 0123", "reach": "Teams, mornings"}


def reached(page: str) -> str:
    found = re.search(r'<p class="fine">To be reached: (.*?)</p>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split()) if found else ""


def test_how_somebody_is_reached_is_read_where_they_hold_an_issue(site: Site) -> None:
    kim = site.guest("kim")
    assert kim.post("/account/reach", REACHED).status_code == 303
    assert 'value="+44 117 496 0123"' in kim.get("/account").text
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    page = site.guest("sam").get(f"/issues/{ref}").text
    assert reached(page) == "Kim Tran at Riverside Council: +44 117 496 0123, Teams, mornings"
    assert '<a href="tel:+441174960123">+44 117 496 0123</a>' in page
    assert reached(kim.get(f"/issues/{ref}").text) == ""
    assert site.guest("mo").get(f"/issues/{ref}").status_code == 404


@pytest.mark.parametrize("address", ["/people/RIV", "/bodies/RIV/front", "/"])
def test_elsewhere_nobody_reads_it(site: Site, address: str) -> None:
    site.guest("kim").post("/account/reach", REACHED)
    with site.db.write() as session:
        make_issue(session, site.cast)
    assert not any("496 0123" in site.guest(name).get(address).text for name in ("sam", "mo", "chris"))


def test_what_is_left_empty_is_said_no_more_and_what_is_no_number_is_refused(site: Site) -> None:
    kim = site.guest("kim")
    kim.post("/account/reach", REACHED)
    refused = kim.post("/account/reach", {"phone": "ask at the desk", "reach": "Teams"})
    assert (refused.status_code, "Give a telephone number" in refused.text) == (422, True)
    assert 'value="ask at the desk"' in refused.text
    assert kim.post("/account/reach", {"phone": "", "reach": ""}).status_code == 303
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    assert reached(site.guest("sam").get(f"/issues/{ref}").text) == ""


def test_numbers_and_references_are_links_only_where_this_reader_may_follow_them(site: Site) -> None:
    with site.db.write() as session:
        open_, named = make_issue(session, site.cast).ref, make_issue(session, site.cast, ring=Ring.NAMED).ref
        text = f"As in {open_}, {named} and RIV-99: ring 0117 496 0123."
        said = make_issue(session, site.cast, detail=text).ref
        add_note(session, said, doer(site.cast, "sam"), text=f"Again: {text}")
    links = {name: links_of(site.guest(name).get(f"/issues/{said}").text) for name in ("sam", "alex")}
    assert links["sam"] == 2 * [f"/issues/{open_}", f"/issues/{named}", "tel:01174960123"]
    assert links["alex"] == 2 * [f"/issues/{open_}", "tel:01174960123"]


def test_no_statement_tells_whether_a_reference_is_of_something(site: Site) -> None:
    with site.db.write() as session:
        hidden = make_issue(session, site.cast, ring=Ring.NAMED).ref
        told, untold = (make_issue(session, site.cast, detail=f"See {ref}.").ref for ref in (hidden, "RIV-99"))
    alex = site.guest("alex")
    alex.get(f"/issues/{told}")
    counts = []
    for ref in (told, untold):
        with statement_count(site.db) as sent:
            alex.get(f"/issues/{ref}")
        counts.append(sent)
    assert counts[0] == counts[1]


def test_what_is_written_is_no_markup(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, detail="<b>RIV-1</b> & <a href='x'>0117 496 0123</a>").ref
    page = site.guest("sam").get(f"/issues/{ref}").text
    assert "<b>RIV-1" not in page
    assert "&lt;a href=&#39;x&#39;&gt;" in page


def links_of(page: str) -> list[str]:
    """Where the links in notes and details lead."""
    notes = re.findall(r'<article class="note.*?</header>\s*<p>(.*?)</p>', page, re.DOTALL)
    return [href for note in notes for href in re.findall(r'href="([^"]+)"', note)]
