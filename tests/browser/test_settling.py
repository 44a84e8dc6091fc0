"""Two managers settle an issue between them: they acknowledge, talk, propose and agree."""

from tests.browser.cast import AMINA, BRID, COLM, FEMI
from tests.browser.people import Door


def test_a_private_note_is_on_no_page_of_the_other_side_and_a_shared_one_is(door: Door) -> None:
    colm, brid = door(COLM), door(BRID)
    ref = colm.raise_issue("Beds are booked before the package is agreed", with_="Northgate Hospital")
    colm.say("Our budget for March is spent, keep this among us", only_us=True)
    colm.say("Can your ward ring before the bed is booked?")
    brid.open(f"/issues/{ref}")
    assert "Can your ward ring before the bed is booked?" in brid.words
    assert "Our budget for March is spent" not in brid.page.content()
    assert "only Northgate Council reads this" not in brid.words


def test_both_managers_acknowledge_talk_and_settle_an_issue_between_them(door: Door) -> None:
    amina, brid, colm = door(AMINA), door(BRID), door(COLM)
    ref = amina.raise_issue("The care package starts a day after discharge", detail="Three times this month.")

    colm.open("/?pile=new")  # all of it, however many lie there
    colm.page.get_by_role("checkbox", name=ref).check()
    colm.press("Acknowledge those marked")
    colm.open(f"/issues/{ref}")
    colm.say("Rang Bríd: the rota changes on Mondays", spoke=True)
    assert "we spoke" in colm.words

    form = colm.step("proposal")
    form.get_by_role("radio", name="Solved", exact=True).check()
    form.get_by_label("What was done").fill("The rota is sent on Fridays now")
    colm.press("Propose it", form)

    brid.open(f"/issues/{ref}")
    assert "Your side answers by" in brid.words
    brid.press("Agree", brid.step("agreement"))
    assert "Resolved, solved" in brid.words

    amina.open(f"/issues/{ref}")
    assert "Resolved, solved" in amina.words


def test_an_issue_between_two_is_not_there_for_a_third(door: Door) -> None:
    ref = door(COLM).raise_issue("The invoice names the wrong ward", with_="Northgate Hospital")
    femi = door(FEMI)
    femi.open("/issues")
    assert ref not in femi.words
    answer = femi.page.request.get(f"/issues/{ref}")
    assert answer.status == 404


def test_the_list_finds_an_issue_by_a_word_in_it(door: Door) -> None:
    colm = door(COLM)
    colm.raise_issue("The hoist was collected too early", with_="Northgate Hospital")
    colm.open("/issues?q=hoist")
    colm.follow(colm.page.get_by_role("link", name="The hoist was collected too early"))
    assert "The hoist was collected too early" in colm.words
