"""The size of paper is a line of the charter."""

from tests.exchange.charter.charter_text import CHARTER
from tests.exchange.charter.test_identifiers import domain, read
from tests.makers import MONDAY
from tracker.database import Database
from tracker.exchange.charter.loading import export, load, planned
from tracker.queries.arrangements import by_key
from tracker.rules.arrangement import PaperSize

LETTER = 'zone = "Europe/London"\npaper = "us-letter"\n'


def test_it_is_kept_exported_and_loaded_again_without_a_change(db: Database) -> None:
    with db.write() as session:
        load(session, read(domain(LETTER)), now=MONDAY)
    with db.read() as session:
        assert by_key(session, "RIV").paper is PaperSize.US_LETTER
        assert LETTER in export(session, "RIV")
        assert str(planned(session, read(export(session, "RIV")))) == "Nothing to change."


def test_it_is_a4_unless_another_is_said_and_another_is_in_force_at_once(db: Database) -> None:
    with db.write() as session:
        load(session, read(CHARTER), now=MONDAY)
        assert by_key(session, "RIV").paper is PaperSize.A4
        assert "paper" not in export(session, "RIV").partition("[[organisation]]")[0]
        assert "in force" in str(load(session, read(domain(LETTER)), now=MONDAY))
        assert by_key(session, "RIV").paper is PaperSize.US_LETTER
