"""Draws who will read what is about to be sent about an issue: named, or by organisation with how many they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tracker.pages.web.parts import Choice, Readers
from tracker.records.issue import Issue
from tracker.records.ladder_context import ladder_context, route_now
from tracker.rules import ladder
from tracker.rules.arrangement import Arrangement, Ladder, Organisation, Tier
from tracker.rules.ladder import Entry
from tracker.rules.ladder.acting import acting
from tracker.rules.refusals import MoveNotAllowed
from tracker.rules.resolution import tier_after_reopening
from tracker.rules.rings import Membership, Ring, Viewer, note_rings, readers
from tracker.rules.routing import Routing
from tracker.rules.wording import listed, say_people

_COME_LATER = "whoever comes to hold it, and whoever stands in for them"


@dataclass(frozen=True, slots=True)
class ReadingAhead:
    """Who reads an issue now and after each step, for the one who is about to take it."""

    issue: Issue
    arrangement: Arrangement
    viewer: Viewer
    now: datetime

    @property
    def _ladder(self) -> Ladder | None:
        """That on which it is."""
        return self.arrangement.ladder_version(self.issue.ladder_version_id)

    def as_it_is(self) -> Readers:
        people = readers.issue_readers(self.issue, self.arrangement, self.now)
        return self._drawn(people, private=not self.issue.crossed, later=self._later(self.issue.tier))

    def by_step(self, names: Iterable[str], goes_to: Routing | None) -> dict[str, Readers]:
        """By the address of each step whose form does not say it with what it lets one choose."""
        moved = {
            "crossing": self._crossed,
            "turning": lambda: self._routed(goes_to),
            "routing": lambda: self._routed(goes_to),
            "reopening": self._reopened,
        }
        as_it_is = self.as_it_is()
        return {name: moved[name]() if name in moved else as_it_is for name in names if name not in _SAY_IT_THEMSELVES}

    def note_choices(self, sides: tuple[Membership, ...]) -> tuple[Choice, ...]:
        """The rings of a note. Of who can speak for several, the readers of a private one follow from what they say."""
        drawn = {
            Ring.SHARED: lambda: Choice(Ring.SHARED.value, "All sides", readers=self.as_it_is()),
            Ring.ORGANISATION: lambda: self._own(sides),
            Ring.TIER: self._of_tier,
            Ring.NAMED: self._of_named,
        }
        return tuple(drawn[ring]() for ring in note_rings(crossed=self.issue.crossed, tier=self.issue.tier))

    def tier_choices(self, tiers: Iterable[Tier]) -> list[Choice]:
        """Tiers to which it can go, each with who reads it there."""
        return [Choice(str(each.number), each.name, readers=self._on_tier(each.number)) for each in tiers]

    def without_side(self, organisation: Organisation) -> Choice:
        """A side that can be taken out, with who reads it then."""
        agreed = self._ladder
        left = tuple(each for each in self.issue.side_ids if each != organisation.id)
        tier = agreed.tiers[self.issue.tier - 1] if agreed and self.issue.tier else None
        return Choice(organisation.key, organisation.name, readers=self._ahead(left, tier) if tier else None)

    def of(self, *organisation_ids: int, private: bool = False, later: str = "") -> Readers:
        """Everybody of these organisations."""
        people = readers.people_of(self.arrangement, organisation_ids)
        who = readers.grouped(people, None, self.arrangement, None, organisations=organisation_ids)
        return Readers(who, private=private, later=later)

    def quotations(self) -> Readers:
        """Everybody of a side reads reports of its issues; of other organisations those who see totals."""
        others = [each for each in self.arrangement.active_organisations() if each.id not in self.issue.side_ids]
        count = len(readers.who_see_totals(self.arrangement, [each.id for each in others]))
        named = listed(each.name for each in others)
        later = f"the steering members and leads of {named} ({say_people(count)})" if count else ""
        return self.of(*self.issue.side_ids, later=later)

    def _own(self, sides: tuple[Membership, ...]) -> Choice:
        value, names = Ring.ORGANISATION.value, self.arrangement.organisations
        if len(sides) > 1:
            either = listed((names[each.organisation_id].name for each in sides), "or")
            return Choice(value, f"Only {either}: the one you speak for")
        mine = self._note_readers(Ring.ORGANISATION, sides[0].organisation_id)
        return Choice(value, "Only my organisation", readers=self._drawn(mine, private=True))

    def _of_tier(self) -> Choice:
        name = self._ladder.tier_name(self.issue.tier) if self._ladder else "this tier"
        drawn = self._drawn(self._note_readers(Ring.TIER, None), named=True, later=f"{_COME_LATER}, at {name} or above")
        return Choice(Ring.TIER.value, "Only who holds it", readers=drawn)

    def _of_named(self) -> Choice:
        count = len(readers.issue_readers(self.issue, self.arrangement, self.now) - {self.viewer.person_id})
        who = f"Only you and those whom you name in it with an @ read this, of the {count} others who read the issue"
        return Choice(Ring.NAMED.value, "Only people I name", readers=Readers((), named=True, words=who))

    def _note_readers(self, ring: Ring, organisation_id: int | None) -> frozenset[int]:
        return readers.note_readers(
            self.issue,
            self.arrangement,
            ring,
            self.now,
            by=self.viewer.person_id,
            organisation_id=organisation_id,
        )

    def _crossed(self) -> Readers:
        other = self.issue.meant_for_id
        try:
            return self._routed(route_now(self.issue, self.arrangement), *([] if other is None else [other]))
        except MoveNotAllowed:  # no ladder in force: it will be refused
            return self.as_it_is()

    def _routed(self, routed: Routing | None, *more: int) -> Readers:
        """Where it would go. Whoever answers there becomes a side."""
        if routed is None:
            return self.as_it_is()
        sides = dict.fromkeys((*self.issue.side_ids, *more, self.arrangement.organisation(routed.answers).id))
        return self._ahead(tuple(sides), routed.ladder.tiers[routed.start - 1])

    def _reopened(self) -> Readers:
        agreed, issue = self._ladder, self.issue
        if agreed is None:
            return self.as_it_is()
        number = tier_after_reopening(issue.tier, len(agreed.tiers), issue.reopens + 1, agreed.reopens_to_escalate)
        return self._on_tier(number)

    def _on_tier(self, number: int) -> Readers:
        context = ladder_context(self.issue, self.arrangement)
        entry = ladder.enter(context, number, self.now)
        tier = entry.tier if entry else context.ladder.tiers[number - 1]
        return self._ahead(self.issue.side_ids, tier, entry)

    def _ahead(self, sides: tuple[int, ...], tier: Tier, entry: Entry | None = None) -> Readers:
        """On that tier, between these sides."""
        everybody = readers.people_of(self.arrangement, sides)
        if self.issue.ring is Ring.NAMED:
            now = readers.issue_readers(self.issue, self.arrangement, self.now)
            return self._drawn(now | (self._entering(entry) & everybody if entry else frozenset()), later=_COME_LATER)
        body = self.arrangement.bodies.get(tier.body)
        seated = self.arrangement.seated_on(body.id) if body and tier.whole_body else frozenset[int]()
        return self._drawn(everybody | seated, later=self._later(tier.number))

    def _entering(self, entry: Entry) -> frozenset[int]:
        """Who would hold it there, and who acts for them today."""
        found = {each.person_id for each in entry.holders}
        for side in {each.organisation_id for each in entry.holders}:
            written = [each.person_id for each in entry.holders if each.organisation_id == side]
            found |= {*acting(self.arrangement.day(side, self.now), entry.tier, written, (entry.tier,))}
        return frozenset(found)

    def _drawn(self, people: frozenset[int], *, private: bool = False, named: bool = False, later: str = "") -> Readers:
        narrow = named or self.issue.ring is Ring.NAMED
        who = readers.grouped(people, self.issue, self.arrangement, self.viewer, named=narrow)
        return Readers(who, private=private, named=narrow, later=later)

    def _later(self, tier: int) -> str:
        """Who joins when it goes up: about a person whoever comes to hold it, else the bodies that read it."""
        if self.issue.ring is Ring.NAMED:
            return _COME_LATER
        return listed(self._bodies_above(tier)) if self.issue.crossed else ""

    def _bodies_above(self, number: int) -> Iterator[str]:
        agreed = self._ladder
        sides = readers.people_of(self.arrangement, self.issue.side_ids)
        for tier in agreed.tiers[number:] if agreed else ():
            body = self.arrangement.bodies.get(tier.body)
            more = self.arrangement.seated_on(body.id) - sides if body and tier.whole_body else ()
            if more:
                yield f"{say_people(len(more))} more of {tier.name}, when it reaches them"


_SAY_IT_THEMSELVES = frozenset({"notes", "side-removal", "escalation", "hand-down", "quotation", "paper"})
