"""The numbers of the report's rule on screen: read by everybody, changed by a lead, told to every lead."""

import re
from dataclasses import fields

import pytest

from tests.pages.arrangements.forms_on_page import agreed_in, all_agree, version_in, version_on
from tests.site import Site, went_to
from tracker.exchange.charter.report_shape import ReportNumbers
from tracker.measures.verdicts import Thresholds
from tracker.reports.themes.request import thresholds_of

AT = "/arrangements/RIV/report"


def test_everybody_in_the_partnership_reads_every_number_with_its_meaning(site: Site) -> None:
    text = site.guest("sam").get(AT).text
    assert text.count('data-of="usual"') == len(ReportNumbers.model_fields)
    assert {each.name for each in fields(Thresholds)} == ReportNumbers.model_fields.keys() - {"year_starts", "asks"}
    assert "A point outside the limits counts in the last so many months." in text
    assert "<form" not in text[text.index("<main") : text.index("</main")]


def test_a_lead_changes_numbers_and_every_lead_is_told_old_and_new(site: Site) -> None:
    alex = site.guest("alex")
    answer = alex.post(AT, {"version": version_on(alex, AT), "recent_months": "9", "lasting_share": "0.5"})
    assert (answer.status_code, went_to(answer)) == (303, "/arrangements/RIV/proposals/1")
    all_agree(site)
    assert thresholds_of(agreed_in(site)) == Thresholds(recent_months=9, lasting_share=0.5)
    events = site.guest("chris").get("/arrangements/RIV/events").text
    assert "Recent months: 6 → 9\n" in events
    assert "Share of fixes that last: 0.8 → 0.5" in events


def test_leads_agree_on_screen_that_hours_are_asked_for_and_another_number_leaves_it_so(site: Site) -> None:
    alex = site.guest("alex")
    assert 'data-of="set to">nothing<' in alex.get(AT).text
    alex.post(AT, {"version": version_on(alex, AT), "asks": "hours", "year_starts": "4"})
    all_agree(site)
    assert agreed_in(site).report.asks_hours
    page = site.guest("sam").get(AT).text
    assert 'data-of="set to"><strong>hours</strong>' in page
    assert "adds them up by theme, never by person" in page
    assert "Asked besides: nothing → hours" in site.guest("chris").get("/arrangements/RIV/events").text
    kept = re.findall(r'name="(year_starts)" value="(\d+)"|<option value="(hours)" selected', alex.get(AT).text)
    assert kept == [("year_starts", "4", ""), ("", "", "hours")]


@pytest.mark.parametrize(
    "name, typed, said",
    [("recent_months", "0", "Give 1 or more."), ("lasting_share", "2", "Give 1.0 or less."),
     ("share_by_chance", "x", "Give a number."), ("fixes", "1.5", "Give a whole number."),
     ("lasting_days", "91", "Give 90 or less.")],
)  # fmt: skip
def test_a_wrong_number_comes_back_as_it_was_typed_with_the_reason(
    site: Site, name: str, typed: str, said: str
) -> None:
    alex = site.guest("alex")
    answer = alex.post(AT, {"version": version_on(alex, AT), "least_months": "10", name: typed})
    assert answer.status_code == 422
    assert said in answer.text
    assert re.search(rf'name="{name}" value="{re.escape(typed)}"', answer.text)
    assert 'name="least_months" value="10"' in answer.text
    assert thresholds_of(agreed_in(site)) == Thresholds()


def test_a_change_over_what_another_lead_has_just_changed_is_refused_and_kept_on_the_page(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    version = version_on(alex, AT)
    chris.post(AT, {"version": version, "recent_months": "9"})
    all_agree(site)
    answer = alex.post(AT, {"version": version, "recent_months": "3"})
    assert answer.status_code == 409
    assert 'name="recent_months" value="3"' in answer.text
    assert alex.post(AT, {"version": version_in(answer.text), "recent_months": "3"}).status_code == 303


@pytest.mark.parametrize("name", ["sam", "jo", "priya"])
def test_who_leads_nothing_changes_nothing(site: Site, name: str) -> None:
    assert site.guest(name).post(AT, {"recent_months": "9"}).status_code == 403
    assert thresholds_of(agreed_in(site)) == Thresholds()
