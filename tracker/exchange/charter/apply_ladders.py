"""Putting ladders: what a version fixes never changes, so what is new is proposed as the next version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.agree_ladder import still_to_agree
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.current import ladder_shape, newest_versions
from tracker.exchange.charter.plan import versioned
from tracker.exchange.charter.shapes import LadderShape, TierShape
from tracker.queries.arrangements import arrangement
from tracker.records.ladder import Ladder, LadderVersion, Tier
from tracker.records.partnership import Partnership
from tracker.rules.arrangement import Arrangement
from tracker.rules.arrangement import Ladder as Agreed


@dataclass(frozen=True)
class PuttingLadders:
    """The ladders of one charter going into one partnership; `bodies`: their ids by key."""

    session: Session
    partnership: Partnership
    charter: Charter
    bodies: Mapping[str, int]
    by: str
    now: datetime

    def put(self) -> list[tuple[str, LadderVersion]]:
        """The versions that were proposed, by ladder key. A proposal that the charter takes back is withdrawn."""
        agreed = arrangement(self.session, self.partnership.id)
        newest = newest_versions(agreed)
        found = self.session.exec(select(Ladder).where(Ladder.partnership_id == self.partnership.id))
        rows = {row.key: row for row in found}
        proposed = []
        for position, shape in enumerate(self.charter.ladder.values()):
            row = self._put_row(rows.get(shape.key), shape, position)
            if not _says(shape, newest.get(shape.key), agreed):
                self._withdraw_waiting(row)
                if not _says(shape, agreed.ladder_in_force(shape.key), agreed):
                    proposed.append((shape.key, self._propose(row, shape)))
        for key, row in rows.items():
            if key not in self.charter.ladder:
                row.retired_at = row.retired_at or self.now
        self._bring_into_force(rows.values())
        return proposed

    def _bring_into_force(self, ladders: Iterable[Ladder]) -> None:
        """Versions that waited for nobody but an organisation which has now left."""
        for row in ladders:
            for version in self.session.exec(_waiting(row)):
                if not still_to_agree(self.session, version, self.partnership.id):
                    version.in_force_at = self.now

    def _put_row(self, row: Ladder | None, shape: LadderShape, position: int) -> Ladder:
        row = row or Ladder(partnership_id=self.partnership.id, key=shape.key, name=shape.key)
        row.name, row.default, row.position, row.retired_at = shape.name or shape.key, shape.default, position, None
        row.template = self.charter.starters.get(shape.key, row.template)
        self.session.add(row)
        self.session.flush()
        return row

    def _withdraw_waiting(self, ladder: Ladder) -> None:
        for version in self.session.exec(_waiting(ladder)):
            version.withdrawn_at = self.now

    def _propose(self, ladder: Ladder, shape: LadderShape) -> LadderVersion:
        numbers = self.session.exec(select(LadderVersion.number).where(LadderVersion.ladder_id == ladder.id))
        fixed = {name: value for name, value in versioned(shape).items() if name != "tiers"}
        version = LadderVersion(
            ladder_id=ladder.id,
            number=max(numbers, default=0) + 1,
            proposed_at=self.now,
            proposed_by_name=self.by,
            **fixed,
        )
        self.session.add(version)
        self.session.flush()
        self.session.add_all(_tier(version, at, tier, self.bodies) for at, tier in enumerate(shape.tiers, start=1))
        return version


def _waiting(ladder: Ladder) -> SelectOfScalar[LadderVersion]:
    return select(LadderVersion).where(
        LadderVersion.ladder_id == ladder.id,
        col(LadderVersion.in_force_at).is_(None),
        col(LadderVersion.withdrawn_at).is_(None),
    )


def _says(shape: LadderShape, version: Agreed | None, agreed: Arrangement) -> bool:
    """Whether a version fixes just what the charter does."""
    return version is not None and versioned(ladder_shape(version, agreed)) == versioned(shape)


def _tier(version: LadderVersion, number: int, shape: TierShape, bodies: Mapping[str, int]) -> Tier:
    said = shape.model_dump(exclude={"body", "name", "whole_body"})
    return Tier(
        version_id=version.id,
        number=number,
        name=shape.name or "",
        body_id=bodies[shape.body] if shape.body else None,
        whole_body=bool(shape.whole_body),
        **said,
    )
