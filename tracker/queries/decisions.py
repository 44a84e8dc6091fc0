"""What a person may see of decisions: the one builder of who may read, loading one to change it, rows for pages."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import aliased, selectinload
from sqlmodel import Session, col

from tracker.database import straight
from tracker.queries.issues import READERS, one_of, visible_issues
from tracker.records.columns import among
from tracker.records.decision import Decision, DecisionIssue, DecisionSide, DecisionSubject
from tracker.records.issue import Issue
from tracker.rules.deciding import DecisionState, SubjectKind, is_past_due, say_standing
from tracker.rules.refusals import NotThere
from tracker.rules.rings import Viewer

PAGE = 50
_Owner = aliased(DecisionSide, name="owner")
FOUND = 5  # precedents that are shown


class Owner(NamedTuple):
    """Who owns a decision for an organisation that took it, as they were called then."""

    organisation_id: int
    person_id: int
    name: str


class DecisionRow(NamedTuple):
    """What a list shows of a decision, in the order of its columns."""

    id: int
    number: int
    body_id: int
    what: str
    changes_agreement: bool
    decided_on: date
    due_on: date
    state: DecisionState
    ended_on: date | None
    superseded_by: int | None
    owners: tuple[Owner, ...] = ()

    def is_past_due(self, today: date) -> bool:
        return is_past_due(self.state, self.due_on, today)

    def standing(self, today: date) -> str:
        """How it stands, in words."""
        return say_standing(self.state, self.due_on, self.ended_on, self.superseded_by, today)


COLUMNS: tuple[Any, ...] = tuple(getattr(Decision, name) for name in DecisionRow._fields if name != "owners")


@dataclass(frozen=True, slots=True)
class ReportedDecision:
    """A decision as a report tells of it. `what`, `owners`: empty for whoever gets figures without texts. `ended_on`:
    the day it was done, withdrawn or replaced, as it is then (`state`)."""

    number: int
    what: str
    decided_on: date
    due_on: date
    state: DecisionState
    ended_on: date | None
    superseded_by: int | None
    themes: tuple[str, ...]
    clauses: tuple[str, ...]
    owners: tuple[str, ...] = ()

    @property
    def done_on(self) -> date | None:
        return self.ended_on if self.state is DecisionState.DONE else None

    def is_past_due(self, today: date) -> bool:
        return is_past_due(self.state, self.due_on, today)

    def standing(self, today: date) -> str:
        """“due Fri 29 May”, “past due since ...”, “done on ...”, “replaced by decision 7”."""
        return say_standing(self.state, self.due_on, self.ended_on, self.superseded_by, today)


@lru_cache(maxsize=READERS)
def visible_decisions(viewer: Viewer) -> ColumnElement[bool]:
    """The condition on `Decision` under which this person may read it: they are of an organisation that took it, or
    a member of the body. Of the issues it names they see those that they may see anyway."""
    side = (
        col(DecisionSide.decision_id) == col(Decision.id),
        one_of(DecisionSide.organisation_id, viewer.organisation_ids),
    )
    return or_(exists().where(*side), one_of(Decision.body_id, viewer.bodies))


def load_decision(
    session: Session, partnership_id: int, number: int, viewer: Viewer, *, for_change: bool = False
) -> Decision:
    """One decision with its parts; for a change, locked. Refuses with `NotThere` what this person may not see."""
    asked = select(Decision).where(
        col(Decision.partnership_id) == partnership_id, col(Decision.number) == number, visible_decisions(viewer)
    )
    parts = ("sides", "subjects", "issues", "timers") if for_change else ("sides", "subjects")
    asked = asked.options(*(selectinload(getattr(Decision, part)) for part in parts))
    if for_change:
        asked = asked.with_for_update(of=Decision).execution_options(populate_existing=True)
    found = session.scalars(asked).one_or_none()
    if found is None:
        raise NotThere(f"There is no decision {number}.")
    return found


def open_decisions(session: Session, viewer: Viewer, partnership_id: int) -> tuple[DecisionRow, ...]:
    """Those that still stand, the one due first at the head."""
    asked = _mine(viewer, partnership_id).where(col(Decision.state) == DecisionState.OPEN)
    return decision_rows(session, asked.order_by(col(Decision.due_on), col(Decision.number)))


def ended_decisions(
    session: Session, viewer: Viewer, partnership_id: int, before: int | None = None
) -> tuple[DecisionRow, ...]:
    """A page of those that are over, the newest number first; one more than a page where there are more."""
    asked = _mine(viewer, partnership_id).where(col(Decision.state) != DecisionState.OPEN)
    if before is not None:
        asked = asked.where(col(Decision.number) < before)
    return decision_rows(session, asked.order_by(col(Decision.number).desc()).limit(PAGE + 1))


def followed(
    session: Session, viewer: Viewer | None, partnership_id: int
) -> tuple[tuple[date, date, date | None], ...]:
    """Decided on, due on and done on (None: not yet) of every decision that stands or is done: of those that a viewer
    may read, and for figures without a viewer of all."""
    dates: Any = select(col(Decision.decided_on), col(Decision.due_on), col(Decision.ended_on))
    kept = (DecisionState.OPEN, DecisionState.DONE)
    mine = (col(Decision.partnership_id) == partnership_id, *((visible_decisions(viewer),) if viewer else ()))
    return tuple(tuple(row) for row in straight(session).execute(dates.where(*mine, col(Decision.state).in_(kept))))


def open_on_body(session: Session, viewer: Viewer, body_id: int) -> tuple[DecisionRow, ...]:
    """What a body decided and is not over: for its page."""
    asked = _seen(viewer).where(col(Decision.body_id) == body_id, col(Decision.state) == DecisionState.OPEN)
    return _rows(session, asked.order_by(col(Decision.due_on), col(Decision.number)))


def past_due_on(session: Session, viewer: Viewer, body_id: int, today: date) -> tuple[DecisionRow, ...]:
    """What a body decided that should have been done by now, the longest due first, with the owners."""
    late = (col(Decision.state) == DecisionState.OPEN, col(Decision.due_on) < today)
    asked = _seen(viewer).where(col(Decision.body_id) == body_id, *late)
    return decision_rows(session, asked.order_by(col(Decision.due_on), col(Decision.number)))


def decisions_about(session: Session, viewer: Viewer, issue_id: int) -> tuple[DecisionRow, ...]:
    """The decisions that concern an issue, oldest first. Whose page it is has been asked already."""
    return _rows(session, _about(viewer), issue=issue_id)


def precedents(
    session: Session,
    viewer: Viewer,
    partnership_id: int,
    *,
    themes: Collection[str],
    clauses: Collection[str],
    topics: Collection[str],
) -> tuple[DecisionRow, ...]:
    """Earlier decisions on one of these themes, clauses or topics, the newest first; at most FOUND."""
    wanted = {SubjectKind.THEME: themes, SubjectKind.CLAUSE: clauses, SubjectKind.TOPIC: topics}
    of_kind = [
        and_(col(DecisionSubject.kind) == kind, col(DecisionSubject.key).in_(keys))
        for kind, keys in wanted.items()
        if keys
    ]
    if not of_kind:
        return ()
    same = exists().where(col(DecisionSubject.decision_id) == col(Decision.id), or_(*of_kind))
    newest = (col(Decision.decided_on).desc(), col(Decision.number).desc())
    return decision_rows(session, _mine(viewer, partnership_id).where(same).order_by(*newest).limit(FOUND))


def decisions_on_themes(
    session: Session, partnership_id: int, viewer: Viewer | None, *, start: date | None = None, end: date | None = None
) -> tuple[ReportedDecision, ...]:
    """Every decision on a theme, oldest first, those taken from `start` up to, not including, `end`; one statement.

    With a viewer, those that they may read; without one, for figures and references, all of them without words.
    Withdrawn ones are left out.
    """
    asked = (
        select(*_DECIDED, col(DecisionSubject.kind), col(DecisionSubject.key), col(_Owner.owner_name))
        .join(DecisionSubject, col(DecisionSubject.decision_id) == col(Decision.id))
        .join(_Owner, col(_Owner.decision_id) == col(Decision.id))
        .where(col(Decision.partnership_id) == partnership_id, col(Decision.state) != DecisionState.WITHDRAWN)
        .order_by(col(Decision.decided_on), col(Decision.number), col(DecisionSubject.key), col(_Owner.position))
    )
    if viewer is not None:
        asked = asked.where(visible_decisions(viewer))
    if start is not None:
        asked = asked.where(col(Decision.decided_on) >= start)
    if end is not None:
        asked = asked.where(col(Decision.decided_on) < end)
    return tuple(_grouped(straight(session).execute(asked), with_words=viewer is not None))


def issues_of(session: Session, viewer: Viewer, decision_id: int) -> tuple[Row[Any], ...]:
    """The issues a decision concerns that this person may see, in the order of their numbers: ref, title, state."""
    asked = (
        select(col(Issue.ref), col(Issue.title), col(Issue.state))
        .join(DecisionIssue, col(DecisionIssue.issue_id) == col(Issue.id))
        .where(col(DecisionIssue.decision_id) == decision_id, visible_issues(viewer))
        .order_by(col(Issue.number))
    )
    return tuple(straight(session).execute(asked))


def decision_rows(session: Session, statement: Select[Any], **parameters: Any) -> tuple[DecisionRow, ...]:
    """The rows of a statement over COLUMNS with their owners: two statements in all."""
    rows = _rows(session, statement, **parameters)
    owners: dict[int, list[Owner]] = {row.id: [] for row in rows}
    for decision_id, *owner in straight(session).execute(_OWNERS, {"ids": list(owners)}) if rows else ():
        owners[decision_id].append(Owner(*owner))
    return tuple(row._replace(owners=tuple(owners[row.id])) for row in rows)


def _rows(session: Session, statement: Select[Any], **parameters: Any) -> tuple[DecisionRow, ...]:
    session.flush()
    return tuple(DecisionRow(*row) for row in straight(session).execute(statement, parameters))


def _grouped(rows: Iterable[Row[Any]], *, with_words: bool) -> Iterable[ReportedDecision]:
    found: dict[int, list[Row[Any]]] = {}
    for row in rows:
        found.setdefault(row.number, []).append(row)
    for same in found.values():
        row, owners = same[0], dict.fromkeys(each.owner_name for each in same)
        keys = {kind: tuple(dict.fromkeys(each.key for each in same if each.kind is kind)) for kind in SubjectKind}
        if keys[SubjectKind.THEME]:
            yield ReportedDecision(
                *(row.number, row.what if with_words else "", row.decided_on, row.due_on, row.state, row.ended_on),
                row.superseded_by,
                themes=keys[SubjectKind.THEME],
                clauses=keys[SubjectKind.CLAUSE],
                owners=tuple(owners) if with_words else (),
            )


def _mine(viewer: Viewer, partnership_id: int) -> Select[Any]:
    return _seen(viewer).where(col(Decision.partnership_id) == partnership_id)


def _seen(viewer: Viewer) -> Select[Any]:
    return select(*COLUMNS).where(visible_decisions(viewer))


@lru_cache(maxsize=READERS)
def _about(viewer: Viewer) -> Select[Any]:
    """Issues themselves are not asked for: whoever asks has one before them."""
    names = select(col(DecisionIssue.decision_id)).where(col(DecisionIssue.issue_id) == bindparam("issue"))
    return _seen(viewer).where(col(Decision.id).in_(names)).order_by(col(Decision.number))


_DECIDED = tuple(
    getattr(Decision, name) for name in ("number", "what", "decided_on", "due_on", "state", "ended_on", "superseded_by")
)
_OWNERS: Any = (
    select(*(getattr(DecisionSide, name) for name in ("decision_id", "organisation_id", "owner_id", "owner_name")))
    .where(among(col(DecisionSide.decision_id)))
    .order_by(col(DecisionSide.decision_id), col(DecisionSide.position))
)


def owned_decisions(session: Session, viewer: Viewer, partnership_ids: Iterable[int]) -> tuple[DecisionRow, ...]:
    """What this person owns in these partnerships and has not seen done, the one due first at the head; one statement,
    without the owners.

    It looks through what the person's organisations decided, by the index of who may read: few, next to issues.
    """
    return _rows(session, _owned(viewer), person=viewer.person_id, partnerships=sorted(partnership_ids))


@lru_cache(maxsize=READERS)
def _owned(viewer: Viewer) -> Select[Any]:
    mine = exists().where(
        col(DecisionSide.decision_id) == col(Decision.id),
        one_of(DecisionSide.organisation_id, viewer.organisation_ids),
        col(DecisionSide.owner_id) == bindparam("person"),
    )
    here = among(col(Decision.partnership_id), "partnerships")
    asked = _seen(viewer).where(mine, here, col(Decision.state) == DecisionState.OPEN)
    return asked.order_by(col(Decision.due_on), col(Decision.number), col(Decision.id))
