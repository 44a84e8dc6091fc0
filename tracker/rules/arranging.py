"""Who may change what was agreed, whom a change touches, and who agrees it: each organisation's own leads."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from itertools import chain, permutations, product

from tracker.rules.agreement import TOPICS, Route, ServiceArea
from tracker.rules.arrangement import Arrangement, Body, Ladder, Organisation, Person
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.meetings import one_meeting_later
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Role, Viewer
from tracker.rules.routing import answers_of, can_say, candidates, leads_of, start_of, told_apart_by, words_of


def led_by(viewer: Viewer, arrangement: Arrangement) -> tuple[str, ...]:
    """The keys of the organisations of this partnership that a person leads."""
    return tuple(each.organisation_key for each in viewer.in_partnership(arrangement.id) if Role.LEAD in each.roles)


def may_arrange(viewer: Viewer, arrangement: Arrangement, organisation: str | None = None) -> bool:
    """Whether a person may change what is shared, or, with its key, what is one organisation's own."""
    led = led_by(viewer, arrangement)
    return organisation in led if organisation is not None else bool(led)


def require_lead(viewer: Viewer, arrangement: Arrangement, organisation: str | None = None) -> None:
    """Refuses with MayNot, naming whose lead may."""
    if may_arrange(viewer, arrangement, organisation):
        return
    if organisation is None:
        raise MayNot("You can read what was agreed here; to change it is for a lead of one of the organisations.")
    name = arrangement.organisation(organisation).name
    raise MayNot(f"You can read this; what is {name}'s own is changed by a lead of {name}.")


