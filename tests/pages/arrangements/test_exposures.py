"""How much there was to go wrong, on screen: typed, pasted or sent as a file by a lead, read by everybody."""

import re
from datetime import date

import pytest
from httpx import Response

from tests.pages.arrangements.forms_on_page import agreed_in, version_in, version_on
from tests.site import Guest, Site, went_to
from tracker.measures.periods import month_number, period
from tracker.pages.arrangements.exposures import saved_text

AT = "/arrangements/RIV/report/exposure"
MARCH = month_number(period("2026-03").start)


def amounts(site: Site) -> dict[tuple[int, str], float]:
    agreed = agreed_in(site)
    found = agreed.report.exposures.amounts
    return {(month - MARCH, agreed.organisations[each].key): amount for (month, each), amount in found.items()}


def keep(guest: Guest, **typed: str) -> Response:
    """What somebody types into the page of 2026: `march_acute="120"`."""
    months = {"january": "01", "march": "03", "april": "04", "may": "05"}
    fields = {f"2026-{months[name.split('_')[0]]}.{name.split('_')[1]}": text for name, text in typed.items()}
    return guest.post(AT, {"version": version_on(guest, AT), "year": "2026", **fields})


def test_a_lead_types_amounts_and_empties_them_again(site: Site) -> None:
    alex = site.guest("alex")
    answer = keep(alex, january_acute="80.5", march_acute="120", april_acute="")
    assert (answer.status_code, went_to(answer)) == (303, f"{AT}?year=2026")
    assert amounts(site) == {(-2, "acute"): 80.5, (0, "acute"): 120}
    keep(alex, january_acute="80.5", march_acute=" ")
    assert amounts(site) == {(-2, "acute"): 80.5}


def test_who_saves_is_told_which_months_changed_and_whether_any_did(site: Site) -> None:
    alex = site.guest("alex")
    first, again = (
        alex.follow(keep(alex, january_acute="6", march_acute="7").headers["location"]).text for _ in range(2)
    )
    assert "Saved: joint cases of January 2026 and March 2026." in first
    assert "Nothing was changed: it stood like that already." in again


def test_months_that_follow_each_other_are_said_together() -> None:
    numbers = [month_number(date(year, month, 1)) for year, month in ((2025, 12), (2026, 1), (2026, 2), (2026, 5))]
    assert saved_text(numbers, "joint cases") == "Saved: joint cases of December 2025 to February 2026 and May 2026"
    assert saved_text((), "joint cases") == ""


def test_a_lead_types_where_they_lead_and_reads_the_others(site: Site) -> None:
    keep(site.guest("chris"), march_council="80")
    text = site.guest("alex").get(AT).text
    assert set(re.findall(r'name="2026-03\.(\w+)"', text)) == {"acute"}
    assert re.search(r'data-of="Riverside Council">80</td>', text)


@pytest.mark.parametrize("typed", [{"march_council": "90"}, {"march_council": ""}, {"may_council": "9"}])
def test_the_cell_of_another_organisation_is_refused_and_nothing_of_the_form_is_kept(
    site: Site, typed: dict[str, str]
) -> None:
    answer = keep(site.guest("alex"), march_acute="120", **typed)
    assert answer.status_code == 403
    assert "is changed by a lead of Riverside Council" in answer.text
    assert amounts(site) == {}


def test_a_file_with_another_organisation_or_a_month_to_come_is_refused_whole_with_its_lines(site: Site) -> None:
    lines = "month,organisation,amount\n2026-03,acute,120\n2026-03,council,80\n2026-05,acute,1\n"
    answer = site.guest("alex").post(f"{AT}/file", {"lines": lines})
    assert answer.status_code == 422
    said = "line 3, organisation: found Riverside Council, which you do not lead; allowed: Riverside Hospitals"
    assert said in answer.text
    assert "line 4, month: found 2026-05, which is still to come; allowed: up to 2026-04" in answer.text
    assert amounts(site) == {}


def test_months_to_come_are_not_offered_and_refused_beside_their_field(site: Site) -> None:
    alex = site.guest("alex")
    page = alex.get(AT).text
    assert ("Apr 26" in page, "May 26" in page, "year=2027" in page) == (True, False, False)
    answer = keep(alex, march_acute="120", may_acute="5")
    assert answer.status_code == 422
    assert '<p class="error" id="amount-2026-05.acute-error">this month is still to come</p>' in answer.text
    assert amounts(site) == {}


@pytest.mark.parametrize("year", ["2027", "2025"])
def test_a_month_of_another_year_than_the_page_is_not_passed_over_in_silence(site: Site, year: str) -> None:
    alex = site.guest("alex")
    fields = {"version": version_on(alex, AT), "year": "2026", f"{year}-01.acute": "5"}
    assert alex.post(AT, fields).status_code == 422


@pytest.mark.parametrize("text, amount", [("1,200", 1200), ("1,234,567.5", 1234567.5), ("1200", 1200), ("1.5", 1.5)])
def test_a_comma_may_part_thousands(site: Site, text: str, amount: float) -> None:
    keep(site.guest("alex"), march_acute=text)
    assert amounts(site) == {(0, "acute"): amount}


