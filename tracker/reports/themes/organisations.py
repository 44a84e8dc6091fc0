"""The theme report on its organisations: how often each reports the other, what each calls it, and who reports."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

from tracker.measures.agreement import Gap, SharedCalls
from tracker.measures.asymmetry import NO_CLEAR_DIFFERENCE, Perception, RaisedIssues, Ratio, raising, theme_mix
from tracker.measures.breadth import is_silent
from tracker.measures.suppression import FEW, are_few
from tracker.queries.issue_list import TAGGED
from tracker.queries.tallies.counts import Block, Scope
from tracker.reports.sentences import Count, Sentence, plain
from tracker.reports.spreadsheet import Sheet, Value
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.subject import Pair, ReportSubject, ThemeSection, share_text, share_values
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import listed, say_count

_BOTH_WAYS = (
    "one", "name of one", "other", "name of other", "raised by one", "raised by other", "people of one",
    "people of other", "exposure of one", "exposure of other", "theme", "name of theme", "share of one",
    "share of other", "in words",
)  # fmt: skip
_VIEWS = (
    "one", "name of one", "other", "name of other", "theme", "name of theme", "one sees it", "other sees it",
    "in words",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BothWays:
    """Two organisations held against each other, both ways: who reports how often, by the exposure of each or, where
    that is not known (None), the people it has on the record; and how the themes of what each reports differ."""

    pair: Pair
    raised: tuple[int, int]
    people: tuple[int, int]
    exposures: tuple[float, float] | None
    ratios: tuple[Ratio, Ratio] | None
    mix: tuple[Perception, ...]

    @property
    def clear(self) -> list[Perception]:
        """The themes that the two clearly see differently."""
        return [seen for seen in self.mix if seen.is_clear]


@dataclass(frozen=True, slots=True)
class BothSides(ThemeSection):
    """Over the charted months, each pair that reported anything. `exposed_to`: what exposures count."""

    pairs: tuple[BothWays, ...]
    exposed_to: str

    @classmethod
    def of(cls, subject: ReportSubject, request: ReportRequest, tallies: Tallies, pairs: Sequence[Pair]) -> "BothSides":
        return cls(subject, tuple(_both_ways(request, tallies, pairs)), request.arrangement.report.exposures.what)

    def raising(self, both: BothWays) -> Iterator[Sentence]:
        """Who reports how often, in both directions."""
        for place, key in enumerate(both.pair):
            people = say_count(both.people[place], "person").replace("persons", "people") + " on the record"
            by = f"{both.exposures[place]:g} {self.exposed_to}" if both.exposures else people
            ratio = f": {both.ratios[place].words}" if both.ratios else ""
            count = self._reported(both, key, both.raised[place])
            yield (f"{self.subject.organisations[key]} reported ", count, f" ({by}){ratio}")

    def shares(self, both: BothWays, seen: Perception) -> list[Count]:
        """What a theme is of all that each of the two reported."""
        return [
            self._reported(both, key, share.k, seen.theme, share_text(share))
            for key, share in zip(both.pair, (seen.one, seen.other), strict=True)
        ]

    def seen_text(self, both: BothWays, seen: Perception) -> str:
        """Who of the two sees more of a theme, and by how much."""
        if not seen.is_clear:
            return NO_CLEAR_DIFFERENCE
        more = both.pair[0] if (seen.gap or 0) > 0 else both.pair[1]
        low, high = sorted(abs(100 * each) for each in seen.interval)
        return f"{self.subject.organisations[more]} sees more of it, by {low:.0f} to {high:.0f} points"

    def values(self) -> dict[str, Any]:
        return {"both_ways": [self._values(each) for each in self.pairs]}

    def sheets(self) -> Iterator[Sheet]:
        yield Sheet("Both ways", _BOTH_WAYS, [row for each in self.pairs for row in self._rows(each)])

    def _reported(self, both: BothWays, by: str, number: int, theme: str = TAGGED, text: str = "") -> Count:
        """What one of the two reported that has this theme, or some."""
        charted = self.subject.lately(len(self.subject.chart))
        return self.subject.count(number, theme, {"by": by}, within=charted, pair=both.pair, text=text)

    def _values(self, both: BothWays) -> dict[str, Any]:
        return {
            "pair": list(both.pair),
            "raised": list(both.raised),
            "people": list(both.people),
            "exposures": list(both.exposures) if both.exposures else None,
            "ratios": [asdict(each) for each in both.ratios or ()],
            "words": [plain(each) for each in self.raising(both)],
            "mix": [self._seen_values(both, seen) for seen in both.mix],
        }

    def _seen_values(self, both: BothWays, seen: Perception) -> dict[str, Any]:
        shares = {"one": share_values(seen.one), "other": share_values(seen.other)}
        clear = {"clear": seen.is_clear, "words": self.seen_text(both, seen)}
        return {"theme": seen.theme, **shares, "gap": seen.gap, "interval": list(seen.interval), **clear}

    def _rows(self, both: BothWays) -> Iterator[tuple[Value, ...]]:
        counted = (*_named(self.subject, both.pair), *both.raised, *both.people, *(both.exposures or (None, None)))
        for seen in both.mix:
            theme = (seen.theme, self.subject.theme(seen.theme))
            yield (*counted, *theme, seen.one.value, seen.other.value, self.seen_text(both, seen))


@dataclass(frozen=True, slots=True)
class SideViews(ThemeSection):
    """How each side sees why the issues of the period rub, pair by pair: what both have said, held side by side, as
    `counts[a, b]` issues in which the one with the earlier place sees theme a and the other theme b."""

    pairs: Mapping[Pair, SharedCalls]

    def sentence(self, pair: Pair) -> Sentence:
        """How far two organisations call the same issues the same."""
        agreement, named = self.pairs[pair], {"named": ",".join(pair)}
        both = self.subject.count(agreement.total, about=named, text=say_count(agreement.total, "issue"))
        alike = self.subject.count(agreement.same, about={**named, "alike": "yes"})
        same = ("of ", both, " that both have named, ", alike, " have the same name")
        more = "fewer than 10 are too few to say more."
        if agreement.kappa is not None:
            more = f"beyond what chance gives, they agree by {agreement.kappa:.2f} of 1 (kappa)."
        return (f"{listed(self.subject.names(pair))}: ", *same, f"; {more}")

    def gap(self, pair: Pair, gap: Gap) -> list[Count]:
        """How often each of the two calls issues by a theme."""
        named = ",".join(pair)
        return [
            self.subject.count(often, about={"named": named, "view": f"{key}:{gap.key}"})
            for key, often in zip(pair, (gap.one, gap.other), strict=True)
        ]

    def values(self) -> dict[str, Any]:
        return {"views": [self._values(pair, calls) for pair, calls in self.pairs.items()]}

    def sheets(self) -> Iterator[Sheet]:
        """A row a pair with what is said of it, then one for each theme that the two do not see equally often."""
        yield Sheet("What each side calls it", _VIEWS, [*self._rows()])

    def _values(self, pair: Pair, agreement: SharedCalls) -> dict[str, Any]:
        return {
            "pair": list(pair),
            "both": agreement.total,
            "same": agreement.same,
            "kappa": agreement.kappa,
            "gaps": [
                {"theme": each.key, "one": each.one, "other": each.other, "difference": each.difference}
                for each in agreement.gaps
            ],
            "words": plain(self.sentence(pair)),
        }

    def _rows(self) -> Iterator[tuple[Value, ...]]:
        for pair, agreement in self.pairs.items():
            named = _named(self.subject, pair)
            yield (*named, None, None, None, None, plain(self.sentence(pair)))
            for gap in agreement.gaps:
                yield (*named, gap.key, self.subject.theme(gap.key), gap.one, gap.other)


@dataclass(frozen=True, slots=True)
class ReporterCounts:
    """Distinct people of an organisation that reported something, in the recent months and in as many before them;
    how many people it has on the record, and how many reports were to be expected of them (statistics.md 8)."""

    organisation: str
    recent: int
    before: int
    people: int
    reports: int
    expected: float

    @property
    def is_silent(self) -> bool:
        """Nothing was reported though something was to be expected."""
        return is_silent(self.reports, self.expected)

    @property
    def shown(self) -> tuple[str, str]:
        """How many people, as it may be shown: “<5” of one to four, who could be identified."""
        return people_text(self.recent), people_text(self.before)

    @property
    def text(self) -> str:
        """How widely it reports."""
        if self.is_silent:
            return f"silent: about {self.expected:.0f} reports were to be expected"
        if are_few(max(self.recent, self.before)):
            return "too few to compare"
        if self.recent == self.before:
            return "as many as before"
        return "more people than before" if self.recent > self.before else "fewer people than before"

    def values(self) -> dict[str, Any]:
        recent, before = self.shown
        return {**asdict(self), "recent": recent, "before": before, "silent": self.is_silent, "words": self.text}


@dataclass(frozen=True, slots=True)
class Reporters(ThemeSection):
    """How widely each organisation that counts reports, in the partnership's order."""

    organisations: tuple[ReporterCounts, ...]

    @classmethod
    def of(cls, subject: ReportSubject, request: ReportRequest, tallies: Tallies) -> "Reporters":
        return cls(subject, tuple(_reporting(request, tallies)))

    def values(self) -> dict[str, Any]:
        return {"reporting": [each.values() for each in self.organisations]}

    def sheets(self) -> Iterator[Sheet]:
        names = self.subject.organisations
        rows = [
            (each.organisation, names[each.organisation], *each.shown, each.people, each.reports, each.text)
            for each in self.organisations
        ]
        yield Sheet("Reporting", ("organisation", "name", "recent", "before", "people", "reports", "in words"), rows)


