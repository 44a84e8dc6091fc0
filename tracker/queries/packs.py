"""What a person may see of packs: the one builder of who may read, and loading one."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select, true
from sqlmodel import Session, col

from tracker.measures.periods import in_words, period
from tracker.queries.decisions import COLUMNS as DECISION_COLUMNS
from tracker.queries.decisions import DecisionRow, decision_rows, visible_decisions
from tracker.queries.issue_lines import COLUMNS as ISSUE_COLUMNS
from tracker.queries.issue_lines import IssueRow, issue_rows
from tracker.queries.issues import EVENT_COLUMNS, READERS, by_issue, visible_issues
from tracker.records.columns import among
from tracker.records.decision import Decision
from tracker.records.event import Event
from tracker.records.governance import Seat
from tracker.records.issue import Issue
from tracker.records.note import Note
from tracker.records.pack import Pack
from tracker.rules.deciding import DecisionState
from tracker.rules.events.issue import Amended, Raised
from tracker.rules.events.kinds import asides
from tracker.rules.events.papers import PaperOpened
from tracker.rules.packs import Content, DecisionNow, named_in
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Ring, Role, Viewer


class PackRow(NamedTuple):
    """What a list shows of a pack, in the order of its columns."""

    number: int
    body_id: int
    meets_at: Any
    period: str
    published_at: Any
    published_by: str

    @property
    def period_text(self) -> str:
        return in_words(period(self.period)) if self.period else "the twelve months before it is published"


COLUMNS: tuple[Any, ...] = tuple(getattr(Pack, name) for name in PackRow._fields)
_HEADLINES: Any = col(Pack.content)[("themes", "headlines")]
_LISTED = 100
_KEPT = col(Pack.discarded_at).is_(None)


@lru_cache(maxsize=READERS)
def visible_packs(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Pack` under which this person may read it: a member of the body, or a lead of an organisation
    that is seated on it. Of its agenda each sees only the issues that they may see."""
    led = [each.organisation_id for each in viewer.memberships if Role.LEAD in each.roles]
    seated = (
        col(Seat.body_id) == col(Pack.body_id),
        col(Seat.organisation_id).in_(led),
        col(Seat.retired_at).is_(None),
    )
    return or_(col(Pack.body_id).in_(viewer.bodies), exists().where(*seated))


def load_pack(session: Session, partnership_id: int, number: int, viewer: Viewer, *, for_change: bool = False) -> Pack:
    """One pack; for a change, locked. Refuses with `NotThere` what this person may not see, and what was discarded."""
    mine = (col(Pack.partnership_id) == partnership_id, col(Pack.number) == number, visible_packs(viewer))
    asked = select(Pack).where(*mine, _KEPT)
    if for_change:
        asked = asked.with_for_update(of=Pack).execution_options(populate_existing=True)
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise NotThere(f"There is no pack {number}.")
    return found


def last_published(session: Session, body_id: int, before: datetime) -> Row[Any] | None:
    """Of the body's newest published pack of a meeting before that moment: when it met, and the headlines of its theme
    report (None: it has none), which are the same for all who read totals."""
    mine = (col(Pack.body_id) == body_id, col(Pack.published_at).is_not(None), col(Pack.meets_at) < before, _KEPT)
    shown: tuple[Any, ...] = (col(Pack.meets_at), _HEADLINES.label("headlines"))
    return session.execute(select(*shown).where(*mine).order_by(col(Pack.meets_at).desc()).limit(1)).first()


def pack_rows(session: Session, viewer: Viewer, partnership_id: int) -> tuple[PackRow, ...]:
    """The packs of a partnership that this person may read, the newest first."""
    asked = select(*COLUMNS).where(col(Pack.partnership_id) == partnership_id, visible_packs(viewer), _KEPT)
    return tuple(PackRow(*row) for row in session.execute(asked.order_by(col(Pack.number).desc()).limit(_LISTED)))


def last_before(session: Session, pack: Pack) -> Pack | None:
    """The body's last published pack of an earlier meeting."""
    earlier = (
        col(Pack.body_id) == pack.body_id,
        col(Pack.meets_at) < pack.meets_at,
        col(Pack.published_at).is_not(None),
    )
    return session.scalars(select(Pack).where(*earlier).order_by(col(Pack.meets_at).desc()).limit(1)).first()


MOST = 200  # issues on one agenda
TOLD = 8  # events of each issue that tell its story
QUOTED = 3  # notes of each issue that are quoted whole


