"""The demonstration's theme report, walked: every figure leads to its issues, every section stands on every face."""

import json
import re
from datetime import UTC
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.exchange.demonstration.making import NOW
from tests.pages.reports.conftest import Demonstration
from tests.pages.reports.figures import Held, Led, figures_of
from tests.pages.reports.report_readers import paper_words
from tests.reports.workbook_rows import rows_of
from tests.site import Guest
from tracker.exchange.demonstration.own_database import KEY
from tracker.measures.periods import period as period_of
from tracker.pages.issues.filters import COUNTED
from tracker.pages.reports.standalone import standalone_themes
from tracker.pages.web.moments import PageReader
from tracker.queries.arrangements import by_key
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.faces import as_json, as_pdf, as_xlsx

PERIODS = ["2026-Q3", "2026-10", "all"]

# What counts issues, and not what happened: by these filters, or in so many words.
OF_ISSUES = {"state", "outcome", "stayed", "fix", "named", "again", "severity", "lost"}

# Numbers that count no issues, by what they are.
OTHERWISE = {
    "people who reported, and how many there are": r"\(\d+ people on the record\)",
    "how many there would be": r"\b\d+ at $|\b\d+ at (?= \()",
    "how many times as often": r": [\d.]+ times .*|; [\d.]+ times as often .*|\([\d.]+ times.*\)",
    "how much more of it one sees": r"by \d+ to \d+ points|by \d+ points",
    "a rate": r"\b[\d.]+ a month\b",
    "how many times as often, of two rates": r"some [\d.]+ times",
    "how old and how grave what is open is, behind the number before it": r" open now, [^.]*",
    "how grave it is and what it cost, in brief, where the theme leads to the rest": (
        r"(?:none|\d+ %|\d+ of \d+) serious or critical(?:; about [\d.,]+ hours? lost, said for \d+)?"
    ),
    "working hours, of the issues that stand behind the number after them": r"[Aa]bout [\d.,]+ working hours? lost",
    "a month": r"[A-Z][a-z]+ \d{4}",
    "months and days": r"\b\d+ (?:months?|days?)\b|\d+ to \d+ days later",
    "a moment": r"[A-Z][a-z]{2} \d+ [A-Z][a-z]{2}, \d\d:\d\d",
    "a decision, by its number": r"\bdecisions? \d+",
    "a clause": r"^\d+\.\d+ (?=[A-Z])",
    "a day": r"\d+ [A-Z][a-z]+ \d{4}|[A-Z][a-z]{2} \d+ [A-Z][a-z]{2}(?: \d{4})?",
    "the share of fixes that lasted": r"\d+ % lasted",
    "how far two agree beyond chance": r"kappa -?[\d.]+",
    "charted months, by their exposure": r"\d+ of (?:the )?\d+ charted months?.*",
    "how many issues each again the one before, which stand beside it": r"\d+ issues, each again the one before",
    "what was to be expected": r"about \d+ were to be expected",
    "what few reported": r"<5",
    "the share of none": r"\b0 %|\b0 of \d+",
    "none": r"\b0\b",
}
# What a section is known by on page and on paper.
LANDMARKS = {
    "Opening": "Since last month",
    "Headlines": "What stands out",
    "ThemeLines": "In a chart: what happened",
    "Quotations": "In their words",
    "Promises": "Which promise is under strain",
    "DecisionsOnThemes": "What helped and what did not",
    "FixOutcomes": "Does it stay solved",
    "BothSides": "Seen from both sides",
    "SideViews": "What each side calls it",
    "Reporters": "Who reports",
    "ServiceAreas": "Where it is reported",
    "Trust": "How far to trust this",
}
# Faces that a section does not stand on, each with its reason.
ABSENT: dict[tuple[str, str], str] = {}
NOT_OF_ISSUES = {"Who reports", "Still solved after"}  # people; shares of a curve


