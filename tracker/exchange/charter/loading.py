"""Loading a charter, and changing one on screen: planned first, then all of it or nothing, with its events."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, select

from tracker.exchange.charter.apply import Application
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.checking import recheck
from tracker.exchange.charter.consequences import carry_on
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.people_changes import people_changes
from tracker.exchange.charter.plan import EntryChange, EntryFate, Plan, plan
from tracker.exchange.charter.writing import write
from tracker.queries.arrangements import arrangement
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import record
from tracker.rules.events.arrangement import ArrangementChanged, CharterLoaded, LadderProposed
from tracker.rules.events.kinds import SERVER, Actor
from tracker.rules.refusals import NoPartnership

PEOPLE = "person"  # the table whose changes have events of their own


def planned(session: Session, charter: Charter) -> Plan:
    """What loading this charter would do now."""
    there = _partnership(session, charter.partnership.key)
    return plan(kept(session, there.id) if there else None, _as_they_are_called(session, there, charter))


def load(session: Session, charter: Charter, *, now: datetime) -> Plan:
    """Create or update the partnership by key. Ladders that are new or changed are proposed, not in force."""
    there = _partnership(session, charter.partnership.key, for_change=True)
    charter = _as_they_are_called(session, there, charter)
    done = plan(kept(session, there.id) if there else None, charter)
    if done.changes:
        partnership = there or _new_partnership(session, charter)
        loaded = CharterLoaded(
            added=done.count(EntryFate.ADDED),
            changed=done.count(EntryFate.CHANGED),
            retired=done.count(EntryFate.RETIRED),
            plan=str(done),
        )
        _put(session, partnership, charter, done, SERVER, now)
        record(session, partnership_id=partnership.id, kind=loaded, actor=SERVER, now=now)
    return done


def revise(
    session: Session,
    partnership_id: int,
    change: Callable[[Charter], Charter],
    *,
    actor: Actor,
    now: datetime,
    must_fit: bool = True,
) -> Plan:
    """A change made on screen, under the same checks as a file. Refuses what does not fit together: WrongFile; unless
    it is somebody's own to decide, whatever others are left with."""
    partnership = session.exec(select(Partnership).where(Partnership.id == partnership_id).with_for_update()).one()
    before = kept(session, partnership_id)
    after = change(before)
    if must_fit:
        recheck(after, today=now.date())
    done = plan(before, after)
    if done.changes:
        _put(session, partnership, after, done, actor, now)
    for each in done.changes:
        if each.table != PEOPLE:
            record(session, partnership_id=partnership_id, kind=_change_event(each), actor=actor, now=now)
    return done


def export(session: Session, key: str) -> str:
    """The charter file of a partnership; loading it changes nothing. Refuses: NotThere."""
    there = _partnership(session, key)
    if there is None:
        raise NoPartnership(key)
    return write(kept(session, there.id))


def _partnership(session: Session, key: str, *, for_change: bool = False) -> Partnership | None:
    found = select(Partnership).where(Partnership.key == key)
    return session.exec(found.with_for_update() if for_change else found).first()


def _as_they_are_called(session: Session, there: Partnership | None, charter: Charter) -> Charter:
    """With the names of those who have come in as they are: whatever a file says, these are theirs to change."""
    people = arrangement(session, there.id).people.values() if there else ()
    names = {each.email: each.name for each in people if each.places.keys() - each.invited.keys()}
    called = {
        email: shape.model_copy(update={"name": names.get(email, shape.name)})
        for email, shape in charter.person.items()
    }
    return replace(charter, person=called)


def _new_partnership(session: Session, charter: Charter) -> Partnership:
    head = charter.partnership
    partnership = Partnership(key=head.key, name=head.name, zone=head.zone, version=0)
    session.add(partnership)
    session.flush()
    return partnership


def _put(session: Session, partnership: Partnership, charter: Charter, done: Plan, actor: Actor, now: datetime) -> None:
    before = arrangement(session, partnership.id)
    putting = Application(session, partnership, charter, actor.name, now)
    putting.put()
    after = arrangement(session, partnership.id)
    carry_on(session, before, after, done, now)
    for changed in people_changes(before, after, by_id=actor.person_id) if before.people else ():
        record(session, partnership_id=partnership.id, kind=changed, actor=actor, now=now)
    for key, version in putting.proposed:
        name = charter.ladder[key].name or key
        kind = LadderProposed(ladder=key, version=version.number, ladder_name=name)
        record(session, partnership_id=partnership.id, kind=kind, actor=actor, now=now)


def _change_event(change: EntryChange) -> ArrangementChanged:
    named = f"{change.table.replace('_', ' ')} {change.name or change.key}"
    what = f"{named} {change.did}" + (f" ({'; '.join(change.details)})" if change.details else "")
    return ArrangementChanged(table=change.table, key=change.key, what=what)
