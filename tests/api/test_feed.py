"""The feed: what an organisation may read and nothing else, event by event, with what proves it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from tests.actions.sides.test_write_paper import at_the_top, write
from tests.api.calling import Program
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.pages.test_who_may_read import HIDDEN, MARKS, NAMED, SHARED, plant
from tests.queries.proofs.record import a_day_later, begin, make_checkpoints
from tests.site import Site
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.sides.merge import remove_side
from tracker.database import statement_count
from tracker.exchange.mirror.entries import FeedEntry, FeedEvent
from tracker.rules.digest import Head, next_on, with_head
from tracker.rules.proofs.checkpoints import TreeHead
from tracker.rules.proofs.leaves import Leaf
from tracker.rules.proofs.merkle import root_of
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.rings import Ring

BOTH, ALL = {"acute", "council"}, {"acute", "council", "community"}
# By which organisations each mark may be read; of what is for some people only, by none.
READ_BY = {
    "markprivateacute": {"acute"}, "markprivatecouncil": {"council"}, "markuncrossed": {"acute"},
    "markreporter": {"acute"}, "marknamed": set(), "markshared": BOTH, "markquoted": set(), "markdecided": set(),
    "marksealed": set(), "marktier": set(), "markopened": BOTH, "markfornamed": set(), "markholders": set(),
}  # fmt: skip


@pytest.fixture
def planted(site: Site) -> Site:
    """What is planted for people, papers that are sealed and open, and a note for those of a tier."""
    plant(site)
    with site.db.write() as session:
        sealed, opened = at_the_top(session, site.cast), at_the_top(session, site.cast)
        write(session, site.cast, sealed, "priya", facts="marksealed facts")
        for who in ("priya", "dana"):
            write(session, site.cast, opened, who, facts=f"markopened by {who}")
        noted = make_issue(session, site.cast)
        noted.note("marktier note", site.cast.actor("sam"), MONDAY, ring=Ring.TIER)
    return site


def events(entries: list[dict[str, Any]]) -> list[tuple[str, FeedEvent]]:
    found = [FeedEntry.model_validate(each) for each in entries]
    return [(each.issue or "", each.event) for each in found if each.event]


@pytest.mark.parametrize("organisation", sorted(ALL))
def test_an_organisation_reads_what_all_of_its_people_may_and_nothing_else(planted: Site, organisation: str) -> None:
    told = json.dumps(Program(planted, organisation).entries())
    assert READ_BY.keys() >= MARKS.keys()
    assert {mark for mark in READ_BY if mark in told} == {
        mark for mark, readers in READ_BY.items() if organisation in readers
    }
    assert ("Sam Okafor" in told) == (organisation != "community")
    assert f'"{NAMED}"' not in told


def test_one_issue_is_told_alone_and_is_not_there_for_who_may_not_read_it(planted: Site) -> None:
    council, community = Program(planted, "council"), Program(planted, "community")
    assert {ref for ref, _ in events(council.entries(issue=SHARED))} == {SHARED}
    for program, ref in ((council, NAMED), (community, SHARED), (community, "RIV-999"), (council, "ELS-1")):
        refused = program.get(params={"issue": ref})
        assert (refused.status_code, refused.json()["detail"]) == (404, f"There is no issue {ref}.")


@pytest.mark.both_databases
@pytest.mark.parametrize("organisation", ["acute", "council"])
def test_every_event_is_proven_by_what_is_told_with_it(planted: Site, organisation: str) -> None:
    heads: dict[str, dict[str, Head]] = {}
    told = events(Program(planted, organisation).entries())
    for ref, event in told:
        on = next_on(heads.get(ref, {}), event.readers)
        assert (event.link_after(on.digest), event.place) == (event.digest, on.place + 1)
        heads[ref] = with_head(heads.get(ref, {}), event.readers, Head(event.place, event.digest))
    assert len(told) > 10


def test_whoever_keeps_their_name_inside_is_a_hash_for_others_under_what_they_did(planted: Site) -> None:
    for organisation, is_told in (("acute", True), ("council", False)):
        raised = next(event for ref, event in events(Program(planted, organisation).entries()) if ref == HIDDEN)
        assert ("actor" in raised.words) == is_told
        assert ("actor" in raised.hashes) != is_told
        assert "actor_id" in raised.hashes
        assert raised.link_after("0" * 64) == raised.digest


def test_what_others_keep_to_themselves_moves_nothing(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    program = Program(site, "council")
    before = program.entries()
    with site.db.write() as session:
        add_note(session, "RIV-1", doer(site.cast, "jo"), text="Ours.", ring=Ring.ORGANISATION)
        make_issue(session, site.cast, with_="community")
        make_issue(session, site.cast, ring=Ring.ORGANISATION)
    assert program.entries() == before


def test_no_number_in_what_is_shared_counts_what_others_kept_before(site: Site) -> None:
    council, jo = Program(site, "council"), doer(site.cast, "jo")
    told = []
    for kept in (0, 3):
        with site.db.write() as session:
            ref = make_issue(session, site.cast).ref
            for _ in range(kept):
                add_note(session, ref, jo, text="Ours.", ring=Ring.ORGANISATION)
            add_note(session, ref, doer(site.cast, "kim"), text="We look into it.", ring=Ring.SHARED)
            record_occurrence(session, ref, jo, occurred_on=None, detail="Again.")
        shared = [event for _, event in events(council.entries(issue=ref))]
        drawn = [event.details.pop("occurrence") for event in shared if event.kind == "occurred"]
        told.append([(event.kind, event.place, event.details, [*event.words]) for event in shared])
        assert len(drawn) == 1
    assert told[0] == told[1]


def test_a_page_is_as_long_as_asked_and_the_next_begins_after_it(site: Site) -> None:
    with site.db.write() as session:
        begin(session, site.cast)
    site.later(hours=1)
    program = Program(site, "council")
    whole = program.entries()
    assert program.entries(limit=1) == whole
    assert len(program.get(params={"limit": 2}).json()["entries"]) == 2
    end = program.get().json()["next"]
    assert program.get(params={"after": end}).json()["entries"] == []
    with site.db.write() as session:
        add_note(session, "RIV-1", doer(site.cast, "lee", site.now), text="Found it.", ring=Ring.SHARED)
    *_, (ref, event) = events(program.get(params={"after": end}).json()["entries"])
    assert (ref, event.words["text"].text) == ("RIV-1", "Found it.")


def test_what_was_written_in_the_last_minute_is_told_again_since_others_may_write_beside_it(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
    program = Program(site, "council")
    first = program.get().json()
    assert program.get(params={"after": first["next"]}).json()["entries"] == first["entries"]
    site.later(minutes=2)
    assert program.get(params={"after": program.get().json()["next"]}).json()["entries"] == []


def test_a_place_says_nothing_of_how_much_there_is(site: Site) -> None:
    places = {Program(site, name).get().json()["next"] for name in ("acute", "council")}
    assert len(places) == 2
    assert len({len(each) for each in places}) == 1


@pytest.mark.both_databases
def test_a_side_that_comes_later_is_told_what_was_shared_before_and_one_taken_out_that_it_is(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
        add_note(session, issue.ref, doer(site.cast, "kim"), text="We look into it.", ring=Ring.SHARED)
    site.later(minutes=5)
    community = Program(site, "community")
    end = community.get().json()["next"]
    with site.db.write() as session:
        issue = session.merge(issue)
        joined = site.cast.arrangement(session).organisation("community")
        issue.join_side(joined, "it was named", at=site.now)
    assert community.get(params={"after": end}).json()["entries"]
    told = community.entries(issue=issue.ref)
    assert {"raised", "noted", "side_added"} <= {event.kind for _, event in events(told)}
    with site.db.write() as session:
        remove_side(session, issue.ref, doer(site.cast, "jo", site.now), side="community", reason="Not theirs")
    assert community.get(params={"after": end}).json()["entries"] == [{"issue": issue.ref, "left": True}]
    assert not [each for each in Program(site, "council").entries() if each.get("left")]


@pytest.mark.both_databases
def test_checkpoints_come_last_with_the_places_that_the_organisation_reads(site: Site) -> None:
    with site.db.write() as session:
        begin(session, site.cast)
        make_checkpoints(session)
        make_checkpoints(session, a_day_later())
        make_checkpoints(session, a_day_later(2))
    *told, first, second = Program(site, "council").entries()
    assert not [each for each in told if "checkpoint" in each]
    assert second["checkpoint"].get("places", []) == []
    checkpoint = FeedEntry.model_validate(first).checkpoint
    assert checkpoint
    leaf = Leaf.read(checkpoint.leaf)
    assert {place.name for place in checkpoint.places} == {"acute council"}
    known = {event.digest: (ref, event.place) for ref, event in events(told)}
    for place in checkpoint.places:
        assert place.whole.commitment == leaf.commitments[place.name]
        assert {head.digest: (head.issue, head.length) for head in place.heads}.items() <= known.items()
    assert root_of([leaf.hash]) == TreeHead.read(SignedNote.read(checkpoint.note).text).root
    assert {place["name"] for place in Program(site, "acute").entries()[-2]["checkpoint"]["places"]} == {
        "acute", "acute council"
    }  # fmt: skip


def statements_for(site: Site, program: Program) -> int:
    with statement_count(site.db) as sent:
        program.get()
    return len(sent)


def test_a_page_takes_a_handful_of_statements_however_much_happened(site: Site) -> None:
    program, counts = Program(site, "council"), []

    def more(session: Session) -> None:
        for _ in range(8):
            ref = make_issue(session, site.cast).ref
            add_note(session, ref, doer(site.cast, "kim"), text="We look into it.", ring=Ring.SHARED)

    with site.db.write() as session:
        begin(session, site.cast)
        make_checkpoints(session)
    for day in (1, 2):
        with site.db.write() as session:
            more(session)
            make_checkpoints(session, MONDAY + timedelta(days=day, minutes=1))
        program.get()
        counts.append(statements_for(site, program))
    assert counts[0] == counts[1] <= 12