def issues_on(session: Session, pack: Pack, viewer: Viewer | None) -> tuple[IssueRow, ...]:
    """The unresolved issues on the pack's body that crossed, oldest limit first. Without a viewer, all of them: for the
    frozen pack, of which each reader is shown what they may see."""
    mine = true() if viewer is None else visible_issues(viewer)
    oldest = (col(Issue.due_at).nulls_last(), col(Issue.id))
    return issue_rows(session, select(*ISSUE_COLUMNS).where(_is_on(pack.body_id), mine).order_by(*oldest).limit(MOST))


def stories_of(session: Session, issue_ids: Collection[int]) -> dict[int, list[Row[Any]]]:
    """The last events of each that all its readers share, how it was raised and amended, its papers and its last
    notes, oldest first. `said`: the words of a note; `newest`: counts events back from 1, `nth` notes; with the newest
    event comes the `detail` of the issue. The caller may show these issues."""
    return by_issue(session, _STORIES, issue_ids)


def decisions_for(session: Session, pack: Pack, viewer: Viewer | None) -> tuple[DecisionRow, ...]:
    """What the body decided since the pack before, and what of older decisions is still open."""
    mine = true() if viewer is None else visible_decisions(viewer)
    is_open, since = col(Decision.state) == DecisionState.OPEN, pack.decided_from
    wanted = true() if since is None else or_(is_open, col(Decision.decided_on) >= since)
    asked = select(*DECISION_COLUMNS).where(col(Decision.body_id) == pack.body_id, mine, wanted)
    return decision_rows(session, asked.order_by(col(Decision.number)))


def standing_now(session: Session, viewer: Viewer | None, body_id: int, content: Content) -> tuple[Row[Any], ...]:
    """The issues that a frozen pack names, and those on its body now, that this person may see; without one, all."""
    refs, _ = named_in(content)
    mine = true() if viewer is None else visible_issues(viewer)
    names = ("ref", "title", "state", "outcome", "body_id", "due_at")
    asked = select(*(getattr(Issue, name) for name in names)).where(mine)
    return tuple(session.execute(asked.where(or_(col(Issue.ref).in_(refs), _is_on(body_id))).order_by(col(Issue.id))))


def decisions_now(session: Session, viewer: Viewer | None, pack: Pack, content: Content) -> dict[int, DecisionNow]:
    """The decisions that a frozen pack names and this person may see (without one, all), by number."""
    _, numbers = named_in(content)
    mine = true() if viewer is None else visible_decisions(viewer)
    asked = select(col(Decision.number), col(Decision.state), col(Decision.due_on), col(Decision.what))
    those = (col(Decision.partnership_id) == pack.partnership_id, col(Decision.number).in_(numbers))
    rows = session.execute(asked.where(*those, mine))
    return {number: DecisionNow(state.value, due_on.isoformat(), what) for number, state, due_on, what in rows}


def _is_on(body_id: int) -> ColumnElement[bool]:
    """The condition on `Issue`: it waits on the body, and crossed."""
    return and_(col(Issue.body_id) == body_id, col(Issue.resolved_at).is_(None), col(Issue.ring) != Ring.ORGANISATION)


def _stories() -> Select[Any]:
    last = col(Event.position).desc()
    newest = func.row_number().over(partition_by=col(Event.issue_id), order_by=last)
    nth = func.row_number().over(partition_by=(col(Event.issue_id), col(Note.id).is_(None)), order_by=last)
    note_of = (col(Note.issue_id) == col(Event.issue_id)) & (col(Note.event_position) == col(Event.position))
    said: ColumnElement[str] = col(Note.text).label("said")
    ranked = (
        select(*EVENT_COLUMNS, newest.label("newest"), nth.label("nth"), said)
        .outerjoin(Note, note_of & (col(Note.ring) == Ring.SHARED))
        .where(among(col(Event.issue_id)))
        .where(col(Event.kind).not_in(asides()), col(Event.ring) == Ring.SHARED)
        .subquery()
    )
    wanted = or_(
        ranked.c.newest <= TOLD,
        ranked.c.kind.in_((Raised.name, Amended.name, PaperOpened.name)),
        and_(ranked.c.said.is_not(None), ranked.c.nth <= QUOTED),
    )
    once: ColumnElement[str] = case((ranked.c.newest == 1, col(Issue.detail))).label("detail")
    told = select(ranked, once, col(Issue.raised_by_name)).join(Issue, col(Issue.id) == ranked.c.issue_id)
    return told.where(wanted).order_by(ranked.c.issue_id, ranked.c.position)


_STORIES = _stories()
