"""Who belongs to several organisations says for whom they speak: nothing is chosen for them, on any page or step."""

import re

import pytest
from sqlmodel import Session, col, select

from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import version_in
from tests.pages.test_who_may_read import addresses, digest, plant
from tests.site import Site
from tracker.pages.issues.steps import ASKED, STEPS
from tracker.queries.people import key_in
from tracker.records.event import Event
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.records.person import Membership
from tracker.rules.rings import Role

CHOICE = re.compile(r'<input[^>]*name="speaking_for"[^>]*>')
FIELDS = {
    "text": "Between us", "cause": "legal deadline", "reason": "So", "outcome": "solved", "done": "Done",
    "title": "Mine", "severity": "minor", "held": "yes", "ring": "organisation", "agrees": "yes", "left_out": "yes",
    "until": "2026-06-01", "outsider": "The court", "tier": "1", "same_as": "RIV-2", "side": "community",
}  # fmt: skip
RAISED = {"title": "Kangaroo letters", "severity": "serious", "with": "community"}


@pytest.fixture
def site(site: Site) -> Site:
    """Jo is a manager of the Hospitals and of the Council, and holds issues for both."""
    with site.db.write() as session:
        _give_place(session, site, "council")
        body, jo = site.cast.bodies["steering"], site.cast.jo
        for side in (site.cast.council, site.cast.acute):
            session.add(Seat(body_id=body.id, person_id=jo.id, organisation_id=side.id, holds=True, position=9))
        session.merge(site.cast.partnership).changed()
    plant(site)
    return site


def _give_place(session: Session, site: Site, organisation: str) -> None:
    place = Membership(person_id=site.cast.jo.id, organisation_id=site.cast.organisations[organisation].id)
    place.take_roles([Role.MANAGER, Role.STEERING])
    session.add(place)


def test_no_page_has_chosen_for_whom_somebody_speaks(site: Site) -> None:
    jo, asked = site.guest("jo"), []
    for address in addresses(site, "GET"):
        choices = CHOICE.findall(jo.get(address).text)
        assert [each for each in choices if " checked" in each or "radio" not in each] == [], address
        asked += [address] * bool(choices)
    assert {"/issues/new", "/issues/RIV-1", "/bodies/RIV/steering/decisions"} <= set(asked)


def test_no_step_is_taken_for_whom_nobody_said(site: Site) -> None:
    jo, before = site.guest("jo"), digest(site)
    for step in STEPS:
        address, kind = ("asks", {"kind": ASKED[step].value}) if step in ASKED else (step, {})
        assert jo.post(f"/issues/RIV-1/{address}", {**FIELDS, **kind}).status_code == 422, step
    assert digest(site) == before


def test_what_was_typed_comes_back_and_goes_where_they_say(site: Site) -> None:
    jo = site.guest("jo")
    again = jo.post("/issues/RIV-1/notes", {"text": "Between us", "ring": "organisation"}).text
    assert ("Say for whom you speak." in again, "Between us" in again) == (True, True)
    said = {"text": "Between us", "ring": "organisation", "speaking_for": "council"}
    assert jo.post("/issues/RIV-1/notes", said).status_code == 303
    read = {name: "Between us" in site.guest(name).get("/issues/RIV-1").text for name in ("kim", "sam")}
    assert read == {"kim": True, "sam": False}


def test_nobody_speaks_for_an_organisation_that_is_no_side(site: Site) -> None:
    with site.db.write() as session:
        _give_place(session, site, "community")
        session.merge(site.cast.partnership).changed()
    jo = site.guest("jo")
    said = {"text": "Between us", "ring": "organisation", "speaking_for": "community"}
    assert jo.post("/issues/RIV-1/notes", said).status_code == 422


@pytest.mark.parametrize("said", [{}, {"speaking_for": "community"}, {"speaking_for": "RIV:nobody"}])
def test_nothing_is_raised_for_whom_nobody_said(site: Site, said: dict[str, str]) -> None:
    answer = site.guest("jo").post("/issues/new", {**RAISED, **said})
    assert answer.status_code == 422
    assert ("Say for whom you speak." in answer.text, "Kangaroo letters" in answer.text) == (True, True)
    with site.db.read() as session:
        assert session.exec(select(Issue.id).where(Issue.title == RAISED["title"])).first() is None


@pytest.mark.parametrize("place", ["RIV:council", "council"])
def test_it_is_raised_for_whom_they_say(site: Site, place: str) -> None:
    assert site.guest("jo").post("/issues/new", {**RAISED, "speaking_for": place}).status_code == 303
    with site.db.read() as session:
        assert session.exec(select(Issue.raised_for_id).where(Issue.title == RAISED["title"])).one() == (
            site.cast.council.id
        )


def test_of_two_partnerships_nothing_is_raised_in_one_unasked(site: Site) -> None:
    with site.db.write() as session:
        place = Membership(person_id=site.cast.sam.id, organisation_id=site.cast.north.id, front_line=True)
        session.add(place)
        session.merge(site.cast.elsewhere).changed()
    sam = site.guest("sam")
    page = sam.get("/issues/new").text
    assert ("Riverside Council, in Riverside Integrated Discharge" in page, "South Works, in Elsewhere" in page) == (
        True,
        True,
    )
    assert sam.post("/issues/new", {**RAISED, "with": "south"}).status_code == 422
    assert sam.post("/issues/new", {**RAISED, "with": "south", "speaking_for": "ELS:north"}).status_code == 303


def test_a_decision_is_recorded_for_whom_they_say(site: Site) -> None:
    jo, form = site.guest("jo"), "/bodies/RIV/steering/decisions"
    owners = [f"acute {key_in('RIV', site.cast.priya.email)}", f"council {key_in('RIV', site.cast.dana.email)}"]
    fields = {"what": "A joint desk", "due_on": "2026-06-01", "owners": owners, "themes": ["authority"]}
    answer = jo.post(form, fields)
    assert answer.status_code == 422
    assert "Say for whom you speak." in answer.text
    assert jo.post(form, {**fields, "speaking_for": "council"}).status_code == 303
    with site.db.read() as session:
        newest = select(Event.organisation_id).where(Event.person_id == site.cast.jo.id).order_by(col(Event.id).desc())
        assert session.exec(newest).first() == site.cast.council.id


def test_several_are_acknowledged_at_once_only_where_it_is_clear_for_whom(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, by="mo", with_="acute").ref
    answer = site.guest("jo").post("/several", {"do": "acknowledgement", "ref": ["RIV-1", ref]})
    assert answer.status_code == 409
    assert "RIV-1 was left as it is. Say for whom you speak." in answer.text
    assert f"{ref} was left" not in answer.text


def test_who_has_one_organisation_notices_nothing(site: Site) -> None:
    sam = site.guest("sam")
    for address in ("/issues/new", "/issues/RIV-1"):
        assert "speaking_for" not in re.sub(r"hx-include=\"[^\"]*\"", "", sam.get(address).text)
    version = version_in(sam.get("/issues/RIV-1").text)
    assert sam.post("/issues/RIV-1/notes", {"text": "Hello", "ring": "shared", "version": version}).status_code == 303
