"""What one side asks of the other; and the papers of both, a decision handed down, and the record proven."""

import re
from datetime import UTC, date, datetime, timedelta

from playwright.sync_api import Locator

from tests.browser.cast import AMINA, BRID, COLM, DORA, ESI
from tests.browser.people import Door, Person
from tests.browser.serving import Tracker
from tests.browser.test_climbing import limit_of

TEN = 10


def test_a_hand_over_returned_twice_is_contested_and_settled_above(door: Door) -> None:
    amina, brid, colm, dora, esi = door(AMINA), door(BRID), door(COLM), door(DORA), door(ESI)
    ref = amina.raise_issue("Nobody fetches the commode back")
    for why in ("It stands on their ward", "It is still on their ward"):
        offer(colm, ref, why)
        brid.open(f"/issues/{ref}")
        return_it(brid, "The council lent it")
    assert "contested since" in brid.words
    assert "returned 2 times" in brid.page.locator("#ladder").inner_text()

    escalate(colm, ref, "Directors")
    offer(esi, ref, "Your ward has the key to the store")
    dora.open(f"/issues/{ref}")
    dora.follow(button(dora, "Agree"))
    assert "It is the turn of your side, Northgate Hospital" in dora.words or "It is your turn" in dora.words
    assert "contested since" not in dora.words


def test_a_pause_is_agreed_and_runs_to_the_most_that_the_ladder_allows(door: Door, tracker: Tracker) -> None:
    amina, brid, colm = door(AMINA), door(BRID), door(COLM)
    ref = amina.raise_issue("The court has not said who may sign")
    brid.open(f"/issues/{ref}")
    brid.unfold()
    for ring in ("Only who holds it", "Only people I name"):
        brid.page.locator("#notes").get_by_role("radio", name=ring).check()
        brid.look_every_way()
    ask_for_pause(brid, ref)
    colm.open("/")
    colm.look_every_way()
    colm.open(f"/issues/{ref}")
    colm.page.locator(".asked summary").click()
    colm.look_every_way()
    colm.follow(button(colm, "Agree"))
    assert "waiting for County Court" in colm.words
    colm.open("/issues?state=paused")
    row = " ".join(colm.page.get_by_role("row").filter(has_text=f"{ref} ").inner_text().split())
    assert "Paused until" in row
    assert "waiting for County Court" in row
    colm.look_every_way()

    amina.open(f"/issues/{ref}")
    tracker.ring(limit_of(amina.page) + timedelta(minutes=1))
    amina.open(f"/issues/{ref}")
    assert "It was paused as long as the ladder allows: the clock goes on" in amina.words
    assert "paused" in amina.page.locator("#ladder li.now").inner_text()


def test_ten_asks_are_answered_by_one_key_each(door: Door) -> None:
    amina, brid, colm = door(AMINA), door(BRID), door(COLM)
    refs = []
    for number in range(TEN):
        new = {"title": f"The form of ward {number} came back", "with": "council", "severity": "minor", "detail": ""}
        refs.append(send(amina, "/issues/new", {**new, "once": f"ten-{number}"}).rpartition("/")[2])
    for ref in refs:
        asked = {"kind": "pause", "outsider": "The printer", "until": last_day(3), "reason": "New forms", "once": ref}
        version = re.search(r'name="version" value="(\d+)"', brid.page.request.get(f"/issues/{ref}").text())
        send(brid, f"/issues/{ref}/asks", {**asked, "version": version[1] if version else ""})
    colm.open("/")
    for _ in refs:
        with colm.page.expect_event("load"):
            colm.page.keyboard.press("y")
    assert colm.page.locator(".asked").filter(has_text="The printer").count() == 0
    colm.open("/issues?state=paused&q=form+ward")
    assert {ref for ref in refs if f"{ref} " in colm.words} == set(refs)


