"""How much there was to go wrong, on screen: typed, pasted or sent as a file by a lead, read by everybody."""

import pytest

from tests.pages.arrangements.forms_on_page import agreed_in, version_in, version_on
from tests.site import Site
from tracker.measures.periods import month_number, period

AT = "/arrangements/RIV/report/exposure"
MARCH = month_number(period("2026-03").start)


def amounts(site: Site) -> dict[tuple[int, str], float]:
    agreed = agreed_in(site)
    found = agreed.report.exposures.amounts
    return {(month - MARCH, agreed.organisations[each].key): amount for (month, each), amount in found.items()}


def test_a_lead_types_amounts_and_empties_them_again(site: Site) -> None:
    alex = site.guest("alex")
    typed = {"year": "2026", "2026-03.acute": "120", "2026-03.council": "80.5", "2026-04.acute": ""}
    answer = alex.post(AT, {"version": version_on(alex, AT), **typed})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}?year=2026")
    assert amounts(site) == {(0, "acute"): 120, (0, "council"): 80.5}
    alex.post(AT, {"version": version_on(alex, AT), **typed, "2026-03.acute": " "})
    assert amounts(site) == {(0, "council"): 80.5}


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
    typed = {"version": version_on(alex, AT), "year": "2026", "2026-03.acute": "many", "2026-03.council": "80"}
    answer = alex.post(AT, typed)
    assert answer.status_code == 422
    assert "Mar 26, Riverside Hospitals: give a number, 0 or more, not “many”." in answer.text
    assert 'value="many"' in answer.text
    assert 'value="80"' in answer.text
    assert amounts(site) == {}


def test_amounts_over_what_another_lead_has_just_entered_are_refused_and_kept_on_the_page(site: Site) -> None:
    alex, chris = site.guest("alex"), site.guest("chris")
    version = version_on(alex, AT)
    chris.post(AT, {"version": version, "year": "2026", "2026-03.council": "80"})
    answer = alex.post(AT, {"version": version, "year": "2026", "2026-03.council": "90"})
    assert (answer.status_code, 'value="90"' in answer.text) == (409, True)
    again = {"version": version_in(answer.text), "year": "2026", "2026-03.council": "90"}
    assert alex.post(AT, again).status_code == 303
    assert amounts(site) == {(0, "council"): 90}


def test_lines_are_pasted_or_sent_as_a_file(site: Site) -> None:
    alex = site.guest("alex")
    answer = alex.post(f"{AT}/file", {"lines": "month,organisation,amount\n2025-12,acute,7\n"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}?year=2025")
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
