"""Who keeps their name inside their organisation is not named outside it: in every place, for every reader."""

from dataclasses import replace

import pytest

from tests.decision_makers import make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.notice_makers import announce_all, deliver_all
from tests.site import Site
from tracker.actions import escalate
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.resolve import give_back, propose
from tracker.rules.letters import Letter
from tracker.rules.rings import Ring

NAME, SOMEBODY = "Markreporter", "Somebody at Riverside Hospitals"
PAGES = {"page": "/issues/RIV-1", "agenda": "/bodies/RIV/steering", "notices": "/arrangements/RIV/mail"}
PACK = "/packs/RIV/1"
INSIDE, OTHER_SIDE, THIRD = ("priya", "alex"), ("dana", "chris"), ("ines", "tess")


@pytest.fixture
def kept(site: Site) -> Site:
    """Priya raised it, keeps her name inside, and did what a reporter can do; her name of then stands nowhere else."""
    cast = replace(site.cast, viewers={**site.cast.viewers, "priya": replace(site.cast.viewer("priya"), name=NAME)})
    with site.db.write() as session:
        ref = make_issue(session, cast, by="priya", hide_reporter=True).ref
        escalate.by_holder(session, ref, doer(cast, "sam"), cause="legal deadline", to=4)
        add_note(session, ref, doer(cast, "priya"), text="It is still so.", ring=Ring.SHARED)
        record_occurrence(session, ref, doer(cast, "priya"), occurred_on=MONDAY.date())
        propose(session, ref, doer(cast, "priya"), outcome="solved", done="A new form.")
        make_pack(session, cast, by="dana")
    return site


def letters(site: Site) -> dict[str, list[Letter]]:
    with site.db.write() as session:
        announce_all(session, MONDAY)
        sent = deliver_all(session, MONDAY)
    return {
        name: [letter for letter in sent if letter.to_name == site.cast.people[name].name] for name in site.cast.people
    }


@pytest.mark.parametrize("who, place", [("priya", "page"), ("priya", "agenda"), ("alex", "notices"), ("alex", "page")])
def test_their_own_organisation_reads_the_name(kept: Site, who: str, place: str) -> None:
    letters(kept)
    assert NAME in kept.guest(who).get(PAGES[place]).text


@pytest.mark.parametrize("who, place", [
    ("dana", "page"), ("dana", "agenda"), ("chris", "page"), ("chris", "notices"), ("ines", "page"), ("ines", "agenda"),
])  # fmt: skip
def test_whoever_reads_elsewhere_reads_of_somebody(kept: Site, who: str, place: str) -> None:
    letters(kept)
    text = kept.guest(who).get(PAGES[place]).text
    assert NAME not in text
    assert SOMEBODY in text


@pytest.mark.parametrize("who", [*INSIDE, *OTHER_SIDE, *THIRD])
def test_a_pack_is_one_paper_for_all_and_names_them_to_nobody(kept: Site, who: str) -> None:
    text = kept.guest(who).get(PACK).text
    assert NAME not in text


def test_a_pack_tells_of_somebody(kept: Site) -> None:
    text = kept.guest("priya").get(PACK).text
    assert text.count(f"<b>{SOMEBODY}</b>") == 2  # what was told at first, and a note
    assert f"{SOMEBODY} raised it" in text


def test_their_letters_name_them_to_their_own_organisation_alone(kept: Site) -> None:
    sent = letters(kept)
    told = {name: str([letter.about for letter in theirs]) for name, theirs in sent.items() if theirs}
    assert {name for name, words in told.items() if NAME in words} <= {"sam", "jo", "rita", "alex"}
    assert SOMEBODY in told["dana"]


@pytest.mark.parametrize("who, named", [("jo", True), ("lee", False), ("dana", False)])
def test_who_was_slower_reads_what_happened_as_they_may_know_it(kept: Site, who: str, named: bool) -> None:
    with kept.db.write() as session:
        give_back(session, "RIV-1", doer(kept.cast, "dana"), reason="Not yet.")
    answer = kept.guest(who).post("/issues/RIV-1/acknowledgement", {"version": "1"})
    assert answer.status_code == 409
    changed = answer.text.partition("Somebody was quicker")[2].partition("</div>")[0]
    assert (NAME in changed, SOMEBODY in changed) == (named, not named)
