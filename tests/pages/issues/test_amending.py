"""Words belong to who wrote them: who may change what an issue says, and how everybody sees that it was changed."""

import re
from dataclasses import replace

import pytest

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast
from tests.notice_makers import announce_all, told
from tests.pages.desk.test_desk import said
from tests.site import Site
from tracker.actions.amend import amend
from tracker.actions.begin_step import StepRequest
from tracker.database import Database
from tracker.queries import issues
from tracker.records.person import Membership
from tracker.rules.lifecycle import Severity
from tracker.rules.refusals import MayNot

ADDRESS = "/issues/RIV-1/amendment"
TITLE, DETAIL = "Letters arrive without the medication list", "Third letter this month."
FIELDS = {"title": "Letters are complete", "detail": "It was our own mistake."}


def raised(site: Site, **told: object) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, **told)  # type: ignore[arg-type]


def words_of(site: Site) -> tuple[str, str]:
    with site.db.read() as session:
        issue = issues.load(session, "RIV-1", site.cast.viewer("sam"))
    return issue.title, issue.detail


@pytest.mark.parametrize("field", FIELDS)
def test_the_page_shows_the_words_to_whom_they_belong_and_nobody_else_changes_them(site: Site, field: str) -> None:
    raised(site)
    offered, taken = {}, {}
    for who in ("sam", "jo", "rita", "alex", "kim", "lee", "owen", "chris", "mo"):
        browser = site.guest(who)
        offered[who] = f'id="amendment-{field}"' in browser.get("/issues/RIV-1").text
        answer = browser.post(ADDRESS, {field: f"As {who} has it", "severity": "serious"})
        taken[who] = answer.status_code == 303 and f"As {who} has it" in words_of(site)
    assert offered == taken
    assert {who for who, may in taken.items() if may} == {"sam", "jo", "rita"}


def test_the_other_sides_manager_is_refused_with_a_sentence_and_nothing_changes(site: Site) -> None:
    raised(site)
    answer = site.guest("lee").post(ADDRESS, {**FIELDS, "severity": "minor"})
    assert answer.status_code == 403
    assert "is for whoever raised it, or a manager or holder of Riverside Hospitals." in said(answer.text)
    assert words_of(site) == (TITLE, DETAIL)


@pytest.mark.parametrize("who, status", [("lee", 303), ("kim", 303), ("jo", 303), ("chris", 403), ("alex", 403)])
def test_how_much_it_matters_is_changed_by_any_sides_managers_and_holders(site: Site, who: str, status: int) -> None:
    raised(site)
    assert site.guest(who).post(ADDRESS, {"severity": "minor"}).status_code == status
    assert words_of(site) == (TITLE, DETAIL)


def test_a_text_is_taken_away_by_whom_it_belongs_to_and_a_title_is_not(site: Site) -> None:
    raised(site)
    jo = site.guest("jo")
    assert jo.post(ADDRESS, {"title": "", "detail": DETAIL, "severity": "serious"}).status_code == 422
    assert jo.post(ADDRESS, {"title": TITLE, "detail": "", "severity": "serious"}).status_code == 303
    assert words_of(site) == (TITLE, "")


def test_whoever_raised_it_for_a_side_they_have_left_does_not_change_its_words(db: Database, cast: Cast) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        moved = replace(cast.viewer("sam"), memberships=cast.viewer("kim").memberships)
        with pytest.raises(MayNot, match="Words belong to who wrote them"):
            amend(session, ref, StepRequest(moved, MONDAY), title="Ours now", severity=Severity.SERIOUS)
        assert amend(session, ref, StepRequest(moved, MONDAY), severity=Severity.MINOR).severity is Severity.MINOR


def test_who_belongs_to_both_sides_changes_the_words_only_as_one_of_those_they_belong_to(site: Site) -> None:
    with site.db.write() as session:
        both = Membership(person_id=site.cast.lee.id, organisation_id=site.cast.acute.id)
        both.take_roles(["front_line"])
        session.add(both)
        site.cast.partnership.version += 1
        session.merge(site.cast.partnership)
    raised(site)
    lee = site.guest("lee")
    assert 'id="amendment-title"' not in lee.get("/issues/RIV-1").text
    for side in ("acute", "council"):
        sent = {"title": "Ours now", "severity": "serious", "speaking_for": side}
        assert lee.post(ADDRESS, sent).status_code == 403, side


@pytest.mark.parametrize("reader", ["sam", "jo", "alex", "kim", "lee", "chris"])
def test_everybody_sees_beside_the_words_whose_change_they_are_and_where_it_is_told(site: Site, reader: str) -> None:
    raised(site)
    site.guest("jo").post(ADDRESS, {**FIELDS, "severity": "serious"})
    page = site.guest(reader).get("/issues/RIV-1").text
    assert "Title changed by Jo Lind (Riverside Hospitals) on Mon 27 Apr" in said(page)
    assert "text changed by Jo Lind (Riverside Hospitals) on Mon 27 Apr" in said(page)
    (mark,) = set(re.findall(r'<a href="#([^"]+)">changed</a>', page))
    assert "Jo Lind (Riverside Hospitals) changed the title and detail" in page.partition(f'id="{mark}">')[2][:200]


def test_a_change_of_severity_alone_marks_no_words_as_changed(site: Site) -> None:
    raised(site)
    site.guest("lee").post(ADDRESS, {"severity": "minor"})
    assert ">changed</a>" not in site.guest("sam").get("/issues/RIV-1").text


@pytest.mark.parametrize("reader, who", [
    ("lee", "whoever raised it, Riverside Hospitals,"), ("jo", "Sam Okafor (Riverside Hospitals)"),
])  # fmt: skip
def test_a_reporter_who_keeps_their_name_inside_changes_it_as_whoever_raised_it(
    site: Site, reader: str, who: str
) -> None:
    raised(site, hide_reporter=True)
    site.guest("sam").post(ADDRESS, {**FIELDS, "severity": "serious"})
    page = said(site.guest(reader).get("/issues/RIV-1").text)
    assert f"Title changed by {who} on Mon 27 Apr" in page
    assert f"{who[0].upper()}{who[1:]} changed the title and detail" in page


@pytest.mark.parametrize("doer_name, hears", [("jo", True), ("lee", True), ("sam", False)])
def test_whoever_raised_it_hears_of_a_change_that_is_not_their_own(
    db: Database, cast: Cast, doer_name: str, hears: bool
) -> None:
    with db.write() as session:
        ref = make_issue(session, cast).ref
        announce_all(session, MONDAY)
        amend(session, ref, doer(cast, doer_name), severity=Severity.MINOR)
        announce_all(session, MONDAY)
        assert ("sam" in told(session, "amended")) == hears


def test_where_it_rubs_is_told_by_name_before_and_after(site: Site) -> None:
    raised(site, service_area="discharge")
    site.guest("lee").post(ADDRESS, {"severity": "serious", "service_area": "equipment"})
    page = said(site.guest("sam").get("/issues/RIV-1").text)
    assert "Lee Ford (Riverside Council) changed the service area from Discharge to Equipment" in page