def views_of(arrangement: Arrangement, scope: Scope, blocks: Iterable[Block]) -> dict[Pair, SharedCalls]:
    """By the places of the organisations: issues with an occurrence in the blocks' period on which both sides have a
    view. An issue of three sides counts in each of its pairs; a reader of some organisations has only the pairs with
    theirs."""
    organisations = arrangement.organisations
    counts = {pair: Counter[tuple[str, str]]() for pair in scope.pairs_of(organisations)}
    for block in blocks:
        seen = _views(block.views)
        for pair in combinations((each for each in organisations if each in seen), 2):
            if pair in counts:
                counts[pair][seen[pair[0]], seen[pair[1]]] += block.issues.issues
    met = (((one, other), +views) for (one, other), views in counts.items() if views.total())
    return {(organisations[one].key, organisations[other].key): SharedCalls(views) for (one, other), views in met}


def people_text(people: int) -> str:
    return FEW if are_few(people) else str(people)


def _both_ways(request: ReportRequest, tallies: Tallies, pairs: Sequence[Pair]) -> Iterator[BothWays]:
    """By the exposure of each where it is known of both, else by the people each has on the record."""
    arrangement, numbers, people = request.arrangement, request.numbers, _people(request.arrangement)
    counts: dict[tuple[Pair, int], Counter[str]] = defaultdict(Counter)
    ids = {pair: tuple(arrangement.organisation(key).id for key in pair) for pair in pairs}
    met = {month.sides for month in tallies.months}
    between = {sides: [pair for pair in pairs if sides.issuperset(ids[pair])] for sides in met}
    for month in tallies.months:
        if month.number in numbers and month.theme:
            for pair in between[month.sides]:
                counts[pair, month.organisation_id][month.theme] += month.occurrences
    for pair in pairs:
        one, other = (counts[pair, each] for each in ids[pair])
        raised, heads = (one.total(), other.total()), (people[pair[0]], people[pair[1]])
        if not any(raised):
            continue
        exposures = _exposures(request, *ids[pair])
        sizes = exposures or (float(heads[0]), float(heads[1]))
        sides = [RaisedIssues(*each) for each in zip(pair, raised, sizes, strict=True)]
        themes = [each for each in arrangement.themes if one[each] or other[each]]
        ratios = raising(*sides) if all(sizes) else None
        yield BothWays(pair, raised, heads, exposures, ratios, theme_mix(themes, one, other))


