"""`tracker people`: what it prints, and how it ends."""

from pathlib import Path

import pytest

from tests.commands.running import migrated, run

PEOPLE = """name,address,organisation,roles
Ravi Das,ravi@acute.example,acute,manager
Lee Park,lee@council.example,council,
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An up-to-date database with the partnership RIV, and a list of people."""
    migrated(tmp_path, monkeypatch, people=PEOPLE)
    run("charter", "load", str(tmp_path / "riv.toml"))
    return tmp_path


def test_a_dry_run_says_line_by_line_what_would_be_done_and_who_stays(home: Path) -> None:
    said = run("people", str(home / "people.csv"), "--partnership", "RIV", "--dry-run").stdout.splitlines()
    assert said[:2] == [
        "added     line 2: Ravi Das <ravi@acute.example> of acute: as manager",
        "added     line 3: Lee Park <lee@council.example> of council: as front line",
    ]
    assert "stays     not in the list: Sam Okafor <sam@acute.example> of acute" in said
    assert said[-2:] == ["2 added.", "Nothing was changed: this was a dry run."]
    assert "added" in run("people", str(home / "people.csv"), "--partnership", "RIV", "--dry-run").stdout


def test_it_is_done_once_and_written_again(home: Path) -> None:
    run("people", str(home / "people.csv"), "--partnership", "RIV")
    assert run("people", str(home / "people.csv"), "--partnership", "RIV").stdout.endswith("2 unchanged.\n")
    out = home / "out.csv"
    assert "people of RIV stand in" in run("people", "--partnership", "RIV", "-o", str(out)).stdout
    assert "Ravi Das,ravi@acute.example,acute,manager,\n" in out.read_text(encoding="utf-8")
    assert "unchanged" in run("people", str(out), "--partnership", "RIV").stdout


def test_one_refused_line_refuses_all_and_names_each(home: Path) -> None:
    (home / "wrong.csv").write_text("Ravi Das <ravi@acute.example>\nnobody\n", encoding="utf-8")
    refused = run("people", str(home / "wrong.csv"), "--partnership", "RIV", ends=1)
    assert "line 1" in refused.stderr
    assert "found the organisation “”; allowed: acute, council" in refused.stderr
    assert "line 2" in refused.stderr
    assert refused.stdout == ""
    (home / "right.csv").write_text("Ravi Das <ravi@acute.example>\n", encoding="utf-8")
    said = run("people", str(home / "right.csv"), "--partnership", "RIV", "--organisation", "acute").stdout
    assert said == "added     line 1: Ravi Das <ravi@acute.example> of acute: as front line\n1 added.\n"


def test_a_file_or_an_out_is_given_and_not_both(home: Path) -> None:
    run("people", "--partnership", "RIV", ends=2)
    run("people", str(home / "people.csv"), "--partnership", "RIV", "-o", "x.csv", ends=2)
