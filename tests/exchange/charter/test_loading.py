"""Loading, planning and exporting a charter, and how a ladder comes into force."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from tests.exchange.charter.charter_text import CHARTER, spoilt
from tests.makers import MONDAY
from tracker.actions.agree_ladder import agree_as_lead, ladder_of
from tracker.database import Database
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import agree_change, export, load, planned
from tracker.exchange.charter.plan import Plan
from tracker.queries.administration.proposals import waiting_proposals
from tracker.queries.arrangements import by_key
from tracker.records.event import Event
from tracker.records.person import Person
from tracker.records.session import SignInLink
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.letters import LinkPurpose
from tracker.rules.refusals import MayNot, MoveNotAllowed, NotThere

pytestmark = pytest.mark.both_databases

BOTH = "waits for Riverside Hospitals and Riverside Council"
TOMORROW = MONDAY + timedelta(days=1)


def test_what_was_exported_loads_without_a_change(db: Database) -> None:
    _load(db, CHARTER)
    assert str(_planned(db, _exported(db))) == "Nothing to change."


def test_the_file_itself_loads_a_second_time_without_a_change(db: Database) -> None:
    _load(db, CHARTER)
    assert _load(db, CHARTER).changes == ()
    assert [event.kind for event in _events(db)].count("charter_loaded") == 1


def test_a_first_load_keeps_everything_by_its_key(db: Database) -> None:
    _load(db, CHARTER)
    found = _arrangement(db)
    assert [each.key for each in found.active_organisations()] == ["acute", "council"]
    assert {each.email for each in found.people.values()} >= {"sam@acute.example", "ingrid@both.example"}
    assert found.routes[0].leads == {"council": _person(found, "kim@council.example")}


def test_planning_changes_nothing(db: Database) -> None:
    assert "added    organisation acute (Riverside Hospitals)" in str(_planned(db, CHARTER))
    with db.read() as session, pytest.raises(NotThere):
        by_key(session, "RIV")


def test_the_plan_tells_what_is_added_changed_and_retired(db: Database) -> None:
    _load(db, CHARTER)
    clause = CHARTER[CHARTER.index("[[clause]]") :]
    text = CHARTER.replace(clause, '[[clause]]\nkey = "5.1"\ntopic = "GOV"\ntitle = "Decisions"\n')
    said = str(_planned(db, text.replace('name = "Discharge"', 'name = "Going home"')))
    assert said.splitlines() == [
        "changed  service_area discharge (Going home): in force",
        "           name: Discharge → Going home",
        f"added    clause 5.1 (Decisions): {BOTH}",
        f"retired  clause 4.2 (Discharge letters): {BOTH}",
    ]


def test_what_the_file_no_longer_has_is_retired_and_stays_readable(db: Database) -> None:
    _load(db, CHARTER)
    _load(db, CHARTER[: CHARTER.index("[[clause]]")])
    _agree_changes(db)
    (clause,) = _arrangement(db).clauses
    assert (clause.title, clause.retired) == ("Discharge letters", True)


def test_what_was_retired_can_come_back(db: Database) -> None:
    _load(db, CHARTER)
    for text in (CHARTER[: CHARTER.index("[[clause]]")], CHARTER):
        _load(db, text)
        _agree_changes(db)
    (clause,) = _arrangement(db).clauses
    assert not clause.retired


def test_a_person_who_is_no_longer_there_belongs_to_nothing(db: Database) -> None:
    _load(db, CHARTER)
    ingrid = CHARTER[CHARTER.index('[[person]]\nemail = "ingrid') : CHARTER.index("[[body]]")]
    seat = '  { person = "ingrid@both.example", organisation = "council" },\n'
    _load(db, CHARTER.replace(ingrid, "").replace(seat, ""))
    found = _arrangement(db)
    assert found.people[_person(found, "ingrid@both.example")].retired


def test_an_account_is_shared_by_partnerships(db: Database) -> None:
    _load(db, CHARTER)
    _load(db, spoilt(**{'key = "RIV"': 'key = "ELS"'}))
    with db.read() as session:
        assert len(session.exec(select(Person).where(Person.email == "sam@acute.example")).all()) == 1


def test_the_order_of_routes_counts(db: Database) -> None:
    _load(db, CHARTER)
    risk = CHARTER[CHARTER.index('[[route]]\nkey = "risk"') : CHARTER.index("[[clause]]")]
    text = CHARTER.replace(risk, "").replace("[[route]]", f"{risk}[[route]]", 1)
    assert "from first to last: late-discharge, risk → risk, late-discharge" in str(_load(db, text))
    assert [each.key for each in _arrangement(db).routes] == ["late-discharge", "risk"]
    _agree_changes(db)
    assert [each.key for each in _arrangement(db).routes] == ["risk", "late-discharge"]


def test_a_first_load_proposes_ladders_which_are_not_in_force(db: Database) -> None:
    _load(db, CHARTER)
    assert _arrangement(db).default_ladder() is None
    assert [event.kind for event in _events(db)] == ["ladder_proposed"] * 3 + ["charter_loaded"]


def test_a_ladder_comes_into_force_when_a_lead_of_every_organisation_has_agreed(db: Database) -> None:
    _load(db, CHARTER)
    assert _agree(db, "jo@acute.example") == ("Riverside Council",)
    assert _arrangement(db).ladder_in_force("operational") is None
    assert _agree(db, "kim@council.example") == ()
    ladder = _arrangement(db).ladder_in_force("operational")
    assert ladder is not None
    assert (ladder.version, ladder.agreed_by) == (1, ("acute", "council"))


def test_that_a_lead_agreed_is_recorded_with_name_and_time(db: Database) -> None:
    _load(db, CHARTER)
    _agree(db, "jo@acute.example")
    event = _events(db)[-1]
    assert (event.kind, event.at, event.actor_name) == ("ladder_agreed", TOMORROW, "Jo Lind")


def test_only_a_lead_agrees_a_ladder(db: Database) -> None:
    _load(db, CHARTER)
    with pytest.raises(MayNot, match="only a lead agrees a ladder"):
        _agree(db, "sam@acute.example")


def test_an_organisation_agrees_once(db: Database) -> None:
    _load(db, CHARTER)
    _agree(db, "jo@acute.example")
    with pytest.raises(MoveNotAllowed, match="Riverside Hospitals has agreed"):
        _agree(db, "jo@acute.example")


def test_a_version_in_force_no_longer_waits(db: Database) -> None:
    _load_in_force(db)
    with pytest.raises(MoveNotAllowed, match="version 1 is in force"):
        _agree(db, "jo@acute.example")


def test_a_changed_ladder_waits_as_a_new_version_while_the_old_one_stays_in_force(db: Database) -> None:
    _load_in_force(db)
    done = _load(db, spoilt(**{'limit = "3 working days"': 'limit = "4 working days"'}))
    assert "tier Front line, limit: 3 working days → 4 working days" in str(done)
    assert "a new version is proposed" in str(done)
    in_force = _arrangement(db).ladder_in_force("operational")
    assert in_force is not None
    assert (in_force.version, in_force.tiers[0].limit) == (1, "3 working days")


def test_a_proposal_that_the_file_takes_back_is_withdrawn(db: Database) -> None:
    _load_in_force(db)
    _load(db, spoilt(**{'limit = "3 working days"': 'limit = "4 working days"'}))
    assert "the proposed version is withdrawn" in str(_load(db, CHARTER))
    with pytest.raises(MoveNotAllowed, match="version 1 is in force"):
        _agree(db, "jo@acute.example")


def test_a_body_may_be_renamed_without_a_new_version_of_the_ladder(db: Database) -> None:
    _load_in_force(db)
    _load(db, spoilt(**{'name = "Front line"': 'name = "Opposite numbers"'}))
    ladder = _arrangement(db).ladder_in_force("operational")
    assert ladder is not None
    assert (ladder.version, ladder.tiers[0].name) == (1, "Opposite numbers")


def test_a_file_that_fails_half_way_leaves_nothing(db: Database) -> None:
    charter = check(CHARTER, today=date(2026, 4, 27))
    with pytest.raises(ZeroDivisionError), db.write() as session:
        _load_and_fail(session, charter)
    with db.read() as session, pytest.raises(NotThere):
        by_key(session, "RIV")


def _load(db: Database, text: str) -> Plan:
    with db.write() as session:
        return load(session, check(text, today=MONDAY.date()), now=MONDAY)


def _load_in_force(db: Database) -> None:
    _load(db, CHARTER)
    _agree(db, "jo@acute.example")
    _agree(db, "kim@council.example")


def _load_and_fail(session: Session, charter: object) -> None:
    load(session, charter, now=MONDAY)  # type: ignore[arg-type]
    raise ZeroDivisionError


def _planned(db: Database, text: str) -> Plan:
    with db.read() as session:
        return planned(session, check(text, today=MONDAY.date()))


def _exported(db: Database) -> str:
    with db.read() as session:
        return export(session, "RIV")


def _agree(db: Database, email: str) -> tuple[str, ...]:
    with db.write() as session:
        person = session.exec(select(Person).where(Person.email == email)).one()
        ladder = ladder_of(session, by_key(session, "RIV").id, "operational")
        return agree_as_lead(session, ladder, person, now=TOMORROW)


def _agree_changes(db: Database) -> None:
    """By the leads of both."""
    with db.write() as session:
        for proposal in waiting_proposals(session, by_key(session, "RIV").id):
            for key in proposal.touches:
                agree_change(session, proposal, _lead(session, key), now=TOMORROW)


def _lead(session: Session, key: str) -> Actor:
    found = by_key(session, "RIV")
    side, (lead, *_) = found.organisation(key), found.leads_of(key)
    return Actor(lead.id, lead.name, side.id, side.key, side.name)


def _arrangement(db: Database) -> Arrangement:
    with db.read() as session:
        return by_key(session, "RIV")


def _events(db: Database) -> list[Event]:
    with db.read() as session:
        return list(session.exec(select(Event).order_by(col(Event.position))))


def _person(found: Arrangement, email: str) -> int:
    return next(each.id for each in found.people.values() if each.email == email)


def test_whom_a_file_invites_is_written_to_once_for_each_organisation(db: Database) -> None:
    with db.write() as session:
        for _ in range(2):
            load(session, check(CHARTER, today=MONDAY.date()), now=MONDAY)
        letters = session.exec(select(SignInLink)).all()
        said = sorted((each.to_name, each.purpose, each.about) for each in letters)
    begins = "The people who run the server invite you to Riverside Integrated Discharge, for "
    names = ("Ingrid Solberg", "Ingrid Solberg", "Jo Lind", "Kim Tran", "Sam Okafor")
    assert [(name, purpose, begins in about) for name, purpose, about in said] == [
        (name, LinkPurpose.INVITATION, True) for name in names
    ]
