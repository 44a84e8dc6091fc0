"""Words are changed and seen as changed by everybody; what should not have been written is taken out by a lead."""

from tests.browser.cast import AMINA, BRID, COLM, DORA, ESI
from tests.browser.people import Door


def test_words_are_changed_and_everybody_sees_what_they_were_and_whose_change_it_is(door: Door) -> None:
    amina, brid, colm = door(AMINA), door(BRID), door(COLM)
    ref = amina.raise_issue("The hoist came without its sling", detail="Twice this week.")

    brid.open(f"/issues/{ref}")
    form = brid.step("amendment")
    form.get_by_label("In one line").fill("The hoist comes without its sling")
    brid.press("Keep the change", form)

    for reader in (amina, brid, colm):
        reader.open(f"/issues/{ref}")
        assert "Title changed by Bríd Kelly (Northgate Hospital) on " in reader.words
        reader.page.get_by_role("link", name="changed", exact=True).click()
        assert "was “The hoist came without its sling”" in reader.words
    assert colm.step("amendment").get_by_label("In one line").count() == 0


def test_another_sides_lead_hides_words_and_the_lead_of_who_wrote_them_takes_them_out(door: Door) -> None:
    amina, colm, dora, esi = door(AMINA), door(COLM), door(DORA), door(ESI)
    ref = amina.raise_issue("Nobody rang about the transfer", detail="It was about Agnes Hart of ward 4.")

    esi.open(f"/issues/{ref}")
    esi.follow(esi.page.get_by_role("link", name="Take words out …"))
    esi.page.get_by_role("checkbox", name="It was about Agnes Hart of ward 4.").check()
    esi.page.get_by_label("Why they are to go").select_option("person")
    esi.press("Hide what is ticked")
    assert "Agnes" not in esi.page.content()

    colm.open(f"/issues/{ref}")
    assert "Agnes" not in colm.page.content()

    dora.open(f"/issues/{ref}")
    assert "Words are hidden here until you settle it." in dora.words
    dora.follow(dora.page.get_by_role("link", name="Take words out …"))
    assert "Agnes Hart" in dora.words
    dora.page.get_by_label("Why it is to go").select_option("person")
    dora.press("Take it out for good")
    assert "took out an account of Northgate Hospital: it tells of a person" in dora.words
    dora.open(f"/issues/{ref}/words")
    assert "Agnes" not in dora.page.content()
