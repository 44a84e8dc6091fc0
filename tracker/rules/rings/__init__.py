"""Rings: who may read, and who may do which step. One policy for every path into the product (`rules/policy`)."""

from dataclasses import dataclass
from enum import StrEnum


class Ring(StrEnum):
    """Who may read an issue, note or field (product.md, "Who may read")."""

    ORGANISATION = "organisation"
    SHARED = "shared"
    TIER = "tier"
    NAMED = "named"


def note_rings(*, crossed: bool, tier: int) -> tuple[Ring, ...]:
    """Those a note on an issue may take, the first where none is said. Before it crosses it has no other side; what is
    on no ladder has no tier whose holders could read it."""
    if not crossed:
        return (Ring.ORGANISATION,)
    return (Ring.SHARED, Ring.ORGANISATION, *((Ring.TIER,) if tier else ()), Ring.NAMED)


class Role(StrEnum):
    """What a person is for one organisation."""

    FRONT_LINE = "front_line"
    MANAGER = "manager"
    STEERING = "steering"
    LEAD = "lead"


ROLE_WORDS = {
    Role.FRONT_LINE: "front line",
    Role.MANAGER: "manager",
    Role.STEERING: "steering group",
    Role.LEAD: "partnership lead",
}


class TokenScope(StrEnum):
    """What a program may do that comes in by a token. DIRECTORY: say who belongs to its organisation, and read nothing
    else."""

    READ = "read"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's place in one organisation of one partnership."""

    organisation_id: int
    organisation_key: str
    partnership_id: int
    partnership_key: str
    roles: frozenset[Role]


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who is away, whose deputy one is today for an organisation on a body."""

    organisation_id: int
    body_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class Reserve:
    """A tier on which one acts today for an organisation where all who were written down for it there are `absent`:
    away, and no deputy of theirs is here. `own`: by a seat on that very tier."""

    organisation_id: int
    ladder_version_id: int
    tier: int
    absent: frozenset[int]
    own: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """For whom one acts today (`ladder/acting`); `away`: the ids of organisations from which one is away oneself."""

    away: frozenset[int] = frozenset()
    stands_in: frozenset[StandIn] = frozenset()
    reserves: frozenset[Reserve] = frozenset()

    def __or__(self, other: "Duty") -> "Duty":
        return Duty(self.away | other.away, self.stands_in | other.stands_in, self.reserves | other.reserves)


NO_DUTY = Duty()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking: a person, the organisations they belong to, the ids of the bodies they sit on, and for whom they
    act today."""

    person_id: int
    name: str
    memberships: tuple[Membership, ...]
    bodies: frozenset[int] = frozenset()
    duty: Duty = NO_DUTY

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(each.organisation_id for each in self.memberships)

    @property
    def partnership_ids(self) -> frozenset[int]:
        return frozenset(each.partnership_id for each in self.memberships)

    def in_partnership(self, partnership_id: int) -> tuple[Membership, ...]:
        """Their memberships in one partnership; empty for a stranger to it."""
        return tuple(each for each in self.memberships if each.partnership_id == partnership_id)

    def has_role(self, role: Role, *, partnership_id: int) -> bool:
        return any(role in each.roles for each in self.in_partnership(partnership_id))

    def sees_totals_of(self, partnership_id: int) -> bool:
        """Steering members and leads see totals over every issue that crossed a boundary."""
        return any(self.has_role(role, partnership_id=partnership_id) for role in (Role.STEERING, Role.LEAD))


class Step(StrEnum):
    """What a person can do to an issue; each is a resource under its address."""

    ACKNOWLEDGE = "acknowledge"
    NOTE = "note"
    OCCURRENCE = "record an occurrence"
    ESCALATE = "escalate"
    HAND = "hand it to a colleague"
    ASK = "ask the other side"
    ANSWER_ASK = "answer what is asked"
    TAKE_ASK_BACK = "take back what was asked"
    RESUME = "end the pause"
    PROPOSE = "propose a resolution"
    TAKE_BACK = "take the proposal back"
    AGREE = "agree"
    RETURN = "return the proposal"
    REOPEN = "reopen"
    AMEND = "edit"
    REWORD = "change its title or detail"
    WITHDRAW = "withdraw"
    THEME = "confirm the theme"
    THEME_VIEW = "say how your side sees it"
    STAYED_FIXED = "say whether it stayed fixed"
    CROSS = "share it with the other side"
    TURN = "turn it into an issue"
    REROUTE = "send it to where it belongs"
    QUOTE = "have your words quoted"
    UNQUOTE = "take your words back"
    REDACT = "take words out"
    HAND_DOWN = "hand it down"
    MERGE = "merge it with another"
    REMOVE_SIDE = "take a side out"
    PAPER = "write the paper of your side"


