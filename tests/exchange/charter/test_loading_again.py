"""A charter file loaded over what is there: what touches others is proposed by the server, once, and waits."""

from datetime import date

import pytest
from sqlmodel import select

from tests.issue_makers import make_issue
from tests.makers import MONDAY, Cast, agree_waiting
from tracker.database import Database
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import export, load, planned
from tracker.exchange.charter.plan import Plan
from tracker.queries.administration.proposals import waiting_proposals
from tracker.records.change_proposal import ChangeProposal
from tracker.rules.arrangement import Arrangement
from tracker.rules.arranging import ProposalState
from tracker.rules.refusals import MoveNotAllowed, WrongFile

pytestmark = pytest.mark.both_databases

NOSY = """
[[route]]
key = "nosy"
when = { organisation = ["council"], with = ["community"] }
ladder = "operational"
answers = "acute"
"""
FOURTH = """
[[organisation]]
key = "hospice"
name = "Riverside Hospice"
calendar = { zone = "Europe/London", mon-fri = ["09:00-17:00"] }

[[person]]
email = "hana@hospice.example"
name = "Hana Berg"
organisation = "hospice"
roles = ["lead"]
"""
SEAT = '{ person = "hana@hospice.example", organisation = "hospice", holds = true },'


def exported(db: Database) -> str:
    with db.read() as session:
        return export(session, "RIV")


def loaded(db: Database, text: str) -> Plan:
    with db.write() as session:
        return load(session, check(text, today=MONDAY.date()), now=MONDAY)


def agreed_in(db: Database, cast: Cast) -> Arrangement:
    with db.read() as session:
        return cast.arrangement(session)


def all_agree(db: Database, cast: Cast) -> None:
    with db.write() as session:
        agree_waiting(session, cast)


def proposals(db: Database) -> list[tuple[int, str, tuple[str, ...], ProposalState]]:
    with db.read() as session:
        found = session.exec(select(ChangeProposal)).all()
        return [(each.number, each.what, tuple(each.touches), each.state) for each in found]


def test_what_touches_others_waits_for_them_and_what_does_not_is_in_force(db: Database, cast: Cast) -> None:
    text = exported(db).replace('name = "Discharge"', 'name = "Going home"') + NOSY
    said = str(loaded(db, text))
    assert "changed  service_area discharge (Going home): in force" in said
    everybody = "Riverside Hospitals, Riverside Council and Riverside Community Care"
    assert f"added    route nosy: waits for {everybody}" in said
    found = agreed_in(db, cast)
    assert found.service_area("discharge").name == "Going home"  # type: ignore[union-attr]
    assert found.routes == ()


def test_the_plan_says_so_before_and_changes_nothing(db: Database, cast: Cast) -> None:
    text = exported(db) + NOSY
    with db.read() as session:
        said = str(planned(session, check(text, today=MONDAY.date())))
    assert said == str(loaded(db, text))


def test_loading_the_same_again_proposes_nothing_twice(db: Database, cast: Cast) -> None:
    text = exported(db) + NOSY
    assert loaded(db, text).proposals == (1,)
    again = loaded(db, text)
    assert (again.changes, again.proposals) == ((), ())
    assert str(again) == "Nothing to change.\nproposal 1 waits already: route nosy added"
    assert len(proposals(db)) == 1


def test_what_waits_is_not_exported(db: Database, cast: Cast) -> None:
    before = exported(db)
    loaded(db, before + NOSY)
    assert exported(db) == before


def test_it_is_in_force_once_a_lead_of_each_has_agreed(db: Database, cast: Cast) -> None:
    text = exported(db) + NOSY
    loaded(db, text)
    with db.write() as session:
        agree_waiting(session, cast, "alex", "chris")
    assert agreed_in(db, cast).routes == ()
    with db.write() as session:
        agree_waiting(session, cast, "tess")
    assert [each.key for each in agreed_in(db, cast).routes] == ["nosy"]
    assert str(loaded(db, text)) == "Nothing to change."


def test_what_the_file_no_longer_wishes_the_server_takes_back(db: Database, cast: Cast) -> None:
    before = exported(db)
    loaded(db, before + NOSY)
    assert "proposal 1 is taken back: route nosy added" in str(loaded(db, before))
    assert [state for *_, state in proposals(db)] == [ProposalState.TAKEN_BACK]


