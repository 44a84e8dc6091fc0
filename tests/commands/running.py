"""Running `tracker` as one types it, and a home with the partnership RIV."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.exchange.charter.charter_text import CHARTER
from tracker.__main__ import main


def run(*arguments: str, ends: int = 0) -> Result:
    """What a command prints; it has to end so."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == ends, result.output
    return result


def migrated(home: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> Path:
    """An up-to-date database, and beside it the charter of RIV and these CSV files."""
    monkeypatch.setenv("TRACKER_HOME", str(home))
    monkeypatch.delenv("TRACKER_DATABASE_URL", raising=False)
    (home / "riv.toml").write_text(CHARTER, encoding="utf-8")
    for name, text in files.items():
        (home / f"{name}.csv").write_text(text, encoding="utf-8")
    run("migrate")
    return home
