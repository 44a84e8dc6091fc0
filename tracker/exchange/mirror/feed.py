"""A page of the feed for an organisation: what it may read, and the places after which others begin."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from tracker.exchange.mirror.entries import (
    FeedCheckpoint,
    FeedEntry,
    FeedEpoch,
    FeedEvent,
    FeedHome,
    FeedLog,
    FeedPage,
    FeedPerson,
    FeedPlace,
    FeedSide,
)
from tracker.queries.administration.tokens import Bearer
from tracker.queries.arrangements import kept_calendars
from tracker.queries.proofs.checkpoints import ended_epochs, key_changes, log_keys, log_of
from tracker.queries.proofs.feed import FeedRows, rows_after, rows_of
from tracker.queries.proofs.openings import OpenedCheckpoint, opened_checkpoints
from tracker.rules.proofs.notes import base64_text
from tracker.rules.refusals import FieldError, NotThere, WrongInput
from tracker.settings.seals import opened, sealed

CURSOR_KEY = "feed cursors"  # what Settings.key is asked for
MOST_CHECKPOINTS = 20  # in a page
SETTLED = timedelta(minutes=1)  # what is being written so long takes its number before others that are seen first
_FOR_GOOD = timedelta(days=36_500)


@dataclass(frozen=True, slots=True)
class FeedCursor:
    """How far a feed was read: the number of an event and the size of a checkpoint. Sealed, since a number would count
    what others keep to themselves."""

    event: int = 0
    checkpoint: int = 0

    def sealed(self, key: bytes, now: datetime) -> str:
        return sealed(f"{self.event} {self.checkpoint}", key, now=now)

    @classmethod
    def opened(cls, seal: str, key: bytes, now: datetime) -> "FeedCursor":
        """Refuses with WrongInput what this server has not sealed; "" is the beginning."""
        if not seal:
            return cls()
        text = opened(seal, key, now=now, lives=_FOR_GOOD)
        if text is None:
            reason = "This is no place of this feed. Leave it out to begin at the beginning."
            raise WrongInput(FieldError("after", reason))
        return cls(*map(int, text.split()))


def feed_page(session: Session, bearer: Bearer, after: str, most: int, *, key: bytes, now: datetime) -> FeedPage:
    """What happened after a place, and once all of it is told, the checkpoints. What happened in the last minute the
    next page tells again, unless it fills one."""
    cursor, viewer, home = FeedCursor.opened(after, key, now), bearer.viewer, bearer.agreed.id
    rows = rows_after(session, viewer, home, cursor.event, most)
    checkpoints: tuple[OpenedCheckpoint, ...] = ()
    if not rows.more:
        checkpoints = opened_checkpoints(session, viewer, home, cursor.checkpoint, MOST_CHECKPOINTS)
    seen = checkpoints[-1].size if checkpoints else cursor.checkpoint
    place = FeedCursor(rows.until if rows.more else _settled(rows, cursor.event, now), seen)
    entries = (*_happened(rows, bearer), *map(_checkpoint, checkpoints))
    more = rows.more or len(checkpoints) == MOST_CHECKPOINTS
    return _page(session, bearer, entries, place.sealed(key, now), more=more)


def issue_page(
    session: Session, bearer: Bearer, ref: str, after: str, most: int, *, key: bytes, now: datetime
) -> FeedPage:
    """The same of one issue, from its beginning. Refuses with NotThere."""
    cursor = FeedCursor.opened(after, key, now)
    rows = rows_of(session, bearer.viewer, bearer.agreed.id, ref, cursor.event, most)
    if not rows.events and not after:
        raise NotThere(f"There is no issue {ref}.")
    place = FeedCursor(rows.until, cursor.checkpoint).sealed(key, now)
    return _page(session, bearer, tuple(_happened(rows, bearer)), place, more=rows.more)


def home_of(session: Session, bearer: Bearer) -> FeedHome:
    """The organisation that asks, as a copy of its own needs it. Who has still to accept an invitation, or has left, is
    not among its people."""
    agreed, calendars = bearer.agreed, kept_calendars(session, bearer.agreed.id)
    home = agreed.organisations[bearer.organisation_id].key
    sides = (
        FeedSide(
            id=each.id,
            key=each.key,
            name=each.name,
            position=each.position,
            calendar=calendars[each.id],
            retired=each.retired,
        )
        for each in agreed.organisations.values()
    )
    people = (
        FeedPerson(email=each.email, name=each.called_in(home), roles=tuple(sorted(each.roles[home])))
        for each in agreed.people.values()
        if home in each.roles and not each.retired
    )
    return FeedHome(
        partnership=agreed.key,
        name=agreed.name,
        zone=agreed.zone,
        organisation=home,
        sides=tuple(sides),
        people=tuple(sorted(people, key=lambda each: each.email)),
    )


def _page(session: Session, bearer: Bearer, entries: tuple[FeedEntry, ...], place: str, *, more: bool) -> FeedPage:
    return FeedPage(
        partnership=bearer.agreed.key,
        organisation=bearer.agreed.organisations[bearer.organisation_id].key,
        log=_log(session, bearer.agreed.id),
        entries=entries,
        next=place,
        more=more,
    )


def _log(session: Session, partnership_id: int) -> FeedLog | None:
    log = log_of(session, partnership_id)
    if log is None:
        return None
    keys = tuple(map(str, log_keys(session, log.origin)))
    ended = tuple(FeedEpoch(origin=origin, size=size) for origin, size in ended_epochs(session, partnership_id))
    return FeedLog(
        origin=log.origin,
        size=log.size,
        root=base64_text(log.tree.root),
        keys=keys,
        changes=key_changes(session, partnership_id),
        ended=ended,
    )


def _settled(rows: FeedRows, after: int, now: datetime) -> int:
    """The number of the last event before the first that somebody may still write beside."""
    recent: list[int] = [row.id for row in rows.events if row.at > now - SETTLED]
    every: list[int] = [row.id for row in rows.events]
    return max(after, min(recent) - 1 if recent else max(every, default=after))


def _happened(rows: FeedRows, bearer: Bearer) -> list[FeedEntry]:
    told = [(row.id, FeedEntry(issue=row.ref, event=FeedEvent.of(row, bearer.viewer))) for row in rows.events]
    left = [(number, FeedEntry(issue=ref, left=True)) for number, ref in rows.left]
    return [entry for _, entry in sorted((*told, *left), key=lambda each: each[0])]


def _checkpoint(each: OpenedCheckpoint) -> FeedEntry:
    places = tuple(FeedPlace.of(place, each.refs) for place in each.places)
    return FeedEntry(checkpoint=FeedCheckpoint(size=each.size, note=each.note, leaf=each.leaf, places=places))
