"""Following, muting, and taking a note back, on the page of an issue."""

from tests.issue_makers import doer, make_issue
from tests.site import Site, went_to
from tracker.actions.add_note import add_note
from tracker.rules.rings import Ring

PAGE = "/issues/RIV-1"
BACK = "Take this note back"


def noted(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast)
        add_note(session, "RIV-1", doer(site.cast, "kim", site.now), text="Wrong ward.", ring=Ring.SHARED)


def test_one_follows_or_mutes_for_oneself_and_can_let_it_be(site: Site) -> None:
    noted(site)
    kim = site.guest("kim")
    for wish, says in (("follow", "You follow this"), ("mute", "You have muted this"), ("", "where it is yours")):
        assert went_to(kim.post(f"{PAGE}/attention", {"wish": wish})) == PAGE
        assert says in kim.get(PAGE).text
    assert "where it is yours" in site.guest("lee").get(PAGE).text
    assert site.guest("mo").post(f"{PAGE}/attention", {"wish": "follow"}).status_code == 404


def test_a_note_offers_to_be_taken_back_to_its_author_for_five_minutes(site: Site) -> None:
    noted(site)
    kim = site.guest("kim")
    entry = kim.get(PAGE).text.partition('name="entry" value="')[2].partition('"')[0]
    assert BACK not in site.guest("sam").get(PAGE).text
    assert kim.post(f"{PAGE}/take-back", {"entry": entry}).status_code == 303
    page = kim.get(PAGE).text
    assert "Wrong ward." not in page
    assert "Kim Tran (Riverside Council) took a note back" in page
    assert BACK not in page


def test_of_several_notes_each_button_says_which_one_it_takes_back(site: Site) -> None:
    noted(site)
    with site.db.write() as session:
        add_note(session, "RIV-1", doer(site.cast, "kim", site.now), text=f"RIV-1 {'again ' * 20}", ring=Ring.SHARED)
    page = site.guest("kim").get(PAGE).text
    assert f'{BACK}<span class="unseen">: Wrong ward.</span>' in page
    assert f'{BACK}<span class="unseen">: RIV-1 {"again " * 7}again…</span>' in page


def test_after_five_minutes_it_is_offered_no_more_and_refused(site: Site) -> None:
    noted(site)
    kim = site.guest("kim")
    entry = kim.get(PAGE).text.partition('name="entry" value="')[2].partition('"')[0]
    site.later(minutes=6)
    assert BACK not in kim.get(PAGE).text
    answer = kim.post(f"{PAGE}/take-back", {"entry": entry})
    assert answer.status_code == 409
    assert "A note can be taken back in its first five minutes." in answer.text
