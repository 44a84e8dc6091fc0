"""`tracker report`: what it prints, for whose eyes, and what leads see of it."""

import codecs
import json
import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlmodel import col, select

from tests.commands.running import migrated, run
from tests.reports.pdf_words import words_on
from tracker.database import Database
from tracker.records.event import Event

HISTORY = """issue,at,event,organisation,title,tier
=A-1,2026-03-02T09:00:00Z,raised,acute,A secret title,1
=A-1,2026-03-02T10:00:00Z,escalated,acute,,2
A-2,2026-04-02T10:00:00Z,raised,council,Another,1
"""
RIV = ("--partnership", "RIV")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An up-to-date database with the partnership RIV and its history."""
    migrated(tmp_path, monkeypatch, past=HISTORY)
    run("charter", "load", str(tmp_path / "riv.toml"))
    run("history", str(tmp_path / "past.csv"), *RIV)
    return tmp_path


def test_the_ladder_report_has_figures_and_references_and_no_texts(home: Path) -> None:
    said = run("report", "ladder", *RIV, "--format", "json").stdout
    found = json.loads(said)

    assert found["issues"]["=A-1"] == {
        "ref": "RIV-1", "resolved": False, "tier_path": "1>2", "max_tier": 2, "tiers_up": 1, "tiers_down": 0,
        "hand_overs": 0, "ping_pong": 0, "reopens": 0, "paused_seconds": 0, "elapsed_seconds": 3600,
    }  # fmt: skip
    assert "secret" not in said


def test_a_sheet_has_a_row_for_each_issue_and_no_formula(home: Path) -> None:
    lines = run("report", "ladder", *RIV, "--format", "csv").stdout.splitlines()

    assert lines[0].startswith("issue,ref,resolved,tier_path,max_tier,")
    assert lines[0].endswith(",elapsed_seconds,reopened_within_30_working_days")
    assert lines[1] == "'=A-1,RIV-1,no,1>2,2,1,0,0,0,0,0,3600,"
    assert len(lines) == 3


def test_a_workbook_goes_to_a_file_and_has_no_formula(home: Path) -> None:
    run("report", "ladder", *RIV, "--format", "xlsx", "-o", str(home / "out.xlsx"))

    with ZipFile(home / "out.xlsx") as book:
        pages = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/")]
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "'=A-1" in texts
    assert "secret" not in texts
    assert [page for page in pages if "<f>" in page] == []


@pytest.mark.parametrize("name", ["themes", "ladder"])
def test_a_paper_goes_to_a_file_or_on_to_another_program(home: Path, name: str) -> None:
    sent = run("report", name, *RIV, "--format", "pdf").stdout_bytes
    run("report", name, *RIV, "--format", "pdf", "-o", str(home / "out.pdf"))

    assert words_on(sent) == words_on((home / "out.pdf").read_bytes())
    assert "A secret title" not in words_on(sent)


@pytest.mark.parametrize("name", ["themes", "ladder"])
def test_a_page_to_keep_has_no_title_without_a_person_and_leads_to_the_site(home: Path, name: str) -> None:
    page = run("report", name, *RIV, "--format", "html").stdout

    assert page.startswith("<!doctype html>")
    assert '<base href="http://127.0.0.1:8000/">' in page
    assert "secret" not in page


@pytest.mark.parametrize("shape", ["pdf", "xlsx"])
def test_bytes_are_not_written_to_a_terminal(home: Path, shape: str) -> None:
    ours, theirs = os.openpty()
    asked = [sys.executable, "-m", "tracker", "report", "themes", *RIV, "--format", shape]
    done = subprocess.run(asked, stdout=theirs, stderr=subprocess.PIPE, text=True, check=False)
    os.close(ours)
    os.close(theirs)

    assert (done.returncode, done.stderr) == (
        1,
        f"A terminal cannot show {shape}: name a file with -o, or send it on.\n",
    )


def test_the_figures_of_the_tiers_stand_beside_those_of_the_issues(home: Path) -> None:
    found = json.loads(run("report", "ladder", *RIV).stdout)

    assert [(tier["tier"], tier["entered"], tier["went_up"]["count"]) for tier in found["tiers"]] == [
        (1, 2, 1),
        (2, 1, 0),
    ]
    assert found["tiers"][0]["rises"] == [{"how": "pushed", "by": "acute", "count": 1}]
    assert {"ball_time", "hand_overs", "acknowledgement", "endings", "totals"} < set(found)


def test_a_person_sees_what_they_may_see(home: Path) -> None:
    found = json.loads(run("report", "ladder", *RIV, "--person", "Kim@council.example").stdout)

    assert list(found["issues"]) == ["A-2"]


def test_the_theme_report_counts_and_says_where_the_issues_are(home: Path) -> None:
    found = json.loads(run("report", "themes", *RIV, "--period", "2026-Q1").stdout)

    assert (found["occurrences"], found["untagged"]["months"]) == (1, {"2026-01": 0, "2026-02": 0, "2026-03": 1})
    assert found["untagged"]["issues_at"]["open"] == (
        "/reports/RIV/issues/2026-Q1?theme=untagged&state=unresolved&report=2026-Q1"
    )


def test_the_theme_report_of_all_time_as_a_sheet(home: Path) -> None:
    lines = run("report", "themes", *RIV, "--format", "csv").stdout.splitlines()

    assert lines[0] == (
        "theme,name,group,verdict,occurrences,before,issues,open,solved,not_solved,"
        "serious_or_critical,hours_lost,hours_said_for,2026-03,2026-04,acute + council"
    )
    assert lines[-1] == "untagged,No theme yet,,,2,,2,2,0,0,0,,,1,1,0"


def test_a_person_has_the_themes_of_their_organisations_issues(home: Path) -> None:
    found = json.loads(run("report", "themes", *RIV, "--person", "sam@acute.example").stdout)

    assert (found["scope"], found["occurrences"]) == (["acute"], 1)


def test_a_period_and_a_file_to_write_to(home: Path) -> None:
    run("report", "ladder", *RIV, "--period", "2026-Q1", "-o", str(home / "out.json"))

    found = json.loads((home / "out.json").read_text(encoding="utf-8"))
    assert (found["period"], list(found["issues"])) == ("2026-Q1", ["=A-1"])


def test_leads_see_that_it_was_read_and_for_whose_eyes(home: Path) -> None:
    run("report", "ladder", *RIV, "--period", "2026")
    run("report", "ladder", *RIV, "--person", "kim@council.example")

    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    told = select(Event).where(Event.kind == "report_read").order_by(col(Event.id))
    with database.read() as session:
        read = [event.read() for event in session.exec(told)]
    database.dispose()
    assert [each.sentence("") for each in read] == [
        "The ladder report was read on the server for 2026",
        "The ladder report was read on the server, as Kim Tran may see it",
    ]


@pytest.mark.parametrize(
    "arguments, ends, said",
    [
        ((*RIV, "--person", "nobody@acute.example"), 1, "has the address nobody@acute.example"),
        (("--partnership", "XXX"), 1, "There is no partnership XXX."),
        ((*RIV, "--period", "2026-Q5"), 2, "a period is a year (2026), a quarter (2026-Q1), a month (2026-03) or"),
        ((*RIV, "--format", "doc"), 2, "'doc' is not one of"),
        ((*RIV, "-o", "nowhere/out.json"), 1, "nowhere/out.json cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(home: Path, arguments: tuple[str, ...], ends: int, said: str) -> None:
    assert said in run("report", "ladder", *arguments, ends=ends).stderr.replace("\n", " ")


def test_a_folder_takes_the_file_under_its_partnership_and_period(home: Path) -> None:
    folder = home / "reports"
    folder.mkdir()
    run("report", "themes", *RIV, "--format", "csv", "--period", "2026-Q1", "-o", str(folder))
    run("report", "ladder", *RIV, "--format", "json", "-o", str(folder))

    assert {each.name for each in folder.iterdir()} == {"RIV-2026-Q1-themes.csv", "RIV-all-ladder.json"}
    assert (folder / "RIV-2026-Q1-themes.csv").read_bytes().startswith(codecs.BOM_UTF8)
