"""Before anything is sent it says who will read it: the people whom the policy then lets read it, and nobody else."""

import re
from random import Random

import pytest

from tests.issue_makers import doer, last_event, make_issue
from tests.makers import Cast
from tests.notice_makers import changed
from tests.queries.readers_said import ahead, readers_of, reads
from tests.queries.test_acting import LATER, seat_anew, send_away
from tests.site import Site
from tracker.actions import escalate
from tracker.actions.add_note import add_note
from tracker.actions.begin_step import StepRequest
from tracker.database import Database
from tracker.queries.issues import load_by_id
from tracker.rules.policy import viewer_of
from tracker.rules.rings import Ring

NAMED = ("jo", "kim", "owen")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ring", [Ring.SHARED, Ring.NAMED])
@pytest.mark.parametrize("tier", [1, 2, 4])
def test_a_note_says_in_each_ring_who_reads_it_whoever_sits_and_is_away(
    db: Database, cast: Cast, seed: int, ring: Ring, tier: int
) -> None:
    random = Random(f"{seed} {ring} {tier}")
    with db.write() as session:
        issue = make_issue(session, cast, ring=ring)
        if tier > 1:
            escalate.by_holder(session, issue.ref, doer(cast, "sam"), cause="legal deadline", reason="Soon", to=tier)
        seat_anew(session, cast, random)
        send_away(session, cast, random)
        changed(session, cast)
        issue = load_by_id(session, issue.id)
        for choice in ahead(session, cast, issue, "sam").note_choices(cast.viewer("sam").memberships):
            names = [name for name in NAMED if reads(session, cast, issue, name)]
            text = " ".join(f"@{cast.people[name].name}" for name in names) if choice.value == Ring.NAMED else "Well."
            if choice.readers is None or (choice.value == Ring.NAMED and not names):
                continue
            sam = viewer_of(cast.sam.id, cast.arrangement(session), at=LATER)
            add_note(session, issue.ref, StepRequest(sam, LATER), text=text, ring=Ring(choice.value))
            readers = readers_of(session, cast, last_event(session, issue))
            if choice.value == Ring.NAMED:
                assert readers == {cast.sam.id, *(cast.people[name].id for name in names)}
            else:
                assert choice.readers.people == readers, choice.value


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_the_page_counts_and_names_them(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, hide_reporter=True, ring=Ring.NAMED)
        make_issue(session, site.cast)
    kim = site.guest("kim")
    about_a_person, shared = words(kim.get("/issues/RIV-1").text), words(kim.get("/issues/RIV-2").text)
    assert (
        "Only 2 people read this: whoever raised it of Riverside Hospitals and you of Riverside Council; whoever comes "
        "to hold it, and whoever stands in for them."
    ) in about_a_person
    assert "this: Sam Okafor" not in about_a_person
    both = "Read by Riverside Hospitals (5 people) and Riverside Council (5 people); 1 person more of Steering group"
    assert f"{both}, when it reaches them." in shared
    assert (
        "Only who holds itOnly 2 people read this: Sam Okafor of Riverside Hospitals and you of Riverside Council; "
        "whoever comes to hold it, and whoever stands in for them, at Front line or above."
    ) in shared
    assert "Only people I nameOnly you and those whom you name in it with an @ read this" in shared
