"""Loading a charter, and changing one on screen: planned first, then all of it or nothing, with its events."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from tracker.actions.freeze_baseline import limits_event
from tracker.actions.people.invite import write_invitation
from tracker.actions.proving.begin_epoch import begin_epoch
from tracker.exchange.charter.apply import Application
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.checking import recheck
from tracker.exchange.charter.consequences import carry_on, refuse_unfinished
from tracker.exchange.charter.current import kept
from tracker.exchange.charter.parts import put_all
from tracker.exchange.charter.people_changes import people_changes
from tracker.exchange.charter.plan import WAITS, EntryChange, EntryFate, Plan, plan
from tracker.exchange.charter.proposing import (
    AgreedCharter,
    ProposalAnswer,
    agree_proposal,
    lock_partnership,
    look_over,
    names,
    parts_in,
    propose,
    take_back,
)
from tracker.exchange.charter.revisions import with_newcomer
from tracker.exchange.charter.shapes import EpochShape
from tracker.exchange.charter.splitting import as_one
from tracker.exchange.charter.wishing import Wish
from tracker.exchange.charter.writing import write
from tracker.queries.administration.proposals import waiting_proposals
from tracker.queries.arrangements import arrangement, by_key
from tracker.records.change_proposal import ChangeProposal
from tracker.records.partnership import Partnership
from tracker.records.partnership_chain import record
from tracker.rules.events.arrangement import ArrangementChanged, CharterLoaded, LadderProposed, MeetingMoved
from tracker.rules.events.kinds import SERVER, Actor
from tracker.rules.events.people import LeftWithoutLead, PersonInvited
from tracker.rules.meetings import one_meeting_later
from tracker.rules.refusals import MoveNotAllowed, NoPartnership, WrongFile
from tracker.rules.rings import Role
from tracker.rules.wording import listed

PEOPLE = "person"  # the table whose changes have events of their own


def planned(session: Session, charter: Charter) -> Plan:
    """What loading this charter would do now."""
    there = _partnership(session, charter.partnership.key)
    charter = _as_they_are_called(session, there, charter)
    return Wish.of(session, there.id, charter).plan() if there else plan(None, charter)


def load(session: Session, charter: Charter, *, now: datetime, invites: bool = True) -> Plan:
    """Create or update the partnership by key. The first load is in force but for its ladders; of a later one what
    touches others is proposed, by the server. Ladders that are new or changed are proposed as ever. Whom it invites is
    written to, unless the caller lets them in."""
    there = _partnership(session, charter.partnership.key, for_change=True)
    charter = _as_they_are_called(session, there, charter)
    if there:
        return _load_again(session, there, charter, now)
    return _load_first(session, charter, now, invites=invites)


def _load_first(session: Session, charter: Charter, now: datetime, *, invites: bool) -> Plan:
    partnership, done = _new_partnership(session, charter), plan(None, charter)
    _put(session, partnership, charter, done, SERVER, now, invites=invites)
    record(session, partnership_id=partnership.id, kind=_loaded(done), actor=SERVER, now=now)
    return done


def _load_again(session: Session, partnership: Partnership, charter: Charter, now: datetime) -> Plan:
    wish = Wish.of(session, partnership.id, charter)
    for each in wish.given_up:
        take_back(session, each, SERVER, now=now)
    done = plan(wish.before, wish.after.charter)
    refuse_unfinished(session, wish.kept, wish.before, put_all(wish.after.charter, wish.parts), actor=SERVER, now=now)
    if done.changes:
        _put(session, partnership, wish.after.charter, done, SERVER, now)
        record(session, partnership_id=partnership.id, kind=_loaded(wish.plan()), actor=SERVER, now=now)
    numbers = tuple(
        propose(session, wish.after.charter, each, kept=wish.kept, actor=SERVER, now=now).number for each in wish.new
    )
    return replace(wish.plan(), proposals=numbers)


def revise(
    session: Session,
    partnership_id: int,
    change: Callable[[Charter], Charter],
    *,
    actor: Actor,
    now: datetime,
    why: str = "",
    must_fit: bool = True,
    typed: Mapping[str, str] | None = None,
    together: bool = False,
) -> Plan:
    """A change made on screen, under the same checks as a file; where it touches others it is proposed, all of it.
    `typed`: by address, what somebody is called who is invited with it; `together`: of its people leads hear in one.

    Refuses: WrongFile, what does not fit together, unless it is somebody's own to decide, whatever others are left
    with; MoveNotAllowed, where a proposal waits about the same entry.
    """
    partnership = lock_partnership(session, partnership_id)
    before = kept(session, partnership_id)
    after = change(before)
    if must_fit:
        recheck(after, today=now.date(), before=before)
    agreed = arrangement(session, partnership_id)
    done = plan(before, after)
    refuse_unfinished(session, agreed, before, after, actor=actor, now=now)
    for bundle in as_one(before, after, agreed, actor.organisation_key or None).waiting:
        proposed = propose(session, before, bundle, kept=agreed, actor=actor, now=now, why=why)
        waits = f"{WAITS}{listed(names(agreed, bundle.touches))}"
        return Plan(done.marked(waits), proposals=(proposed.number,))
    if done.changes:
        _put(session, partnership, after, done, actor, now, typed=typed, together=together)
    for each in done.changes:
        kind = _meeting_event(each, before, after) or _change_event(each)
        if each.table != PEOPLE:
            record(session, partnership_id=partnership_id, kind=kind, actor=actor, now=now)
    return done


def invite(
    session: Session,
    partnership_id: int,
    organisation: str,
    *,
    email: str,
    name: str,
    roles: Iterable[Role],
    actor: Actor,
    now: datetime,
) -> Plan:
    """Somebody is invited by an organisation (its key), under this name, or who belongs there already gets these roles;
    one rule for forms, files and programs. Refuses: WrongFile, what does not fit together; MoveNotAllowed, where a
    proposal waits about them; TooOften, where they were written to too often."""
    change = with_newcomer(email, name, organisation, roles)
    return revise(session, partnership_id, change, actor=actor, now=now, typed={email: name})


def agree_change(session: Session, proposal: ChangeProposal, actor: Actor, *, now: datetime) -> ProposalAnswer:
    """A lead agrees a proposal for the actor's organisation; with the last agreement it is in force, or refused as a
    whole. Refuses: MayNot, MoveNotAllowed."""
    partnership = lock_partnership(session, proposal.partnership_id)
    session.refresh(proposal)

    def put(before: Charter, after: Charter, by: Actor) -> None:
        try:
            recheck(after, today=now.date(), before=before)
        except WrongFile as wrong:
            raise MoveNotAllowed(f"It cannot come into force, as other things changed since. {wrong.plain}") from wrong
        refuse_unfinished(session, arrangement(session, partnership.id), before, after, actor=actor, now=now)
        done = plan(before, after)
        _put(session, partnership, after, done, by, now)
        _record_limits(session, before, after, by=by, why=proposal.why, at=now)
        for part in parts_in(proposal):
            if isinstance(part.entry, EpochShape):
                begin_epoch(session, partnership.id, part.entry.lost, by, now)

    return agree_proposal(session, proposal, kept(session, partnership.id), actor, now=now, put=put)


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


def _loaded(done: Plan) -> CharterLoaded:
    return CharterLoaded(
        added=done.count(EntryFate.ADDED),
        changed=done.count(EntryFate.CHANGED),
        retired=done.count(EntryFate.RETIRED),
        plan=str(done),
    )


def _put(
    session: Session,
    partnership: Partnership,
    charter: Charter,
    done: Plan,
    actor: Actor,
    now: datetime,
    *,
    invites: bool = True,
    typed: Mapping[str, str] | None = None,
    together: bool = False,
) -> None:
    before = arrangement(session, partnership.id)
    waits = bool(waiting_proposals(session, partnership.id))
    agreed = AgreedCharter(kept(session, partnership.id), before) if waits else None
    putting = Application(session, partnership, charter, actor.name, now, typed or {})
    putting.put()
    after = arrangement(session, partnership.id)
    carry_on(session, before, after, done, now)
    changes = tuple(people_changes(before, after, by_id=actor.person_id, together=together))
    for changed in changes if before.people else ():
        record(session, partnership_id=partnership.id, kind=changed, actor=actor, now=now)
    for side in after.without_lead:
        if side.key not in {each.key for each in before.without_lead}:
            kind = LeftWithoutLead(side=side.key, side_name=side.name)
            record(session, partnership_id=partnership.id, kind=kind, actor=actor, now=now)
    for invited in changes if invites else ():
        if isinstance(invited, PersonInvited):
            write_invitation(session, after, invited, actor=actor, now=now)
    if agreed:
        look_over(session, agreed, AgreedCharter(kept(session, partnership.id), after), actor, now)
    for key, version in putting.proposed:
        name = charter.ladder[key].name or key
        proposed = LadderProposed(ladder=key, version=version.number, ladder_name=name)
        record(session, partnership_id=partnership.id, kind=proposed, actor=actor, now=now)


def _record_limits(session: Session, before: Charter, after: Charter, *, by: Actor, why: str, at: datetime) -> None:
    """Limits that are frozen, moved or let go with a change."""
    agreed = by_key(session, after.partnership.key)
    for key in dict.fromkeys((*before.baselines, *after.baselines)):
        was, now = before.baselines.get(key), after.baselines.get(key)
        if was != now:
            kind = limits_event(agreed, was.baseline() if was else None, now.baseline() if now else None, why)
            record(session, partnership_id=agreed.id, kind=kind, actor=by, now=at)


def _change_event(change: EntryChange) -> ArrangementChanged:
    what = f"{change.subject} {change.did}" + (f" ({'; '.join(change.details)})" if change.details else "")
    return ArrangementChanged(table=change.table, key=change.key, what=what)


def _meeting_event(change: EntryChange, before: Charter, after: Charter) -> MeetingMoved | None:
    """Of a body that changed by a single meeting."""
    was, now = (each.body.get(change.key) if change.table == "body" else None for each in (before, after))
    if not was or not now or was != now.model_copy(update={"meets": was.meets}):
        return None
    moved = one_meeting_later(was.meets, now.meets)
    if moved is None:
        return None
    zone = ZoneInfo(after.partnership.zone)
    meeting, instead = (each.astimezone(zone).isoformat() if each else "" for each in moved)
    return MeetingMoved(key=change.key, meeting=meeting, instead=instead, body_name=now.name)
