"""How each side sees why issues rub, pair by pair of organisations: what both have said, held side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from tracker.measures.agreement import Agreement
from tracker.queries.tallies.counts import Block, Scope
from tracker.rules.arrangement import Arrangement


@dataclass(frozen=True, slots=True)
class PairOfViews:
    """Two organisations by their keys, the one with the earlier place first, and what each sees in the issues on which
    both have said: `agreement.counts[a, b]` issues in which `one` sees theme a and `other` theme b."""

    one: str
    other: str
    agreement: Agreement


def theme_views(arrangement: Arrangement, scope: Scope, blocks: Iterable[Block]) -> tuple[PairOfViews, ...]:
    """By the places of the organisations: issues with an occurrence in the blocks' period on which both sides have a
    view. An issue of three sides counts in each of its pairs; a reader of some organisations has only the pairs with
    theirs."""
    places = {each.id: each.position for each in arrangement.organisations.values()}
    counts: dict[tuple[int, int], Counter[tuple[str, str]]] = defaultdict(Counter)
    for block in blocks:
        said = sorted(_said(block.views), key=lambda view: places[view[0]])
        for (one, seen_by_one), (other, seen_by_other) in combinations(said, 2):
            if scope.counts(frozenset({one, other})):
                counts[one, other][seen_by_one, seen_by_other] += block.issues.issues
    keys = {each.id: each.key for each in arrangement.organisations.values()}
    met = (pair for pair in counts if counts[pair].total())
    ordered = sorted(met, key=lambda pair: (places[pair[0]], places[pair[1]]))
    return tuple(PairOfViews(keys[one], keys[other], Agreement(+counts[one, other])) for one, other in ordered)


def _said(views: str | None) -> list[tuple[int, str]]:
    """Who sees what: (organisation id, theme) each."""
    entries = (entry.split(":", 1) for entry in (views or "").split(",") if entry)
    return [(int(organisation), theme) for organisation, theme in entries]
