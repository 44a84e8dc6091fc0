"""What somebody tries who may see less: names kept inside, references, versions, another of one's own organisations."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.site import Site
from tracker.actions import escalate
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.resolve import agree, propose
from tracker.clock import clock_of
from tracker.records.person import Membership
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Membership as Belonging
from tracker.rules.rings import Ring, Role

PLACES = (
    "/", "/issues", "/issues?q=kangaroo", "/issues/new?title=Kangaroo+remarks", "/bodies/RIV/front",
    "/reports/RIV/ladder", "/reports/RIV/ladder.csv",
)  # fmt: skip
STEPS = (
    "acknowledgement", "notes", "escalation", "proposal", "agreement", "return", "reopening", "occurrences", "theme",
    "amendment", "withdrawal", "stayed-fixed", "crossing", "turning", "routing", "colleague", "taking-back", "asks",
    "hand-down", "resumption", "asks/1/agreement", "asks/1/return", "asks/1/taking-back",
    "merging", "side-removal", "paper",
)  # fmt: skip
FIELDS = {
    "text": "Mine", "cause": "legal deadline", "reason": "So", "outcome": "solved", "done": "Done", "title": "Mine",
    "severity": "minor", "held": "yes", "ring": "organisation", "colleague": "mine",
    "tier": "1",
    "kind": "pause", "outsider": "The court", "until": "2026-06-01",
    "same_as": "RIV-1", "side": "council",
}  # fmt: skip


def test_a_reporter_who_keeps_their_name_inside_keeps_it_when_they_propose(site: Site) -> None:
    with site.db.write() as session:
        rita = make_issue(session, site.cast, by="jo", hide_reporter=True)
        escalate.by_clock(rita, site.cast.arrangement(session), MONDAY)
        propose(session, rita.ref, doer(site.cast, "jo"), outcome="solved", done="A new form.")
    theirs, own = (site.guest(name).get(f"/issues/{rita.ref}").text for name in ("chris", "alex"))
    lead = theirs.partition('class="beside-it"')[0]
    assert "Jo Lind" not in lead
    assert "Somebody at Riverside Hospitals proposes" in lead
    assert "Jo Lind proposes" in own


def test_a_private_note_moves_no_version_and_no_moment_that_others_see(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    kim = site.guest("kim")
    before = kim.get(f"/issues/{ref}")
    with site.db.write() as session:
        add_note(session, ref, doer(site.cast, "sam"), text="Between us", ring=Ring.ORGANISATION)
    after = kim.get(f"/issues/{ref}")
    told = [page.text.partition('id="story"')[2].partition("</section>")[0] for page in (before, after)]
    assert told[0] == told[1]
    answer = kim.post(f"/issues/{ref}/acknowledgement", {"version": before.text.split('name="version" value="')[1][0]})
    assert answer.status_code == 303


def test_a_stale_form_tells_nothing_of_private_notes_whatever_version_it_claims(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
        add_note(session, ref, doer(site.cast, "sam"), text="Between us", ring=Ring.ORGANISATION)
    kim = site.guest("kim")
    for version in ("0", "1", "99"):
        answer = kim.post(f"/issues/{ref}/acknowledgement", {"version": version})
        assert (answer.status_code, "Sam Okafor wrote" in answer.text) == (409, False)


def test_who_may_not_see_the_new_issue_is_not_told_its_reference(site: Site) -> None:
    """Of what concerns a person: who held the old one higher up does not hold the new one on the first tier."""
    with site.db.write() as session:
        old = make_issue(session, site.cast, ring=Ring.NAMED)
        escalate.by_clock(old, site.cast.arrangement(session), MONDAY)
        propose(session, old.ref, doer(site.cast, "lee"), outcome="solved", done="Done.")
        agree(session, old.ref, doer(site.cast, "jo"))
        later = doer(site.cast, "sam", MONDAY + timedelta(days=3))
        new = record_occurrence(session, old.ref, later, occurred_on=date(2026, 4, 30))
        old_ref, new_ref = old.ref, new.ref
    assert f'see <a href="/issues/{new_ref}">{new_ref}</a>' in site.guest("kim").get(f"/issues/{old_ref}").text
    page = site.guest("lee").get(f"/issues/{old_ref}").text
    assert "happened again after it was resolved" in page
    assert new_ref not in page
    assert all(clock_of(site.settings, site.db, now=MONDAY + timedelta(days=3, hours=2)).until_nothing_is_due())
    assert all(new_ref not in words for words in letters_to(site, "lee"))


def test_the_word_of_somebody_elses_form_does_not_tell_what_it_made(site: Site) -> None:
    said = {"title": "Kangaroo letters", "severity": "serious", "once": "the word", "ring": "organisation"}
    jo, kim = site.guest("jo"), site.guest("kim")
    made = [jo.post("/issues/new", {**said, "with": "council"}).headers["location"] for _ in range(2)]
    assert made[0] == made[1]
    assert kim.post("/issues/new", {**said, "with": "acute"}).headers["location"] != made[0]


def letters_to(site: Site, name: str) -> list[str]:
    """What every letter to somebody says."""
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in (site.settings.home / "mail").glob("*")]
    mine = [mail for mail in mails if str(mail["to"].addresses[0].addr_spec) == site.cast.people[name].email]
    return [_words(mail) for mail in mine]


def _words(mail: EmailMessage) -> str:
    return "".join(part.get_content() for part in mail.walk() if part.get_content_maintype() == "text")


def test_a_member_of_the_body_it_reached_reads_it_and_takes_no_step_of_the_sides(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        add_note(session, issue.ref, doer(site.cast, "sam"), text="Between us", ring=Ring.ORGANISATION)
        for _ in range(3):
            escalate.by_clock(issue, site.cast.arrangement(session), MONDAY)
        ref = issue.ref
    ines = site.guest("ines")
    page = ines.get(f"/issues/{ref}").text
    assert "Between us" not in page
    answers = {step: ines.post(f"/issues/{ref}/{step}", FIELDS).status_code for step in STEPS}
    assert answers == {step: 303 if step == "notes" else 403 for step in STEPS}
    told = [site.guest(name).get(f"/issues/{ref}").text for name in ("ines", "sam", "kim")]
    assert ["Mine</" in each for each in told] == [True, False, False]


@pytest.mark.parametrize("name", ["alex", "chris", "rita", "dana"])
def test_what_concerns_a_person_is_nobodys_who_does_not_hold_it(site: Site, name: str) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, ring=Ring.NAMED, title="Kangaroo remarks at handover").ref
    guest = site.guest(name)
    for address in (f"/issues/{ref}", f"/issues?q={ref}", *PLACES):
        page = guest.get(address).text
        assert "Kangaroo remarks at handover" not in page, address
        assert f'href="/issues/{ref}"' not in page, address


def test_who_is_a_manager_elsewhere_is_none_for_the_organisation_they_speak_for(site: Site) -> None:
    """Front line at the Council and manager at the Hospitals: for the Council they do not agree to anything."""
    cast = site.cast
    with site.db.write() as session:
        member = Membership(person_id=cast.jo.id, organisation_id=cast.council.id)
        member.take_roles([Role.FRONT_LINE])
        session.add(member)
        ref = make_issue(session, cast).ref
        propose(session, ref, doer(cast, "sam"), outcome="solved", done="Done.")
        both = replace(cast.viewer("jo"), memberships=(*cast.viewer("jo").memberships, _front_line_of_council(site)))
        for_council = replace(doer(cast, "jo"), viewer=both, speaking_for="council")
        with pytest.raises(MayNot):
            agree(session, ref, for_council)


def _front_line_of_council(site: Site) -> Belonging:
    return site.cast.viewer("kim").memberships[0]
