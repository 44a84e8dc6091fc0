"""Cursors of a list, as addresses have them: the next page begins beyond one, the page before ends in front of one."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from tracker.queries.issue_lines import IssueRow
from tracker.queries.issue_list import Cursor
from tracker.records.columns import HIGHEST
from tracker.rules.refusals import FieldError, WrongInput

_CURSOR = re.compile(r"(?:([0-9]{1,17})-)?([0-9]{1,18})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def cursor_text(row: IssueRow) -> str:
    """Of a row: its moment in microseconds, and its id."""
    return f"{(row.raised_at - _EPOCH) // timedelta.resolution}-{row.id}"


def read_cursors(query: Mapping[str, str]) -> tuple[Cursor | None, Cursor | None]:
    """After which issue a page begins, or before which it ends. Refuses what no list gave out: WrongInput."""
    return _read(query.get("after", ""), "after"), _read(query.get("before", ""), "before")


def _read(text: str, name: str) -> Cursor | None:
    if not text:
        return None
    parts = _CURSOR.fullmatch(text)
    if parts is None or int(parts[2]) > HIGHEST:
        raise WrongInput(FieldError(name, "This page of the list cannot be found: begin at its first."))
    at = _EPOCH + int(parts[1]) * timedelta.resolution if parts[1] else None
    return Cursor(at, int(parts[2]))
