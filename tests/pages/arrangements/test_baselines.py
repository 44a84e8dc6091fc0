"""Frozen limits on screen: a lead freezes, moves and lets go, with a reason; everybody reads it beside the chart."""

from datetime import date

import pytest

from tests.issue_makers import make_issue
from tests.pages.arrangements.forms_on_page import agreed_in, all_agree
from tests.reports.pdf_words import words_on
from tests.site import Site, went_to

AT = "/arrangements/RIV/report"
FREEZE = {"theme": "authority", "since": "2025-04", "until": "2026-03", "reason": "Before the new ward"}


@pytest.fixture
def busy(site: Site) -> Site:
    """Two of one theme in each of the months."""
    with site.db.write() as session:
        for month in range(2025 * 12 + 3, 2026 * 12 + 3):
            for _ in range(2):
                make_issue(session, site.cast, theme="authority", occurred_on=date(month // 12, month % 12 + 1, 3))
    return site


def test_what_a_lead_freezes_everybody_reads_beside_the_chart_with_the_reason(busy: Site) -> None:
    answer = busy.guest("alex").post(f"{AT}/baselines", FREEZE)
    assert (answer.status_code, went_to(answer)) == (303, "/arrangements/RIV/proposals/1")
    all_agree(busy)
    told = "frozen around 2 a month by Alex Hill on Mon 27 Apr: Before the new ward."
    assert told in busy.guest("priya").get("/reports/RIV/themes/authority?period=2026-Q1").text
    assert "Around 2 a month, as in Apr 25 to Mar 26, by Alex Hill" in busy.guest("priya").get(AT).text
    assert "Before the new ward" in busy.guest("chris").get("/arrangements/RIV/events").text


def test_json_and_paper_say_it_too_of_a_theme_and_of_one_between_two(busy: Site) -> None:
    alex, priya = busy.guest("alex"), busy.guest("priya")
    alex.post(f"{AT}/baselines", FREEZE)
    alex.post(f"{AT}/baselines", {**FREEZE, "pair": "acute,council", "reason": "Another form."})
    all_agree(busy)
    told = "Limits frozen around 2 a month by Alex Hill on Mon 27 Apr: Before the new ward"
    between = told.replace("Limits", "Limits between Riverside Hospitals and Riverside Council")
    line = priya.get("/reports/RIV/themes.json?period=2026-Q1").json()["themes"][0]
    assert line["frozen"] == {
        "by": "Alex Hill", "on": "2026-04-27", "reason": "Before the new ward", "around": "2 a month", "words": told,
    }  # fmt: skip
    pairs = {tuple(each["pair"]): each["frozen"] for each in line["pairs"]}
    assert pairs["acute", "council"]["words"] == between.replace("Before the new ward", "Another form.")
    assert [each for pair, each in pairs.items() if pair != ("acute", "council")] == [None] * (len(pairs) - 1)
    paper = words_on(priya.get("/reports/RIV/themes.pdf?period=2026-Q1").content)
    assert f"{told}. {pairs['acute', 'council']['words']}" in paper.replace(" .", ".")


def test_a_lead_lets_them_go_with_a_reason(busy: Site) -> None:
    alex = busy.guest("alex")
    alex.post(f"{AT}/baselines", {**FREEZE, "pair": "acute,council"})
    all_agree(busy)
    silent = alex.post(f"{AT}/baselines/unfreezing", {"theme": "authority", "pair": "acute,council"})
    assert (silent.status_code, "Say why: everybody reads it" in silent.text) == (422, True)
    gone = {"theme": "authority", "pair": "acute,council", "reason": "A mistake"}
    assert alex.post(f"{AT}/baselines/unfreezing", gone).status_code == 303
    all_agree(busy)
    assert agreed_in(busy).report.baselines == ()


@pytest.mark.parametrize(
    "typed, said",
    [
        pytest.param({"reason": ""}, "Say why", id="no reason"),
        pytest.param({"since": "spring"}, "Give a month, as in 2026-03.", id="no month"),
        pytest.param({"since": "2025"}, "Give a month, as in 2026-03.", id="a year"),
        pytest.param({"until": "2026-04"}, "Choose a month that is over.", id="not over"),
        pytest.param({"theme": "reliability"}, "Nothing of this theme happened in these months.", id="nothing"),
        pytest.param({"theme": "none"}, "Choose a theme.", id="no theme"),
        pytest.param({"pair": "acute,mars"}, "Choose two organisations", id="no pair"),
    ],
)
def test_what_is_wrong_comes_back_as_it_was_typed(busy: Site, typed: dict[str, str], said: str) -> None:
    fields = {**FREEZE, **typed}
    answer = busy.guest("alex").post(f"{AT}/baselines", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{fields["until"]}"' in answer.text
    assert agreed_in(busy).report.baselines == ()


@pytest.mark.parametrize("name", ["sam", "jo", "priya"])
def test_who_leads_nothing_freezes_and_frees_nothing(busy: Site, name: str) -> None:
    guest = busy.guest(name)
    assert guest.post(f"{AT}/baselines", FREEZE).status_code == 403
    assert guest.post(f"{AT}/baselines/unfreezing", FREEZE).status_code == 403
    assert agreed_in(busy).report.baselines == ()


def test_what_was_usual_is_read_by_who_sees_what_it_was_counted_from(busy: Site) -> None:
    """Of all themes it is a total, for steering members and leads; of two organisations it is theirs."""
    alex = busy.guest("alex")
    for pair in ("", "acute,council"):
        assert alex.post(f"{AT}/baselines", {**FREEZE, "pair": pair}).status_code == 303
    hidden = {
        name: busy.guest(name).get("/arrangements/RIV/proposals").text.count("Frozen limits of")
        for name in ("sam", "mo")
    }
    assert hidden == {"sam": 1, "mo": 0}  # what is proposed is a figure, too
    all_agree(busy)
    names = ("alex", "tess", "priya", "sam", "lee", "mo", "bea")
    read = {name: busy.guest(name).get(AT).text.count("Around 2 a month") for name in names}
    assert read == {"alex": 2, "tess": 2, "priya": 2, "sam": 1, "lee": 1, "mo": 0, "bea": 0}
