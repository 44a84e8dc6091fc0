"""An archive that is not as it was written is refused whole: nothing of it is in the database, nor at home."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from tests.exchange.backup.elsewhere import Elsewhere, backed_up, empty_server
from tests.issue_makers import make_issue
from tests.makers import Cast
from tracker.database import Database
from tracker.exchange.backup.archive import MANIFEST, DamagedArchive
from tracker.rules.refusals import Refused

Members = dict[str, bytes]


@pytest.fixture
def archive(db: Database, cast: Cast, tmp_path: Path) -> Path:
    """Of a server with an issue, a secret and a letter."""
    home = tmp_path / "home"
    (home / "mail").mkdir(parents=True)
    (home / "secret").write_text("s" * 40)
    (home / "mail" / "one.eml").write_text("Dear Alex")
    with db.write() as session:
        make_issue(session, cast)
    return backed_up(db, home)


@pytest.fixture
def elsewhere(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    with empty_server("sqlite", tmp_path / "elsewhere", request) as server:
        yield server


def refused(elsewhere: Elsewhere, archive: Path) -> str:
    with pytest.raises(DamagedArchive) as caught:
        elsewhere.restore(archive)
    assert elsewhere.is_empty
    return str(caught.value)


def test_a_whole_one_is_restored(archive: Path, elsewhere: Elsewhere) -> None:
    elsewhere.restore(archive)
    assert (elsewhere.home / "secret").read_text() == "s" * 40
    assert (elsewhere.home / "mail" / "one.eml").read_text() == "Dear Alex"
    assert {(elsewhere.home / each).stat().st_mode & 0o777 for each in ("secret", "mail/one.eml")} == {0o600}


def test_one_bit_that_is_another_one_is_found_wherever_it_is(archive: Path, elsewhere: Elsewhere) -> None:
    whole = archive.read_bytes()
    drawn = random.Random(7)
    regions = range(0, len(whole), max(1, len(whole) // 60))
    places = {*(drawn.randrange(each, min(each + regions.step, len(whole))) for each in regions), 0, 4, len(whole) - 1}
    for place in sorted(places):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << drawn.randrange(8)
        archive.write_bytes(flipped)
        assert "cannot be restored" in refused(elsewhere, archive), place


def test_one_that_ends_too_early_or_goes_on_too_long_is_no_backup(archive: Path, elsewhere: Elsewhere) -> None:
    whole = archive.read_bytes()
    for length in (0, 1, 70, 71, len(whole) // 2, len(whole) - 71, len(whole) - 1):
        archive.write_bytes(whole[:length])
        refused(elsewhere, archive)
    archive.write_bytes(whole + b"\0")
    assert "its end is missing" in refused(elsewhere, archive)


def rewritten(archive: Path, change: Callable[[Members, dict[str, Any]], None]) -> Path:
    """As somebody makes it who knows how: other members, with a manifest and digests that fit."""
    with ZipFile(archive) as zipped:
        members = {name: zipped.read(name) for name in zipped.namelist()}
    manifest = json.loads(members.pop(MANIFEST))
    change(members, manifest)
    with ZipFile(archive, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
        zipped.writestr(MANIFEST, json.dumps(manifest))
        zipped.comment = b"sha256:" + b"0" * 64
    whole = archive.read_bytes()[:-64]
    archive.write_bytes(whole + sha256(whole).hexdigest().encode())
    return archive


def _put(members: Members, manifest: dict[str, Any], name: str, content: bytes, rows: int | None = None) -> None:
    members[name] = content
    manifest["members"][name] = {"size": len(content), "sha256": sha256(content).hexdigest(), "rows": rows}


def test_what_is_written_anew_and_fits_is_restored(archive: Path, elsewhere: Elsewhere) -> None:
    elsewhere.restore(rewritten(archive, lambda members, manifest: None))
    assert (elsewhere.home / "secret").exists()


@pytest.mark.parametrize(
    "name",
    [
        "home/../secret", "home/mail/../../outside", "/etc/outside", "home//outside", "home/mail/..", "home/./secret",
        "home/mail\\..\\outside", "home/outside", "home/mail", "home/tracker.sqlite3", "home/mail/./one.eml",
        "home/mail/one.eml/", "tables/outside.jsonl", "outside",
    ],
)  # fmt: skip
def test_a_member_that_no_backup_has_is_refused_by_its_name(name: str, archive: Path, elsewhere: Elsewhere) -> None:
    rewritten(archive, lambda members, manifest: _put(members, manifest, name, b"out"))
    refused(elsewhere, archive)
    assert not list(elsewhere.home.parent.rglob("outside*"))


def _without_issues(members: Members, manifest: dict[str, Any]) -> None:
    del members["tables/issue.jsonl"], manifest["members"]["tables/issue.jsonl"]


def _with_another_row(members: Members, manifest: dict[str, Any]) -> None:
    members["tables/issue.jsonl"] += members["tables/issue.jsonl"].splitlines(keepends=True)[-1]


def _without_people(members: Members, manifest: dict[str, Any]) -> None:
    columns = members["tables/person.jsonl"].splitlines(keepends=True)[0]
    _put(members, manifest, "tables/person.jsonl", columns, 0)


def _with_a_row_twice(members: Members, manifest: dict[str, Any]) -> None:
    lines = members["tables/person.jsonl"].splitlines(keepends=True)
    _put(members, manifest, "tables/person.jsonl", b"".join([*lines, lines[-1]]), len(lines))


def _with_other_columns(members: Members, manifest: dict[str, Any]) -> None:
    lines = members["tables/person.jsonl"].splitlines(keepends=True)
    _put(members, manifest, "tables/person.jsonl", b"".join([b'["id","password"]\n', *lines[1:]]), len(lines) - 1)


def _with_no_json(members: Members, manifest: dict[str, Any]) -> None:
    _put(members, manifest, "tables/timer.jsonl", members["tables/timer.jsonl"] + b"{\n", 1)


def _with_too_few_values(members: Members, manifest: dict[str, Any]) -> None:
    lines = members["tables/person.jsonl"].splitlines(keepends=True)
    _put(members, manifest, "tables/person.jsonl", b"".join([lines[0], b"[1]\n"]), 1)


def _with_a_strange_moment(members: Members, manifest: dict[str, Any]) -> None:
    content = members["tables/issue.jsonl"].replace(b"2026-04-27T08:00:00+00:00", b"yesterday")
    _put(members, manifest, "tables/issue.jsonl", content, 1)


def _of_another_format(members: Members, manifest: dict[str, Any]) -> None:
    manifest["format"] = 2


def _without_its_moment(members: Members, manifest: dict[str, Any]) -> None:
    del manifest["taken_at"]


@pytest.mark.parametrize(
    "change",
    [
        _without_issues, _with_another_row, _without_people, _with_a_row_twice, _with_other_columns, _with_no_json,
        _with_too_few_values, _with_a_strange_moment, _of_another_format, _without_its_moment,
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_are_refused_with_all_others(
    change: Callable[[Members, dict[str, Any]], None], archive: Path, elsewhere: Elsewhere
) -> None:
    refused(elsewhere, rewritten(archive, change))


def test_one_of_another_version_says_with_which_program_it_is_restored(archive: Path, elsewhere: Elsewhere) -> None:
    rewritten(archive, lambda members, manifest: manifest.update(schema="0001", program="0.1"))
    with pytest.raises(Refused, match=r"tables of migration 0001.*Restore it with the program that made it .0.1."):
        elsewhere.restore(archive)
    assert elsewhere.is_empty


def test_nothing_is_restored_over_what_is_there(archive: Path, elsewhere: Elsewhere, cast: Cast) -> None:
    (elsewhere.home / "secret").write_text("another")
    with pytest.raises(Refused, match="secret is there already, and another one"):
        elsewhere.restore(archive)
    assert [each.name for each in elsewhere.home.glob("[!t]*")] == ["secret"]
    (elsewhere.home / "secret").unlink()
    elsewhere.restore(archive)
    with pytest.raises(Refused, match="not empty: it has rows in partnership"):
        elsewhere.restore(archive)


def test_one_that_was_broken_off_between_files_and_rows_is_taken_up(archive: Path, elsewhere: Elsewhere) -> None:
    (elsewhere.home / "secret").write_text("s" * 40)
    elsewhere.restore(archive)


def test_nothing_is_left_of_a_backup_that_could_not_be_written(
    db: Database, cast: Cast, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refused, match="is there already"):
        backed_up(db, archive.with_name("home"))
    archive.unlink()

    def is_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tracker.exchange.backup.archive._seal", is_full)
    with pytest.raises(Refused, match=r"a.backup: No space left on device. No backup was written."):
        backed_up(db, archive.with_name("home"))
    monkeypatch.setattr("tracker.exchange.backup.archive._seal", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        backed_up(db, archive.with_name("home"))
    assert not list(archive.parent.glob("*.part")) + list(archive.parent.glob(".*.part"))
    assert not archive.exists()
    shutil.rmtree(archive.with_name("home"))
