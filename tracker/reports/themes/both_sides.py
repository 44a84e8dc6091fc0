"""Seen from both sides: how often two organisations report each other, and of what."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tracker.measures.asymmetry import NO_CLEAR_DIFFERENCE, Perception, RaisedIssues, Ratio, raising, theme_mix
from tracker.queries.issue_list import TAGGED
from tracker.reports.sentences import Count, Sentence, plain
from tracker.reports.spreadsheet import Sheet, Value
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.subject import Pair, ReportSubject, ThemeSection, share_text, share_values
from tracker.rules.wording import say_count

_BOTH_WAYS = (
    "one", "name of one", "other", "name of other", "raised by one", "raised by other", "people of one",
    "people of other", "exposure of one", "exposure of other", "theme", "name of theme", "share of one",
    "share of other", "in words",
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

    @property
    def summary(self) -> str:
        """“no clear difference but in 2 themes”."""
        clear = len({seen.theme for each in self.pairs for seen in each.clear})
        return (
            f"no clear difference but in {say_count(clear, 'theme')}" if clear else "no clear difference in any theme"
        )

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
        counted = (
            *self.subject.keys_and_names(both.pair),
            *both.raised,
            *both.people,
            *(both.exposures or (None, None)),
        )
        for seen in both.mix:
            theme = (seen.theme, self.subject.theme(seen.theme))
            yield (*counted, *theme, seen.one.value, seen.other.value, self.seen_text(both, seen))


def _both_ways(request: ReportRequest, tallies: Tallies, pairs: Sequence[Pair]) -> Iterator[BothWays]:
    """By the exposure of each where it is known of both, else by the people each has on the record."""
    arrangement, numbers, people = request.arrangement, request.numbers, request.people
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