class Relation(StrEnum):
    """What a person is to one issue; a person may be several."""

    RAISER = "whoever raised it"
    FRONT_LINE = "front-line staff of a side"
    MANAGER = "a manager of a side"
    HOLDER = "a holder of a side"
    SEATED = "a member of the body it is on"
    LEAD = "a lead of a side"
    ASKED = "whoever was asked and has not answered"
    PROPOSER = "whoever proposed how it ends"


_EVERYBODY = frozenset(Relation)
_SIDES = frozenset({Relation.FRONT_LINE, Relation.MANAGER, Relation.HOLDER})
_DECIDERS = frozenset({Relation.MANAGER, Relation.HOLDER, Relation.SEATED})
_OWN = frozenset({Relation.RAISER})
AT_THEIR_TIER = frozenset({Relation.HOLDER, Relation.SEATED})

# The table of product.md, "May". A front-line person may reopen their own only; a lead's part is to arrange.
MAY: dict[Step, frozenset[Relation]] = {
    Step.NOTE: _EVERYBODY,
    Step.OCCURRENCE: _SIDES | _OWN,
    Step.STAYED_FIXED: frozenset({Relation.ASKED}),
    Step.ACKNOWLEDGE: _DECIDERS,
    Step.ESCALATE: _DECIDERS,
    Step.HAND: frozenset({Relation.MANAGER, Relation.HOLDER}),
    Step.ASK: _DECIDERS,
    Step.ANSWER_ASK: _DECIDERS,
    Step.TAKE_ASK_BACK: _DECIDERS,
    Step.RESUME: _DECIDERS,
    Step.PROPOSE: _DECIDERS,
    Step.TAKE_BACK: _DECIDERS | {Relation.PROPOSER},
    Step.AGREE: _DECIDERS,
    Step.RETURN: _DECIDERS,
    Step.THEME: _DECIDERS,
    Step.THEME_VIEW: _DECIDERS,
    Step.REROUTE: frozenset({Relation.MANAGER, Relation.HOLDER}),
    Step.REOPEN: _DECIDERS | _OWN,
    Step.AMEND: frozenset({Relation.MANAGER, Relation.HOLDER}) | _OWN,
    Step.REWORD: frozenset({Relation.MANAGER, Relation.HOLDER}) | _OWN,
    Step.CROSS: _DECIDERS | _OWN,
    Step.TURN: _DECIDERS | _OWN,
    Step.WITHDRAW: _OWN,
    Step.QUOTE: _OWN,
    Step.UNQUOTE: _OWN,
    Step.REDACT: frozenset({Relation.LEAD}),
    Step.HAND_DOWN: AT_THEIR_TIER,
    Step.PAPER: _DECIDERS,
    Step.MERGE: frozenset({Relation.MANAGER, Relation.HOLDER}),
    Step.REMOVE_SIDE: frozenset({Relation.MANAGER, Relation.HOLDER}),
}

# Whoever reads an issue writes notes; whoever raised it keeps their own words, wherever they are by now. Every other
# step is for somebody who speaks for a side.
WITHOUT_A_SIDE = frozenset({Step.NOTE, Step.QUOTE, Step.UNQUOTE})

# What a tier handed down it confirms itself: whoever holds it there, or sits on that body, answers what is proposed.
CONFIRMING = frozenset({Step.AGREE, Step.RETURN})

# Words belong to who wrote them: for somebody who speaks for the organisation that it was raised for.
OF_ITS_SIDE = frozenset({Step.REWORD})
