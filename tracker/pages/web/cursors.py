"""Places in a list, as addresses have them: the next page begins beyond one, the page before ends in front of one."""

import re
from datetime import UTC, datetime

from tracker.queries.issue_lines import IssueRow
from tracker.queries.issue_list import Place
from tracker.rules.refusals import FieldError, WrongInput

_PLACE = re.compile(r"(?:([0-9]{1,17})-)?([0-9]{1,18})")
_EVERY_ID = 2**31 - 1


def key_of(row: IssueRow) -> str:
    """The place of a row: its moment in microseconds, and its id."""
    at = row.raised_at - datetime(1970, 1, 1, tzinfo=UTC)
    return f"{(at.days * 86_400 + at.seconds) * 1_000_000 + at.microseconds}-{row.id}"


def place_of(key: str, name: str) -> Place | None:
    """Where a page begins; None for "". Refuses a key that no list gave out."""
    if not key:
        return None
    found = _PLACE.fullmatch(key)
    if found is None or int(found[2]) > _EVERY_ID:
        raise WrongInput(FieldError(name, "This page of the list cannot be found: begin at its first."))
    moment = datetime.fromtimestamp(int(found[1]) // 1_000_000, UTC) if found[1] else None
    return Place(moment.replace(microsecond=int(found[1]) % 1_000_000) if moment else None, int(found[2]))
