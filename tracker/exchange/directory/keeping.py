"""Doing what a directory says: to the membership of its organisation alone, and an event for every step.

To remove somebody is never refused, whatever it leaves the organisation with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scim2_models import InvalidValueException, UniquenessException
from sqlmodel import Session, col, func, select

from tracker.actions.people.belong import correct_name
from tracker.actions.people.change_identity import ask_for_change
from tracker.actions.people.follow_directory import give_back, rename_member
from tracker.exchange.charter.charter import Charter
from tracker.exchange.charter.loading import revise
from tracker.exchange.charter.revisions import Change, with_leaver, with_member
from tracker.exchange.directory.users import User, said_of
from tracker.queries.administration.directory import Listed, entry_by_login, is_taken, listed_person, unlisted
from tracker.queries.people import account_of
from tracker.records.partnership_chain import lock
from tracker.records.person import DirectoryEntry, Membership, Person
from tracker.rules.arrangement import Organisation
from tracker.rules.events.kinds import Actor
from tracker.rules.rings import Role
from tracker.rules.rings.directory import MOST_ENTRIES, Belonging, DirectoryStep, ToldPerson, directory_of, steps


@dataclass(frozen=True)
class Directory:
    """That of an organisation, in a session that writes. Who writes waits for whoever writes in this partnership."""

    session: Session
    partnership_id: int
    organisation: Organisation
    now: datetime

    @property
    def actor(self) -> Actor:
        return directory_of(self.organisation)

    def enter_everybody(self) -> None:
        """Who belongs by now has an entry, so that the directory finds them: as they are called here."""
        self._lock()
        for member, person in unlisted(self.session, self.organisation.id):
            entry = entry_by_login(self.session, self.organisation.id, person.email)
            if entry is None:
                self._entered(person.email, said_of(person.email, member.name or person.name), person.id)
            elif entry.person_id is None:  # the directory told of them while they were not active
                entry.person_id = person.id
        self.session.flush()

    def create(self, user: User) -> Listed:
        """Somebody new to it: invited, unless they are not active. Refuses: UniquenessException, also who belongs
        already, since they have an entry; InvalidValueException; TooOften."""
        told = user.told()
        self.enter_everybody()
        account = account_of(self.session, told.address) if told.active else None
        self._refuse_taken(user.login, account.id if account else None)
        self._refuse_too_many()
        entry = self._entered(user.login, user.kept(), None)
        self._follow(entry, told, told, Belonging.NOBODY)
        return self.find(entry.key)

    def change(self, listed: Listed, was: User, user: User) -> Listed:
        """Somebody as they are called from now on. Refuses as `create` does."""
        entry, told, after = listed.entry, user.told(), user.kept()
        if entry.login != user.login:
            self._refuse_taken(user.login, None, but=entry.id)
        if (entry.login, entry.said) != (user.login, after):
            entry.login, entry.said, entry.changed_at = user.login, after, self.now
        self._follow(entry, was.told(), told, listed.belonging)
        return self.find(entry.key)

    def remove(self, listed: Listed) -> None:
        """Nobody to the directory from now on; told of again they are somebody new."""
        if listed.belonging.is_here:
            self._end(listed.entry, listed.belonging)
        self.session.delete(listed.entry)
        self.session.flush()

    def find(self, key: str) -> Listed:
        """One of its people, for a change, as they are by now. Refuses: NotThere."""
        self.enter_everybody()
        return listed_person(self.session, self.organisation.id, key, for_change=True)

    def _follow(self, entry: DirectoryEntry, was: ToldPerson, told: ToldPerson, belonging: Belonging) -> None:
        for step in tuple(steps(was, told, belonging)):
            entry.changed_at = self.now
            self._take(step, entry, told, belonging)
        self.session.flush()

    def _take(self, step: DirectoryStep, entry: DirectoryEntry, told: ToldPerson, belonging: Belonging) -> None:
        by: dict[str, Any] = {"actor": self.actor, "now": self.now}
        home = self.organisation.id
        person_id = entry.person_id or 0
        match step:
            case DirectoryStep.INVITE:
                self._invite(entry, told)
            case DirectoryStep.READDRESS:
                self._readdress(entry, told)
            case DirectoryStep.END:
                self._end(entry, belonging)
            case DirectoryStep.GIVE_BACK:
                give_back(self.session, person_id, home, **by)
                entry.ended_at = None
            case DirectoryStep.ASK_ABOUT_ADDRESS:
                what = f"your address there is {told.address} now"
                ask_for_change(self.session, person_id, home, what, **by)
            case DirectoryStep.RENAME if belonging is Belonging.INVITED:
                correct_name(self.session, person_id, home, name=told.name, **by)
            case DirectoryStep.RENAME:
                rename_member(self.session, person_id, home, name=told.name, **by)

    def _invite(self, entry: DirectoryEntry, told: ToldPerson) -> None:
        """As front line. The address that it has by now counts, whomever it led to before."""
        self._refuse_account(told.address, entry)
        self._revise(_with_newcomer(told, self.organisation.key), {told.address: told.name})
        self._leads_to(entry, told.address)

    def _readdress(self, entry: DirectoryEntry, told: ToldPerson) -> None:
        """Who never came in is invited at the other address in their stead, as front line: what they were to be, a
        lead gave to the address of before, and no directory takes it elsewhere."""
        before = self._account(entry).email
        if before == told.address:
            return
        self._refuse_account(told.address, entry)
        self._revise(_with_other(before, told, self.organisation.key), {told.address: told.name})
        self._leads_to(entry, told.address)

    def _end(self, entry: DirectoryEntry, belonging: Belonging) -> None:
        person = self._account(entry)
        self._revise(with_leaver(person.email, self.organisation.key), {})
        if belonging is Belonging.MEMBER:
            mine = (Membership.person_id == person.id, Membership.organisation_id == self.organisation.id)
            entry.ended_at = self.session.exec(select(Membership.retired_at).where(*mine)).one()

    def _revise(self, change: Change, typed: Mapping[str, str]) -> None:
        """Whatever it leaves the organisation with: who belongs to it is its own to say."""
        revise(self.session, self.partnership_id, change, actor=self.actor, now=self.now, must_fit=False, typed=typed)

    def _entered(self, login: str, said: dict[str, object], person_id: int | None) -> DirectoryEntry:
        entry = DirectoryEntry(
            organisation_id=self.organisation.id,
            login=login,
            person_id=person_id,
            said=said,
            made_at=self.now,
            changed_at=self.now,
        )
        self.session.add(entry)
        self.session.flush()
        return entry

    def _account(self, entry: DirectoryEntry) -> Person:
        return self.session.get_one(Person, entry.person_id or 0)

    def _leads_to(self, entry: DirectoryEntry, address: str) -> None:
        """From now on. What led there before, and leads to nobody who is here, leads nowhere."""
        person_id = self.session.exec(select(Person.id).where(col(Person.email) == address)).one()
        stale = (DirectoryEntry.organisation_id == self.organisation.id, DirectoryEntry.person_id == person_id)
        for each in self.session.exec(select(DirectoryEntry).where(*stale, col(DirectoryEntry.id) != entry.id)):
            each.person_id, each.ended_at = None, None
        self.session.flush()
        entry.person_id, entry.ended_at = person_id, None

    def _refuse_account(self, address: str, entry: DirectoryEntry) -> None:
        account = account_of(self.session, address)
        self._refuse_taken(entry.login, account.id if account else None, but=entry.id)

    def _refuse_taken(self, login: str, person_id: int | None, *, but: int | None = None) -> None:
        if self._is_taken(login, person_id, but=but):
            raise UniquenessException(detail="Somebody of this organisation has this userName or address already.")

    def _refuse_too_many(self) -> None:
        mine = DirectoryEntry.organisation_id == self.organisation.id
        if self.session.exec(select(func.count()).select_from(DirectoryEntry).where(mine)).one() >= MOST_ENTRIES:
            full = f"A directory has {MOST_ENTRIES:,} users at most, and this one has as many: delete who is gone."
            raise InvalidValueException(detail=full)

    def _is_taken(self, login: str, person_id: int | None, *, but: int | None = None) -> bool:
        return is_taken(self.session, self.organisation.id, login=login, person_id=person_id, but=but)

    def _lock(self) -> None:
        lock(self.session, self.partnership_id)


def _with_newcomer(told: ToldPerson, organisation: str) -> Change:
    """With somebody more as front line; who belongs already stays what they are."""

    def change(charter: Charter) -> Charter:
        known = charter.person.get(told.address)
        if known and known.roles_in(organisation):
            return charter
        name = known.name if known else told.name
        return with_member(told.address, name, organisation, [Role.FRONT_LINE])(charter)

    return change


def _with_other(email: str, told: ToldPerson, organisation: str) -> Change:
    """Without one person, and with another as a newcomer."""
    newcomer, leaver = _with_newcomer(told, organisation), with_leaver(email, organisation)
    return lambda charter: newcomer(leaver(charter))
