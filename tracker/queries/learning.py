"""What is learnt of issues, from what whoever asks may read alone: how rare words are, and what themes were confirmed.

It is kept in the process by sets of sides, and added up over the sets that somebody's organisations are in. Reading as
a member of a whole body adds nothing; what did not cross or concerns a person is not learnt.

It is learnt beside what is asked: each who asks waits for at most AT_ONCE issues, the newest of their organisations
first, and is answered from what is learnt by then. Whatever happened to an issue, each process forgets it when it is
next asked, and learns it as it is now: so what was redacted is gone, and a side that was removed is told nothing more.
"""

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select
from sqlmodel import Session, col

from tracker.measures.learning import Learnt
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.rules.rings import Ring

AT_ONCE = 500  # issues, learnt in some thirty milliseconds
MOST_ISSUES = 2000  # the newest of an organisation
MOST_LESSONS = 500  # the newest between the same sides
MOST_BYTES = 40_000_000  # of all that a process has learnt; where that is too little, fewer issues are
READ = 1000  # letters of a detail
_MOST_MISSED = 2000  # events: whoever is further behind begins anew
_MAY_COME_LATE = 200  # events: on PostgreSQL a transaction may end after others that began later
_MOST_KEPT = 8  # databases

Sides = frozenset[int]


class Learner:
    """What a process has learnt of one database."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes, self._most_issues = most_bytes, MOST_ISSUES
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._learnt: dict[Sides, Learnt] = {}
        self._sides_of: dict[int, Sides] = {}  # of each issue that is learnt
        self._down_to: dict[int, int] = {}  # of each organisation that asked, the oldest issue looked at; 0: no more
        self._looked_at: dict[int, int] = defaultdict(int)  # issues of an organisation
        self._changed: dict[int, None] = {}  # issues to be learnt anew, in their order
        self._seen: set[int] = set()  # the newest events
        self._begun = False

    def of(self, organisation_ids: Collection[int]) -> list[Learnt]:
        """What these organisations may read."""
        mine = set(organisation_ids)
        return [learnt for sides, learnt in list(self._learnt.items()) if sides & mine]

    def learn_more(self, session: Session, organisation_ids: Iterable[int]) -> None:
        """Forgets what changed, and learns a little more; nothing where somebody else is at it already."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._follow(session)
            self._learn(session, list(self._changed)[:AT_ONCE])
            room = AT_ONCE - len(self._changed)
            for organisation_id in organisation_ids:
                room -= self._look_back(session, organisation_id, room) if room > 0 else 0
            self._make_room()
        finally:
            self._lock.release()

    def _follow(self, session: Session) -> None:
        """Every event since is noticed, also one of a transaction that ended late."""
        oldest = min(self._seen, default=0)
        newest, count = session.execute(_HOW_MANY, {"after": oldest - 1}).one()
        if self._begun and count == len(self._seen):
            return
        if not self._begun or newest is None or count - len(self._seen) > _MOST_MISSED:
            self._begin()
            self._begun = True
            self._seen = {row.id for row in session.execute(_NEWEST, {"most": _MAY_COME_LATE})}
            return
        for event_id, issue_id in session.execute(_SINCE, {"after": oldest - 1}).all():
            if event_id not in self._seen and issue_id is not None:
                self._forget(issue_id)
                self._changed[issue_id] = None
            self._seen.add(event_id)
        self._seen = set(sorted(self._seen)[-_MAY_COME_LATE:])

    def _look_back(self, session: Session, organisation_id: int, most: int) -> int:
        """Learns an organisation's next older issues; how many were looked at."""
        below = self._down_to.get(organisation_id)
        if below == 0:
            return 0
        asked = {"organisation": organisation_id, "below": below or _ABOVE_ALL, "most": most}
        ids = [row.issue_id for row in session.execute(_OLDER, asked)]
        self._learn(session, [each for each in ids if each not in self._sides_of])
        self._looked_at[organisation_id] += len(ids)
        is_over = len(ids) < most or self._looked_at[organisation_id] >= self._most_issues
        self._down_to[organisation_id] = 0 if is_over else ids[-1]
        return len(ids)

    def _learn(self, session: Session, issue_ids: list[int]) -> None:
        """These issues as they are now: those of which nothing is to be learnt are left out."""
        if not issue_ids:
            return
        sides: dict[int, set[int]] = defaultdict(set)
        for issue_id, organisation_id in session.execute(_SIDES, {"ids": issue_ids}):
            sides[issue_id].add(organisation_id)
        for row in session.execute(_TEXTS, {"ids": issue_ids}):
            if sides[row.id] & self._down_to.keys() or row.id not in self._changed:
                self._forget(row.id)
                between = self._sides_of[row.id] = frozenset(sides[row.id])
                theme = row.theme if row.theme_confirmed else None
                self._learnt.setdefault(between, Learnt()).learn(row.id, f"{row.title} {row.detail}", theme)
        for issue_id in issue_ids:
            self._changed.pop(issue_id, None)

    def _forget(self, issue_id: int) -> None:
        between = self._sides_of.pop(issue_id, None)
        if between is not None:
            self._learnt[between].forget(issue_id)

    def _make_room(self) -> None:
        for learnt in self._learnt.values():
            for issue_id in learnt.keep_newest(self._most_issues, MOST_LESSONS):
                self._sides_of.pop(issue_id, None)
        if sum(learnt.size for learnt in self._learnt.values()) > self._most_bytes:
            self._most_issues //= 2
            self._begin()


_ABOVE_ALL = 2**31 - 1
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_HOW_MANY = select(func.max(col(Event.id)), func.count()).where(col(Event.id) > bindparam("after"))
_NEWEST = select(col(Event.id)).order_by(col(Event.id).desc()).limit(bindparam("most"))
_SINCE = select(col(Event.id), col(Event.issue_id)).where(col(Event.id) > bindparam("after")).order_by(col(Event.id))
_OLDER = (
    select(col(IssueSide.issue_id))
    .where(col(IssueSide.organisation_id) == bindparam("organisation"), col(IssueSide.issue_id) < bindparam("below"))
    .order_by(col(IssueSide.issue_id).desc())
    .limit(bindparam("most"))
)
_SIDES = select(col(IssueSide.issue_id), col(IssueSide.organisation_id)).where(col(IssueSide.issue_id).in_(_IDS))
_TEXTS = (
    select(
        *(getattr(Issue, name) for name in ("id", "title", "theme", "theme_confirmed")),
        func.substr(col(Issue.detail), 1, READ).label("detail"),
    )
    .where(col(Issue.id).in_(_IDS), col(Issue.ring) == Ring.SHARED)
    .order_by(col(Issue.id))
)

_kept: dict[str, Learner] = {}


def learner(session: Session) -> Learner:
    """That of the database of this session."""
    place = str(session.get_bind().engine.url)
    if place not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[place] = Learner()
    return _kept[place]


def learnt_for(session: Session, organisation_ids: Collection[int]) -> list[Learnt]:
    """What was learnt of issues of which one of these organisations is a side, after a little more was."""
    found = learner(session)
    found.learn_more(session, sorted(organisation_ids))
    return found.of(organisation_ids)