def listed(guest: Guest, address: str) -> tuple[int, str]:
    """How many issues a list has, on all its pages; and what it says of itself."""
    count, said, onward = 0, "", address
    while onward:
        page = guest.follow(onward).text
        count += len(re.findall(r'<th scope="row"><a href="/issues/[^"]+"', page))
        said = said or re.sub(
            r"<[^>]+>", "", page.partition("<h1>Issues</h1>")[2].partition('<p class="ref">')[2].partition("</p>")[0]
        )
        further = re.search(r'<a rel="next" href="([^"]+)"', page)
        onward = further[1].replace("&amp;", "&") if further else ""
    return count, said


def counts_issues(link: Led) -> bool:
    return bool(OF_ISSUES & parse_qs(urlsplit(link.href).query).keys()) or "issue" in link.text


@pytest.mark.parametrize("role", ["steering group", "manager"])
@pytest.mark.parametrize("period", PERIODS)
def test_behind_every_number_stand_as_many_issues_as_it_counts(shown: Demonstration, role: str, period: str) -> None:
    guest = shown.visitor(role)
    links = {(each.text, each.href): each for each in figures_of(report_of(guest, period)).led}.values()
    behind = {each.href: listed(guest, each.href) for each in links}
    wrong = [(each.text, each.href, behind[each.href]) for each in links if not fits(each, *behind[each.href])]
    assert len(links) > 50
    assert wrong == []


def report_of(guest: Guest, period: str) -> str:
    return guest.get(f"/reports/{KEY}/themes?period={period}").text


def fits(link: Led, found: int, said: str) -> bool:
    if "left out" in said:
        return False
    if link.count is None:
        return found > 0 or not re.search(r"\d", link.text)
    return found == link.count if counts_issues(link) else 0 < found <= link.count


def test_every_way_to_ask_for_the_issues_behind_a_number_is_among_them(shown: Demonstration) -> None:
    met = [parse_qs(urlsplit(each.href).query) for each in figures_of(report_of(shown.visitor("manager"), "all")).led]
    asked = {name for each in met for name in each}
    assert {*COUNTED, "theme", "pair", "topic", "clause", "state", "tier"} - {"crossed"} <= asked
    assert {value for each in met for value in each.get("fix", ())} == {FOLLOWED, BACK, ALIKE}
    assert {value for each in met for value in each.get("stayed", ())} >= {"yes", "no", "any"}


@pytest.mark.parametrize("role", ["steering group", "manager"])
@pytest.mark.parametrize("period", PERIODS)
def test_no_number_of_issues_stands_without_its_link(shown: Demonstration, role: str, period: str) -> None:
    found = figures_of(report_of(shown.visitor(role), period))
    assert [each for each in found.held if is_bare(each)] == []
    assert len(found.held) > 200


def is_bare(held: Held) -> bool:
    """Whether a number stands there that counts issues and is no link."""
    if held.where in NOT_OF_ISSUES:
        return False
    left = re.sub("|".join(OTHERWISE.values()), "", held.text)
    return bool(re.search(r"\d", left))


@pytest.mark.parametrize("cell", ["7", "12 %", "after 3 of them", "higher: 20 in the last 6 months", "5 open now"])
def test_a_number_without_a_link_is_found(cell: str) -> None:
    (held,) = figures_of(f"<main><table><tr><td>{cell}</td></tr></table></main>").held
    assert is_bare(held)


def test_every_section_stands_on_every_face(shown: Demonstration) -> None:
    with shown.db.read() as session:
        arrangement = by_key(session, KEY)
        report = theme_report(session, arrangement, today=NOW.date(), period=period_of("2026-Q3"), quoted=True)
    page, paper = standalone_themes(report, "", PageReader(UTC, NOW)), paper_words(as_pdf(report))
    data, sheets = json.loads(as_json(report)), rows_of(as_xlsx(report))
    missing = {
        (name, face)
        for section in report.sections
        for name in [type(section).__name__]
        for face, stands in {
            "page": LANDMARKS[name] in page,
            "paper": LANDMARKS[name] in paper,
            "JSON": any(data.get(key) for key in section.values()),
            "workbook": any(sheets.get(sheet.name) for sheet in section.sheets()),
        }.items()
        if not stands
    }
    assert missing == ABSENT.keys()
