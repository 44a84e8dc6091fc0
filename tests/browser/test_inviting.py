"""Somebody who belongs elsewhere is invited by a lead, and accepts on their own desk."""

from tests.browser.cast import DORA, GITA
from tests.browser.people import Door

HOSPITAL = "/arrangements/NOR/organisations/hospital"


def test_who_is_invited_under_a_typed_name_accepts_and_is_called_by_their_own(door: Door) -> None:
    dora, gita = door(DORA), door(GITA)
    dora.open(HOSPITAL)
    dora.page.get_by_text("Add a person").click()
    form = dora.page.locator("#newcomer form")
    form.get_by_label("Address").fill(GITA)
    form.get_by_label("Name", exact=True).fill("Geeta Rowe")
    dora.press("Add them", form)
    assert "Geeta Rowe invited" in dora.words
    assert "Gita Rao" not in dora.words

    gita.open("/")
    assert "Northgate Hospital invites you" in gita.words
    gita.press("Accept the invitation of Northgate Hospital")
    gita.open("/account")
    assert "Northgate Hospital in" in gita.words

    dora.open(HOSPITAL)
    assert ("Gita Rao" in dora.words, "Geeta Rowe" in dora.words) == (True, False)
