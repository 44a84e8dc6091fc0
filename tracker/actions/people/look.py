"""Attention: what of an issue a person has read, up to what their page showed, and which word of it they want."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from tracker.queries.issues import load
from tracker.queries.story import last_by, last_read, undisturbed
from tracker.records.issue_parts import Attention
from tracker.rules.notices import AttentionWish
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Viewer


def look(session: Session, ref: str, viewer: Viewer, *, entries: int, now: datetime) -> None:
    """They have seen so many entries of the story as they read it, and what they did themselves at this moment. Refuses
    with NotThere what they may not read."""
    found = last_read(session, viewer, ref, entries)
    if found is None:
        raise NotThere(f"There is no issue {ref}.")
    issue, position = found
    _keep(session, viewer, {issue: undisturbed(session, viewer, issue, position, now)})


def look_at_several(session: Session, which: ColumnElement[bool], viewer: Viewer, *, until: datetime) -> None:
    """They have seen all that happened to these issues up to a moment, as far as they read it."""
    _keep(session, viewer, last_by(session, viewer, which, until))


def wish_for(session: Session, ref: str, viewer: Viewer, wish: AttentionWish | None) -> None:
    """They follow an issue, mute it, or neither (None). Refuses with NotThere what they may not read."""
    issue = load(session, ref, viewer)
    kept = session.get(Attention, (viewer.person_id, issue.id))
    if kept is None:
        session.add(Attention(person_id=viewer.person_id, issue_id=issue.id, wish=wish))
    else:
        kept.wish = wish


def _keep(session: Session, viewer: Viewer, looked: Mapping[int, int]) -> None:
    """By issue id, the position up to which they have looked; never back to an earlier one."""
    if not looked:
        return
    insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"person_id": viewer.person_id, "issue_id": each, "looked": looked[each]} for each in sorted(looked)]
    new = insert(Attention).values(rows)
    before = col(Attention.looked)
    later = case((or_(before.is_(None), before < new.excluded.looked), new.excluded.looked), else_=before)
    session.execute(new.on_conflict_do_update(index_elements=["person_id", "issue_id"], set_={"looked": later}))
