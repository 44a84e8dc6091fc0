"""When the post rests: nobody opens, or conversations break off one after the other."""

from datetime import datetime, timedelta

from tracker.rules.letters import Undelivered

RESTS = timedelta(minutes=1)
BROKEN_IN_A_ROW = 2  # after so many conversations that broke off it rests; every letter would hang likewise


class PostRest:
    """Whether the post rests, so that a server in trouble is not asked again for every letter."""

    def __init__(self) -> None:
        self._until: datetime | None = None
        self._broken = 0

    def note(self, refusal: Undelivered | None, now: datetime) -> None:
        """What became of a letter. Any answer of the server ends the row of conversations that broke off."""
        self._broken = self._broken + 1 if refusal and refusal.broken_off else 0
        if refusal and (refusal.nobody_there or self._broken >= BROKEN_IN_A_ROW):
            self._until = now + RESTS

    def lasts(self, now: datetime) -> bool:
        return self._until is not None and now < self._until