def test_both_sides_write_their_papers_and_what_is_decided_is_handed_down_confirmed_and_resolved(door: Door) -> None:
    amina, colm, dora, esi = door(AMINA), door(COLM), door(DORA), door(ESI)
    ref = amina.raise_issue("Each side counts beds in another way")
    escalate(colm, ref, "Steering group")
    write_paper(dora, ref, "Forty beds by our list")
    assert "sealed" in dora.words
    dora.open(f"/issues/{ref}/papers")
    dora.look_every_way()
    esi.open(f"/issues/{ref}/papers")
    assert "Forty beds by our list" not in esi.page.content()
    write_paper(esi, ref, "Thirty-six by ours")
    dora.open(f"/issues/{ref}/papers")
    for words in ("Forty beds by our list", "Thirty-six by ours", "all papers are open"):
        assert words in dora.words
    dora.look_every_way()

    esi.open(f"/issues/{ref}")
    form = esi.step("hand-down")
    form.get_by_role("radio", name=re.compile("^Front line")).check()
    form.get_by_label("What was decided").fill("One list, kept by both")
    esi.press("Hand it down", form)
    assert "handed down" in esi.page.locator("#ladder").inner_text()
    esi.look_every_way()

    colm.open(f"/issues/{ref}")
    form = colm.step("proposal")
    form.get_by_role("radio", name="Solved", exact=True).check()
    form.get_by_label("What was done").fill("The list hangs in both offices")
    colm.press("Propose it", form)
    for person in (dora, esi):
        person.open(f"/issues/{ref}")
        person.press("Agree", person.step("agreement"))
    assert "Resolved, solved" in esi.words


def test_a_lead_has_the_record_proven_against_the_checkpoint_of_last_week(door: Door, tracker: Tracker) -> None:
    amina, dora = door(AMINA), door(DORA)
    amina.raise_issue("The list of keys is out of date")
    now = datetime.now(UTC)
    tracker.ring(now)  # begins the log
    dora.open("/arrangements/NOR/record")
    dora.press("Make a checkpoint now")
    tracker.ring(datetime.now(UTC))
    dora.open("/arrangements/NOR/record")
    dora.page.locator("summary", has_text="As it was signed").first.click()
    kept = tracker.home / "kept.txt"
    kept.write_text(dora.page.locator(".item pre").first.inner_text() + "\n")

    amina.raise_issue("The list of keys is out of date again")
    tracker.ring(now + timedelta(days=7))
    dora.open("/arrangements/NOR/record")
    proven = tracker.run("verify", "--partnership", "NOR", "--checkpoint", str(kept))
    assert "The record still has all that it had at checkpoint" in proven


def offer(person: Person, ref: str, why: str) -> None:
    """To hand it over to the one other side."""
    person.open(f"/issues/{ref}")
    form = person.step("asks-hand_over")
    form.get_by_label("Why it is theirs").fill(why)
    person.press("Offer it", form)


def return_it(person: Person, why: str) -> None:
    """What is asked on the page that is open."""
    asked = person.page.locator(".asked")
    asked.locator("summary").click()
    asked.get_by_label("Why it goes back").fill(why)
    person.press("Return it", asked)


def ask_for_pause(person: Person, ref: str) -> None:
    """For longer than the ladder allows."""
    person.open(f"/issues/{ref}")
    form = person.step("asks-pause")
    form.get_by_label("Somebody else").fill("County Court")
    form.get_by_label("The last day of the pause").fill(last_day(60))
    form.get_by_label("Why").fill("Their ruling is due")
    person.press("Ask for it", form)


def escalate(person: Person, ref: str, tier: str) -> None:
    person.open(f"/issues/{ref}")
    form = person.step("escalation")
    form.get_by_role("radio", name=re.compile(f"^{tier}")).check()
    form.get_by_label("Why now").select_option(index=1)
    form.get_by_label("In your words").fill("It cannot be settled here")
    person.press("Escalate", form)


def write_paper(person: Person, ref: str, facts: str) -> None:
    person.open(f"/issues/{ref}")
    form = person.step("paper")
    form.get_by_label("What happened").fill(facts)
    form.get_by_label("How your side sees it").fill("Neither list is wrong")
    form.get_by_label("What your side asks to be decided").fill("Which one counts")
    person.press("Seal it", form)


def button(person: Person, words: str) -> Locator:
    """A button of what is asked; what it is about stands behind it for who does not see the page."""
    return person.page.locator(".asked").get_by_role("button", name=re.compile(f"^{words}"))


def send(person: Person, address: str, form: dict[str, str]) -> str:
    """A form sent without its page; where it leads."""
    if person.page.url == "about:blank":
        person.open("/issues")
    token = str(person.page.locator("meta[name=csrf]").get_attribute("content"))
    answer = person.page.request.post(address, form={"csrf": token, **form}, max_redirects=0)
    assert answer.status == 303, answer.text()
    return answer.headers["location"].partition("?")[0].partition("#")[0]


def last_day(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()  # noqa: DTZ011
