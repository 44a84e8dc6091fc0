"""Checking a charter file as a whole: nothing of it is taken in unless all of it is right."""

from datetime import date

from tracker.exchange.charter.checks import Checks
from tracker.exchange.charter.reading import read
from tracker.exchange.charter.settling import settle
from tracker.exchange.charter.value import TABLES, Charter
from tracker.rules.refusals import WrongFile


def check(text: str, *, today: date) -> Charter:
    """The charter that a file says. Refuses with WrongFile: every mistake by table, key and field, with what was
    found and what is allowed. `today`: working time must be shared in the year after it."""
    found = read(text)
    charter = settle(found.charter())
    faults = [*found.faults, *Checks(charter, found.known, today).faults()]
    if faults:
        raise WrongFile(*faults)
    return charter


def recheck(charter: Charter, *, today: date) -> None:
    """The same for a charter that was changed on screen."""
    known = {table: set(charter.table(table)) for table in TABLES}
    if faults := tuple(Checks(charter, known, today).faults()):
        raise WrongFile(*faults)
