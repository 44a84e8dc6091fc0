"""How an issue climbs: entering a tier, being acknowledged there, passing limits, going up for a reason."""

from dataclasses import asdict
from datetime import datetime

from tracker.records.issue_facts import organisation_of
from tracker.records.issue_parts import Holder
from tracker.records.sides.asking import Asking
from tracker.records.timer import TimerKind
from tracker.rules.arrangement import Organisation, Person, Tier
from tracker.rules.deadlines import Due
from tracker.rules.events.issue import (
    Acknowledged,
    AcknowledgedByWriting,
    AcknowledgementLapsed,
    AcknowledgementLate,
    LimitNear,
    Routed,
    SideAdded,
)
from tracker.rules.events.kinds import CLOCK, Actor
from tracker.rules.events.moving import (
    Escalated,
    HandedToColleague,
    HolderLeft,
    HolderSeated,
    Rerouted,
    TierSkipped,
    TierVacant,
    TopLimitPassed,
    TopReminded,
)
from tracker.rules.ladder import Entry, HolderAt, Vacancy
from tracker.rules.lifecycle import Cause, Kind, State
from tracker.rules.rings import Ring, Step
from tracker.rules.routing import Routing


class Climbing(Asking):
    """The verbs of the ladder."""

    def take_route(self, routing: Routing, entry: Entry, answers: Organisation, *, at: datetime) -> None:
        """Onto a ladder at the tier the route starts on; the ball goes to the organisation that answers."""
        self.enter(entry)
        self.take_ladder(routing)
        self.ball_with_id = answers.id
        self.say_routed(routing, entry, answers, at)
        self.tell_vacancies(entry.vacancies, at)

    def take_ladder(self, routing: Routing) -> None:
        """The ladder it climbs from now on, and why."""
        if self.ladder_version_id != routing.ladder.id:
            self.deciding_tier = None
        self.ladder_version_id = routing.ladder.id
        self.route_key, self.route_why = routing.route, routing.why if routing.route else ""

    def say_routed(self, routing: Routing, entry: Entry, answers: Organisation, at: datetime) -> None:
        """Which rule sent it where, for everybody to read."""
        routed = Routed(
            route=routing.route,
            ladder=routing.ladder.key,
            version=routing.ladder.version,
            to=entry.tier.number,
            answers=answers.key,
            tier_name=entry.tier.name,
            ladder_name=routing.ladder.name,
            why=routing.why,
        )
        self.append(routed, CLOCK, at)

    def reroute(
        self,
        routing: Routing,
        entry: Entry,
        answers: Organisation,
        actor: Actor,
        at: datetime,
        *,
        ball: int,
        left: Tier | None,
        left_ladder: str,
        once: str | None = None,
    ) -> None:
        """Onto the ladder and the tier where it goes now, from `left`; the ball is with `ball`."""
        self.require(Step.REROUTE)
        self.enter(entry)
        self.take_ladder(routing)
        self.ball_with_id = ball
        rerouted = Rerouted(
            route=routing.route,
            ladder=routing.ladder.key,
            version=routing.ladder.version,
            from_ladder=left_ladder,
            from_tier=left.number if left else 0,
            to=entry.tier.number,
            answers=answers.key,
            from_name=left.name if left else "",
            tier_name=entry.tier.name,
            ladder_name=routing.ladder.name,
            answers_name=answers.name,
            why=routing.why,
        )
        self.append(rerouted, actor, at, once=once)
        self.tell_vacancies(entry.vacancies, at)

    def join_side(self, organisation: Organisation, why: str, *, at: datetime) -> None:
        """One more organisation is concerned; never silent."""
        self.add_side(organisation.id)
        self.append(SideAdded(side=organisation.key, side_name=organisation.name, why=why), CLOCK, at)

    def enter(self, entry: Entry) -> None:
        """Sets what entering a tier sets. Its limit runs from now; an early warning has no clock. What was asked on the
        tier that it leaves lapses before."""
        if (self.tier, self.entered_at) != (entry.tier.number, entry.at):  # else it stays where it is
            self.lapse_asks(entry.at, "it left the tier")
        self.stand_at(entry)
        self.entered_at = entry.at
        if self.deciding_tier is not None and self.deciding_tier <= self.tier:
            self.deciding_tier = None
        clock_runs = self.kind is Kind.ISSUE and not self.worked_round
        self.set_limit(entry.due if clock_runs else None)
        self.set_timer(TimerKind.WARNING, Due(entry.warn_at) if clock_runs and entry.warn_at else None)
        for side, key in zip(self.side_ids, entry.sides, strict=True):
            self._await_acknowledgement(side, key, entry.acknowledge_by.get(key) if clock_runs else None)
        self.clear_timers(TimerKind.TOP_REMINDER)

    def stand_at(self, entry: Entry) -> None:
        """On that tier, with its body and holders, whatever its clocks say."""
        body = entry.body
        self.tier = entry.tier.number
        self.body_id = body.id if body else None
        self.whole_body_id = self.body_id if entry.tier.whole_body and self.ring is Ring.SHARED else None
        self._hold(entry)

    def set_limit(self, due: Due | None) -> None:
        """The limit that is shown, what gave it, and the clock behind it."""
        self.due_at = due.at if due else None
        self.due_origin = due.origin.kept() if due and due.origin else None
        self.set_timer(TimerKind.LIMIT, Due(due.at) if due else None)

    def acknowledge(self, actor: Actor, at: datetime, *, lapses: Due, once: str | None = None) -> None:
        """Their side has seen it. A second acknowledgement by the same side changes nothing."""
        self.require(Step.ACKNOWLEDGE)
        side = self.side(organisation_of(actor))
        if side.acknowledged_at is not None:
            return
        self.mark_acknowledged(actor, at, lapses=lapses)
        self.append(Acknowledged(), actor, at, once=once)

    def acknowledge_by_writing(self, actor: Actor, at: datetime, *, lapses: Due) -> None:
        """Their side does what all sides can read, which says as much; nothing where it has acknowledged."""
        if self.side(organisation_of(actor)).acknowledged_at is None:
            self.mark_acknowledged(actor, at, lapses=lapses)
            self.append(AcknowledgedByWriting(), actor, at)

    def mark_acknowledged(self, actor: Actor, at: datetime, *, lapses: Due | None) -> None:
        """The side has it from here; the raiser's has from the first moment."""
        side = self.side(organisation_of(actor))
        side.acknowledged_at, side.acknowledged_by_name, side.acknowledge_by = at, actor.name, None
        side.lapsed_at = None
        self.clear_timers(TimerKind.ACKNOWLEDGEMENT, side=actor.organisation_key)
        self.set_timer(TimerKind.LAPSE, lapses, actor.organisation_key)
        if self.state is State.RAISED and actor.organisation_id != self.raised_for_id:
            self.state = State.OPEN

    def _await_acknowledgement(self, side: int, key: str, by: Due | None) -> None:
        row = self.side(side)
        row.acknowledged_at = row.acknowledged_by_name = row.lapsed_at = None
        row.acknowledge_by = by.at if by else None
        self.set_timer(TimerKind.ACKNOWLEDGEMENT, by, key)

    def acknowledgement_late(self, organisation: Organisation, told: str, at: datetime) -> None:
        """The side's next tier up (`told`, "" where nobody there may know) is told; the issue does not move."""
        self.clear_timers(TimerKind.ACKNOWLEDGEMENT, side=organisation.key)
        self.append(AcknowledgementLate(side=organisation.key, side_name=organisation.name, told=told), CLOCK, at)

    def lapse(self, organisation: Organisation, at: datetime) -> None:
        """Nothing from that side for `keep_in_loop`: it is asked whether it still has it."""
        self.clear_timers(TimerKind.LAPSE, side=organisation.key)
        side = self.side(organisation.id)
        side.acknowledged_at = side.acknowledged_by_name = side.acknowledge_by = None
        side.lapsed_at = at
        self.append(AcknowledgementLapsed(side=organisation.key, side_name=organisation.name), CLOCK, at)

    def warn(self, at: datetime) -> None:
        """The limit comes near."""
        self.clear_timers(TimerKind.WARNING)
        self.append(LimitNear(due_at=self.due_at.isoformat() if self.due_at else ""), CLOCK, at)

    def escalate(
        self,
        entry: Entry,
        actor: Actor,
        at: datetime,
        *,
        left: Tier,
        cause: Cause,
        reason: str = "",
        skipped: tuple[Tier, ...] = (),
        once: str | None = None,
    ) -> None:
        """Up to the tier of `entry`, from `left`. How late the old tier was is kept with the event."""
        self.require(Step.ESCALATE)
        late = max(0, int((at - self.due_at).total_seconds())) if self.due_at else 0
        is_back = cause is Cause.LIMIT and self.deciding_tier == entry.tier.number
        self.enter(entry)
        escalated = Escalated(
            from_tier=left.number,
            to=entry.tier.number,
            cause=cause.value,
            late_seconds=late,
            back=is_back,
            reason=reason,
            skipped=tuple(tier.number for tier in skipped),
            from_name=left.name,
            tier_name=entry.tier.name,
        )
        self.append(escalated, actor, at, once=once)
        for tier in skipped:
            self.append(TierSkipped(skipped=(tier.number,), cause=cause.value, tier_name=tier.name), actor, at)
        self.tell_vacancies(entry.vacancies, at)

    def stay(self, vacancies: tuple[Vacancy, ...], top: Tier, at: datetime, *, reminder: Due) -> None:
        """Its limit passed with nobody above it: one event, and the chairs are told again until it is decided."""
        self.lapse_asks(at, "the limit passed")
        self.clear_timers(TimerKind.LIMIT, TimerKind.WARNING)
        self.set_timer(TimerKind.TOP_REMINDER, reminder)
        self.tell_vacancies(vacancies, at, stays=True)
        self.append(TopLimitPassed(tier_name=top.name), CLOCK, at)

    def remind_top(self, top: Tier, at: datetime, *, reminder: Due) -> None:
        """Still there: the chairs are told again."""
        self.set_timer(TimerKind.TOP_REMINDER, reminder)
        self.append(TopReminded(tier_name=top.name), CLOCK, at)

    def lose_holder(
        self, left: Person, organisation: Organisation, heirs: tuple[HolderAt, ...], names: str, at: datetime
    ) -> None:
        """A holder left their organisation: whoever is in their place now (`heirs`, with their names) inherits it."""
        for holder in self.holders:
            if (holder.person_id, holder.organisation_id) == (left.id, organisation.id):
                holder.active = False
        self._write_holders(heirs)
        lost = HolderLeft(
            side=organisation.key, vacant=not heirs, left_name=left.name, heir_names=names, side_name=organisation.name
        )
        self.append(lost, CLOCK, at)

    def take_holders(self, organisation: Organisation, holders: tuple[HolderAt, ...], names: str, at: datetime) -> None:
        """A side that had nobody where it is has somebody now (`holders`, with the names of the first)."""
        self._write_holders(holders)
        seated = HolderSeated(side=organisation.key, holder_names=names, side_name=organisation.name)
        self.append(seated, CLOCK, at)

    def hand_to(
        self, colleague: Person, organisation: Organisation, actor: Actor, at: datetime, *, once: str | None = None
    ) -> None:
        """A colleague has it for their side from now on, where it is; who had it keeps sight of it."""
        self.require(Step.HAND)
        mine = [each for each in self.holders_now() if each.organisation_id == organisation.id]
        for holder in mine:
            holder.active = False
        self._write_holders((HolderAt(organisation.id, self.tier, colleague.id, first=True),))
        handed = HandedToColleague(side=organisation.key, colleague_name=colleague.name)
        self.append(handed, actor, at, once=once)

    def keep_sight(self, actor: Actor) -> None:
        """Somebody acts for a holder who is away: they keep sight of it once the holder is back."""
        if actor.person_id is not None and actor.person_id not in {each.person_id for each in self.holders}:
            stood_in = Holder(
                organisation_id=organisation_of(actor),
                tier=self.tier,
                person_id=actor.person_id,
                first=False,
                active=False,
                acted=True,
            )
            self.holders.append(stood_in)

    def tell_vacancies(self, vacancies: tuple[Vacancy, ...], at: datetime, *, stays: bool = False) -> None:
        """Says loudly which tiers had nobody."""
        for vacancy in vacancies:
            vacant = TierVacant(
                skipped=(vacancy.tier.number,),
                vacant=tuple(side.key for side in vacancy.sides),
                stays=stays,
                tier_name=vacancy.tier.name,
                side_names=" and ".join(side.name for side in vacancy.sides),
            )
            self.append(vacant, CLOCK, at)

    def _hold(self, entry: Entry) -> None:
        for holder in self.holders:
            holder.active = False
        self._write_holders(entry.holders)

    def _write_holders(self, holders: tuple[HolderAt, ...]) -> None:
        written = {(each.organisation_id, each.tier, each.person_id): each for each in self.holders}
        for each in holders:
            again = written.get((each.organisation_id, each.tier, each.person_id))
            if again:
                again.active, again.first, again.acted = True, each.first, False
            else:
                self.holders.append(Holder(**asdict(each)))
