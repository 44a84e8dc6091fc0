"""What each side calls it: of the issues that both have named, how many they call the same."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tracker.measures.agreement import Gap, SharedCalls
from tracker.queries.tallies.counts import Block, Scope
from tracker.reports.sentences import Count, Sentence, plain
from tracker.reports.spreadsheet import Sheet, Value
from tracker.reports.themes.subject import Pair, ThemeSection
from tracker.rules.arrangement import Arrangement
from tracker.rules.wording import listed, say_count

_VIEWS = (
    "one", "name of one", "other", "name of other", "theme", "name of theme", "one sees it", "other sees it",
    "in words",
)  # fmt: skip


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
            more = f"beyond what chance gives, they agree by {agreement.kappa:.2f} of 1."
        return (f"{listed(self.subject.names(pair))}: ", *same, f"; {more}")

    def apart(self, pair: Pair) -> list[Gap]:
        """The themes by which one of the two calls more issues than the other does."""
        return [each for each in self.pairs[pair].gaps if each.one != each.other]

    def evenly(self, pair: Pair) -> str:
        """“Both call as many by A and B.”: the other themes; empty where there are none."""
        names = [self.subject.theme(each.key) for each in self.pairs[pair].gaps if each.one == each.other]
        return f"Both call as many by {listed(names)}." if names else ""

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
            "evenly": self.evenly(pair),
        }

    def _rows(self) -> Iterator[tuple[Value, ...]]:
        for pair, agreement in self.pairs.items():
            named = self.subject.keys_and_names(pair)
            yield (*named, None, None, None, None, plain(self.sentence(pair)))
            for gap in agreement.gaps:
                yield (*named, gap.key, self.subject.theme(gap.key), gap.one, gap.other)


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


def _views(views: str | None) -> dict[int, str]:
    """By organisation id the theme that it sees."""
    entries = (entry.split(":", 1) for entry in (views or "").split(",") if entry)
    return {int(organisation): theme for organisation, theme in entries}
