"""An organisation's calendar: read by all, changed by its own lead."""

from datetime import UTC, date, datetime

import pytest
from httpx import Response

from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import agreed_in, version_on
from tests.pages.desk.test_desk import said
from tests.site import Guest, Site, went_to

AT = "/arrangements/RIV"
ACUTE = f"{AT}/organisations/acute"
WEEK = {"mon": "09:00-17:00", "tue": "09:00-17:00", "wed": "09:00-12:30 and 13:00-17:00", "thu": "9:00-17:00"}
CALENDAR = {"name": "Riverside Hospitals", "zone": "Europe/London", "holidays": "GB-ENG", **WEEK}


def test_a_lead_changes_the_calendar_of_their_organisation(site: Site) -> None:
    extra = {"closed": "2026-12-24\n2026-12-31", "open": "2026-12-27 10:00-14:00"}
    assert _keep_calendar(site.guest("alex"), **extra).status_code == 303
    calendar = agreed_in(site).organisation("acute").calendar
    assert calendar.is_open(datetime(2026, 12, 27, 11, tzinfo=UTC))
    assert not calendar.is_open(datetime(2026, 4, 29, 11, 45, tzinfo=UTC))
    assert {date(2026, 12, 24), date(2026, 12, 31)} <= calendar.closed


def test_a_changed_calendar_is_in_force_at_once_and_moves_limits(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
    alex, sam = site.guest("alex"), site.guest("sam")
    before = said(sam.get(f"/issues/{issue.ref}").text)
    assert "Riverside Council acknowledges it by Tue 28 Apr, 17:00" in before
    assert "Kim Tran answers by Thu 30 Apr, 17:00" in before

    answer = _keep_calendar(alex, fri="09:00-17:00", closed="2026-04-28\n2026-04-29")
    assert went_to(answer) == ACUTE
    assert "In force now." in alex.follow(answer.headers["location"]).text
    page = said(sam.get(f"/issues/{issue.ref}").text)
    assert "Kim Tran answers by Tue 5 May, 17:00" in page
    assert "worked out anew: the calendar of Riverside Hospitals changed" in page
    assert "organisation Riverside Hospitals changed" in said(site.guest("tess").get(f"{AT}/events").text)
    assert "Nothing was proposed yet." in said(alex.get(f"{AT}/proposals").text)


def test_what_touches_no_day_before_a_limit_leaves_it_and_the_issue_says_nothing(site: Site) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast)
    assert _keep_calendar(site.guest("alex"), fri="09:00-17:00", closed="2026-12-24").status_code == 303
    page = said(site.guest("sam").get(f"/issues/{issue.ref}").text)
    assert "Kim Tran answers by Thu 30 Apr, 17:00" in page
    assert "worked out anew" not in page


def test_the_holidays_of_a_whole_country_are_remarked_where_its_parts_keep_more(site: Site) -> None:
    alex = site.guest("alex")
    assert "Worth a look" not in alex.get(ACUTE).text
    assert _keep_calendar(alex, holidays="GB").status_code == 303
    assert "its parts are GB-ENG, GB-NIR, GB-SCT and GB-WLS" in alex.get(ACUTE).text


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("mon", "nine to five", "“nine to five” is no opening span"),
        ("mon", "09:00-12:00, 11:00-17:00", "overlap"),
        ("zone", "Europe/Londn", "Give a time zone by its name"),
        ("holidays", "XX", "Give a country or a part of one"),
        ("closed", "24 December", "“24 December” is no date; give one as in 2026-12-24."),
        ("closed", "0206-12-24", "0206-12-24 is far off; give a day in the years 1990 to 2099."),
        ("open", "2026-12-27", "2026-12-27 has no hours"),
        ("name", "", "Fill this in."),
    ],
    ids=["hours", "overlap", "zone", "holidays", "date", "slip of the year", "open without hours", "name"],
)
def test_a_wrong_calendar_comes_back_as_it_was_typed(site: Site, field: str, typed: str, said: str) -> None:
    answer = _keep_calendar(site.guest("alex"), **{field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert typed in answer.text


def test_an_organisation_that_is_never_open_is_refused(site: Site) -> None:
    answer = _keep_calendar(site.guest("alex"), mon="", tue="", wed="", thu="")
    assert answer.status_code == 422
    assert "Give opening hours on at least one weekday." in answer.text


def test_a_calendar_that_shares_no_time_with_another_is_refused(site: Site) -> None:
    answer = _keep_calendar(site.guest("alex"), mon="01:00-05:00", tue="", wed="", thu="")
    assert answer.status_code == 422
    assert "Riverside Hospitals shares no working time on any weekday with Riverside Council and" in answer.text


def test_the_calendar_of_another_organisation_is_not_theirs_to_change(site: Site) -> None:
    assert site.guest("chris").post(ACUTE, CALENDAR).status_code == 403
    assert site.guest("jo").post(ACUTE, CALENDAR).status_code == 403
    assert site.guest("nora").post(ACUTE, CALENDAR).status_code == 404


def _keep_calendar(guest: Guest, **fields: str) -> Response:
    version = version_on(guest, ACUTE, form=ACUTE)
    return guest.post(ACUTE, {**CALENDAR, **fields, "version": version})
