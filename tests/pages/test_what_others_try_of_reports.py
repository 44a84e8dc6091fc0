"""What somebody tries with the reports: who reports, references and titles behind figures, every face and reader."""

import json
from datetime import date, timedelta

import pytest

from tests.decision_makers import make_decision
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.pages.reports.report_readers import paper_words
from tests.pages.test_who_may_read import read_out
from tests.reports.workbook_rows import rows_of
from tests.site import Site
from tracker.actions import escalate
from tracker.actions.add_note import add_note
from tracker.rules.rings import Ring

THEMES = tuple(f"/reports/RIV/themes{ending}?period=2026-Q1" for ending in ("", ".json", ".csv", ".xlsx", ".pdf"))
LADDER = tuple(f"/reports/RIV/ladder{ending}?period=2026-Q2" for ending in ("", ".json", ".csv", ".xlsx", ".pdf"))
READERS = ("sam", "jo", "priya", "alex", "mo", "bea", "ines", "tess")


def test_how_few_people_report_is_on_no_face_of_the_theme_report(site: Site) -> None:
    with site.db.write() as session:
        make_issue(session, site.cast, theme="authority", by="kim", with_="acute", occurred_on=date(2025, 10, 1))
        for by in ("sam", "jo", "sam"):
            make_issue(session, site.cast, by=by, theme="authority", occurred_on=date(2026, 3, 3))
    for name in READERS:
        page, told, _, book, paper = (site.guest(name).get(address) for address in THEMES)
        rows = {each["organisation"]: each for each in json.loads(told.text)["reporting"]}
        assert {each["recent"] for each in rows.values()} <= {"<5", "0"}
        assert all(row["recent"] in ("<5", "0") for row in rows_of(book.content)["Reporting"])
        if "acute" in rows:
            assert (rows["acute"]["recent"], rows["acute"]["words"]) == ("<5", "too few to compare")
            assert 'data-of="lately">&lt;5</td><td class="n" data-of="before">0</td>' in page.text
            assert "Riverside Hospitals <5 0 5 too few to compare" in paper_words(paper.content)


@pytest.mark.parametrize("name", ["mo", "bea", "tess", "ines"])
def test_no_face_of_a_report_names_an_issue_or_a_decision_between_two_others(site: Site, name: str) -> None:
    with site.db.write() as session:
        issue = make_issue(session, site.cast, theme="authority", title="Kangaroo letters")
        escalate.by_clock(issue, site.cast.arrangement(session), MONDAY)
        decided = {"body": "directors", "by": "rita", "owners": ("rita", "owen"), "themes": ("authority",)}
        make_decision(session, site.cast, what="Kangaroo rule", now=MONDAY - timedelta(days=40), **decided)  # type: ignore[arg-type]
        ref = issue.ref
    guest = site.guest(name)
    for address in (*THEMES, *LADDER):
        said = read_out(guest.get(address))
        assert not any(word in said for word in (ref, "Kangaroo", "/decisions/RIV/1", "Decision 1")), address


def test_a_private_note_and_a_secret_name_move_no_figure_of_any_reader(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, theme="authority", occurred_on=date(2026, 2, 3)).ref
    before = {(name, address): site.guest(name).get(address).text for name in READERS for address in _PLAIN}
    with site.db.write() as session:
        for name in ("sam", "jo"):
            add_note(session, ref, doer(site.cast, name), text="Between us", ring=Ring.ORGANISATION)
        make_issue(session, site.cast, theme="authority", ring=Ring.ORGANISATION, occurred_on=date(2026, 2, 3))
    after = {(name, address): site.guest(name).get(address).text for name in READERS for address in _PLAIN}
    changed = {place for place in before if before[place] != after[place]}
    assert {name for name, _ in changed} <= {"sam", "jo", "priya", "alex"}  # whose issue it is, on their own list
    assert {address for _, address in changed} <= set(LADDER)


_PLAIN = (*THEMES[1:3], *LADDER[1:3])


@pytest.mark.parametrize("name", ["alex", "mo", "priya"])
def test_every_link_behind_a_figure_asks_again_who_may_read(site: Site, name: str) -> None:
    """A third organisation, and a person whom an issue that concerns somebody is not for, find an empty list."""
    with site.db.write() as session:
        make_issue(session, site.cast, by="jo", theme="authority", title="Kangaroo remarks", ring=Ring.NAMED,
                   occurred_on=date(2026, 2, 3))  # fmt: skip
    guest = site.guest(name)
    for more in (
        "",
        "&pair=acute,council",
        "&topic=GOV",
        "&outcome=unsolved",
        "&state=unresolved",
        "&tier=1",
        "&kind=issue",
        "&side=acute",
        "&ball=council",
        "&due=soon",
        "&q=Kangaroo",
        "&raised_from=2026-01-01",
    ):
        for theme in ("authority", "untagged", "reliability"):
            asked = f"theme={theme}&from=2026-01-01&until=2026-03-31{more}"
            for place in (
                "/issues?partnership=RIV&",
                "/reports/RIV/issues?",
                "/reports/RIV/issues/2026-Q1?",
                "/issues?partnership=RIV&crossed=yes&",
            ):
                assert "remarks" not in guest.follow(f"{place}{asked}").text, (place, asked, name)


@pytest.mark.parametrize("name", ["stan", "nan", "nora", ""])
def test_another_partnership_and_who_is_signed_out_get_no_face_at_all(site: Site, name: str) -> None:
    guest = site.guest(name) if name else site.stranger()
    terms = ("/arrangements/RIV/report", "/arrangements/RIV/report/exposure")
    for address in (*THEMES, *LADDER, *terms, "/packs/RIV", "/decisions/RIV"):
        assert guest.get(address).status_code == (404 if name else 303), address
    for address in (
        *terms,
        "/arrangements/RIV/report/baselines",
        "/arrangements/RIV/report/exposure/file",
        "/packs/RIV",
        "/decisions/RIV/precedents",
    ):
        assert guest.post(address, {"theme": "authority", "what": "x"}).status_code in ((404,) if name else (303,))


@pytest.mark.parametrize("name", ["sam", "jo", "priya", "ines"])
def test_nobody_but_a_lead_changes_what_reports_go_by(site: Site, name: str) -> None:
    guest, at = site.guest(name), "/arrangements/RIV/report"
    freeze = {"theme": "authority", "since": "2025-04", "until": "2026-03", "reason": "So"}
    for address, form in (
        (at, {"fixes": "1"}), (f"{at}/exposure", {"2026-03.acute": "5"}), (f"{at}/exposure/name", {"what": "beds"}),
        (f"{at}/exposure/file", {"lines": "month,organisation,amount\n2026-03,acute,5"}), (f"{at}/baselines", freeze),
    ):  # fmt: skip
        assert guest.post(address, form).status_code == 403, address