def test_another_wish_takes_the_place_of_the_first(db: Database, cast: Cast) -> None:
    before = exported(db)
    loaded(db, before + NOSY)
    loaded(db, before + NOSY.replace('"acute"', '"council"'))
    assert [state for *_, state in proposals(db)] == [ProposalState.TAKEN_BACK, ProposalState.WAITING]


def test_an_organisation_is_added_with_its_people_and_seats_by_those_who_are_there(db: Database, cast: Cast) -> None:
    text = exported(db)
    seats = text.index("seats = [", text.index('key = "ops"')) + len("seats = [")
    text = text[:seats] + SEAT + text[seats:] + FOURTH
    assert loaded(db, text).proposals == (1,)
    found = agreed_in(db, cast)
    assert [each.key for each in found.active_organisations()] == ["acute", "council", "community"]
    assert not any(each.email.startswith("hana") for each in found.people.values())
    all_agree(db, cast)
    found = agreed_in(db, cast)
    assert [each.key for each in found.active_organisations()] == ["acute", "council", "community", "hospice"]
    assert found.leads_of("hospice")
    assert "hospice" in {seat.organisation for seat in found.bodies["ops"].seats}
    assert loaded(db, text).changes == ()


def without_community(text: str) -> str:
    """The file without the Community and whoever belongs to it."""
    tables = ["[" + each for each in text.split("\n[")]
    kept = [each for each in tables if "community" not in each.split("seats")[0]]
    lines = "\n".join(kept)[1:].splitlines()
    return "\n".join(each for each in lines if "community.example" not in each)


def test_an_organisation_is_retired_by_all_and_not_while_its_issues_are_open(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, with_="community")
        ref = issue.ref
    text = without_community(exported(db))
    with pytest.raises(WrongFile, match=f"a side of {ref} that are open|a side of {ref}"):
        loaded(db, text)
    with db.write() as session:
        session.get_one(type(issue), issue.id).resolved_at = MONDAY
    loaded(db, text)
    assert len(agreed_in(db, cast).active_organisations()) == 3
    all_agree(db, cast)
    assert [each.key for each in agreed_in(db, cast).active_organisations()] == ["acute", "council"]


def test_two_ladders_change_places_as_the_default_together(db: Database, cast: Cast) -> None:
    loaded(db, exported(db) + '\n[[ladder]]\nkey = "care"\nfrom = "care"\nbodies = ["front", "ops", "ops", "ops"]\n')
    text = exported(db).replace("default = true\n", "")
    at = text.index('key = "care"\n')
    loaded(db, text[:at] + "default = true\n" + text[at:])
    assert [touches for *_, touches, _ in proposals(db)] == [("acute", "council", "community")]
    all_agree(db, cast)
    assert [each.key for each in agreed_in(db, cast).ladders.values() if each.default] == ["care"]


def test_a_proposal_of_a_lead_about_the_same_entry_has_to_be_answered_first(db: Database, cast: Cast) -> None:
    before = exported(db)
    loaded(db, before + NOSY)
    with db.write() as session:
        (waiting,) = waiting_proposals(session, cast.partnership.id)
        waiting.organisation_id, waiting.person_id, waiting.person_name = cast.council.id, cast.chris.id, "Chris Vale"
    with pytest.raises(MoveNotAllowed, match="Proposal 1 by Chris Vale is about this"):
        loaded(db, before + NOSY.replace('"acute"', '"council"'))


def test_one_meeting_that_is_not_held_needs_nobody_and_another_rhythm_all(db: Database, cast: Cast) -> None:
    text = exported(db)
    once = text.replace("BYDAY=TU", "BYDAY=TU EXDATE:20260505T090000Z")
    assert "in force" in str(loaded(db, once))
    assert "BYDAY=TU EXDATE:20260505T090000Z" in exported(db)
    assert "waits for" in str(loaded(db, text.replace("BYDAY=TU", "BYDAY=WE")))


def test_a_meeting_left_out_that_is_none_is_refused(db: Database, cast: Cast) -> None:
    with pytest.raises(WrongFile, match="leaves out Wed 6 May 09:00 UTC; allowed is one of its meetings"):
        check(exported(db).replace("BYDAY=TU", "BYDAY=TU EXDATE:20260506T090000Z"), today=date(2026, 4, 27))
