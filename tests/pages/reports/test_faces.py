"""One report, all its faces: page, JSON, CSV, workbook, paper and kept page say the same of it, for every reader."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from tests.decision_makers import make_decision
from tests.issue_makers import doer, make_issue
from tests.makers import ask_for_hours
from tests.pages.reports import report_readers as read
from tests.reports.workbook_rows import rows_of
from tests.site import Site
from tracker.actions import escalate, resolve
from tracker.actions.quote import let_quote
from tracker.actions.set_report_terms import enter_exposure
from tracker.measures.periods import period
from tracker.measures.rates import Share
from tracker.pages.reports.standalone import standalone_ladder, standalone_themes
from tracker.pages.web.moments import PageReader
from tracker.queries.ladder.sums import LadderReader
from tracker.records.issue import Issue
from tracker.reports.ladder import faces as ladder_files
from tracker.reports.ladder.build import issue_flows, ladder_report
from tracker.reports.ladder.report import LadderReport
from tracker.reports.themes import faces as theme_files
from tracker.reports.themes.build import theme_report
from tracker.reports.themes.report import ThemeReport
from tracker.reports.themes.verdicts import label
from tracker.rules.lifecycle import Cause, Severity
from tracker.rules.rings import Ring

ADDRESS = "https://riverside.example"
PERIOD = "/reports/RIV/ladder?period=2026-Q2"
SOON = "reopened_within_30_working_days"
READERS = ["priya", "sam", ""]
EXPOSURES = {"acute": 50.0, "council": 20.0, "community": 10.0}
MONTHS = range(2024 * 12 + 3, 2026 * 12 + 3)
NAMES = ["whole", "own", "figures only"]


@pytest.fixture
def told_of(site: Site) -> Site:
    """A year of authority, rising; some of resources between others; some solved, some not; some climbed."""
    authority = [date(2025, month, 3) for month in range(4, 10)] + [date(2026, 2, 2)] * 12 + [date(2026, 3, 2)] * 8
    with site.db.write() as session:
        refs = [make_issue(session, site.cast, occurred_on=day, theme="authority").ref for day in authority]
        for day in (date(2026, 1, 7), date(2026, 3, 9)):
            make_issue(session, site.cast, occurred_on=day, by="kim", with_="community", theme=None)
        for ref, outcome in zip(refs[-3:], ("solved", "solved", "not_solved"), strict=True):
            resolve.propose(session, ref, doer(site.cast, "kim"), outcome=outcome, done="A new form.")
            resolve.agree(session, ref, doer(site.cast, "sam"))
        escalate.by_holder(session, refs[8], doer(site.cast, "kim"), cause=Cause.RISK)
    return site


def without_tags(page: str) -> str:
    """What a page says."""
    return " ".join(re.sub(r"<[^>]+>", "", page.partition("<main")[2]).split())


def themes_of(site: Site, reader: str, within: str = "2026-Q1") -> ThemeReport:
    asked = None if within == "all" else period(within)
    with site.db.read() as session:
        viewer = site.cast.viewer(reader) if reader else None
        return theme_report(
            session, site.cast.arrangement(session), today=date(2026, 4, 27), viewer=viewer, period=asked
        )


def theme_faces(site: Site, report: ThemeReport) -> dict[str, Any]:
    made = {ending: make(report) for ending, make in theme_files.FACES.items()}
    return {**made, "html": standalone_themes(report, ADDRESS, reader_of(site))}


def reader_of(site: Site) -> PageReader:
    return PageReader(ZoneInfo("Europe/London"), site.now)


def ladder_of(site: Site, reader: str) -> LadderReport:
    with site.db.read() as session:
        return ladder_report(session, ladder_reader(session, site, reader), now=site.now)


def ladder_reader(session: Session, site: Site, reader: str) -> LadderReader:
    viewer = site.cast.viewer(reader) if reader else None
    return LadderReader(site.cast.arrangement(session), viewer, period("2026-Q2"))


def ladder_faces(site: Site, report: LadderReport, reader: str) -> dict[str, Any]:
    with site.db.read() as session:
        flows = dict(issue_flows(session, ladder_reader(session, site, reader), site.now))
    made = {ending: make(report, flows.items()) for ending, make in ladder_files.FACES.items()}
    return {**made, "html": standalone_ladder(report, ADDRESS, reader_of(site))}


def figures_of(report: ThemeReport) -> read.Told:
    """What the frozen report itself holds, as readers are told it."""
    lines = {line.name: line for line in report.themes.all_lines}
    counts = {
        name: (line.now, line.open_now.issues if line.open_now else 0, line.issues.solved, line.issues.not_solved)
        for name, line in lines.items()
    }
    return read.Told(
        {name: (line.standing, counts[name]) for name, line in lines.items()},
        {name: line.months for name, line in lines.items()},
        {name: tuple(line.pairs.values()) for name, line in lines.items()},
        (),
        {name: line.harm.brief for name, line in lines.items()},
    )


def in_sheets(report: ThemeReport) -> read.Told:
    """The same, as sheets tell it."""
    lines = {line.name: line for line in report.themes.all_lines}
    told = {name: label(line.verdict) if line.verdict else "" for name, line in lines.items()}
    counts = {
        name: (line.now, line.before, line.issues.open, line.issues.solved, line.issues.not_solved)
        for name, line in lines.items()
    }
    themes = {name: (told[name], counts[name]) for name in lines}
    harm = {name: read.cost_text(*line.harm.cells) for name, line in lines.items()}
    return replace(figures_of(report), themes=themes, harm=harm)


def faces_of(site: Site, report: ThemeReport) -> dict[str, read.Told]:
    """What readers are told."""
    made = theme_faces(site, report)
    names = tuple(line.name for line in report.themes.all_lines)
    data = read.from_json(str(made["json"]))
    return {
        "json": data,
        "html": read.from_html(str(made["html"])),
        "pdf": read.from_pdf(made["pdf"], names, data.first),
    }


def sheets_of(site: Site, report: ThemeReport) -> dict[str, read.Told]:
    made = theme_faces(site, report)
    data = read.sheets_in_json(str(made["json"]))
    return {
        "json": data,
        "csv": read.from_csv(str(made["csv"]), data.first),
        "xlsx": read.from_xlsx(made["xlsx"]),
    }


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
@pytest.mark.parametrize("within", ["2026-Q1", "2026-03", "2025", "all"])
def test_every_face_of_the_theme_report_has_the_same_figures_verdicts_and_headlines(
    told_of: Site, reader: str, within: str
) -> None:
    report = themes_of(told_of, reader, within)
    read_as, sheets = (faces_of(told_of, report), figures_of(report)), (sheets_of(told_of, report), in_sheets(report))
    for faces, expected in (read_as, sheets):
        for name, face in faces.items():
            assert face.themes == expected.themes, name
            assert face.months == expected.months, name
            assert face.pairs == expected.pairs, name
            assert face.harm == expected.harm, name
        assert {name: face.first for name, face in faces.items()} == dict.fromkeys(faces, faces["json"].first)


@pytest.fixture
def hours_asked_of(told_of: Site) -> Site:
    """In April, of twelve issues of authority some are minor and six have hours, and so have two of reliability."""
    lost: dict[str, list[int | None]] = {"authority": [75, 0, 60, 600, 1500, 45, *[None] * 6], "reliability": [60, 90]}
    with told_of.db.write() as session:
        ask_for_hours(session, told_of.cast)
        for theme, minutes in lost.items():
            for place, each in enumerate(minutes):
                severity = (Severity.MINOR, Severity.SERIOUS, Severity.CRITICAL)[place % 3]
                make_issue(session, told_of.cast, theme=theme, severity=severity, lost_minutes=each)
    return told_of


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
def test_every_face_says_the_same_of_what_a_theme_costs(hours_asked_of: Site, reader: str) -> None:
    report = themes_of(hours_asked_of, reader, "2026-Q2")
    told = {
        "No authority at this level": "67 % serious or critical; about 38 hours lost, said for 6",
        "Promises not kept": "1 of 2 serious or critical",
        "Pace of decisions": "",
        "No theme yet": "",
    }
    for name, face in faces_of(hours_asked_of, report).items():
        assert face.harm == told, name
    words = "8 of 12 serious or critical (67 %). About 38 working hours lost, said for 6 of 12."
    authority = report.themes.line("authority")
    assert authority is not None
    assert authority.values()["harm"]["words"] == words
    if reader:
        page = hours_asked_of.guest(reader).get("/reports/RIV/themes/authority?period=2026-Q2").text
        assert words in without_tags(page)
    for name, face in sheets_of(hours_asked_of, report).items():
        assert face.harm["No authority at this level"] == "8 38 6", name
        assert face.harm["Promises not kept"] == "1 – 2", name


def test_no_face_has_hours_by_person_by_organisation_or_by_place(hours_asked_of: Site) -> None:
    report = themes_of(hours_asked_of, "priya", "2026-Q2")
    made = theme_faces(hours_asked_of, report)
    data = json.loads(made["json"])
    apart = {name: part for name, part in data.items() if name not in {"themes", "untagged", "headlines"}}
    assert "hours" not in json.dumps(apart)
    heads = {(sheet, head) for sheet, rows in rows_of(made["xlsx"]).items() for row in rows for head in row}
    assert {sheet for sheet, head in heads if "hours" in head} == {"Themes"}


def test_where_nobody_asks_no_face_says_a_word_of_hours(told_of: Site) -> None:
    made = theme_faces(told_of, themes_of(told_of, "priya"))
    assert "hours lost" not in without_tags(str(made["html"])) + read.paper_words(made["pdf"])
    assert {each["harm"]["hours_lost"] for each in json.loads(made["json"])["themes"]} == {None}
    assert {row["hours_lost"] for row in csv.DictReader(io.StringIO(str(made["csv"])))} == {""}


@pytest.mark.parametrize("reader", ["priya", "sam"])
def test_what_the_site_shows_and_sends_is_what_the_command_writes(told_of: Site, reader: str) -> None:
    report, guest = themes_of(told_of, reader), told_of.guest(reader)
    faces = faces_of(told_of, report)
    sent = guest.get("/reports/RIV/themes.pdf?period=2026-Q1")
    names = tuple(line.name for line in report.themes.all_lines)

    assert read.from_html(guest.get("/reports/RIV/themes?period=2026-Q1").text) == faces["html"]
    assert read.from_json(guest.get("/reports/RIV/themes.json?period=2026-Q1").text) == faces["json"]
    assert read.from_pdf(sent.content, names, faces["json"].first) == faces["pdf"]
    assert sent.headers["content-type"] == "application/pdf"
    assert sent.headers["content-disposition"] == 'attachment; filename="RIV-2026-Q1-themes.pdf"'


def test_a_rising_theme_is_said_first_on_paper_with_its_chance(told_of: Site) -> None:
    made = theme_files.as_pdf(themes_of(told_of, ""))
    words = read.paper_words(made)
    said = "No authority at this level higher, in February alone 20 in the last 6 months, 3.3 a month; 1 a month before"

    assert said in words
    assert words.index(said) < words.index("Theme by theme") < words.index("In a chart: what happened")
    assert "by chance alone." in words.partition("How far to trust this")[2]
    assert b"pdfuaid" in made


def test_a_chart_says_in_which_months_something_was_decided_on_every_face_that_draws_it(told_of: Site) -> None:
    with told_of.db.write() as session:
        for day in (date(2026, 3, 12), date(2026, 2, 5), date(2026, 3, 2)):
            make_decision(session, told_of.cast, decided_on=day, themes=("authority",))
    made = theme_faces(told_of, themes_of(told_of, "priya"))
    charts = {each["key"]: each["verdict"]["bars"] for each in json.loads(made["json"])["themes"] if each["verdict"]}
    pages = re.findall(r'<svg class="months"[^>]* aria-label="([^"]*)"', str(made["html"]))
    drawn = charts["authority"]

    assert "; decided in February 2026 and March 2026; " in drawn["described"]
    assert f"{drawn['title']}: {drawn['described']}" in pages
    assert drawn["described"].encode() in bytes(made["pdf"])
    assert not any("decided" in each["described"] for key, each in charts.items() if key != "authority")


def test_the_workbook_says_by_which_exposures_two_are_held_against_each_other(told_of: Site) -> None:
    cast = told_of.cast
    amounts = {(month, cast.organisations[key].id): size for month in MONTHS for key, size in EXPOSURES.items()}
    with told_of.db.write() as session:
        enter_exposure(session, cast.arrangement(session), amounts, actor=cast.actor("alex"), now=told_of.now)
    report = themes_of(told_of, "priya")
    made = theme_files.as_xlsx(report)
    row = next(row for row in rows_of(made)["Both ways"] if (row["one"], row["other"]) == ("acute", "council"))
    pair = next(each for each in report.both_ways.pairs if each.pair == ("acute", "council"))
    assert (row["exposure of one"], row["exposure of other"]) == pair.exposures == (550.0, 220.0)


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
def test_every_face_of_the_ladder_report_has_the_same_figures(told_of: Site, reader: str) -> None:
    report = ladder_of(told_of, reader)
    made = ladder_faces(told_of, report, reader)
    words, sheets, page = read.paper_words(made["pdf"]), rows_of(made["xlsx"]), str(made["html"])
    said = without_tags(page)
    totals, data = report.totals, json.loads(made["json"])
    tiers = [(each.tier, each.entered, each.went_up.k, each.went_up.n) for each in report.tiers]

    assert [(t["tier"], t["entered"], t["went_up"]["count"], t["went_up"]["of"]) for t in data["tiers"]] == tiers
    climbed = ("tier", "came to it", "went up", "left it or passed its limit")
    assert [tuple(row[each] for each in climbed) for row in sheets["Climbing"]] == tiers
    for tier, entered, went_up, told in tiers:
        name = {1: "Front line", 2: "Operational managers' group"}[tier]
        assert f"{tier} {name} {entered} {went_up} {told} " in words
    counted = f"{totals.issues} issues, {totals.resolved} resolved"
    assert counted in words
    assert counted in said
    assert data["totals"]["issues"] == totals.issues
    issues = {row["ref"] for row in csv.DictReader(io.StringIO(str(made["csv"])))}
    assert issues == {row["ref"] for row in sheets["Issues"]} == set(re.findall(r"RIV-\d+", words))
    assert issues == set(re.findall(r'href="/issues/(RIV-\d+)"', page))


def test_who_reads_fewer_issues_than_are_counted_is_told_so_where_they_are_listed(told_of: Site) -> None:
    report = ladder_of(told_of, "priya")
    counted, readable = report.totals.issues, report.readable
    made = ladder_faces(told_of, report, "priya")
    top = f"Counted are all {counted}; the list of issues, here and in the files, has the {readable} that you may read."

    assert readable < counted
    for said in (read.paper_words(made["pdf"]), without_tags(str(made["html"]))):
        assert top in said
        assert f"The {readable} that you may read. What is not over is told up to its last event." in said
        assert "; not over" in said
    assert len(list(csv.DictReader(io.StringIO(str(made["csv"]))))) == readable
    assert "Counted are all" not in str(ladder_faces(told_of, ladder_of(told_of, "sam"), "sam")["html"])


def test_what_the_tables_by_tier_leave_out_is_said_beside_them(told_of: Site) -> None:
    with told_of.db.write() as session:
        make_issue(session, told_of.cast, worked_round=True)
    made = ladder_faces(told_of, ladder_of(told_of, ""), "")

    assert json.loads(made["json"])["totals"]["without_clock"] == 1
    for said in (read.paper_words(made["pdf"]), without_tags(str(made["html"]))):
        assert "or was an early warning until then, did not come to that tier in it" in said
        assert "Not here: 1 issue without a clock (early warnings, and what is raised as worked round)." in said


def test_what_is_solved_on_a_tier_and_what_ended_there_have_names_of_their_own(told_of: Site) -> None:
    made = ladder_faces(told_of, ladder_of(told_of, ""), "")
    ended = "3 of 3 resolved issues ended on the lowest tier, Front line, 2 of them solved."

    for said in (read.paper_words(made["pdf"]), " ".join(re.sub(r"<[^>]+>", " ", str(made["html"])).split())):
        assert ended in said
        assert re.search(r"Solved on tier 1:? 2 of 3", said)
        assert "Ended, solved or not, on Front line 3" in said
        assert "From raised to over" in said
    measures = {row["measure"]: (row["count"], row["of"]) for row in rows_of(made["xlsx"])["Measures"]}
    assert measures["solved on tier 1"] == (2, 3)


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
def test_what_has_not_crossed_is_on_no_face_of_the_ladder_report(told_of: Site, reader: str) -> None:
    with told_of.db.write() as session:
        ref = make_issue(session, told_of.cast, ring=Ring.ORGANISATION).ref
    made = ladder_faces(told_of, ladder_of(told_of, reader), reader)
    faces = [str(made[ending]) for ending in ("json", "csv", "html")]

    assert [face for face in faces if ref in face] == []


@pytest.fixture
def came_back(site: Site) -> Site:
    """A dozen solved, of which two were reopened in the next days; one of two that others have, not; a hundred days on.
    One was returned twice, and settled on the third day."""
    with site.db.write() as session:
        refs = [make_issue(session, site.cast).ref for _ in range(12)]
        theirs = [make_issue(session, site.cast, by="kim", with_="community").ref for _ in range(2)]
        for day, ref in enumerate(refs[:3]):
            later = site.now + timedelta(days=day)
            for back in range(2 if ref == refs[0] else 0):
                at = later + timedelta(days=back)
                resolve.propose(session, ref, doer(site.cast, "kim", at), outcome="solved", done="A new form.")
                resolve.give_back(session, ref, doer(site.cast, "sam", at), reason="Not yet.")
        for ref, mine, other in [*((each, "kim", "sam") for each in refs), (theirs[0], "mo", "kim")]:
            at = site.now + timedelta(days=3)
            resolve.propose(session, ref, doer(site.cast, mine, at), outcome="solved", done="A new form.")
            resolve.agree(session, ref, doer(site.cast, other, at))
        for days, ref in ((5, refs[3]), (20, refs[4]), (95, refs[5])):
            resolve.reopen(session, ref, doer(site.cast, "sam", site.now + timedelta(days=days)), reason="It is back.")
    site.now += timedelta(days=100)
    return site


@pytest.mark.parametrize(
    "reader, count, of, shown",
    [
        pytest.param("priya", 2, 13, "15 % (4 to 42)", id="whole"),
        pytest.param("sam", 2, 12, "17 % (5 to 45)", id="own"),
        pytest.param("mo", 0, 1, "0 of 1", id="too few for a percentage"),
        pytest.param("", 2, 13, "15 % (4 to 42)", id="figures only"),
    ],
)
def test_every_face_says_how_many_were_reopened_soon_and_of_how_many(
    came_back: Site, reader: str, count: int, of: int, shown: str
) -> None:
    made = ladder_faces(came_back, ladder_of(came_back, reader), reader)
    sheets, data = rows_of(made["xlsx"]), json.loads(made["json"])
    measures = {row["measure"]: row for row in sheets["Measures"]}
    low, high = Share(count, of).interval
    share = {"count": count, "of": of, "share": count / of, "low": low, "high": high}
    within = "within 30 working days of being resolved"
    words = f"{shown} {within}" + (f", {count} of the {of} followed so long" if of >= 10 else "")

    assert data["endings"]["reopened"] == {"within_working_days": 30, **share}
    found = measures["reopened within 30 working days"]
    assert [found[each] for each in ("count", "of", "share", "low 95 %", "high 95 %")] == pytest.approx(
        [*share.values()]
    )
    assert f"Reopened {words}".replace(f" {within}", f": {within}") in read.paper_words(made["pdf"])
    for page in (str(made["html"]), *([came_back.guest(reader).get(PERIOD).text] if reader else [])):
        assert f"Reopened {words}" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    told = Counter(row[SOON] for row in csv.DictReader(io.StringIO(str(made["csv"]))))
    assert told == Counter(str(row[SOON] or "") for row in sheets["Issues"])
    if reader != "priya":  # whose totals are over more issues than they may read
        assert (told["yes"], told["yes"] + told["no"]) == (count, of)


def test_what_was_resolved_lately_is_not_said_to_have_stayed_so(told_of: Site) -> None:
    made = standalone_ladder(ladder_of(told_of, ""), ADDRESS, reader_of(told_of))

    assert "<b>not yet known</b> none that was resolved has been followed for 30 working days" in made


def test_every_face_says_how_long_it_took_until_the_ball_settled(came_back: Site) -> None:
    made = ladder_faces(came_back, ladder_of(came_back, ""), "")
    measures = {row["measure"]: [row["of"], row["count"]] for row in rows_of(made["xlsx"])["Measures"]}
    words = "1 issue went to and fro, with two returns or more. Half were settled within 3 days of first passing on."

    assert json.loads(made["json"])["hand_overs"]["contested"] == {"issues": 1, "not_settled": 0, "median": 3.0}
    assert measures["median days until whose it is was settled"] == [1, 3.0]
    assert measures["not settled yet"] == [1, 0]
    assert words in read.paper_words(made["pdf"])
    assert words in without_tags(str(made["html"]))


def test_without_a_person_no_face_has_a_title_and_with_one_paper_and_page_do(told_of: Site) -> None:
    found = {
        reader: {
            ending: read.paper_words(made) if ending == "pdf" and isinstance(made, bytes) else str(made)
            for ending, made in ladder_faces(told_of, ladder_of(told_of, reader), reader).items()
        }
        for reader in ("sam", "")
    }
    title = "Letters arrive without the medication list"

    assert {ending for ending, text in found["sam"].items() if title in text} == {"pdf", "html"}
    assert [ending for ending, text in found[""].items() if title in text] == []


def test_a_kept_page_stands_alone(told_of: Site) -> None:
    page = str(theme_faces(told_of, themes_of(told_of, ""))["html"])

    assert re.findall(r"<script|<link|src=", page) == []
    assert "<style>" in page
    assert f'<base href="{ADDRESS}/">' in page


@pytest.fixture
def quoted_of(told_of: Site) -> Site:
    """Some of it quoted: two of authority, one without a theme, one by somebody who keeps their name inside."""
    asked = {"sam": ("We wait for <b>them</b>.", "#Nobody says *why*."), "kim": ("Days go by & by.",)}
    with told_of.db.write() as session:
        hidden = make_issue(
            session, told_of.cast, occurred_on=date(2026, 3, 9), theme="reliability", hide_reporter=True
        )
        let_quote(session, hidden.ref, doer(told_of.cast, "sam"), text="=It is late.", agrees=True, left_out=True)
        for who, texts in asked.items():
            raised = col(Issue.raised_by_id) == told_of.cast.people[who].id
            recent = (raised, col(Issue.occurred_on) > date(2026, 3, 1), col(Issue.id) != hidden.id)
            refs = session.exec(select(Issue.ref).where(*recent).order_by(col(Issue.id)).limit(len(texts))).all()
            for ref, text in zip(refs, texts, strict=True):
                let_quote(session, ref, doer(told_of.cast, who), text=text, agrees=True, left_out=True)
    return told_of


@pytest.mark.parametrize("reader", ["priya", "sam", "ines"])
def test_every_face_but_the_rows_of_figures_quotes_the_same_words_under_the_same_themes(
    quoted_of: Site, reader: str
) -> None:
    report = themes_of(quoted_of, reader)
    made = theme_faces(quoted_of, report)
    names = {line.key: line.name for line in report.themes.all_lines}
    groups = report.quotations.by_theme
    expected = {(key, each.text, each.ref) for key, quoted in groups.items() for each in quoted}
    assert len(expected) == (3 if reader == "sam" else 4)

    assert {(q["theme"], q["text"], q["ref"] or "") for q in json.loads(made["json"])["quotations"]} == expected
    rows = rows_of(made["xlsx"])["Quotations"]
    assert {(r["theme"], str(r["quotation"]).removeprefix("'"), r["issue"] or "") for r in rows} == expected
    html, paper = read.quotations_on(str(made["html"])), read.quotations_on_paper(made["pdf"], tuple(names.values()))
    assert html == paper == {(names[theme], text, ref) for theme, text, ref in expected}
    assert read.quotations_on(quoted_of.guest(reader).get("/reports/RIV/themes?period=2026-Q1").text) == html
    assert [text for _, text, _ in expected if text in str(made["csv"])] == []


def test_a_third_organisation_reads_the_words_and_no_reference_of_issues_it_may_not_see(quoted_of: Site) -> None:
    groups = themes_of(quoted_of, "ines").quotations.by_theme.values()
    found = {each.text: each.ref for quoted in groups for each in quoted}
    assert found.pop("Days go by & by.")  # of an issue with Community Care
    assert set(found.values()) == {""}


def test_figures_only_quote_nobody(quoted_of: Site) -> None:
    report = themes_of(quoted_of, "")
    assert report.quotations.by_theme == {}
    for ending, made in theme_faces(quoted_of, report).items():
        text = made.decode("latin-1") if isinstance(made, bytes) else made
        assert "In their words" not in text, ending
