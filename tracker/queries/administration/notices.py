"""What became of the notices of a partnership, as one of its leads may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, case, cast, exists, not_, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.queries.issues import readable_events, visible_issues
from tracker.queries.partnership_events import readable_apart
from tracker.records.event import Event, told_event
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.records.notice import Notice
from tracker.rules import names
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.redaction import Redacted, WordsHidden
from tracker.rules.events.resolution import unlinked
from tracker.rules.notices import NoticeState
from tracker.rules.rings import Ring, Viewer

PAGE = 50


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One notice. Of an issue that its reader may not see only the reference: title and sentence are "".

    What was told to people of other organisations in one letter with something else reads as sent: with what is theirs.

    `to`: a name, or the organisation where whoever raised the issue keeps theirs inside. `message_id`: of the letter
    that carries it, where its reader may read that; else "". `cursor`: by which a page begins beyond it.
    """

    cursor: str
    made_at: datetime
    to: str
    ref: str
    title: str
    sentence: str
    state: NoticeState
    why: str
    due_at: datetime
    sent_at: datetime | None
    message_id: str = ""


_Carrier = aliased(Notice, name="carrier")
_Before = aliased(Notice, name="before")
_Later = aliased(Event, name="later")
_NOTICE = ("person_id", "made_at", "state", "why", "due_at", "sent_at")
_EVENT = ("kind", "details", "words", "hashes", "person_id")
_ISSUE = ("ref", "title", "hide_reporter", "raised_by_id", "raised_for_id")


def notice_lines(
    session: Session,
    lead: Viewer,
    arrangement: Arrangement,
    *,
    before: str = "",
    state: NoticeState | None = None,
) -> tuple[NoticeLine, ...]:
    """A page of them, newest first. The caller has made sure that a lead of the partnership asks."""
    statement = (
        select(
            *(getattr(Notice, name) for name in _NOTICE),
            col(Notice.message_id).label("cursor"),
            *(col(getattr(Event, name)).label(f"event_{name}") for name in _EVENT),
            *(getattr(Issue, name) for name in _ISSUE),
            col(_Carrier.message_id).label("message_id"),
            _may_read(lead).label("may_read"),
            _is_whole().label("is_whole"),
        )
        .join(Event, col(Event.id) == col(Notice.event_id))
        .join(Issue, col(Issue.id) == col(Notice.issue_id), isouter=True)
        .join(_Carrier, col(_Carrier.id) == col(Notice.letter_id), isouter=True)
        .where(col(Notice.partnership_id) == arrangement.id)
        .where(or_(_may_read(lead), _may_know_of(lead, arrangement)), *_wanted(lead, arrangement, before, state))
        .order_by(col(Notice.id).desc())
        .limit(PAGE)
    )
    return tuple(_line(row, lead, arrangement) for row in session.execute(statement))


def may_read_letter(session: Session, lead: Viewer, arrangement: Arrangement, message_id: str) -> bool:
    """Whether there is such a letter, to somebody of the lead's own organisation alone, about nothing but what the
    lead may read, and from which no words were taken out since: it was written for its reader, and names what is not
    for other organisations."""
    letter = (col(Notice.message_id) == message_id, col(Notice.partnership_id) == arrangement.id)
    carrier = select(col(Notice.id)).where(*letter)
    found = (
        select(col(Notice.person_id), and_(_may_read(lead), _is_whole()))
        .join(Event, col(Event.id) == col(Notice.event_id))
        .join(Issue, col(Issue.id) == col(Notice.issue_id), isouter=True)
        .where(col(Notice.letter_id) == carrier.scalar_subquery())
    )
    rows = session.execute(found).all()
    return bool(rows) and all(may and _is_ones_own(person, lead, arrangement) for person, may in rows)


def failed_notices(lead: Viewer, arrangement: Arrangement, only: str | None = None) -> Select[int]:
    """The ids of those that failed, as far as the lead may know of them: the one that a line names, or all."""
    may_know = or_(_may_read(lead), _may_know_of(lead, arrangement))
    statement = (
        select(col(Notice.id))
        .join(Event, col(Event.id) == col(Notice.event_id))
        .join(Issue, col(Issue.id) == col(Notice.issue_id), isouter=True)
        .where(col(Notice.partnership_id) == arrangement.id, col(Notice.state) == NoticeState.FAILED, may_know)
    )
    return statement if only is None else statement.where(col(Notice.message_id) == only)


