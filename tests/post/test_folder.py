"""Writing messages to a folder, where no mail server is set."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.post.conftest import SITE
from tests.post.letters import letter
from tracker.post.folder import Folder
from tracker.rules.letters import Undelivered

NOW = datetime(2026, 4, 27, 8, tzinfo=UTC)


def test_a_message_is_a_file_that_nobody_else_on_the_server_reads(tmp_path: Path) -> None:
    Folder(tmp_path / "mail", SITE).send(letter(), NOW)
    (file,) = (tmp_path / "mail").iterdir()
    assert file.name == f"{'0' * 32}.eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().startswith(b"From: Partnership tracker <tracker@tracker.example>\r\n")


def test_a_message_written_again_takes_its_own_place(tmp_path: Path) -> None:
    channel = Folder(tmp_path, SITE)
    channel.send(letter(), NOW)
    channel.send(letter(), NOW)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_no_fault_of_the_letter(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file in its place")
    with pytest.raises(Undelivered) as refusal:
        Folder(tmp_path / "mail", SITE).send(letter(), NOW)
    assert refusal.value.nobody_there
