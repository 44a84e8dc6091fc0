"""The feed as it goes over the wire: what happened, an entry each, with all that proves it to who may read it."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from tracker.records.event import link_of, salted, unsalted
from tracker.rules import names
from tracker.rules.digest import ACTOR, CLOSED, Word, actor_id_hash
from tracker.rules.events.kinds import REDACTED
from tracker.rules.proofs.leaves import ChainHead, WholePlace
from tracker.rules.proofs.notes import base64_hash, base64_text
from tracker.rules.rings import Ring, Role, Viewer

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class FeedShape(BaseModel):
    """What comes from elsewhere is looked at before it is taken; what is not known here is left aside."""

    model_config = ConfigDict(frozen=True)


class FeedWord(FeedShape):
    """A name or text, with the salt that proves it."""

    salt: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    text: str


class FeedEvent(FeedShape):
    """An event as it was written. `words` that this reader may have; of others, and of those that were taken out, the
    `hashes`. `stands_on`: the digest before it, where that may be of an event which is somebody else's."""

    kind: str
    at: AwareDatetime
    readers: str
    place: int
    digest: Digest
    organisation_id: int | None = None
    ring: Ring
    tier: int
    ball_with_id: int | None = None
    state: str
    details: dict[str, Any]
    words: dict[str, FeedWord]
    hashes: dict[str, Digest]
    stands_on: Digest | None = None

    @classmethod
    def of(cls, row: Any, viewer: Viewer) -> "FeedEvent":
        """A row of `queries/proofs/feed`, as this reader may know it: who keeps their name inside stays a hash."""
        words, hashes = salted(row.words, row.salts), dict(row.hashes)
        if not row.readers.startswith(CLOSED):
            hashes |= actor_id_hash(words, row.person_id)
        if ACTOR in words and not names.may_know(row.person_id, row, viewer):
            hashes[ACTOR] = words.pop(ACTOR).hash
        if row.note_text is not None and row.note_text != REDACTED:
            words["text"] = Word(row.note_salt, row.note_text)
        given = {name: getattr(row, name) for name in cls.model_fields if name not in ("words", "hashes")}
        said = {name: FeedWord(salt=word.salt, text=word.value) for name, word in words.items()}
        return cls(**given, words=said, hashes={name: each for name, each in hashes.items() if name not in said})

    def link_after(self, previous: str) -> str:
        """What its digest is, standing on that one: as it says, unless something of it was changed."""
        words, salts = unsalted({name: Word(each.salt, each.text) for name, each in self.words.items()})
        columns = {name: getattr(self, name) for name in _LINKED}
        return link_of({**columns, "issue_id": 0, "person_id": None, "words": words, "salts": salts}, previous)

    @property
    def called(self) -> str:
        """By which somebody finds it in the story."""
        return f"{self.kind}, {self.at:%Y-%m-%d %H:%M} UTC"


_LINKED = ("readers", "kind", "at", "organisation_id", "ring", "tier", "ball_with_id", "state", "details", "hashes")


class FeedHead(FeedShape):
    """How far a chain of an issue had come."""

    issue: str
    chain: Digest
    length: int
    digest: Digest

    @property
    def head(self) -> ChainHead:
        return ChainHead(self.chain, self.length, self.digest)


class FeedPlace(FeedShape):
    """A place of a leaf, opened."""

    name: str
    salt: str
    heads: tuple[FeedHead, ...]
    others: tuple[str, ...]

    @classmethod
    def of(cls, place: WholePlace, refs: Mapping[str, str]) -> "FeedPlace":
        heads = (
            FeedHead(issue=refs[each.digest], chain=each.chain, length=each.length, digest=each.digest)
            for each in place.heads
        )
        others = tuple(map(base64_text, place.others))
        return cls(name=place.place, salt=base64_text(place.salt), heads=tuple(heads), others=others)

    @property
    def whole(self) -> WholePlace:
        """Refuses with WrongNote what is no hash."""
        heads = tuple(each.head for each in self.heads)
        return WholePlace(self.name, base64_hash(self.salt), heads, tuple(map(base64_hash, self.others)))


class FeedCheckpoint(FeedShape):
    """A checkpoint, with its leaf as it stands in the log."""

    size: int
    note: str
    leaf: str
    places: tuple[FeedPlace, ...]


class FeedEntry(FeedShape):
    """One of three: an `event` of an issue; an issue that the reader may read no longer (`left`); a checkpoint."""

    issue: str | None = None
    event: FeedEvent | None = None
    left: bool = False
    checkpoint: FeedCheckpoint | None = None


class FeedEpoch(FeedShape):
    """A name that the log had up to `size` checkpoints."""

    origin: str
    size: int


class FeedLog(FeedShape):
    """The log of the partnership, how far it has come, and the keys that sign it, the one in force last. `changes`: the
    notes by which one handed over to the next; `ended`: the epochs of before, the first one first."""

    origin: str
    size: int
    root: str
    keys: tuple[str, ...]
    changes: tuple[str, ...] = ()
    ended: tuple[FeedEpoch, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """All that it ever had."""
        return frozenset({self.origin, *(each.origin for each in self.ended)})

    def origin_at(self, size: int) -> str:
        """The name under which that checkpoint was signed."""
        return next((each.origin for each in self.ended if size <= each.size), self.origin)


class FeedPage(FeedShape):
    """Some entries; `next`: after which place the next page begins, and whether there is `more` by now."""

    partnership: str
    organisation: str
    log: FeedLog | None = None
    entries: tuple[FeedEntry, ...]
    next: str
    more: bool


class FeedSide(FeedShape):
    """An organisation, by the number that events name it by. `calendar`: as the charter file has it."""

    id: int
    key: str
    name: str
    position: int
    calendar: dict[str, Any]
    retired: bool = False


class FeedPerson(FeedShape):
    """Somebody of the organisation that reads."""

    email: str
    name: str
    roles: tuple[Role, ...]


class FeedHome(FeedShape):
    """Where a copy is at home: the partnership with its organisations, and the people of the one that reads, who come
    in to its copy."""

    partnership: str
    name: str
    zone: str
    organisation: str
    sides: tuple[FeedSide, ...]
    people: tuple[FeedPerson, ...]

    @model_validator(mode="after")
    def _is_among_its_sides(self) -> "FeedHome":
        if self.organisation not in {each.key for each in self.sides}:
            raise ValueError("the organisation is none of the partnership")
        return self

    @property
    def side(self) -> FeedSide:
        """The organisation that reads."""
        return next(each for each in self.sides if each.key == self.organisation)