def _exposures(request: ReportRequest, one_id: int, other_id: int) -> tuple[float, float] | None:
    one, other = request.own_exposure(one_id), request.own_exposure(other_id)
    return None if one is None or other is None else (one, other)


def _people(arrangement: Arrangement) -> Counter[str]:
    """How many people each organisation has on the record, by its key."""
    return Counter(key for person in arrangement.people.values() if not person.retired for key in person.roles)


def _reporting(request: ReportRequest, tallies: Tallies) -> Iterator[ReporterCounts]:
    seen, recent = request.scope.organisation_ids, request.thresholds.recent_months
    people, now = _people(request.arrangement), set(request.numbers[-recent:])
    heard: dict[tuple[int, bool], set[int]] = defaultdict(set)
    reports: Counter[int] = Counter()
    for month in tallies.months:
        if month.number in request.numbers[-2 * recent :]:
            heard[month.organisation_id, month.number in now].update(month.reporters)
            reports[month.organisation_id] += month.occurrences * (month.number in now)
    every, total = people.total(), reports.total()
    for organisation in request.arrangement.active_organisations():
        key, number = organisation.key, organisation.id
        if seen is None or number in seen:
            expected = total * people[key] / every if every else 0.0
            lately, before = len(heard[number, True]), len(heard[number, False])
            yield ReporterCounts(key, lately, before, people[key], reports[number], expected)


def _views(views: str | None) -> dict[int, str]:
    """By organisation id the theme that it sees."""
    entries = (entry.split(":", 1) for entry in (views or "").split(",") if entry)
    return {int(organisation): theme for organisation, theme in entries}


def _named(subject: ReportSubject, pair: Pair) -> list[str]:
    """Names stand beside keys."""
    return [word for key in pair for word in (key, subject.organisations[key])]
