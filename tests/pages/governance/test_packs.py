"""Packs as pages and files: begun, live while drafted, frozen when published, each reader's own part of them."""

import io
import re
import zipfile
from datetime import date, timedelta
from html import unescape

import pytest
from sqlmodel import col, select

from tests.decision_makers import make_decision
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.notice_makers import announce_all, told
from tests.pages.desk.test_desk import said
from tests.reports.pdf_words import words_on
from tests.site import Guest, Site, went_to
from tracker.actions import escalate
from tracker.actions.add_note import add_note
from tracker.actions.resolve import agree, propose
from tracker.database import statement_count
from tracker.records.event import Event
from tracker.rules.rings import Ring

MEETING = {"body": "steering", "meets_at": "2026-04-28T10:00:00+01:00"}


def climbed(site: Site, to: int = 4, **told: object) -> str:
    """An issue at a tier: by default on the agenda of the steering group."""
    with site.db.write() as session:
        ref = make_issue(session, site.cast, **told).ref  # type: ignore[arg-type]
        escalate.by_holder(session, ref, doer(site.cast, "sam"), cause="legal deadline", to=to)
    return ref


def drafted(site: Site, who: str = "priya", **more: str) -> Guest:
    guest = site.guest(who)
    answer = guest.post("/packs/RIV", {**MEETING, **more})
    assert (answer.status_code, went_to(answer)) == (303, "/packs/RIV/1")
    return guest


def published(site: Site, who: str = "priya") -> Guest:
    guest = drafted(site, who)
    assert guest.post("/packs/RIV/1/publication").status_code == 303
    return guest


def test_a_draft_shows_what_waits_and_what_was_decided_as_it_stands(site: Site) -> None:
    ref = climbed(site)
    with site.db.write() as session:
        make_decision(session, site.cast)
    guest = drafted(site)
    page = said(guest.get("/packs/RIV/1").text)
    assert "A draft: it moves with what happens" in page
    assert f"Letters arrive without the medication list {ref} · serious · between Riverside Hospitals" in page
    assert "Ladder: Front line › Operational managers&#39; group › Directors › Steering group" in page
    assert "Funding is answered within two days Decision 1" in page
    climbed(site, title="One more")
    assert "One more" in guest.get("/packs/RIV/1").text


def test_three_owners_are_told_as_everywhere_else(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast, owners=("jo", "lee", "mo"))
    told = r"owned by [\w ]+ \(Riverside Hospitals\), [\w ]+ \(Riverside Council\) and [\w ]+ \(Riverside Community"
    assert re.search(told, said(drafted(site).get("/packs/RIV/1").text))


def test_a_published_pack_stays_as_it_was_and_marks_what_changed_since(site: Site) -> None:
    ref = climbed(site)
    with site.db.write() as session:
        make_decision(session, site.cast)
    guest = published(site)
    late = climbed(site, title="Came too late")
    with site.db.write() as session:
        propose(session, ref, doer(site.cast, "dana"), outcome="solved", done="Done.")
        agree(session, ref, doer(site.cast, "priya"))
    site.guest("jo").post("/decisions/RIV/1/completion", {})
    page = guest.get("/packs/RIV/1").text
    words = said(page).replace(" :", ":")
    assert f"{ref}: resolved since, solved" in words
    assert "Decision 1: done since" in words
    assert f"{late} Came too late reached this body since" in words
    assert page.count('<li class="item">') == 2  # one issue, one decision: as it was


def test_its_theme_report_is_the_one_of_then(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, theme="authority", occurred_on=date(2026, 3, 3))
    guest = published(site)
    with site.db.write() as session:
        make_issue(session, site.cast, theme="authority", occurred_on=date(2026, 3, 4))
    page = said(guest.get("/packs/RIV/1").text)
    assert "April 2025 to March 2026: 1 occurrence of 1 issue, as they were counted then" in page
    assert "No authority at this level: 2 occurrences now, 1 then" in page


@pytest.mark.parametrize(
    "who, status",
    [("priya", 200), ("ines", 200), ("alex", 200), ("tess", 200), ("jo", 404), ("sam", 404), ("stan", 404)],
)
def test_a_pack_is_read_by_the_members_of_its_body_and_the_leads_of_its_organisations(
    site: Site, who: str, status: int
) -> None:
    published(site)
    guest = site.guest(who)
    for address in ("/packs/RIV/1", "/packs/RIV/1/pack.pdf", "/packs/RIV/1/pack.xlsx"):
        assert guest.get(address).status_code == status


