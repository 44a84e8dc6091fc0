"""Leads set what the report of themes goes by: how much there was to go wrong, and what that is called."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.measures.periods import month_numbered
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import record
from tracker.records.tally import Exposure
from tracker.rules.arrangement import Arrangement
from tracker.rules.events.kinds import Actor
from tracker.rules.events.report import ExposureEntered, ExposureNamed

Amounts = Mapping[tuple[int, int], float | None]  # by number of the month and organisation id; None: not known


def enter_exposure(session: Session, arrangement: Arrangement, amounts: Amounts, *, actor: Actor, now: datetime) -> int:
    """Enters these amounts, and says how many of them changed anything; the others stay as they are."""
    partnership = partnership_for_change(session, arrangement.id)
    rows = _rows(session, arrangement.id, {number for number, _ in amounts})
    before = {place: row.amount for place, row in rows.items()}
    changed = {place: amount for place, amount in sorted(amounts.items()) if before.get(place) != amount}
    if not changed:
        return 0
    for place, amount in changed.items():
        _put(session, arrangement.id, rows.get(place), place, amount)
    partnership.changed()
    months = [month_numbered(number).name for number, _ in changed]
    entered = ExposureEntered(
        amounts=len(changed),
        first=months[0],
        last=months[-1],
        what=arrangement.report.exposures.what,
        plan="\n".join(_lines(arrangement, before, changed)),
    )
    record(session, partnership_id=arrangement.id, kind=entered, actor=actor, now=now)
    return len(changed)


def name_exposure(
    session: Session, arrangement: Arrangement, what: str, per: float, *, actor: Actor, now: datetime
) -> None:
    """What is counted, and per how many of it rates are said."""
    before = arrangement.report.exposures
    if (before.what, before.per) == (what, per):
        return
    keep_terms(partnership_for_change(session, arrangement.id), "exposure", {"what": what, "per": per})
    named = ExposureNamed(per=per, per_before=before.per, what=what, what_before=before.what)
    record(session, partnership_id=arrangement.id, kind=named, actor=actor, now=now)


def partnership_for_change(session: Session, partnership_id: int) -> Partnership:
    """The partnership; two who change its terms at once wait for each other."""
    mine = select(Partnership).where(Partnership.id == partnership_id).with_for_update()
    return session.exec(mine.execution_options(populate_existing=True)).one()


def keep_terms(partnership: Partnership, name: str, value: Any) -> None:
    """Keeps one of the report's settings; what was read of the arrangement is stale then."""
    report = {**partnership.settings.get("report", {}), name: value}
    partnership.settings = {**partnership.settings, "report": report}
    partnership.changed()


def _rows(session: Session, partnership_id: int, months: set[int]) -> dict[tuple[int, int], Exposure]:
    mine = select(Exposure).where(Exposure.partnership_id == partnership_id, col(Exposure.month).in_(months))
    return {(row.month, row.organisation_id): row for row in session.exec(mine)}


def _put(
    session: Session, partnership_id: int, row: Exposure | None, place: tuple[int, int], amount: float | None
) -> None:
    if amount is None:
        session.delete(row)
        return
    found = row or Exposure(partnership_id=partnership_id, month=place[0], organisation_id=place[1], amount=amount)
    found.amount = amount
    session.add(found)


def _lines(arrangement: Arrangement, before: Mapping[tuple[int, int], float], changed: Amounts) -> Iterator[str]:
    for (number, organisation_id), amount in changed.items():
        name, was = arrangement.organisations[organisation_id].name, before.get((number, organisation_id))
        yield f"{month_numbered(number).name} {name}: {_said(was)} → {_said(amount)}"


def _said(amount: float | None) -> str:
    return "not known" if amount is None else f"{amount:g}"
