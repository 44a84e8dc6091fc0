"""Who may change what was agreed, whom a change touches, and who agrees it: each organisation's own leads."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations, product

from tracker.rules.agreement import TOPICS, Route, ServiceArea
from tracker.rules.arrangement import Arrangement, Body, Ladder, Organisation, Person
from tracker.rules.lifecycle import Kind, Severity
from tracker.rules.meetings import one_meeting_later
from tracker.rules.refusals import MayNot
from tracker.rules.rings import Role, Viewer
from tracker.rules.routing import answers_of, candidates, leads_of, start_of, told_apart_by


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
    found = set(here) if _is_for_all(before, after) else {*_routed(before, after, own), *_unseated(before, after)}
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


def _routed(before: Arrangement, after: Arrangement, own: str | None) -> Iterator[str]:
    """The organisations of which an issue can go another way."""
    was, now = _RoutingTable.of(before, after, own), _RoutingTable.of(after, after, own)
    versions = _versions(before, after)
    if (was.routes, was.areas) == (now.routes, now.areas):
        return
    for facts in _facts(before, was, now):
        pair = (facts["organisation"], facts["with"])
        for old, new in _differing(was.ways(facts, versions), now.ways(facts, versions)):
            yield from (*pair, old.answers, new.answers)
            yield from (side for side, _ in {*old.leads} ^ {*new.leads})


@dataclass(frozen=True, slots=True)
class _RoutingTable:
    """What decides where an issue goes; who leads without belonging there any more leads nothing."""

    default: str
    routes: tuple[Route, ...]
    areas: Mapping[str, ServiceArea]
    members: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, agreed: Arrangement, after: Arrangement, own: str | None) -> "_RoutingTable":
        members = frozenset(
            (key, each.id) for each in after.people.values() for key in each.roles if key != own and not each.retired
        )
        areas = {each.key: each for each in agreed.service_areas if not each.retired}
        return cls(_default(agreed), agreed.routes, areas, members)

    def ways(
        self, facts: Mapping[str, str], versions: Mapping[str, Sequence[Ladder]]
    ) -> list[tuple[Sequence[str], Way]]:
        """The ways that an issue with these facts can go, each with the words of which it has to say one (none: it goes
        that way whatever it says), in the order in which they are tried."""
        area = self.areas.get(facts["service_area"])
        rules = candidates(self.routes, facts)
        return [(_words(rule), self._way(rule, area, facts, versions)) for rule in rules]

    def _way(
        self,
        rule: Route | None,
        area: ServiceArea | None,
        facts: Mapping[str, str],
        versions: Mapping[str, Sequence[Ladder]],
    ) -> Way:
        ladder = rule.ladder if rule else self.default
        leads = sorted(leads_of(area, rule).items() & self.members)
        starts = tuple(start_of(rule, each) for each in versions.get(ladder, ()))
        return Way(ladder, starts, answers_of(rule, area, facts["with"]), tuple(leads))


def _words(rule: Route | None) -> Sequence[str]:
    return tuple(each.casefold() for each in rule.when.get("words", ())) if rule else ()


def _differing(
    old: Sequence[tuple[Sequence[str], Way]], new: Sequence[tuple[Sequence[str], Way]]
) -> Iterator[tuple[Way, Way]]:
    """The ways that one and the same text can go before and after, where they differ."""
    for (at, (words, way)), (to, (others, other)) in product(enumerate(old), enumerate(new)):
        if way == other:
            continue
        silent = [word for each, _ in (*old[:at], *new[:to]) for word in each]
        if _can_say(words, silent) and _can_say(others, silent):
            yield way, other


def _can_say(words: Sequence[str], silent: Iterable[str]) -> bool:
    """Whether a text can say one of these, if any, without saying what it must be silent of."""
    return not words or any(all(each not in word for each in silent) for word in words)


def _facts(agreed: Arrangement, was: _RoutingTable, now: _RoutingTable) -> Iterator[dict[str, str]]:
    """What routes look at, in every combination that can make a difference to them."""
    routes = (*was.routes, *now.routes)
    keys = [each.key for each in agreed.active_organisations()]
    some = [told_apart_by(routes, name, values) for name, values in _VALUES.items()]
    for values in product(*some):
        said = dict(zip(_VALUES, values, strict=True))
        for (organisation, with_), area in product(permutations(keys, 2), _areas(routes, was, now)):
            yield {"organisation": organisation, "with": with_, "service_area": area, **said}


def _areas(routes: Sequence[Route], was: _RoutingTable, now: _RoutingTable) -> Iterable[str]:
    """The service areas that differ in what a route asks for or in what they say themselves, and none."""
    kinds: dict[tuple[object, ...], str] = {}
    named = (key for each in routes for key in each.when.get("service_area", ()))
    for key in ("", *was.areas, *now.areas, *named):
        asked = tuple(key in each.when.get("service_area", ()) for each in routes)
        kinds.setdefault((asked, *(_says(each.areas.get(key)) for each in (was, now))), key)
    return kinds.values()


def _says(area: ServiceArea | None) -> tuple[object, ...]:
    return (area.answers, tuple(sorted(area.leads.items()))) if area else ()


def _versions(*arrangements: Arrangement) -> dict[str, tuple[Ladder, ...]]:
    """The versions of each ladder that are in force or wait to be, before a change or after it."""
    found: dict[str, dict[tuple[str, ...], Ladder]] = {}
    for agreed in arrangements:
        for each in (*_in_force(agreed), *agreed.ladders_to_agree()):
            found.setdefault(each.key, {}).setdefault(tuple(tier.body for tier in each.tiers), each)
    return {key: tuple(each.values()) for key, each in found.items()}


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