def test_each_reader_sees_of_the_agenda_only_the_issues_that_they_may_see(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast, what="Between two of us")
    climbed(site, title="Between two of us, too")
    published(site)
    shown = {
        who: site.guest(who).get("/packs/RIV/1").text.count("Between two of us") for who in ("dana", "alex", "tess")
    }
    assert shown["dana"] == shown["alex"] > 0
    assert shown["tess"] == 0  # leads of the third organisation are no members of the body
    sheet = site.guest("tess").get("/packs/RIV/1/pack.xlsx").content
    assert b"Between two of us" not in b"".join(zipfile.ZipFile(io.BytesIO(sheet)).read(name) for name in _parts(sheet))


def test_a_reporter_who_keeps_their_name_inside_is_on_no_pack(site: Site) -> None:
    climbed(site, hide_reporter=True)
    page = published(site).get("/packs/RIV/1").text
    assert "Sam Okafor" not in page.partition('class="brief"')[2]
    assert "Somebody at Riverside Hospitals raised it" in page


TOLD = "The ward sent the patient home at six.\nNobody had the list."


def everywhere(guest: Guest) -> tuple[str, str, str]:
    """What pack 1 says on its page, on paper and in its workbook."""
    sheet = guest.get("/packs/RIV/1/pack.xlsx").content
    book = zipfile.ZipFile(io.BytesIO(sheet))
    cells = unescape(book.read("xl/sharedStrings.xml").decode())
    return unescape(guest.get("/packs/RIV/1").text), words_on(guest.get("/packs/RIV/1/pack.pdf").content), cells


@pytest.mark.parametrize("publish", [False, True], ids=["draft", "published"])
def test_each_issue_is_told_in_its_own_words_and_by_its_last_notes(site: Site, publish: bool) -> None:
    ref = climbed(site, detail=TOLD)
    with site.db.write() as session:
        for number in range(1, 5):
            add_note(session, ref, doer(site.cast, "kim"), text=f"Note {number} of Kim", ring=Ring.SHARED)
        add_note(session, ref, doer(site.cast, "sam"), text="Ours alone", ring=Ring.ORGANISATION)
    page, paper, cells = everywhere(published(site) if publish else drafted(site))
    for words in (page, paper, cells):
        told = " ".join(words.split())
        assert " ".join(TOLD.split()) in told
        assert [told.count(f"Note {number} of Kim") for number in range(1, 5)] == [1, 1, 1, 1]
        assert "Ours alone" not in told
    assert "<b>Sam Okafor (Riverside Hospitals)</b> · Mon 27 Apr 2026</header>" in page
    assert page.count("<b>Kim Tran (Riverside Council)</b>") == 3  # the first is quoted in the story


def test_what_an_issue_tells_is_frozen_with_the_pack(site: Site) -> None:
    ref = climbed(site, detail=TOLD)
    guest = published(site)
    with site.db.write() as session:
        add_note(session, ref, doer(site.cast, "kim"), text="Said too late", ring=Ring.SHARED)
    page = guest.get("/packs/RIV/1").text
    assert (TOLD in page, "Said too late" in page) == (True, False)


def test_who_may_not_see_an_issue_is_not_told_of_it_either(site: Site) -> None:
    climbed(site, detail=TOLD)
    published(site)
    for words in everywhere(site.guest("tess")):
        assert "the patient home" not in words


def test_what_a_hidden_reporter_tells_and_notes_has_no_name(site: Site) -> None:
    ref = climbed(site, detail=TOLD, hide_reporter=True)
    with site.db.write() as session:
        add_note(session, ref, doer(site.cast, "sam"), text="Still so", ring=Ring.SHARED)
    page, paper, cells = everywhere(published(site))
    assert page.count("<b>Somebody at Riverside Hospitals</b>") == 2
    for words in (page.partition('id="agenda-name"')[2], paper, cells):
        assert "Sam Okafor (" not in words
        assert "Sam Okafor raised" not in words