def _wanted(
    lead: Viewer, arrangement: Arrangement, before: str, state: NoticeState | None
) -> list[ColumnElement[bool]]:
    here = (col(_Before.message_id) == before, col(_Before.partnership_id) == arrangement.id)
    older = [col(Notice.id) < select(col(_Before.id)).where(*here).scalar_subquery()] if before else []
    became = case(
        (_is_folded_elsewhere(lead, arrangement), NoticeState.SENT.value), else_=cast(col(Notice.state), String)
    )
    return [*older, became == state.value] if state else older


def _is_folded_elsewhere(lead: Viewer, arrangement: Arrangement) -> ColumnElement[bool]:
    return and_(col(Notice.state) == NoticeState.FOLDED, col(Notice.person_id).not_in(_own_people(lead, arrangement)))


def _may_read(lead: Viewer) -> ColumnElement[bool]:
    apart = and_(col(Notice.issue_id).is_(None), readable_apart(lead))
    return or_(apart, and_(col(Notice.issue_id).is_not(None), visible_issues(lead), readable_events(lead)))


def _is_whole() -> ColumnElement[bool]:
    """The condition on `Notice`: no words were taken out of its issue since it was made, which its letter may have."""
    gone = (col(_Later.kind).in_((Redacted.name, WordsHidden.name)), col(_Later.at) >= col(Notice.made_at))
    return not_(exists().where(col(_Later.issue_id) == col(Notice.issue_id), *gone))


def _may_know_of(lead: Viewer, arrangement: Arrangement) -> ColumnElement[bool]:
    """Of an issue of their side that concerns a person, a lead knows that their own people were told of it."""
    own = _own_people(lead, arrangement)
    of_my_side = select(col(IssueSide.issue_id)).where(col(IssueSide.organisation_id).in_(lead.organisation_ids))
    return and_(col(Notice.person_id).in_(own), col(Event.ring) == Ring.SHARED, col(Notice.issue_id).in_(of_my_side))


def _own_people(lead: Viewer, arrangement: Arrangement) -> list[int]:
    return [person for person in arrangement.people if _is_ones_own(person, lead, arrangement)]


def _is_ones_own(person_id: int, lead: Viewer, arrangement: Arrangement) -> bool:
    """Whether somebody belongs to organisations of the lead and to no other."""
    person = arrangement.people.get(person_id)
    roles: Iterable[str] = person.roles if person else ()
    mine = {each.organisation_key for each in lead.in_partnership(arrangement.id)}
    return bool(roles) and set(roles) <= mine


def _line(row: Row[Any], lead: Viewer, arrangement: Arrangement) -> NoticeLine:
    own = _is_ones_own(row.person_id, lead, arrangement)
    elsewhere = row.state is NoticeState.FOLDED and not own
    return NoticeLine(
        cursor=row.cursor,
        made_at=row.made_at,
        to=_name(row.person_id, row, lead, arrangement),
        ref=row.ref or "",
        title=(row.title or "") if row.may_read else "",
        sentence=_sentence(row, lead),
        state=NoticeState.SENT if elsewhere else row.state,
        why="" if elsewhere else row.why,
        due_at=row.due_at,
        sent_at=row.sent_at,
        message_id=(row.message_id or "") if own and row.may_read and row.is_whole else "",
    )


def _sentence(row: Row[Any], lead: Viewer) -> str:
    if not row.may_read:
        return ""
    who = names.doer_name(row.event_kind, row.event_person_id, row.event_words, row, lead)
    return unlinked(told_event(row.event_kind, row.event_details, row.event_words, row.event_hashes)).sentence(who)


def _name(person_id: int, row: Row[Any], lead: Viewer, arrangement: Arrangement) -> str:
    if not names.may_know(person_id, row, lead):
        return names.somebody_at(arrangement.organisations[row.raised_for_id].name)
    return names.person_name(person_id, arrangement)
