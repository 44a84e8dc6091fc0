"""Where the machine plays: the cast with some more people, on a ladder drawn for it, as new before every play."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select
from sqlmodel import Session, col
from sqlmodel import select as rows_of

from tests.arrangement_makers import anew, write_ladder, write_tier
from tests.conftest import _empty
from tests.journeys.machine.people import JOINT, LEADING, LED, SPARE, Rung
from tests.makers import LONG_AGO, MONDAY, Cast
from tests.queries.proofs.record import KEY
from tracker.database import Database, metadata
from tracker.queries import arrangements, learning
from tracker.queries.search import uncut
from tracker.records.agreement import RoutingRule, ServiceArea
from tracker.records.person import Membership, Person
from tracker.records.proofs.log import LogKey
from tracker.rules.rings import Role

NAMES = {"uma": "Uma Vale", "hal": "Hal Ross", "zoe": "Zoe Kerr", JOINT: "Ivo Lang"}
START, ANSWERS = "ops", "community"
"""Where what is critical starts, and who answers it."""


@dataclass(frozen=True)
class TierTerms:
    """What a version of the ladder says of a tier. `acknowledge`: by when, if at all; `warn`: whether it does."""

    body: str
    limit: str
    acknowledged: str | None = None
    warn: bool = False
    paper: bool = False


@dataclass(frozen=True)
class LadderTerms:
    """What a version of the ladder says."""

    tiers: tuple[TierTerms, ...]
    keep_in_loop: str = "5 working days"
    agree_silence: str = "5 working days"
    pause_cap: str = "10 working days"

    def limit(self, tier: int) -> str:
        return self.tiers[tier - 1].limit

    def acknowledge(self, tier: int) -> str | None:
        return self.tiers[tier - 1].acknowledged

    def warns(self, tier: int) -> bool:
        return self.tiers[tier - 1].warn

    def rungs(self) -> tuple[Rung, ...]:
        """A whole body reads where papers are asked for, on the body that meets."""
        numbered = enumerate(self.tiers, start=1)
        return tuple(Rung(number, each.body, each.paper, whole_body(each)) for number, each in numbered)


def whole_body(tier: TierTerms) -> bool:
    return tier.paper and tier.body == "steering"


@dataclass
class Stage:
    """A database with everybody in it; `put_back` makes it as it was."""

    db: Database
    cast: Cast
    kept: Path
    rows: Mapping[Table, list[dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def of(cls, db: Database, cast: Cast, kept: Path) -> "Stage":
        with db.write() as session:
            _add_people(session, cast)
            _add_routes(session, cast)
            session.add(LogKey(number=1, public=KEY.public.hex(), since=MONDAY))
            session.flush()
            found = people_of(session)
        stage = cls(db, replace(cast, people=found), kept)
        stage._keep()
        return stage

    def _keep(self) -> None:
        if self.db.is_sqlite:
            self.db.truncate_log()
            self.db.dispose()
            shutil.copyfile(self._file, self.kept)
            return
        with self.db.read() as session:
            every = {table: session.execute(select(table)).mappings().all() for table in metadata().sorted_tables}
        self.rows = {table: [dict(row) for row in rows] for table, rows in every.items() if rows}

    def put_back(self) -> None:
        if self.db.is_sqlite:
            self.db.dispose()
            for beside in ("-wal", "-shm"):
                Path(f"{self._file}{beside}").unlink(missing_ok=True)
            shutil.copyfile(self.kept, self._file)
            arrangements._kept.clear()
            learning._kept.clear()
            uncut.wholly_cut.clear()
            return
        _empty(self.db)
        with self.db.engine.begin() as connection:
            for table, rows in self.rows.items():
                connection.execute(insert(table), rows)

    def agree(self, terms: LadderTerms) -> None:
        """The first version of the ladder says this."""
        with self.db.write() as session:
            lengths = ("keep_in_loop", "agree_silence", "pause_cap")
            write_ladder(session, self.cast, **{name: getattr(terms, name) for name in lengths})
            for number, each in enumerate(terms.tiers, start=1):
                write_tier(
                    session,
                    self.cast,
                    number,
                    limit=each.limit,
                    acknowledge=each.acknowledged,
                    warn="1 working day" if each.warn else None,
                    paper=each.paper,
                    whole_body=whole_body(each),
                )

    @property
    def _file(self) -> Path:
        return Path(self.db.url.database or "")


def people_of(session: Session) -> dict[str, Person]:
    """Everybody, by first name."""
    found = {each.name.split()[0].lower(): each for each in session.exec(rows_of(Person))}
    for each in found.values():
        session.refresh(each)
        session.expunge(each)
    return found


def _add_people(session: Session, cast: Cast) -> None:
    places = {name: (side,) for side, name in SPARE.items()} | {JOINT: ("acute", "community")}
    for first, sides in places.items():
        person = Person(email=f"{first}@{sides[0]}.example", name=NAMES[first], created_at=LONG_AGO)
        session.add(person)
        session.flush()
        for side in sides:
            member = Membership(person_id=person.id, organisation_id=cast.organisations[side].id)
            member.take_roles([Role.MANAGER])
            session.add(member)
    session.flush()


def _add_routes(session: Session, cast: Cast) -> None:
    home = cast.partnership.id
    urgent: dict[str, Any] = {"when": {"severity": ["critical"]}, "start": START, "answers": ANSWERS}
    session.add(RoutingRule(partnership_id=home, key="urgent", ladder_key="operational", **urgent))
    area = session.exec(
        rows_of(ServiceArea).where(ServiceArea.partnership_id == home, col(ServiceArea.key) == LED)
    ).one()
    people = people_of(session)
    area.leads = {side: people[name].id for side, name in LEADING.items()}
    anew(session, cast)