@pytest.mark.parametrize("who, begins", [("priya", True), ("dana", True), ("alex", False), ("jo", False)])
def test_its_chair_and_its_steering_members_begin_and_publish_it(site: Site, who: str, begins: bool) -> None:
    answer = site.guest(who).post("/packs/RIV", MEETING)
    assert answer.status_code == (303 if begins else 403)
    assert ("Begin a pack for Steering group" in site.guest(who).get("/packs/RIV").text) is begins


def test_a_lead_reads_a_draft_and_does_not_publish_it(site: Site) -> None:
    drafted(site)
    guest = site.guest("alex")
    assert "Publish it now" not in guest.get("/packs/RIV/1").text
    assert guest.post("/packs/RIV/1/publication").status_code == 403


def test_an_empty_agenda_says_whose_issues_its_reader_sees(site: Site) -> None:
    for words in everywhere(drafted(site))[:2]:
        assert "Nothing waits for this body that you may see." in words
        assert "others where their ladder lets the whole body read." in words


def test_a_pack_is_published_once_and_its_members_hear_of_it(site: Site) -> None:
    guest = published(site)
    assert guest.post("/packs/RIV/1/publication").status_code == 409
    with site.db.write() as session:
        announce_all(session, MONDAY)
        assert told(session, "pack_published") == {"dana", "ines"}


@pytest.mark.parametrize("who", ["priya", "dana"])
def test_who_may_begin_a_pack_discards_its_draft_and_the_meeting_may_have_another(site: Site, who: str) -> None:
    drafted(site)
    guest = site.guest(who)
    assert "Discard it" in guest.get("/packs/RIV/1").text
    answer = guest.post("/packs/RIV/1/discarding")
    assert (answer.status_code, went_to(answer)) == (303, "/packs/RIV")
    assert "Pack 1 " not in said(guest.get("/packs/RIV").text)
    assert [guest.get(f"/packs/RIV/1{more}").status_code for more in ("", "/pack.pdf")] == [404, 404]
    assert went_to(guest.post("/packs/RIV", MEETING)) == "/packs/RIV/2"


def test_that_a_draft_was_discarded_is_an_event_that_nobody_is_written_to_about(site: Site) -> None:
    drafted(site).post("/packs/RIV/1/discarding")
    with site.db.write() as session:
        newest = session.exec(select(Event).order_by(col(Event.id).desc()).limit(1)).one()
        said_so = newest.read().sentence(newest.actor_name)
        announce_all(session, MONDAY)
        assert told(session, "pack_discarded") == set()
    assert (newest.kind, newest.pack_id) == ("pack_discarded", 1)
    assert said_so == "Priya Nair discarded the draft of the pack for Steering group, Tue 28 Apr 2026"


def test_a_published_pack_is_not_discarded(site: Site) -> None:
    guest = published(site)
    assert "Discard it" not in guest.get("/packs/RIV/1").text
    answer = guest.post("/packs/RIV/1/discarding")
    assert answer.status_code == 409
    assert "This pack is published: it stays as it is. Only a draft can be discarded." in answer.text
    assert guest.get("/packs/RIV/1").status_code == 200


@pytest.mark.parametrize("who, status", [("alex", 403), ("tess", 403), ("jo", 404), ("sam", 404), ("stan", 404)])
def test_nobody_else_discards_a_draft(site: Site, who: str, status: int) -> None:
    drafted(site)
    guest = site.guest(who)
    assert guest.post("/packs/RIV/1/discarding").status_code == status
    assert "Discard it" not in guest.get("/packs/RIV/1").text
    assert site.guest("priya").get("/packs/RIV/1").status_code == 200


@pytest.mark.parametrize(
    "fields, says",
    [
        ({"meets_at": "2026-04-21T10:00:00+01:00"}, "Choose a meeting that is still to come."),
        ({"meets_at": ""}, "Choose a meeting, or give its day."),
        ({"period": "banana"}, "Choose another period"),
        (
            {"period": "2026-Q3"},
            "July to September 2026 has not begun yet. The last twelve whole months are 2025-04..2026-03.",
        ),
        ({"period": "2027"}, "2027 has not begun yet."),
    ],
    ids=["over", "none", "no period", "no quarter yet", "no year yet"],
)
def test_what_is_no_meeting_is_refused_where_it_was_typed(site: Site, fields: dict[str, str], says: str) -> None:
    answer = site.guest("priya").post("/packs/RIV", {**MEETING, **fields})
    assert answer.status_code == 422
    assert says in answer.text


