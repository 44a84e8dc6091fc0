"""Real incidents, handed between support lines and organisations, against figures computed straight from the log."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.real import bpi2013
from tracker.__main__ import main

LOGS = {"bpi2013_incidents": 2579, "bpi2013_closed_problems": 551}
Log = tuple[str, Path]


def typed(*arguments: object) -> str:
    """What a command that ends well prints."""
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module", params=LOGS)
def log(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Log]:
    """A log, taken in: its name, and the history file."""
    home = tmp_path_factory.mktemp(request.param)
    file = home / "history.csv"
    file.write_text(bpi2013.history(request.param), encoding="utf-8")
    (home / "volvo.toml").write_text(bpi2013.charter(request.param), encoding="utf-8")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TRACKER_HOME", str(home))
        environment.delenv("TRACKER_DATABASE_URL", raising=False)
        typed("migrate")
        typed("charter", "load", home / "volvo.toml")
        said = typed("history", file, "--partnership", "VOLVO")
        assert f"{LOGS[request.param]} new, 0 grown, 0 unchanged, 0 left as they were, 0 set aside" in said
        yield request.param, file


def test_every_case_has_the_figures_that_the_log_itself_gives(log: Log) -> None:
    report = json.loads(typed("report", "ladder", "--partnership", "VOLVO", "--format", "json"))
    expected = bpi2013.expected(log[0])

    found = {case: {name: report["issues"][case][name] for name in figures} for case, figures in expected.items()}

    assert len(expected) == len(report["issues"]) == LOGS[log[0]]
    assert found == expected


def test_a_second_run_changes_nothing(log: Log) -> None:
    count = LOGS[log[0]]

    said = typed("history", log[1], "--partnership", "VOLVO")

    assert f" 0 new, 0 grown, {count} unchanged, 0 left as they were, 0 set aside" in said
