"""The folder channel: where no mail server is set, each message becomes a file that leads can read on screen."""

import os
from datetime import datetime
from pathlib import Path

from tracker.post.message import message_of
from tracker.post.site import Site
from tracker.rules.letters import Letter, SignInLetter, Undelivered, file_name


class Folder:
    """Writes `.eml` files, readable by their owner alone. A message that is written again takes its own place."""

    name = "folder"

    def __init__(self, folder: Path, site: Site) -> None:
        self._folder, self._site = folder, site

    def send(self, letter: Letter | SignInLetter, now: datetime) -> None:
        """Refuses with Undelivered where the folder cannot be written."""
        whole = message_of(letter, self._site, now).as_bytes()
        kept = self._folder / file_name(letter)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = kept.with_suffix(f".{os.getpid()}")
            draft.touch(mode=0o600)
            draft.write_bytes(whole)
            draft.replace(kept)
        except OSError as error:
            raise Undelivered(f"the mail folder cannot be written: {error.strerror}", nobody_there=True) from error

    def close(self) -> None:
        """Nothing is open between two files."""
