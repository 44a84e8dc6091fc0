"""How far to trust the numbers of the theme report."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

from tracker.measures.agreement import SharedCalls
from tracker.measures.rates import Share
from tracker.queries.issue_list import ANY, UNTAGGED
from tracker.queries.tallies.tallies import LAGS, PROMPT
from tracker.reports.sentences import Quality, Sentence, plain
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.lines import ThemeLines, occurrences
from tracker.reports.themes.perceptions import SideViews
from tracker.reports.themes.request import KnownExposure, ReportRequest, Tallies
from tracker.reports.themes.subject import Pair, ThemeSection, share_text, share_values
from tracker.rules.wording import say_count


@dataclass(frozen=True, slots=True)
class EntryLag:
    """How long after it happened each of `occurrences` was recorded: how many `within` 0, 1, 2, 7 and 28 days (LAGS);
    () of none."""

    within: tuple[int, ...]
    occurrences: int

    @property
    def prompt(self) -> Share:
        """Those recorded within two days."""
        return Share(dict(zip(LAGS, self.within, strict=False)).get(PROMPT, 0), self.occurrences)

    @property
    def median(self) -> int | None:
        """Within how many days half of them were: one of LAGS; None: more than the last, or nothing was recorded."""
        return next(
            (lag for lag, count in zip(LAGS, self.within, strict=False) if 0 < self.occurrences <= count * 2), None
        )

    @property
    def text(self) -> str:
        """In the median: “on the day”, “3 to 7 days later”; empty where nothing was recorded."""
        if not self.occurrences:
            return ""
        if self.median is None:
            return f"more than {LAGS[-1]} days later"
        if self.median == 0:
            return "on the day"
        least = LAGS[LAGS.index(self.median) - 1] + 1
        days = f"{least} to {self.median} days" if least < self.median else say_count(self.median, "day")
        return f"{days} later"


@dataclass(frozen=True, slots=True)
class Trust(ThemeSection):
    """Shares of issues and occurrences. `unconfirmed`: of what was asked about, what nobody has answered; `views`: what
    sides called the same issues."""

    untagged: Share
    entered: EntryLag
    unconfirmed: Share
    views: Mapping[Pair, SharedCalls]
    exposure: KnownExposure

    @classmethod
    def of(cls, themes: ThemeLines, views: SideViews, request: ReportRequest, tallies: Tallies) -> "Trust":
        issues, within = themes.issues, zip(*(each.within for each in tallies.blocks), strict=True)
        return cls(
            themes.subject,
            untagged=Share(themes.untagged.issues.issues, issues.issues),
            entered=EntryLag(tuple(map(sum, within)), occurrences(tallies.blocks)),
            unconfirmed=Share(issues.asked, issues.fixed + issues.not_fixed + issues.asked),
            views=views.pairs,
            exposure=request.known_exposure(),
        )

    @property
    def qualities(self) -> Iterator[Quality]:
        """“No theme yet”, “12 %”, “11 of 96 issues have no theme yet”."""
        if not self.untagged.n:
            return
        yield from (self._untagged(), self._entered())
        yield from self._alike()
        if self.unconfirmed.n:
            yield self._unconfirmed()
        yield self._exposure()
        without = self.exposure.without
        if 0 < without.k < without.n:
            words = f"{without.k} of {without.n} charted months"
            yield Quality("Without exposure", share_text(without), (words,), self.subject.rule_at)

    @property
    def exposure_text(self) -> str:
        """What rates are told by, or that equal months stand for it."""
        known, without = self.exposure, self.exposure.without
        if known.is_used:
            return f"how often is told per {known.per:g} {known.what}, which were entered for every charted month"
        if without.k == without.n:
            return "how much there was to go wrong is not known: equal months stand for it"
        return (
            f"{without.k} of {say_count(without.n, 'charted month')} have no {known.what} entered by everybody "
            "who enters them: equal months stand for all"
        )

    def values(self) -> dict[str, Any]:
        shares = {"untagged": self.untagged, "prompt": self.entered.prompt, "unconfirmed": self.unconfirmed}
        known = self.exposure
        return {
            "trust": {name: share_values(each) for name, each in shares.items()} | {"recorded": self.entered.text},
            "exposure": {
                "what": known.what,
                "per": known.per,
                "used": known.is_used,
                "months_without": share_values(known.without),
            },
            "trust_words": [[each.name, each.value, plain(each.words)] for each in self.qualities],
        }

    def sheets(self) -> Iterator[Sheet]:
        yield Sheet("How far to trust", ("what", "how much", "in words"), self.values()["trust_words"])

    def _untagged(self) -> Quality:
        part = self.subject.count(self.untagged.k, UNTAGGED)
        whole = self.subject.count(self.untagged.n, text=say_count(self.untagged.n, "issue"))
        words = (part, " of ", whole, " have no theme yet")
        return Quality("No theme yet", share_text(self.untagged), words, part.issues)

    def _entered(self) -> Quality:
        often, count = self.entered.occurrences, self.subject.count
        part = count(self.entered.prompt.k, about={"entered": "prompt"})
        whole = count(often, text=say_count(often, "occurrence"))
        return Quality("Recorded", self.entered.text, ("in the median; ", part, " of ", whole, " within two days"))

    def _alike(self) -> Iterator[Quality]:
        """An issue of three sides counts pair by pair."""
        named = SharedCalls(reduce(add, (Counter(each.counts) for each in self.views.values()), Counter()))
        if not named.total:
            return
        about, count = {"named": self._who_named}, self.subject.count
        part, whole = count(named.same, about={**about, "alike": "yes"}), count(named.total, about=about)
        words: Sentence = (part, " of ", whole, " times that two sides named the same issue, they gave it one name")
        if named.kappa is None:
            yield Quality("Named alike", f"{named.same} of {named.total}", words, part.issues)
        else:
            yield Quality("Named alike", f"kappa {named.kappa:.2f}", words)

    def _unconfirmed(self) -> Quality:
        part = self.subject.count(self.unconfirmed.k, about={"stayed": "asked"})
        whole = self.subject.count(self.unconfirmed.n, about={"stayed": ANY})
        words = (part, " of ", whole, " who were asked have not said")
        return Quality("Not confirmed", share_text(self.unconfirmed), words, part.issues)

    def _exposure(self) -> Quality:
        what = self.exposure.what if self.exposure.is_used else "months"
        return Quality("Exposure", what, (self.exposure_text,), self.subject.rule_at)

    @property
    def _who_named(self) -> str:
        """Whose names are held side by side, as the list of issues asks: one pair, one organisation, or any two."""
        if len(self.views) == 1:
            return ",".join(next(iter(self.views)))
        return self.subject.scope[0] if len(self.subject.scope) == 1 else ANY