class ProposalState(StrEnum):
    """What became of a change that had to be agreed."""

    WAITING = "waiting"
    AGREED = "agreed"
    RETURNED = "returned"
    TAKEN_BACK = "taken back"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits for leads: the keys of the organisations that it touches, who proposed it, and who has agreed it for
    one of them (ids of persons)."""

    touches: Collection[str]
    proposed_by: int | None = None
    agreed_by: Collection[int] = ()


def require_answer(lead: Person, organisation: Organisation, asked: Asked) -> None:
    """Refuses with MayNot whoever may not answer for an organisation: who is no lead of it, an organisation that it
    does not touch, who proposed it, and who agreed it before, for another one."""
    if reason := _why_not(lead, organisation, asked):
        raise MayNot(reason)


def may_answer(lead: Person, organisation: Organisation, asked: Asked) -> bool:
    return not _why_not(lead, organisation, asked)


def _why_not(lead: Person, organisation: Organisation, asked: Asked) -> str:
    if not lead.is_lead_of(organisation.key):
        return f"{lead.name} is no lead of {organisation.name}; only its lead agrees for it."
    if organisation.key not in asked.touches:
        return f"This does not touch {organisation.name}, so nothing is to be agreed for it."
    if lead.id == asked.proposed_by:
        return f"{lead.name} proposed this; for {organisation.name} somebody else answers."
    if lead.id in asked.agreed_by:
        return f"{lead.name} agreed this before, for one organisation; somebody else answers for {organisation.name}."
    return ""


# What a route can look at of an issue, but for whose it is, where, and what it says.
_VALUES = {"severity": tuple(Severity), "kind": tuple(Kind), "topic": ("", *TOPICS)}


@dataclass(frozen=True, slots=True)
class Way:
    """Where an issue can go. `starts`: the tier in each version of the ladder that is or may come into force; `leads`:
    the person by organisation key."""

    ladder: str
    starts: tuple[int, ...]
    answers: str
    leads: tuple[tuple[str, int], ...]


def touched(before: Arrangement, after: Arrangement, own: str | None = None) -> tuple[str, ...]:
    """The keys of the organisations that a change touches, but for the proposer's `own`, in the order of positions.

    A pair of which an issue can go another way (ladder, start, who answers, who leads the first tier for another than
    `own`), with who answers; everybody, where the change is of what all share. Versions of ladders have a rule of their
    own, and what is one organisation's own touches nobody else.
    """
    here = [each.key for each in before.active_organisations()]
    if _is_for_all(before, after):
        return tuple(each for each in here if each != own)
    found: set[str] = set()
    for each in chain(_unseated(before, after), _routed(before, after, own)):
        found.add(each)
        if found.issuperset(here):
            break
    return tuple(each for each in here if each in found and each != own)


def _is_for_all(before: Arrangement, after: Arrangement) -> bool:
    return _shared(before) != _shared(after) or any(_changes_for_all(each, before, after) for each in _bodies(before))


def _shared(agreed: Arrangement) -> tuple[object, ...]:
    """What every organisation has to agree, but for the meetings of bodies."""
    report = agreed.report
    return (
        agreed.zone,
        {each.key for each in agreed.active_organisations()},
        {each.key: each for each in agreed.clauses if not each.retired},
        dict(report.thresholds),
        {(each.theme, frozenset(each.pair)): each for each in report.baselines},
        _default(agreed),
        {each.key for each in _in_force(agreed)},
    )


def _changes_for_all(body: Body, before: Arrangement, after: Arrangement) -> bool:
    """Whether a body of a ladder is gone, or one meets otherwise than by a single meeting cancelled or put off."""
    new = after.bodies.get(body.key)
    if new is None or new.retired:
        return body.key in _climbed(before)
    return body.meets != new.meets and one_meeting_later(body.meets, new.meets) is None


def _unseated(before: Arrangement, after: Arrangement) -> Iterator[str]:
    """Whose seats go with a body that is no longer there."""
    for body in _bodies(before):
        if body.key not in after.bodies or after.bodies[body.key].retired:
            yield from (seat.organisation for seat in body.seats)


Change = tuple[Arrangement, Arrangement]  # what is agreed before it, and after


def goes_further(then: Change, now: Change, own: str | None = None) -> frozenset[str]:
    """The keys of the organisations of which an issue goes another way by a change `now` that it would not have gone by
    the same change `then`, when it was agreed: routes that stand behind what it changes were others."""
    versions = _versions(*then, *now)
    agreed, meant = (_Comparison.of(*change, own, versions) for change in (then, now))
    found: set[str] = set()
    for facts in _facts(now[0], *agreed.tables, *meant.tables):
        known = agreed.other_ways(facts)
        for each in meant.other_ways(facts):
            if not any(other.covers(each) for other in known):
                found |= {*_whose(facts, each)}
    return frozenset(found - {own})


def bears_on_others(before: Arrangement, after: Arrangement) -> bool:
    """Whether a change can make another, which waits, touch somebody else or do something else."""
    people = [{key: {*each.roles} for key, each in agreed.people.items()} for agreed in (before, after)]
    left = any(places - people[1].get(key, set()) for key, places in people[0].items())
    return left or _borne_on(before) != _borne_on(after)


def _borne_on(agreed: Arrangement) -> tuple[object, ...]:
    """What a change is held against."""
    versions = {key: {_climb(each) for each in found} for key, found in _versions(agreed).items()}
    seated = {body.key: {seat.organisation for seat in body.seats} for body in _bodies(agreed)}
    said = {each.key: _says(each) for each in agreed.service_areas if not each.retired}
    says = {key: each for key, each in said.items() if each != _NOTHING_SAID}
    return _shared(agreed)[1], _default(agreed), agreed.routes, says, versions, seated


def _routed(before: Arrangement, after: Arrangement, own: str | None) -> Iterator[str]:
    """The organisations of which an issue can go another way."""
    compared = _Comparison.of(before, after, own, _versions(before, after))
    was, now = compared.tables
    same_routes = was.routes == now.routes
    if same_routes and was.areas == now.areas:
        return
    for facts in _facts(before, was, now):
        area = facts["service_area"]
        if not same_routes or _says(was.areas.get(area)) != _says(now.areas.get(area)):
            for each in compared.other_ways(facts):
                yield from _whose(facts, each)


def _whose(facts: Mapping[str, str], other: "_OtherWay") -> Iterator[str]:
    old, new = other.old.way, other.new.way
    yield from (facts["organisation"], facts["with"], old.answers, new.answers)
    yield from (side for side, _ in {*old.leads} ^ {*new.leads})


@dataclass(frozen=True, slots=True)
class _Option:
    """A way that an issue can go, and the words of which it has to say one (none: it goes that way whatever it says).
    Words of equal routes are the same object."""

    words: tuple[str, ...]
    way: Way


@dataclass(frozen=True, slots=True)
class _OtherWay:
    """A way that a text goes before a change, and another after it: one of the words of each, and none that `silent`
    names, list by list."""

    old: _Option
    new: _Option
    silent: tuple[tuple[str, ...], ...]

    def covers(self, other: "_OtherWay") -> bool:
        """Whether all texts of another go the same way by this."""
        return (
            self.new.way == other.new.way
            and all(not mine.words or mine.words == theirs.words for mine, theirs in self._options(other))
            and {*chain(*self.silent)} <= {*chain(*other.silent)}
        )

    def _options(self, other: "_OtherWay") -> tuple[tuple[_Option, _Option], ...]:
        return (self.old, other.old), (self.new, other.new)


@dataclass(frozen=True, slots=True)
class _RoutingTable:
    """What decides where an issue goes; who leads without belonging there any more leads nothing. `words`: of each
    route, by its `id`; `asked`: what of an issue it hangs on; `options`: what was asked for, by that."""

    default: str
    routes: tuple[Route, ...]
    areas: Mapping[str, ServiceArea]
    members: frozenset[tuple[str, int]]
    versions: Mapping[str, Sequence[Ladder]]
    words: Mapping[int, tuple[str, ...]]
    asked: tuple[str, ...]
    options: dict[tuple[str, ...], list[_Option]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, agreed: Arrangement, after: Arrangement, own: str | None, versions: Mapping[str, Sequence[Ladder]]
    ) -> "_RoutingTable":
        members = frozenset(
            (key, each.id) for each in after.people.values() for key in each.roles if key != own and not each.retired
        )
        areas = {each.key: each for each in agreed.service_areas if not each.retired}
        words = {id(each): _kept(words_of(each)) for each in agreed.routes}
        asked = {"service_area", "with", *chain(*(each.when for each in agreed.routes))} - {"words"}
        return cls(_default(agreed), agreed.routes, areas, members, versions, words, tuple(sorted(asked)))

    def ways(self, facts: Mapping[str, str]) -> list[_Option]:
        """The ways that an issue with these facts can go, in the order in which they are tried."""
        place = tuple(facts[name] for name in self.asked)
        if place not in self.options:
            rules = candidates(self.routes, facts)
            self.options[place] = [_Option(self.words.get(id(rule), ()), self._way(rule, facts)) for rule in rules]
        return self.options[place]

    def _way(self, rule: Route | None, facts: Mapping[str, str]) -> Way:
        area, ladder = self.areas.get(facts["service_area"]), rule.ladder if rule else self.default
        leads = sorted(leads_of(area, rule).items() & self.members)
        starts = tuple(start_of(rule, each) for each in self.versions.get(ladder, ()))
        return Way(ladder, starts, answers_of(rule, area, facts["with"]), tuple(leads))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What decides where issues go before a change and after it. `found`: how ways differ, by the `id`s of both."""

    tables: tuple[_RoutingTable, _RoutingTable]
    found: dict[tuple[int, int], Sequence[_OtherWay]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, before: Arrangement, after: Arrangement, own: str | None, versions: Mapping[str, Sequence[Ladder]]
    ) -> "_Comparison":
        return cls((_RoutingTable.of(before, after, own, versions), _RoutingTable.of(after, after, own, versions)))

    def other_ways(self, facts: Mapping[str, str]) -> Sequence[_OtherWay]:
        """The ways that an issue with these facts can go before and after, where they differ."""
        old, new = (each.ways(facts) for each in self.tables)
        place = (id(old), id(new))
        if place not in self.found:
            self.found[place] = tuple(_differing(old, new))
        return self.found[place]


