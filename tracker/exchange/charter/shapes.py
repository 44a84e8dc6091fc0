"""The tables of a charter file: their fields and what each may hold. Checked one entry at a time."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from tracker.exchange.charter.calendar_shape import CalendarShape
from tracker.exchange.charter.fields import (
    Count,
    Country,
    Demanded,
    DisallowedValue,
    Email,
    Flag,
    Key,
    Length,
    Limit,
    Line,
    Meets,
    NeverNamed,
    PartnershipKey,
    Text,
    Topic,
    WrongValue,
    Zone,
)
from tracker.rules.arrangement import PaperSize
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.rings import Ring, Role


class CharterEntry(BaseModel):
    """An entry: nothing but its fields, and never changed."""

    # Built when a charter is read: that took a twentieth of the time until a server answers.
    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True, defer_build=True
    )


class PartnershipShape(CharterEntry):
    """`[partnership]`."""

    key: PartnershipKey
    name: Line
    zone: Zone
    never_name: NeverNamed = ""
    identifiers: tuple[Country, ...] = ()
    paper: PaperSize = PaperSize.A4


class SignInShape(CharterEntry):
    """`[organisation.sign_in]`."""

    require: Demanded | None = None


class OrganisationShape(CharterEntry):
    """`[[organisation]]`."""

    key: Key
    name: Line
    calendar: CalendarShape
    sign_in: SignInShape = SignInShape()


class MembershipShape(CharterEntry):
    """What a person is in one organisation."""

    key: Key
    roles: tuple[Role, ...]

    @field_validator("roles")
    @classmethod
    def _in_order(cls, roles: tuple[Role, ...]) -> tuple[Role, ...]:
        if not roles:
            raise DisallowedValue(", ".join(Role))
        return tuple(role for role in Role if role in roles)


class PersonShape(CharterEntry):
    """`[[person]]`; `organisation` and `roles` are short for one entry in `organisations`."""

    email: Email
    name: Line
    organisations: tuple[MembershipShape, ...]

    @model_validator(mode="before")
    @classmethod
    def _one_organisation(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "organisations" in given or "organisation" not in given:
            return given
        rest = {name: each for name, each in given.items() if name not in {"organisation", "roles"}}
        one = {"key": given["organisation"], **({"roles": given["roles"]} if "roles" in given else {})}
        return {**rest, "organisations": [one]}

    @field_validator("organisations")
    @classmethod
    def _each_once(cls, organisations: tuple[MembershipShape, ...]) -> tuple[MembershipShape, ...]:
        if not organisations or len({each.key for each in organisations}) < len(organisations):
            raise DisallowedValue("one organisation or more, each once")
        return tuple(sorted(organisations, key=lambda each: each.key))

    def roles_in(self, organisation: str) -> tuple[Role, ...]:
        return next((each.roles for each in self.organisations if each.key == organisation), ())


class SeatShape(CharterEntry):
    """A seat of a body; `organisation` may be left out where the person has one only."""

    person: Email
    organisation: Key | None = None
    holds: Flag = False
    chair: Flag = False
    deputy: Email | None = None


class BodyShape(CharterEntry):
    """`[[body]]`."""

    key: Key
    name: Line
    meets: Meets | None = None
    seats: tuple[SeatShape, ...] = ()


class SeatsShape(CharterEntry):
    """All the seats of a body that is there, by its key."""

    key: Key
    seats: tuple[SeatShape, ...]


class EpochShape(CharterEntry):
    """No part of a charter, but agreed as one is: that the log of the record goes on under a new name. `lost`: the last
    checkpoint that it no longer has."""

    lost: str


class TierShape(CharterEntry):
    """A tier of a ladder. Without a name it is named as its body; only an external tier needs no body and limit."""

    name: Line | None = None
    body: Key | None = None
    limit: Limit | None = None
    acknowledge: Length | None = None
    warn: Length | None = None
    or_at_most: Length | None = None
    paper: Flag = False
    whole_body: Flag | None = None  # left out: as `paper`
    external: Flag = False

    @model_validator(mode="after")
    def _complete(self) -> "TierShape":
        for field in ("body", "limit"):
            if not self.external and getattr(self, field) is None:
                raise WrongValue(f"has no {field}; allowed is one in every tier but an external one")
        return self


class LadderShape(CharterEntry):
    """`[[ladder]]`, with `tiers` of its own, or `from` a starter and bound to `bodies`."""

    key: Key
    name: Line | None = None
    default: Flag = False
    keep_in_loop: Length = "5 working days"
    pause_cap: Length = "10 working days"
    agree_silence: Length = "5 working days"
    reopens_to_escalate: Count = Field(default=2, ge=1, le=99)
    skip: str = ""
    tiers: tuple[TierShape, ...] = ()
    starter: Key | None = Field(default=None, alias="from")
    bodies: tuple[Key, ...] = ()

    @field_validator("skip")
    @classmethod
    def _known_skip(cls, skip: str) -> str:
        if skip not in {"", "anyone"}:
            raise DisallowedValue("“anyone”, or leave it out: then skipping a tier needs a reason")
        return skip

    @model_validator(mode="after")
    def _either(self) -> "LadderShape":
        if bool(self.tiers) == bool(self.starter):
            found = "both tiers and from" if self.tiers else "neither tiers nor from"
            raise WrongValue(f"found {found}; allowed is one of them: tiers, or from = a starter with bodies")
        return self


class WhenShape(CharterEntry):
    """The conditions of a route: for each, the values of which one must hold."""

    service_area: tuple[Key, ...] = ()
    severity: tuple[Severity, ...] = ()
    organisation: tuple[Key, ...] = ()
    with_: tuple[Key, ...] = Field(default=(), alias="with")
    topic: tuple[Topic, ...] = ()
    kind: tuple[Kind, ...] = ()
    words: tuple[Line, ...] = ()

    def kept(self) -> dict[str, list[str]]:
        """Only what is said, as the record keeps it."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


class RouteShape(CharterEntry):
    """`[[route]]`; the first that matches wins."""

    key: Key
    when: WhenShape = Field(default_factory=WhenShape)
    ladder: Key
    start: Key | None = None
    answers: Key | None = None
    leads: dict[Key, Email] = Field(default_factory=dict)


class OrderShape(CharterEntry):
    """The order in which the entries of a table (`key`) are tried."""

    key: Key
    keys: tuple[Key, ...]


class ClauseShape(CharterEntry):
    """`[[clause]]`."""

    key: Key
    topic: Topic
    title: Line
    text: Text = ""


class ServiceAreaShape(CharterEntry):
    """`[[service_area]]`."""

    key: Key
    name: Line
    answers: Key | None = None
    leads: dict[Key, Email] = Field(default_factory=dict)


class GroupShape(CharterEntry):
    """`[[group]]` of themes."""

    key: Key
    name: Line


class ThemeShape(CharterEntry):
    """`[[theme]]`."""

    key: Key
    group: Key
    topic: Topic
    name: Line
    means: Text = ""
    phrases: tuple[Line, ...] = ()
    ring: Ring | None = None
