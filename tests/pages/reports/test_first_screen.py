"""The first screen of the theme report: what a board asks is answered before anything is unfolded."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from sqlmodel import select

from tests.issue_makers import make_issue
from tests.pages.governance.test_packs import climbed, drafted
from tests.pages.reports.conftest import Demonstration
from tests.pages.reports.figures import figures_of
from tests.pages.reports.test_linked_figures import fits, is_bare, listed
from tests.pages.reports.test_reports import LONG_AGO, happen, links, text
from tests.reports.pdf_words import words_on
from tests.reports.workbook_rows import rows_of
from tests.site import Guest, Site
from tracker.exchange.demonstration.own_database import KEY
from tracker.records.governance import Seat
from tracker.records.partnership import Partnership

REPORT = f"/reports/{KEY}/themes"
OPS_MEETS = "2026-04-28T14:00:00+01:00"


def first_screen(page: str) -> str:
    """What lies open: all above the first section that is folded."""
    return page.partition("<main")[2].partition('<details class="folded"><summary>')[0]


def section(page: str, heading: str) -> str:
    """From a heading that begins so to the next."""
    return re.split("<h2", re.split(f"<h2[^>]*>{heading}", page, maxsplit=1)[1], maxsplit=1)[0]


@pytest.fixture
def board(shown: Demonstration) -> Guest:
    return shown.visitor("steering group")


# What a board asks, of the demonstration


def test_what_recurs_is_said_worst_first_with_how_often_it_came_back(board: Guest) -> None:
    screen, found = first_screen(board.get(REPORT).text), board.get(f"{REPORT}.json").json()["headlines"]
    told = re.findall(r'<h3><a [^>]+>([^<]+)</a> <span class="verdict [a-z ]+">([^<]+)</span>', screen)
    assert told == [(each["called"], each["words"]) for each in found if not each["easing"]]
    assert ("Information not shared", "keeps coming back") in told
    assert "times in 12 months after it was resolved" in text(f"<main {screen}")
    assert 0 < len(told) <= 5


def test_what_changed_since_the_last_meeting_is_said_in_lines(board: Guest) -> None:
    screen, opening = first_screen(board.get(REPORT).text), board.get(f"{REPORT}.json").json()["opening"]
    lines = re.findall(r"<li>(.*?)</li>", section(screen, "Since "), re.DOTALL)
    assert [unescape(re.sub("<[^>]+>", "", each)) for each in lines] == opening["news"]
    assert opening["since"] in screen
    assert lines


def test_what_must_be_decided_leads_to_the_issues_and_says_since_when_they_wait(board: Guest) -> None:
    decide = section(first_screen(board.get(REPORT).text), "To decide on ")
    asked = re.findall(r'<a href="(/(?:issues|decisions)/[^"]+)">', decide)
    assert asked
    assert {board.get(each).status_code for each in asked} == {200}
    assert all("here since" in each or "Past due since" in each for each in re.findall("<li>(.*?)</li>", decide))


def test_what_helped_is_said_with_the_rates_before_and_since(board: Guest) -> None:
    helped = text(f"<main {section(first_screen(board.get(REPORT).text), 'What helped and what did not')}")
    rates = r"helped.*?Different idea of good enough: [\d.]+ a month before, [\d.]+ since"
    assert re.search(rates, helped)
    assert "not done yet" in helped


def test_how_many_decisions_became_what_is_said_as_their_lines_say_it(board: Guest) -> None:
    helped = section(first_screen(board.get(REPORT).text), "What helped and what did not")
    (summary,) = re.findall(r"<small>(\d[^<]+)</small></summary>", helped)
    lines = Counter(re.findall(r"<tr><td>([^<]+)</td>", helped))
    assert dict(each.split(" ", 1)[::-1] for each in summary.split(", ")) == {k: str(n) for k, n in lines.items()}
    assert lines["replaced"] == 1


def test_what_is_open_now_is_said_of_each_finding_and_listed_behind_its_number(board: Guest) -> None:
    found = re.findall(r'<a href="([^"]+)">(\d+)</a> open now', first_screen(board.get(REPORT).text))
    assert found
    assert all(listed(board, address.replace("&amp;", "&"))[0] == int(count) for address, count in found)


# Its charts


@dataclass(frozen=True)
class Drawn:
    """An SVG, read from its paths: of each bar in which month it stands and how high it is, as it counts; of the line
    across how high it is."""

    label: str
    room: tuple[float, float]  # for how many months, and how high
    heights: dict[str, dict[int, float]]
    centre: list[float]


def drawn_on(page: str) -> list[Drawn]:
    svgs = r'<svg class="months" viewBox="-.5 -([\d.]+) (\d+) \1"[^>]*aria-label="([^"]*)">(.*?)</svg>'
    found = re.findall(svgs, page, re.DOTALL)
    return [
        Drawn(unescape(label), (int(wide), float(high)), bars_of(svg), centre_of(svg))
        for high, wide, label, svg in found
    ]


def bars_of(svg: str) -> dict[str, dict[int, float]]:
    paths = dict(re.findall(r'<path class="(then|now)" d="([^"]*)"', svg))
    bars = {name: re.findall(r"M(\d+) 0v-(\d+)", path) for name, path in paths.items()}
    return {name: {int(place): int(high) for place, high in each} for name, each in bars.items()}


def centre_of(svg: str) -> list[float]:
    (path,) = re.findall(r'<path class="mean" d="M-.5 ([^"]*)"', svg) or ("",)
    return [-float(height) for height in re.findall(r"(?:^|V)(-?[\d.]+)", path)]


def expected_of(bars: dict[str, Any]) -> dict[str, dict[int, float]]:
    """How high each bar is to be, from the numbers that programs get."""
    begins = len(bars["counts"]) - bars["recent"]
    heights = {place: count for place, count in enumerate(bars["counts"]) if count}
    parts = {
        "then": {place: height for place, height in heights.items() if place < begins},
        "now": {place: height for place, height in heights.items() if place >= begins},
    }
    return {name: part for name, part in parts.items() if part}


@pytest.mark.parametrize("period", ["", "?period=2026-Q3", "?period=all"])
def test_the_bars_of_each_chart_are_as_high_as_the_numbers_that_programs_get(board: Guest, period: str) -> None:
    page, data = board.get(f"{REPORT}{period}").text, board.get(f"{REPORT}.json{period}").json()
    lines = [each["verdict"]["bars"] for each in [*data["themes"], data["untagged"]] if each["verdict"]]
    wanted = {f"{each['title']}: {each['described']}": each for each in lines if each}
    wanted |= {f"{each['title']}: {each['described']}": each for each in (h["bars"] for h in data["headlines"]) if each}
    charts = drawn_on(page)

    assert {each.label for each in charts} == wanted.keys() - unshown(data)
    for chart in charts:
        bars = wanted[chart.label]
        assert chart.heights == expected_of(bars), chart.label
        assert chart.room[0] == len(bars["counts"]), chart.label
        assert chart.room[1] == pytest.approx(bars["highest"] / 0.9, abs=0.01), chart.label
        assert chart.centre[:1] == pytest.approx(bars["centre"][:1], abs=0.01), chart.label


def unshown(data: dict[str, Any]) -> set[str]:
    """Charts of what eases between two: these are told in words."""
    eased = [each["bars"] for each in data["headlines"] if each["easing"] and each["pair"] and each["bars"]]
    return {f"{each['title']}: {each['described']}" for each in eased}


def test_a_chart_with_other_numbers_is_found_out() -> None:
    box = 'viewBox="-.5 -4.44 24 4.44"'
    svg = f'<svg class="months" {box} aria-label="A: b"><path class="now" d="M0 0v-4M1 0v-2"/></svg>'
    (chart,) = drawn_on(svg)
    right = {"counts": [4, 2, *[0] * 22], "recent": 24, "highest": 4}
    assert chart.heights == expected_of(right)
    assert chart.heights != expected_of({**right, "counts": [4, 3, *[0] * 22]})


# One theme on its own page


@pytest.mark.parametrize("role", ["steering group", "manager"])
@pytest.mark.parametrize("theme", ["info_flow", "decision_speed", "quality_attitude"])
def test_a_theme_has_a_page_with_all_that_is_said_of_it_and_every_number_leads_to_its_issues(
    shown: Demonstration, role: str, theme: str
) -> None:
    guest = shown.visitor(role)
    assert f"{REPORT}/{theme}" in {each.partition("?")[0] for each in links(guest.get(REPORT).text, REPORT)}
    page = guest.get(f"{REPORT}/{theme}").text
    found = figures_of(page)
    wrong = [(each.text, each.href) for each in found.led if not fits(each, *listed(guest, each.href))]
    assert wrong == []
    assert [each for each in found.held if is_bare(each) and "RIV-" not in each.text] == []
    assert '<svg class="months"' in page
    assert all(f">{heading}</h2>" in page for heading in ("Between whom", "Decided, and did it help", "Open now"))


def test_there_is_no_page_of_a_theme_that_is_none(site: Site) -> None:
    happen(site, LONG_AGO)
    assert site.guest("priya").get("/reports/RIV/themes/weather").status_code == 404


def test_strangers_have_no_page_of_a_theme(site: Site) -> None:
    happen(site, LONG_AGO)
    assert site.guest("stan").get("/reports/RIV/themes/authority").status_code == 404


def test_the_page_of_a_theme_lists_of_what_is_open_what_its_reader_may_read(site: Site) -> None:
    happen(site, LONG_AGO, title="Between the two")
    happen(site, LONG_AGO, by="kim", with_="community", title="Of the others")
    page = site.guest("sam").get("/reports/RIV/themes/authority").text
    assert "Between the two" in page
    assert "Of the others" not in page
    assert "Riverside Community Care" not in text(page)


# A young partnership


def test_a_young_partnership_reads_what_there_is_and_from_when_more_can_be_told(site: Site) -> None:
    happen(site, date(2026, 3, 2), date(2026, 3, 3), title="Waited for a signature")
    happen(site, date(2026, 3, 4), title="Kept at home", by="kim", with_="community")
    page = site.guest("priya").get("/reports/RIV/themes").text
    assert "3 so far; from October 2026 on this page tells what recurs." in text(page)
    assert page.count("Waited for a signature") == 2
    assert "What stands out" not in page
    assert "Kept at home" not in site.guest("sam").get("/reports/RIV/themes").text


# For whom it is read


def test_the_report_is_read_for_the_body_that_meets_next_or_the_one_asked_for(site: Site) -> None:
    happen(site, LONG_AGO)
    high = climbed(site, title="For the steering group")
    alex = site.guest("alex")
    steering = alex.get("/reports/RIV/themes?body=steering").text
    other = alex.get("/reports/RIV/themes?body=ops").text
    assert f'<a href="/issues/{high}">For the steering group</a>' in section(steering, "To decide")
    assert "For Steering group." in text(steering)
    assert "For the steering group" not in section(other, "To decide")
    onward = [section(each, "To decide").partition("Read it for")[2] for each in (steering, other)]
    assert ["body=steering" in each for each in onward] == [False, True]


def test_other_periods_and_files_are_of_the_body_that_was_asked_for(site: Site) -> None:
    happen(site, LONG_AGO)
    climbed(site, title="For the steering group")
    alex = site.guest("alex")
    page = alex.get("/reports/RIV/themes?body=steering").text
    ways = [each.replace("&amp;", "&") for each in links(page, "/reports/RIV/themes")]
    kept = [each for each in ways if each.partition("?")[0].endswith((".pdf", ".xlsx", ".csv", ".json"))]
    assert len(kept) == 4
    assert all("body=steering" in each for each in kept)
    assert "For the steering group" in words_on(alex.get(kept[0]).content)
    other = next(each for each in ways if "period=all" in each)
    assert "For the steering group" in section(alex.get(other).text, "To decide")
    unasked = alex.get("/reports/RIV/themes").text
    assert not [each for each in links(unasked, "/reports/RIV/themes.") if "body=" in each]


@pytest.mark.parametrize("body", ["steering", "nobody", "<b>"])
def test_a_body_that_one_does_not_sit_on_is_as_good_as_none(site: Site, body: str) -> None:
    happen(site, LONG_AGO)
    climbed(site, title="For the steering group")
    jo = site.guest("jo")
    assert section(jo.get(f"/reports/RIV/themes?body={body}").text, "To decide") == section(
        jo.get("/reports/RIV/themes").text, "To decide"
    )


# Since the last meeting


@pytest.fixture
def met(site: Site) -> Site:
    """The managers met on 28 April, with a pack in which what is between the others stood out; it is the day after. Jo
    took the chair, and has no totals."""
    cast = site.cast
    often = [date(2025, month, 3) for month in range(4, 10)] + [date(2026, 2, 2)] * 12 + [date(2026, 3, 2)] * 8
    with site.db.write() as session:
        for day in often:
            make_issue(session, cast, theme="reliability", occurred_on=day, by="kim", with_="community")
        make_issue(session, cast, theme="authority", occurred_on=LONG_AGO)
        mine = (Seat.body_id == cast.bodies["ops"].id, Seat.person_id == cast.jo.id)
        session.exec(select(Seat).where(*mine)).one().chair = True
        session.get_one(Partnership, cast.partnership.id).changed()
    guest = drafted(site, "jo", body="ops", meets_at=OPS_MEETS)
    assert guest.post("/packs/RIV/1/publication").status_code == 303
    site.now += timedelta(days=2)
    return site


def test_who_reads_totals_is_told_what_is_new_since_the_meeting_for_which_a_pack_was_published(met: Site) -> None:
    page = met.guest("alex").get("/reports/RIV/themes?body=ops").text
    assert "As before: Promises not kept." in text(f"<main {section(page, 'Since your meeting of Tue 28 Apr')}")


def test_who_reads_no_totals_is_not_told_what_stood_out_in_a_pack(met: Site) -> None:
    jo = met.guest("jo")
    page = jo.get("/reports/RIV/themes").text
    data = jo.get("/reports/RIV/themes.json").json()
    paper = words_on(jo.get("/reports/RIV/themes.pdf").content)
    assert "Since your meeting" not in page
    assert data["opening"]["since"] == "Since last month"
    assert not [each for each in data["opening"]["news"] if "Promises not kept" in each]
    for said in (section(page, "Since last month"), paper.partition("Since last month")[2].partition("Theme by")[0]):
        assert "Promises not kept" not in said


# The pack that is read at the meeting


def test_a_pack_says_first_what_the_report_says_first_with_its_charts_and_in_the_same_words_on_all_its_faces(
    met: Site,
) -> None:
    alex = met.guest("alex")
    page, data = alex.get("/packs/RIV/1").text, alex.get("/packs/RIV/1/pack.json").json()["themes"]
    (head,) = data["headlines"]
    (chart,) = drawn_on(page)
    findings = text(f"<main {section(page, 'What stands out')}")
    assert chart.heights == expected_of(head["bars"])
    assert chart.label == f"{head['bars']['title']}: {head['bars']['described']}"
    assert f"{head['called']} {head['words']}" in findings
    workbook = rows_of(alex.get("/packs/RIV/1/pack.xlsx").content)["Headlines"][0]
    assert workbook == {"Headline": head["sentence"], "How it stands": head["around"]}
    paper = words_on(alex.get("/packs/RIV/1/pack.pdf").content)
    assert f"{head['reasons']} {head['around']}" in findings
    assert f"{head['reasons']} {head['around'].partition('.')[0]}." in paper


# What it weighs

MOST_BYTES = 70_000


@pytest.mark.parametrize("role", ["steering group", "manager"])
def test_the_report_weighs_little_enough_for_a_slow_line(shown: Demonstration, role: str) -> None:
    assert len(shown.visitor(role).get(REPORT).content) <= MOST_BYTES


@pytest.mark.parametrize("at", [REPORT, f"{REPORT}/", f"{REPORT}/info_flow", f"{REPORT}/info_flow/"])
def test_from_wherever_a_page_of_the_report_is_read_a_number_leads_to_its_issues(board: Guest, at: str) -> None:
    led = {each.href for each in figures_of(board.get(at).text, at).led if "theme=info_flow" in each.href}
    assert led
    assert {board.get(each).status_code for each in led} == {200}


# Its words


@pytest.mark.parametrize("role", ["steering group", "manager"])
def test_words_of_statistics_stand_behind_why_alone(shown: Demonstration, role: str) -> None:
    screen = first_screen(shown.visitor(role).get(REPORT).text)
    told = text(f"<main {re.sub('<details class=.why.*?</details>', '', screen, flags=re.DOTALL)}")
    assert "What stands out" in told
    assert not re.search(r"kappa|[cgt]-chart|by chance", told)


def test_the_report_leads_to_the_agenda_of_the_body_that_reads_it(board: Guest) -> None:
    screen = first_screen(board.get(REPORT).text)
    agenda = re.search(r'For <a href="(/bodies/[^"]+)">Care panel</a>', screen)
    assert agenda
    assert board.get(agenda[1]).status_code == 200