@lru_cache(maxsize=1024)
def _kept(words: tuple[str, ...]) -> tuple[str, ...]:
    """The same object for the same words."""
    return words


def _differing(old: Sequence[_Option], new: Sequence[_Option]) -> Iterator[_OtherWay]:
    """The ways that one and the same text can go before and after, where they differ.

    What says a word of a route is heard by the first that asks for the same words, before or after: what stands behind
    that is not looked at.
    """
    places: dict[int, list[int]] = defaultdict(list)
    for to, other in enumerate(new):
        places[id(other.words)].append(to)
    left = dict(enumerate(new))
    for at, one in enumerate(old):
        same = places.get(id(one.words), [])
        for to, other in left.items():
            if same and to > same[0]:
                break
            if one.way != other.way:
                silent = tuple(each.words for each in (*old[:at], *new[:to]))
                if can_say(one.words, silent) and can_say(other.words, silent):
                    yield _OtherWay(one, other, silent)
        for to in same:
            left.pop(to, None)


def _facts(agreed: Arrangement, *tables: _RoutingTable) -> Iterator[dict[str, str]]:
    """What routes look at, in every combination that can make a difference to them."""
    routes = tuple(chain(*(each.routes for each in tables)))
    keys = [each.key for each in agreed.active_organisations()]
    some = [told_apart_by(routes, name, values) for name, values in _VALUES.items()]
    places = [*product(permutations(keys, 2), _areas(routes, tables))]
    for values in product(*some):
        said = dict(zip(_VALUES, values, strict=True))
        for (organisation, with_), area in places:
            yield {"organisation": organisation, "with": with_, "service_area": area, **said}