def test_after_a_mistake_what_was_typed_stays_beside_its_reason(site: Site) -> None:
    fields = {"meets_at": "2026-05-05T10:00:00+01:00", "period": "2026-Q3"}
    page = site.guest("priya").post("/packs/RIV", {**MEETING, **fields}).text
    assert '<option value="2026-05-05T10:00:00+01:00" selected>' in page
    assert 'name="period" value="2026-Q3"' in page
    assert 'id="pack-steering-period-error"' in page


def test_its_theme_report_is_of_the_twelve_whole_months_before_it_is_published(site: Site) -> None:
    guest = drafted(site, meets_at="2026-05-26T10:00:00+01:00")
    assert "themes of the twelve months before it is published" in said(guest.get("/packs/RIV").text)
    assert "The theme report of April 2025 to March 2026" in said(guest.get("/packs/RIV/1").text)
    site.now += timedelta(days=10)
    guest = site.guest("priya")
    assert "The theme report of May 2025 to April 2026" in said(guest.get("/packs/RIV/1").text)
    assert guest.post("/packs/RIV/1/publication").status_code == 303
    site.now += timedelta(days=40)
    guest = site.guest("priya")
    assert "May 2025 to April 2026:" in said(guest.get("/packs/RIV/1").text)
    assert "themes of May 2025 to April 2026" in said(guest.get("/packs/RIV").text)


def test_a_period_that_has_begun_is_taken_before_it_is_over(site: Site) -> None:
    guest = drafted(site, period="2026-Q2")
    assert "April to June 2026" in guest.get("/packs/RIV/1").text


def test_what_publishing_does_is_said_before_the_button(site: Site) -> None:
    page = said(drafted(site).get("/packs/RIV/1").text)
    step = page.partition("Publish it ")[2].partition("Publish it now")[0]
    assert "Published, it stays as it is, for good" in step
    assert "Everybody seated on the Steering group is told." in step


def test_a_meeting_has_one_pack(site: Site) -> None:
    guest = drafted(site)
    assert "There is a pack for this meeting: pack 1." in guest.post("/packs/RIV", MEETING).text


def test_the_next_pack_has_what_was_decided_since_and_what_is_still_open(site: Site) -> None:
    with site.db.write() as session:
        make_decision(session, site.cast, what="Done before", due_on=date(2026, 4, 27))
        make_decision(session, site.cast, what="Still open")
    published(site)
    site.guest("jo").post("/decisions/RIV/1/completion", {})
    site.now += timedelta(days=2)
    guest = site.guest("priya")
    guest.post("/packs/RIV", {**MEETING, "meets_at": "2026-05-05T10:00:00+01:00"})
    page = guest.get("/packs/RIV/2").text
    assert ("Still open" in page, "Done before" in page) == (True, False)


def test_the_files_are_downloads_of_their_kind(site: Site) -> None:
    climbed(site, title="=Formula? 🦄")
    guest = published(site)
    pdf, sheet = (guest.get(f"/packs/RIV/1/pack.{end}") for end in ("pdf", "xlsx"))
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["content-disposition"] == 'attachment; filename="RIV-pack-1.pdf"'
    book = zipfile.ZipFile(io.BytesIO(sheet.content))
    assert "&#39;=Formula? 🦄" in book.read("xl/sharedStrings.xml").decode().replace("'=", "&#39;=")
    assert guest.get("/packs/RIV/1/pack.exe").status_code == 404


@pytest.mark.parametrize("publish", [False, True], ids=["draft", "published"])
def test_a_pack_sends_few_statements_however_long_it_is(site: Site, publish: bool) -> None:
    counts = []
    for meeting in ("2026-04-28T10:00:00+01:00", "2026-05-05T10:00:00+01:00"):
        for _ in range(4):
            climbed(site)
            with site.db.write() as session:
                make_decision(session, site.cast)
        guest = site.guest("priya")
        address = went_to(guest.post("/packs/RIV", {**MEETING, "meets_at": meeting}))
        if publish:
            guest.post(f"{address}/publication")
        guest.get(address)
        with statement_count(site.db) as sent:
            assert guest.get(address).status_code == 200
        counts.append(len([each for each in sent if each.startswith(("SELECT", "UPDATE"))]))
    assert counts[0] == counts[1] <= 8


def _parts(sheet: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(sheet)).namelist()
