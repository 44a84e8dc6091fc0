"""A holder goes away and comes back: who acts meanwhile is on the page, and afterwards it is theirs again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.browser.cast import AMINA, COLM, ESI
from tests.browser.people import Door, Person


def _keep_days(person: Person, first: str) -> None:
    person.open("/account")
    person.page.get_by_label("First day away").fill(first)
    person.press("Keep these days")


def test_a_holder_away_and_back(door: Door) -> None:
    amina, colm, esi = door(AMINA), door(COLM), door(ESI)
    today = datetime.now(ZoneInfo("Europe/London")).date().isoformat()
    _keep_days(colm, today)
    try:
        ref = amina.raise_issue("The ramp is not booked with the taxi")
        assert "Esi Boateng answers by" in amina.words
        assert "Colm Brennan is away until further notice." in amina.words
        colm.open("/")
        assert "You are away from Northgate Council until further notice" in colm.words
        assert ref not in colm.words
        esi.open("/")
        assert "You stand in for Colm Brennan" in esi.words
        assert ref in esi.words
    finally:
        _keep_days(colm, "")
    colm.open("/?pile=new")
    assert ref in colm.words
    colm.open(f"/issues/{ref}")
    assert "It is your turn." in colm.words
    colm.press("Acknowledge")
    assert colm.page.get_by_role("button", name="Acknowledge", exact=True).count() == 0
