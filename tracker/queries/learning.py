"""What is learnt of issues, from what whoever asks may read alone: how rare words are, and what themes were confirmed.

It is kept in the process by sets of sides, and added up over the sets that somebody's organisations are in. Reading as
a member of a whole body adds nothing; what did not cross or concerns a person is not learnt.

It is learnt beside what is asked: a server has a thread for it (`pages/web/threads.LearningThread`), and each who asks
is answered from what is learnt by then; where no thread runs, as in a command, they wait for AT_ONCE issues, the newest
of their organisations first. Whatever happened to an issue, each process forgets it when it is next asked, and learns
it as it is now: so what was redacted is gone, and a side that was removed is told nothing more.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, bindparam, func, select
from sqlmodel import Session, col

from tracker.database import straight
from tracker.measures.learning import Learnt
from tracker.records.columns import among
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.rules.rings import Ring

AT_ONCE = 250  # issues, learnt in some fifty milliseconds where a theme was confirmed for all of them
MOST_ISSUES = 2000  # the newest of an organisation
MOST_LESSONS = 2000  # the newest between the same sides
MOST_BYTES = 40_000_000  # of all that a process has learnt; where that is too little, fewer issues are
READ = 1000  # letters of a detail
MOST_MADE = 500  # issues and readers for whom what was made of it is kept
_MOST_MISSED = 500  # events: whoever is further behind begins anew
_MAY_COME_LATE = 200  # events: on PostgreSQL a transaction may end after others that began later
_MOST_KEPT = 8  # databases

Sides = frozenset[int]


T = TypeVar("T")


class Learner:
    """What a process has learnt of one database. The database is never asked for what to learn while others wait.

    `wanted` is set when somebody asked and `is_taught`: a thread learns for them."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.is_taught, self.wanted = False, threading.Event()
        self._most_bytes, self._most_issues = most_bytes, MOST_ISSUES
        self._lock, self._learning = threading.Lock(), threading.Lock()
        self._asking: dict[int, None] = {}  # organisations, in the order in which they asked
        self._changes = 0
        self._begin()

    def _begin(self) -> None:
        self._learnt: dict[Sides, Learnt] = {}
        self._sides_of: dict[int, Sides] = {}  # of each issue that is learnt
        self._down_to: dict[int, int] = {}  # of each organisation that asked, the oldest issue looked at; 0: no more
        self._looked_at: dict[int, int] = defaultdict(int)  # issues of an organisation
        self._changed: dict[int, int] = {}  # issues to be learnt anew, in their order, with the number of the change
        self._seen: set[int] = set()  # the newest events
        self._made: dict[tuple[int, Sides], tuple[Hashable, Any]] = {}
        self._begun = False
        self._changes += 1
        self._beginning = self._changes

    def of(self, organisation_ids: Collection[int]) -> list[Learnt]:
        """What these organisations may read."""
        mine = set(organisation_ids)
        return [learnt for sides, learnt in list(self._learnt.items()) if sides & mine]

    def made(
        self, issue_id: int, organisation_ids: Collection[int], given: Hashable, make: Callable[[list[Learnt]], T]
    ) -> T:
        """What `make` makes of an issue, for who may read what these organisations may: kept until something happens
        to it, they learn a theme more or less, or what else it is made of (`given`) is something else."""
        key, learnt = (issue_id, frozenset(organisation_ids)), self.of(organisation_ids)
        state = (self._beginning, sum(each.lessons.changes for each in learnt), given)
        kept = self._made.get(key)
        if kept is not None and kept[0] == state:
            return kept[1]  # type: ignore[no-any-return]
        found = make(learnt)
        with self._lock:
            if len(self._made) >= MOST_MADE:
                self._made.pop(next(iter(self._made)))
            self._made[key] = (state, found)
        return found

    def want(self, organisation_ids: Iterable[int]) -> None:
        """Somebody of these may ask soon: the thread that learns is to look whether there is more to learn."""
        self._asking.update(dict.fromkeys(organisation_ids))
        self.wanted.set()

    def learn_wanted(self, session: Session, most: int) -> bool:
        """Learns so many issues at most for those who asked; whether there was anything to learn."""
        return self.learn_more(session, list(self._asking), most)

    def learn_more(self, session: Session, organisation_ids: Iterable[int], most: int | None = None) -> bool:
        """Forgets what changed, and learns a little more; whether there was anything to learn. Nothing where somebody
        else is at it already."""
        most = AT_ONCE if most is None else most
        changed = self.follow(session)
        if changed is None or not self._learning.acquire(blocking=False):
            return False
        try:
            beginning, now = self._beginning, dict(islice(changed.items(), most))
            self._learn(session, now, beginning)
            room = most - len(now)
            for organisation_id in organisation_ids:
                room -= self._look_back(session, organisation_id, room, beginning) if room > 0 else 0
            with self._lock:
                self._make_room()
            return room < most
        finally:
            self._learning.release()

    def follow(self, session: Session) -> dict[int, int] | None:
        """Forgets each issue to which anything happened; every event since is noticed, also one of a transaction that
        ended late. What is to be learnt anew; None for a session that began before others noticed more."""
        connection = straight(session)  # before others wait: a connection may have to be waited for
        with self._lock:
            count = connection.execute(_HOW_MANY, {"after": min(self._seen, default=0) - 1}).scalar_one()
            missed = count - len(self._seen)
            if not self._begun or missed > _MOST_MISSED:
                self._begin()
                self._begun = True
                self._seen = {row.id for row in connection.execute(_NEWEST, {"most": _MAY_COME_LATE})}
            elif missed:
                self._notice(connection)
            return None if missed < 0 else self._changed.copy()

    def _notice(self, connection: Connection) -> None:
        for event_id, issue_id in connection.execute(_SINCE, {"after": min(self._seen, default=0) - 1}).all():
            if event_id not in self._seen and issue_id is not None:
                self._note_change(issue_id)
            self._seen.add(event_id)
        self._seen = set(sorted(self._seen)[-_MAY_COME_LATE:])

    def _note_change(self, issue_id: int) -> None:
        self._forget(issue_id)
        self._changes += 1
        self._changed[issue_id] = self._changes
        for key in [each for each in self._made if each[0] == issue_id]:
            del self._made[key]

    def _look_back(self, session: Session, organisation_id: int, most: int, beginning: int) -> int:
        """Learns an organisation's next older issues; how many were looked at."""
        below = self._down_to.setdefault(organisation_id, _ABOVE_ALL)
        if below == 0:
            return 0
        asked = {"organisation": organisation_id, "below": below, "most": most}
        ids = [row.issue_id for row in straight(session).execute(_OLDER, asked)]
        self._learn(session, dict.fromkeys(each for each in ids if each not in self._sides_of), beginning)
        with self._lock:
            if beginning == self._beginning:
                self._looked_at[organisation_id] += len(ids)
                is_over = len(ids) < most or self._looked_at[organisation_id] >= self._most_issues
                self._down_to[organisation_id] = 0 if is_over else ids[-1]
        return len(ids)

    def _learn(self, session: Session, issues: Mapping[int, int | None], beginning: int) -> None:
        """These issues as they are now, by the numbers of their changes: those of which nothing is to be learnt are
        left out, and those that changed while they were read are read anew later."""
        if not issues:
            return
        sides: dict[int, set[int]] = defaultdict(set)
        for issue_id, organisation_id in straight(session).execute(_SIDES, {"ids": list(issues)}):
            sides[issue_id].add(organisation_id)
        for row in straight(session).execute(_TEXTS, {"ids": list(issues)}).all():
            with self._lock:
                if beginning == self._beginning and self._changed.get(row.id) == issues[row.id]:
                    self._learn_one(row, frozenset(sides[row.id]))
        with self._lock:
            self._changed = {key: change for key, change in self._changed.items() if issues.get(key) != change}

    def _learn_one(self, row: Any, between: Sides) -> None:
        self._forget(row.id)
        if between & self._down_to.keys():
            self._sides_of[row.id] = between
            theme = row.theme if row.theme_confirmed else None
            self._learnt.setdefault(between, Learnt()).learn(row.id, f"{row.title} {row.detail}", theme)

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
_HOW_MANY = select(func.count(col(Event.id))).where(col(Event.id) > bindparam("after"))
_NEWEST = select(col(Event.id)).order_by(col(Event.id).desc()).limit(bindparam("most"))
_SINCE = select(col(Event.id), col(Event.issue_id)).where(col(Event.id) > bindparam("after")).order_by(col(Event.id))
_OLDER = (
    select(col(IssueSide.issue_id))
    .where(col(IssueSide.organisation_id) == bindparam("organisation"), col(IssueSide.issue_id) < bindparam("below"))
    .order_by(col(IssueSide.issue_id).desc())
    .limit(bindparam("most"))
)
_SIDES = select(col(IssueSide.issue_id), col(IssueSide.organisation_id)).where(among(col(IssueSide.issue_id)))
_TEXTS = (
    select(
        *(getattr(Issue, name) for name in ("id", "title", "theme", "theme_confirmed")),
        func.substr(col(Issue.detail), 1, READ).label("detail"),
    )
    .where(among(col(Issue.id)), col(Issue.ring) == Ring.SHARED)
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
    """What was learnt of issues of which one of these organisations is a side."""
    found = learner(session)
    if found.is_taught:
        found.follow(session)
        found.want(sorted(organisation_ids))
    else:
        found.learn_more(session, sorted(organisation_ids))
    return found.of(organisation_ids)
