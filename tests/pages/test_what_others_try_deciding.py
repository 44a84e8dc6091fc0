"""What somebody tries with decisions and packs of others: numbers, references, owners, forms sent twice or late."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from tests.decision_makers import make_decision, make_pack, owner
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.pages.governance.test_decisions import FORM, filled
from tests.pages.test_what_others_try import letters_to
from tests.reports.pdf_words import words_on
from tests.site import Site
from tracker.actions import escalate
from tracker.actions.add_note import record_occurrence
from tracker.actions.resolve import agree, propose, reopen
from tracker.clock import clock_of
from tracker.records.governance import Seat

MEETING = {"body": "steering", "meets_at": "2026-05-05", "period": "2026-04"}


def test_nobody_decides_for_an_organisation_that_is_not_seated_there(site: Site) -> None:
    _leave_the_steering_group(site, "community")
    three = [owner(site.cast, name) for name in ("jo", "lee", "bea")]
    for owners in (three, [three[0], three[2]]):
        answer = site.guest("priya").post(FORM, filled(site, owners=owners))
        assert answer.status_code == 422
        assert "Riverside Community Care is not seated on Steering group, and decides nothing there." in answer.text
    assert site.guest("bea").get("/decisions/RIV/1").status_code == 404


def _leave_the_steering_group(site: Site, organisation: str) -> None:
    cast = site.cast
    seats = select(Seat).where(Seat.body_id == cast.bodies["steering"].id)
    with site.db.write() as session:
        for seat in session.exec(seats.where(col(Seat.organisation_id) == cast.organisations[organisation].id)):
            seat.retired_at = MONDAY - timedelta(days=1)
        session.merge(cast.partnership).changed()


def test_two_do_not_put_a_decision_that_the_third_may_not_read_in_the_place_of_one_that_it_took(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast, owners=("jo", "lee", "bea"))
    answer = site.guest("priya").post(FORM, filled(site, replaces="1"))
    assert answer.status_code == 422
    assert "Decision 1 is also one of Riverside Community Care: name an owner there, too" in answer.text
    assert site.guest("priya").get("/decisions/RIV/2").status_code == 404
    assert "replaced" not in site.guest("bea").get("/decisions/RIV/1").text


def _came_back_twice(site: Site) -> list[str]:
    """Three issues of Hospitals and Council, each again the one before; and what their directors decided about it."""
    cast, began = site.cast, MONDAY - timedelta(days=200)
    with site.db.write() as session:
        refs = [make_issue(session, cast, theme="authority", now=began, occurred_on=began.date()).ref]
        for days in (40, 80):
            over, again = began + timedelta(days=days - 10), began + timedelta(days=days)
            propose(session, refs[-1], doer(cast, "kim", over), outcome="solved", done="Done.")
            agree(session, refs[-1], doer(cast, "sam", over))
            new = record_occurrence(session, refs[-1], doer(cast, "sam", again), occurred_on=again.date())
            new.theme = "authority"
            refs.append(new.ref)
        decided = {"body": "directors", "by": "rita", "owners": ("rita", "owen"), "themes": ("authority",)}
        make_decision(session, cast, now=MONDAY - timedelta(days=50), what="Kangaroo rule", **decided)  # type: ignore[arg-type]
    return refs


@pytest.mark.parametrize("publish", [False, True], ids=["draft", "published"])
def test_the_theme_report_in_a_pack_names_nothing_that_its_reader_may_not_see(site: Site, publish: bool) -> None:
    refs = _came_back_twice(site)
    priya = site.guest("priya")
    priya.post("/packs/RIV", MEETING)
    if publish:
        assert priya.post("/packs/RIV/1/publication").status_code == 303
    told = {name: words_on(site.guest(name).get("/packs/RIV/1/pack.pdf").content) for name in ("alex", "ines", "tess")}
    assert {name: [ref for ref in refs if ref in words] for name, words in told.items()} == {
        "alex": refs, "ines": [], "tess": [],
    }  # fmt: skip
    assert [name for name, words in told.items() if "Kangaroo" in words or "Decision 1" in words] == ["alex"]
    assert all("3 issues, each again the one before" in words for words in told.values())


def test_a_story_in_brief_and_the_list_of_notices_do_not_name_the_issue_by_which_it_happened_again(site: Site) -> None:
    """The body reads what came before it; what happened again on the front line of two others is not before it."""
    cast, later = site.cast, MONDAY + timedelta(days=3)
    with site.db.write() as session:
        old = make_issue(session, cast)
        escalate.by_holder(session, old.ref, doer(cast, "sam"), cause="legal deadline", to=4)
        propose(session, old.ref, doer(cast, "dana"), outcome="solved", done="Done.")
        agree(session, old.ref, doer(cast, "priya"))
        new = record_occurrence(session, old.ref, doer(cast, "sam", later), occurred_on=later.date())
        reopen(session, old.ref, doer(cast, "priya", later), reason="It is back")
        ref = new.ref
    site.now = later + timedelta(hours=1)
    assert all(clock_of(site.settings, site.db, now=site.now).until_nothing_is_due())
    site.guest("priya").post("/packs/RIV", MEETING)
    for _ in ("draft", "published"):
        for name in ("ines", "tess"):
            guest = site.guest(name)
            for address in ("/bodies/RIV/steering", "/packs/RIV/1", "/mail"):
                assert ref not in guest.get(address).text, (name, address)
            assert ref not in words_on(guest.get("/packs/RIV/1/pack.pdf").content)
        site.guest("priya").post("/packs/RIV/1/publication")
    assert "happened again after it was resolved" in site.guest("ines").get("/bodies/RIV/steering").text


def test_a_second_step_from_the_same_page_is_said_to_be_late_and_not_taken_for_done(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast)
    jo = site.guest("jo")
    page = jo.get("/decisions/RIV/1").text
    carried = {name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("once", "version")}
    assert jo.post("/decisions/RIV/1/progress", {"text": "Half way", **carried}).status_code == 303
    late = jo.post("/decisions/RIV/1/completion", {"how": "It is in the log", **carried})
    assert (late.status_code, "It is in the log" in late.text) == (409, True)
    assert "Half way" in jo.get("/decisions/RIV/1").text
    assert jo.post("/decisions/RIV/1/progress", {"text": "Half way", **carried}).status_code == 303
    assert jo.get("/decisions/RIV/1").text.count("Half way") == 1


def test_a_second_step_on_an_issue_from_the_same_page_is_not_taken_for_done_either(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    kim = site.guest("kim")
    page = kim.get(f"/issues/{ref}").text
    carried = {name: page.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("once", "version")}
    assert kim.post(f"/issues/{ref}/notes", {"text": "I look into it", **carried}).status_code == 303
    late = kim.post(f"/issues/{ref}/proposal", {"outcome": "solved", "done": "A new form", **carried})
    assert (late.status_code, "A new form" in late.text) == (409, True)


@pytest.mark.parametrize("name", ["stan", "nan", "nora"])
def test_a_number_of_another_partnership_under_ones_own_key_is_nobodys(site: Site, name: str) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast, what="Kangaroo rule")
        make_pack(session, site.cast)
    guest = site.guest(name)
    for key in ("RIV", "ELS"):
        for address in (f"/decisions/{key}/1", f"/packs/{key}/1", f"/packs/{key}/1/pack.pdf"):
            assert guest.get(address).status_code == 404
        for step in ("completion", "progress", "due-date", "withdrawal"):
            form = {"text": "So", "reason": "So", "due_on": "2026-06-01"}
            assert guest.post(f"/decisions/{key}/1/{step}", form).status_code == 404
        assert guest.post(f"/packs/{key}/1/publication").status_code == 404
    asked = {"themes": "decision_speed", "issues": "RIV-1"}
    assert "Kangaroo" not in guest.post("/decisions/ELS/precedents", asked).text


@pytest.mark.parametrize("more", [
    {"themes": ["decision_speed"]}, {"clauses": ["4.2"]}, {"issues": ["RIV-1"]},
    {"owners": ["acute jo", "council lee"]}, {"owners": ["north jo", "south lee"]},
], ids=str)  # fmt: skip
def test_a_decision_elsewhere_takes_no_theme_promise_issue_or_person_of_this_partnership(
    site: Site, more: dict[str, Any]
) -> None:
    cast = site.cast
    with site.db.write() as session:
        make_issue(session, cast)
    own = [owner(cast, "nils"), owner(cast, "sol")]
    theirs = [each.partition(" ") for each in more.get("owners", ())]
    form = {"what": "Mine", "due_on": "2026-05-29", "owners": own, **more}
    if theirs:
        form["owners"] = [f"{side} {owner(cast, name).partition(' ')[2]}" for side, _, name in theirs]
    assert site.guest("nan").post("/bodies/ELS/steering/decisions", form).status_code == 422


def test_only_ones_own_form_is_taken_for_decisions_packs_and_terms(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast)
        make_pack(session, site.cast)
    tries = {
        "/decisions/RIV/1/completion": "jo", "/packs/RIV": "priya", "/packs/RIV/1/publication": "priya", FORM: "priya",
        "/arrangements/RIV/report": "alex", "/arrangements/RIV/report/exposure/name": "alex",
        "/arrangements/RIV/report/baselines": "alex",
    }  # fmt: skip
    for address, name in tries.items():
        guest, other = site.guest(name), site.guest("kim")
        for token in ("", other.token):
            guest.token = token
            assert guest.post(address, filled(site)).status_code == 403, address


def test_who_sits_nowhere_begins_and_publishes_no_pack_of_another_body(site: Site) -> None:
    for name, body in (("priya", "ops"), ("jo", "steering"), ("tess", "steering"), ("bea", "directors")):
        assert site.guest(name).post("/packs/RIV", {**MEETING, "body": body}).status_code == 403
    site.guest("priya").post("/packs/RIV", MEETING)
    for name, status in (("tess", 403), ("chris", 403), ("jo", 404), ("sam", 404), ("nan", 404)):
        assert site.guest(name).post("/packs/RIV/1/publication").status_code == status, name


def test_the_third_organisation_is_not_told_of_what_two_decided_nor_reminded_of_it(site: Site) -> None:
    with site.db.write() as session:
        kept = make_issue(session, site.cast, title="Kangaroo letters")
        make_decision(session, site.cast, what="Kangaroo rule", due_on=date(2026, 5, 1), issues=(kept.ref,))
    for days in (1, 5, 9):
        site.now = MONDAY + timedelta(days=days)
        assert all(clock_of(site.settings, site.db, now=site.now).until_nothing_is_due())
    assert any("Kangaroo rule" in letter for letter in letters_to(site, "jo"))
    for name in ("bea", "mo", "gwen", "tess", "nora"):
        assert not any("Kangaroo" in letter for letter in letters_to(site, name))
        pages = ("/", "/decisions/RIV", "/bodies/RIV/steering", "/mail", "/arrangements/RIV/events", "/people")
        assert all("Kangaroo" not in site.guest(name).get(page).text for page in pages), name
