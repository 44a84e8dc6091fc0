"""What an organisation asks of who signs in is a line of the charter, in force at once as it touches nobody else."""

import pytest

from tests.exchange.charter.charter_text import CHARTER
from tests.makers import MONDAY
from tracker.database import Database
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.checking import check
from tracker.exchange.charter.loading import export, load, planned
from tracker.exchange.charter.remarks import demand_remarks
from tracker.queries.arrangements import by_key
from tracker.records.session import Passkey
from tracker.rules.refusals import WrongFile
from tracker.rules.rings.doors import Demand

SAID = '[organisation.sign_in]\nrequire = "second_factor"\n'


def read(said: str = SAID) -> Charter:
    """The charter in which the Hospitals say this."""
    return check(CHARTER.replace("[organisation.calendar]", f"{said}[organisation.calendar]", 1), today=MONDAY.date())


def test_it_is_kept_exported_and_loaded_again_without_a_change(db: Database) -> None:
    with db.write() as session:
        load(session, read(), now=MONDAY)
    with db.read() as session:
        found = by_key(session, "RIV")
        assert [found.organisation(key).demand for key in ("acute", "council")] == [Demand.SECOND_FACTOR, None]
        assert SAID in export(session, "RIV")
        assert str(planned(session, check(export(session, "RIV"), today=MONDAY.date()))) == "Nothing to change."


def test_a_file_that_says_nothing_of_it_asks_for_a_link_alone(db: Database) -> None:
    with db.write() as session:
        load(session, read(), now=MONDAY)
        done = load(session, read(""), now=MONDAY)
        assert "signing in, asks for: a second factor → a link alone" in str(done)
        assert "in force" in str(done)
        assert by_key(session, "RIV").organisation("acute").demand is None
        assert "sign_in" not in export(session, "RIV")


@pytest.mark.parametrize("said, found", [
    ('require = "sso"', "require: found “sso”; allowed is second_factor"),
    ('require = "two"', "require: found “two”; allowed is second_factor"),
    ("require = true", "require: found “True”; allowed is second_factor"),
    ('requires = "second_factor"', "found “requires” (did you mean “require”?)"),
])  # fmt: skip
def test_what_cannot_be_asked_for_is_refused_with_what_can(said: str, found: str) -> None:
    with pytest.raises(WrongFile) as refusal:
        read(f"[organisation.sign_in]\n{said}\n")
    assert "[[organisation]] acute, sign_in" in str(refusal.value)
    assert found in str(refusal.value)


def test_it_is_worth_a_look_who_is_without_one(db: Database) -> None:
    with db.write() as session:
        load(session, read(""), now=MONDAY)
        sam = next(each for each in by_key(session, "RIV").people.values() if each.email == "sam@acute.example")
        session.add(
            Passkey(person_id=sam.id, credential_id=b"1", public_key=b"", sign_count=0, name="", made_at=MONDAY)
        )
    with db.read() as session:
        (remark,) = demand_remarks(session, read())
        assert remark.startswith("[[organisation]] acute, sign_in, require: 2 of 3 people are without a second factor")
        assert [*demand_remarks(session, read(""))] == []
    with db.write() as session:
        load(session, read(), now=MONDAY)
        assert [*demand_remarks(session, read())] == [], "it is asked for already"