@pytest.mark.parametrize("text", ["1,5", "12,00", "1 200", "1,2000"])
def test_another_comma_is_refused_with_how_to_write_it(site: Site, text: str) -> None:
    answer = keep(site.guest("alex"), march_acute=text)
    assert f"not “{text}”; write 1200 or 1,200 for twelve hundred, 1.5 for one and a half." in answer.text
    assert (answer.status_code, amounts(site)) == (422, {})


def test_the_page_says_what_is_done_with_the_amounts_of_all_and_what_charted_months_are(site: Site) -> None:
    text = site.guest("sam").get(AT).text
    assert "The amounts of all organisations are added up month by month" in text
    assert "the last 24 up to the end of the report’s period, 6 recent and 18 before" in text


def test_everybody_reads_what_was_entered_and_leads_what_was_changed(site: Site) -> None:
    alex = site.guest("alex")
    alex.post(AT, {"version": version_on(alex, AT), "year": "2026", "2026-03.acute": "120"})
    text = site.guest("sam").get(AT).text
    assert ">120</td>" in text
    assert "<input" not in text[text.index("<main") : text.index("</main")]
    assert (
        "entered the joint cases of 2026-03: 1 amount changed"
        in site.guest("chris").get("/arrangements/RIV/events").text
    )


def test_a_wrong_amount_comes_back_as_it_was_typed_and_nothing_is_kept(site: Site) -> None:
    alex = site.guest("alex")
    answer = keep(alex, march_acute="many", april_acute="80")
    assert answer.status_code == 422
    assert "Mar 26, Riverside Hospitals: give a number, 0 or more, not “many”" in answer.text
    assert 'value="many"' in answer.text
    assert 'value="80"' in answer.text
    assert amounts(site) == {}


def test_amounts_over_what_was_entered_meanwhile_are_refused_and_kept_on_the_page(site: Site) -> None:
    alex = site.guest("alex")
    version = version_on(alex, AT)
    keep(alex, march_acute="80")
    answer = alex.post(AT, {"version": version, "year": "2026", "2026-03.acute": "90"})
    assert (answer.status_code, 'value="90"' in answer.text) == (409, True)
    again = {"version": version_in(answer.text), "year": "2026", "2026-03.acute": "90"}
    assert alex.post(AT, again).status_code == 303
    assert amounts(site) == {(0, "acute"): 90}


def test_what_another_organisation_enters_meanwhile_is_in_nobodys_way(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    version = version_on(alex, AT)
    keep(chris, march_council="80")
    assert alex.post(AT, {"version": version, "year": "2026", "2026-03.acute": "90"}).status_code == 303
    assert amounts(site) == {(0, "acute"): 90, (0, "council"): 80}


def test_lines_are_pasted_or_sent_as_a_file(site: Site) -> None:
    alex = site.guest("alex")
    answer = alex.post(f"{AT}/file", {"lines": "month,organisation,amount\n2025-12,acute,7\n"})
    assert (answer.status_code, went_to(answer)) == (303, f"{AT}?year=2025")
    sent = {"file": ("cases.csv", b"month,organisation,amount\n2026-03,acute,120\n", "text/csv")}
    assert alex.post(f"{AT}/file", files=sent).status_code == 303
    assert amounts(site) == {(-3, "acute"): 7, (0, "acute"): 120}


def test_one_wrong_line_keeps_all_of_them_out_and_says_which(site: Site) -> None:
    lines = "month,organisation,amount\n2026-03,acute,120\n2026-04,mars,1\n"
    answer = site.guest("alex").post(f"{AT}/file", {"lines": lines})
    assert answer.status_code == 422
    assert "line 3, organisation: found “mars”; allowed: acute, council, community" in answer.text
    assert "2026-04,mars,1" in answer.text
    assert amounts(site) == {}


def test_a_lead_names_what_is_counted(site: Site) -> None:
    alex = site.guest("alex")
    assert alex.post(f"{AT}/name", {"what": "hand-overs", "per": "50"}).status_code == 303
    named = agreed_in(site).report.exposures
    assert (named.what, named.per) == ("hand-overs", 50)
    wrong = alex.post(f"{AT}/name", {"what": "", "per": "0"})
    assert (wrong.status_code, "Give a number above 0" in wrong.text) == (422, True)


@pytest.mark.parametrize("name", ["sam", "jo", "priya"])
@pytest.mark.parametrize("step", ["", "/file", "/name"])
def test_who_leads_nothing_enters_nothing(site: Site, name: str, step: str) -> None:
    fields = {
        "year": "2026",
        "2026-03.acute": "1",
        "lines": "month,organisation,amount\n2026-03,acute,1\n",
        "what": "x",
    }
    assert site.guest(name).post(f"{AT}{step}", fields).status_code == 403
    assert amounts(site) == {}


def test_a_year_that_is_none_is_this_year(site: Site) -> None:
    assert "2026</h1>" in site.guest("sam").get(f"{AT}?year=soon").text
    assert "2025</h1>" in site.guest("sam").get(f"{AT}?year=2025").text