def _areas(routes: Sequence[Route], tables: Sequence[_RoutingTable]) -> Iterable[str]:
    """The service areas that differ in what a route asks for or in what they say themselves, and none."""
    kinds: dict[tuple[object, ...], str] = {}
    named = [each.when["service_area"] for each in routes if "service_area" in each.when]
    for key in ("", *chain(*(each.areas for each in tables)), *chain(*named)):
        asked = tuple(key in each for each in named)
        kinds.setdefault((asked, *(_says(each.areas.get(key)) for each in tables)), key)
    return kinds.values()


_NOTHING_SAID: tuple[object, ...] = (None, ())  # of a service area that is none, too


def _says(area: ServiceArea | None) -> tuple[object, ...]:
    return (area.answers, tuple(sorted(area.leads.items()))) if area else _NOTHING_SAID


def _versions(*arrangements: Arrangement) -> dict[str, tuple[Ladder, ...]]:
    """The versions of each ladder that are in force or wait to be, before a change or after it."""
    found: dict[str, dict[tuple[str, ...], Ladder]] = {}
    for agreed in arrangements:
        for each in (*_in_force(agreed), *agreed.ladders_to_agree()):
            found.setdefault(each.key, {}).setdefault(_climb(each), each)
    return {key: tuple(each.values()) for key, each in found.items()}


def _climb(ladder: Ladder) -> tuple[str, ...]:
    return tuple(tier.body for tier in ladder.tiers)


def _in_force(agreed: Arrangement) -> Iterator[Ladder]:
    keys = dict.fromkeys(each.key for each in agreed.ladders.values())
    return (found for key in keys if (found := agreed.ladder_in_force(key)) is not None)


def _default(agreed: Arrangement) -> str:
    return next((each.key for each in agreed.ladders.values() if each.default and not each.retired), "")


def _climbed(agreed: Arrangement) -> set[str]:
    """The bodies of ladders that are in force, or wait to be."""
    return {tier.body for each in (*_in_force(agreed), *agreed.ladders_to_agree()) for tier in each.tiers}


def _bodies(agreed: Arrangement) -> list[Body]:
    return [each for each in agreed.bodies.values() if not each.retired]
