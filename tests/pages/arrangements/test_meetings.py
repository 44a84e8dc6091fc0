"""A body's meetings, as leads change them: another rhythm waits for all of them, a single meeting does not."""

import pytest
from httpx import Response

from tests.arrangement_makers import write_tier
from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import agreed_in, version_on
from tests.pages.desk.test_desk import said
from tests.site import Guest, Site, went_to

STEERING = "/arrangements/RIV/bodies/steering"
FRIDAYS = {"name": "Steering group", "often": "weekly", "first_on": "2026-05-01", "at": "10:00"}
NEXT = "2026-04-28T09:00:00+00:00"  # Tuesday, 10:00 in London


@pytest.fixture
def ref(site: Site) -> str:
    """The reference of an issue that waits for the steering group's next meeting."""
    with site.db.write() as session:
        write_tier(session, site.cast, 1, limit="next meeting", body_id=site.cast.bodies["steering"].id, warn=None)
        return make_issue(session, site.cast).ref


def test_another_rhythm_waits_for_the_other_leads_and_no_limit_moves_until_then(site: Site, ref: str) -> None:
    alex, chris, tess = (site.guest(name) for name in ("alex", "chris", "tess"))
    where = went_to(alex.post(STEERING, {**FRIDAYS, "version": version_on(alex, STEERING, STEERING)}))
    assert "it waits for a lead of Riverside Council and Riverside Community Care." in alex.get(where).text
    assert "Meets every Tuesday at 10:00." in said(alex.get(STEERING).text)
    assert "answers by Tue 28 Apr, 10:00" in issue_page(site, ref)
    assert "Alex Hill proposed a change that waits for you: body Steering group changed" in chris.get("/").text

    chris.post(f"{where}/agreement")
    assert "answers by Tue 28 Apr, 10:00" in issue_page(site, ref)
    tess.post(f"{where}/agreement")
    assert "answers by Fri 1 May, 10:00" in issue_page(site, ref)
    assert "The limit was worked out anew: the meetings of Steering group changed" in issue_page(site, ref)


def test_one_meeting_put_off_is_in_force_at_once_and_takes_the_limit_along(site: Site, ref: str) -> None:
    chris = site.guest("chris")
    answer = move(chris, becomes="put_off", later_on="2026-04-30", later_at="14:00")
    assert (answer.status_code, went_to(answer)) == (303, STEERING)
    page = said(chris.follow(answer.headers["location"]).text)
    assert "You put off the meeting of Steering group" in page
    assert "In force now." in page
    assert "Meets every Tuesday at 10:00, but for some that were put off or cancelled." in page
    assert "Next: Thu 30 Apr, 14:00" in page
    assert "answers by Thu 30 Apr, 14:00" in issue_page(site, ref)
    assert "The limit was worked out anew: the meetings of Steering group changed" in issue_page(site, ref)
    told = "Chris Vale put off the meeting of Steering group on Tue 28 Apr 2026 10:00 to Thu 30 Apr 2026 14:00"
    assert told in said(site.guest("tess").get("/arrangements/RIV/events").text)


def test_one_meeting_cancelled_leaves_the_one_after_it(site: Site, ref: str) -> None:
    alex = site.guest("alex")
    page = said(alex.follow(move(alex).headers["location"]).text)
    assert "In force now." in page
    assert "Next: Tue 5 May, 10:00" in page
    assert "answers by Tue 5 May, 10:00" in issue_page(site, ref)
    told = "Alex Hill cancelled the meeting of Steering group on Tue 28 Apr 2026 10:00"
    assert told in said(alex.get("/arrangements/RIV/events").text)


def test_what_was_put_off_can_be_put_off_again_or_cancelled(site: Site, ref: str) -> None:
    alex = site.guest("alex")
    move(alex, becomes="put_off", later_on="2026-04-30", later_at="14:00")
    assert move(alex, meeting="2026-04-30T13:00:00+00:00").status_code == 303
    assert "answers by Tue 5 May, 10:00" in issue_page(site, ref)


@pytest.mark.parametrize(
    "fields, reason",
    [
        ({"meeting": "2026-04-29T09:00:00+00:00"}, "Choose one of the next meetings."),
        ({"meeting": ""}, "Choose one of the next meetings."),
        ({"becomes": "put_off"}, "Give the day."),
        ({"becomes": "put_off", "later_on": "2026-04-30"}, "Give the hour."),
        ({"becomes": "put_off", "later_on": "2026-04-27", "later_at": "10:00"}, "Give a later day or hour"),
        ({"becomes": "put_off", "later_on": "2026-04-28", "later_at": "10:00"}, "Give a later day or hour"),
    ],
    ids=["not one of them", "none", "no day", "no hour", "earlier", "the same"],
)
def test_a_meeting_that_cannot_be_moved_so_comes_back_with_the_reason(
    site: Site, fields: dict[str, str], reason: str
) -> None:
    before = agreed_in(site).bodies["steering"].meets
    answer = move(site.guest("alex"), **fields)
    assert answer.status_code == 422
    assert reason in answer.text
    assert all(f'value="{value}"' in answer.text for name, value in fields.items() if name.startswith("later"))
    assert agreed_in(site).bodies["steering"].meets == before


def test_a_meeting_that_somebody_else_has_just_moved_is_refused_and_kept_on_the_page(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    version = version_on(alex, STEERING, f"{STEERING}/meetings")
    move(chris, meeting="2026-05-05T09:00:00+00:00")
    answer = move(alex, version=version, becomes="put_off", later_on="2026-04-30", later_at="14:00")
    assert answer.status_code == 409
    assert "Since you opened this page it was changed" in answer.text
    assert "Chris Vale cancelled the meeting of Steering group on Tue 5 May 2026 10:00" in answer.text
    assert 'value="2026-04-30"' in answer.text


def test_who_leads_nothing_moves_no_meeting(site: Site) -> None:
    before = agreed_in(site).bodies["steering"].meets
    assert "/meetings" not in site.guest("dana").get(STEERING).text
    assert move(site.guest("dana"), version="").status_code == 403
    assert move(site.guest("nora"), version="").status_code == 404
    assert agreed_in(site).bodies["steering"].meets == before


def test_a_body_that_meets_when_called_has_no_meeting_to_move(site: Site) -> None:
    alex, page = site.guest("alex"), "/arrangements/RIV/bodies/ops"
    assert f"{page}/meetings" not in alex.get(page).text
    answer = alex.post(f"{page}/meetings", {"meeting": NEXT, "becomes": "cancelled"})
    assert (answer.status_code, agreed_in(site).bodies["ops"].meets) == (422, None)


def move(guest: Guest, **fields: str) -> Response:
    """The form for one meeting, sent: the next one is cancelled, unless the fields say otherwise."""
    version = fields.pop("version", None)
    if version is None:
        version = version_on(guest, STEERING, f"{STEERING}/meetings")
    return guest.post(f"{STEERING}/meetings", {"meeting": NEXT, "becomes": "cancelled", **fields, "version": version})


def issue_page(site: Site, ref: str) -> str:
    """What the page of an issue says to whoever raised it, without its tags."""
    return " ".join(said(site.guest("sam").get(f"/issues/{ref}").text).replace(" ,", ",").split())
