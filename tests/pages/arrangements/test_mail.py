"""The page of notices: for leads, each as far as they may read it; and messages where there is no mail server."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.notice_makers import wants_digest
from tests.site import Guest, Site, went_to
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note
from tracker.clock import clock_of
from tracker.records.notice import Notice
from tracker.records.timer import Timer
from tracker.rules.notices import NoticeState
from tracker.rules.rings import Ring

PAGE = "/arrangements/RIV/mail"


def sweep(site: Site) -> None:
    """The clock does what is due; then it is a moment later."""
    assert list(clock_of(site.settings, site.db, now=site.now).until_nothing_is_due())


def letter_to(site: Site, name: str) -> str:
    """The address of the newest message to somebody."""
    sent = (Notice.person_id == site.cast.people[name].id, col(Notice.sent_at).is_not(None))
    newest = select(Notice.message_id).where(*sent).order_by(col(Notice.id).desc())
    with site.db.read() as session:
        return f"{PAGE}/{session.exec(newest).first()}"


@pytest.mark.parametrize("name, status", [("chris", 200), ("kim", 403), ("dana", 403), ("tess", 200), ("nora", 404)])
def test_the_page_is_for_leads_of_the_partnership(site: Site, name: str, status: int) -> None:
    assert site.guest(name).get(PAGE).status_code == status


def test_a_lead_reads_to_whom_of_what_and_what_became_of_it(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    sweep(site)
    text = site.guest("chris").get(PAGE).text
    for words in ("Kim Tran", "RIV-1 Letters arrive without the medication list", "Sam Okafor raised it", "sent"):
        assert words in text


def test_what_waits_says_until_when_and_why(site: Site) -> None:
    with site.db.write() as session:
        wants_digest(session, site.cast, "kim")
        make_issue(session, site.cast)
    site.later(hours=1)
    sweep(site)
    text = site.guest("chris").get(f"{PAGE}?became=held").text
    assert "kept for the digest of Tue 28 Apr 09:00" in text
    assert "Kim Tran" not in site.guest("chris").get(f"{PAGE}?became=sent").text


def test_the_other_sides_private_note_leaves_no_trace(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        add_note(session, issue.ref, doer(site.cast, "jo"), text="Between us.", ring=Ring.ORGANISATION)
    sweep(site)
    assert "Jo Lind wrote" in site.guest("alex").get(PAGE).text
    assert "Jo Lind" not in site.guest("chris").get(PAGE).text


def test_whoever_keeps_their_name_inside_is_somebody_on_the_other_sides_page(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast, hide_reporter=True)
        acknowledge(session, issue.ref, doer(site.cast, "kim"))
    sweep(site)
    theirs, ours = site.guest("chris").get(PAGE).text, site.guest("alex").get(PAGE).text
    assert "Somebody at Riverside Hospitals" in theirs
    assert "Sam Okafor" not in theirs
    assert "Sam Okafor" in ours


def test_of_an_issue_about_a_person_a_lead_sees_the_reference_of_what_their_own_people_were_told(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, ring=Ring.NAMED)
    sweep(site)
    ours, theirs = site.guest("chris").get(PAGE).text, site.guest("alex").get(PAGE).text
    assert "RIV-1" in ours
    assert "Letters arrive" not in ours
    assert "raised it" not in ours
    assert "RIV-1" not in theirs


def test_an_organisation_that_is_no_side_sees_nothing_of_it(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    sweep(site)
    assert "RIV-1" not in site.guest("tess").get(PAGE).text


def test_without_a_mail_server_a_lead_reads_what_their_own_people_were_written(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    sweep(site)
    address = letter_to(site, "kim")
    lead = site.guest("chris")
    assert address in lead.get(PAGE).text
    assert "It is the turn of Riverside Council (Kim Tran)." in lead.get(address).text


@pytest.mark.parametrize("name, status", [("alex", 404), ("tess", 404), ("kim", 403), ("nora", 404)])
def test_nobody_else_reads_a_message(site: Site, name: str, status: int) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    sweep(site)
    assert site.guest(name).get(letter_to(site, "kim")).status_code == status


@pytest.mark.parametrize("message_id", ["..%2Fsecret", "....secret", "-", "0" * 32])
def test_no_other_file_is_shown(site: Site, message_id: str) -> None:
    assert site.guest("chris").get(f"{PAGE}/{message_id}").status_code == 404


def test_a_sign_in_letter_is_shown_to_nobody(site: Site) -> None:
    stranger = site.stranger()
    stranger.get("/sign-in")
    ask(stranger, "kim@council.example")
    sweep(site)
    (file,) = (site.settings.home / "mail").glob("*.eml")
    for name in ("chris", "alex"):
        assert site.guest(name).get(f"{PAGE}/{file.stem}").status_code == 404
        assert file.stem not in site.guest(name).get(PAGE).text


def test_it_says_when_the_clock_last_swept_and_that_it_stands_still(site: Site) -> None:
    assert "The clock does not run:" in site.guest("chris").get(PAGE).text
    with site.db.write() as session:
        make_issue(session, site.cast)
    sweep(site)
    text = site.guest("chris").get(PAGE).text
    assert "The last sweep of the clock ended" in text


def test_older_notices_are_a_page_away(site: Site) -> None:
    with site.db.write() as session:
        for _ in range(60):
            make_issue(session, site.cast)
    sweep(site)
    lead = site.guest("chris")
    first = lead.get(PAGE).text
    older = lead.get(first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")).text
    assert (first.count("Kim Tran</td>"), older.count("Kim Tran</td>")) == (50, 10)


def failed(site: Site) -> Notice:
    """A notice to Kim that no mail server took for five days; the one to tell of another issue waits."""
    with site.db.write() as session:
        make_issue(session, site.cast)
    sweep(site)
    with site.db.write() as session:
        notice = session.exec(select(Notice)).one()
        notice.state, notice.why, notice.attempts, notice.sent_at = NoticeState.FAILED, "451 try later", 25, None
    return notice


@pytest.mark.parametrize("every", [False, True])
def test_a_lead_has_what_failed_sent_again(site: Site, *, every: bool) -> None:
    notice, lead = failed(site), site.guest("chris")
    assert "Send again" in lead.get(f"{PAGE}?became=failed").text
    answer = lead.post(PAGE, {"again": "every" if every else notice.message_id})
    assert (answer.status_code, went_to(answer)) == (303, f"{PAGE}?became=waiting")
    assert "to be sent again, as Chris Vale asked" in lead.get(answer.headers["location"]).text
    sweep(site)
    with site.db.read() as session:
        again = session.exec(select(Notice)).one()
        assert (again.state, again.attempts, again.message_id) == (NoticeState.SENT, 1, notice.message_id)


def test_what_has_not_failed_is_not_sent_again(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    sweep(site)
    with site.db.read() as session:
        sent = session.exec(select(Notice.message_id)).one()
    lead = site.guest("chris")
    assert "Send again" not in lead.get(PAGE).text
    for named in (sent, "every", "", "0" * 32):
        assert lead.post(PAGE, {"again": named}).status_code == 404


@pytest.mark.parametrize("name, status", [("tess", 404), ("kim", 403), ("nora", 404), ("sam", 403)])
def test_nobody_else_has_it_sent_again(site: Site, name: str, status: int) -> None:
    notice = failed(site)
    assert site.guest(name).post(PAGE, {"again": notice.message_id}).status_code == status
    with site.db.read() as session:
        assert session.exec(select(Notice.state)).one() is NoticeState.FAILED


def test_what_was_set_aside_stands_there_with_the_reason_for_whoever_may_read_it(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        session.flush()
        timers = update(Timer).where(col(Timer.issue_id) == issue.id)
        session.execute(timers.values(set_aside_at=MONDAY, set_aside_why="LookupError: words of somebody"))
    ours, theirs = site.guest("chris").get(PAGE).text, site.guest("tess").get(PAGE).text
    assert "Set aside" in ours
    assert "RIV-1: its clock “limit”" in ours
    assert "LookupError" in ours
    assert "words of somebody" not in ours
    assert "Set aside" not in theirs


def ask(guest: Guest, email: str) -> None:
    """Asks for a sign-in link."""
    assert guest.post("/sign-in", {"email": email, "next": "/"}).status_code == 303


def test_that_something_went_in_one_letter_with_others_is_said_of_ones_own_people_alone(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        acknowledge(session, issue.ref, doer(site.cast, "kim"))
        add_note(session, issue.ref, doer(site.cast, "kim"), text="We look into it.", ring=Ring.SHARED)
    site.now += timedelta(minutes=10)  # a note waits a moment for the next
    sweep(site)
    told_sam = {name: rows_to(site.guest(name).get(PAGE).text, "Sam Okafor") for name in ("alex", "chris")}
    assert sum("<b>folded</b>" in row for row in told_sam["alex"]) == 1
    assert [*map(became, told_sam["chris"])] == ["sent", "sent"]
    assert "Sam Okafor" not in site.guest("chris").get(f"{PAGE}?became=folded").text
    assert len(rows_to(site.guest("chris").get(f"{PAGE}?became=sent").text, "Sam Okafor")) == 2


def rows_to(page: str, name: str) -> list[str]:
    """The rows of notices to somebody."""
    rows = page.partition("<tbody>")[2].split("</tr>")
    return [row for row in rows if f'data-of="to">{name}' in row]


def became(row: str) -> str:
    return row.partition("<b>")[2].partition("</b>")[0]
