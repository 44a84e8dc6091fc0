"""Keeping what a lead typed: under the checks of the charter file, and never over what somebody else has just done."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from tracker.database import Database
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import Change, fingerprint
from tracker.pages.web.parts import FormState
from tracker.queries.administration import last_change
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.refusals import Stale, WrongFile


@dataclass(frozen=True, slots=True)
class EditedEntry:
    """The entry that a form is about. `version`: its fingerprint when the form was drawn, "" for a new one."""

    table: str
    key: str
    version: str


@dataclass(frozen=True, slots=True)
class RevisionAnswer:
    """How it went: nothing to say when it was kept, else the status and the form as it goes back."""

    status: int = 303
    state: FormState | None = None


def keep(
    db: Database, agreed: Arrangement, change: Change, edited: EditedEntry, state: FormState,
    *, actor: Actor, now: datetime, also: Callable[[Session], None] | None = None,
) -> RevisionAnswer:  # fmt: skip
    """The change as one transaction, or the form with what was typed and why it was not kept (422, 409).

    `also`: what else belongs to it; what that refuses goes through, and nothing is kept.
    """

    def unless_stale(charter: Charter) -> Charter:
        if fingerprint(charter, edited.table, edited.key) != edited.version:
            raise Stale("")
        return change(charter)

    try:
        with db.write() as session:
            revise(session, agreed.id, unless_stale, actor=actor, now=now)
            if also:
                also(session)
        return RevisionAnswer()
    except WrongFile as wrong:
        return RevisionAnswer(422, replace(state, problem=" ".join(_said(place) for place in wrong.places), open=True))
    except Stale:
        return RevisionAnswer(409, replace(state, problem=_what_happened(db, agreed, edited), open=True))


def version_of(db: Database, agreed: Arrangement, table: str, key: str) -> str:
    """The fingerprint of an entry as it is now, for the form that will change it."""
    with db.read() as session:
        return fingerprint(kept(session, agreed.id), table, key)


def _what_happened(db: Database, agreed: Arrangement, edited: EditedEntry) -> str:
    with db.read() as session:
        happened = last_change(session, agreed.id, edited.table, edited.key)
    since = f": {happened.sentence}" if happened else ""
    return (
        f"Since you opened this page it was changed{since}. What you typed is below; keep it again to put it over that."
    )


def _said(place: str) -> str:
    """A fault of a charter without the place in the file, which is on screen."""
    words = place.partition(": ")[2] or place
    return f"{words[0].upper()}{words[1:]}."
