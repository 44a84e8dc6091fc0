"""Does it stay solved: how long fixes last, what was answered when it was asked, and how it was solved."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tracker.measures.durations import kaplan_meier, lasting
from tracker.measures.periods import in_words
from tracker.measures.rates import Share
from tracker.measures.recurrence import FixAnswers, chains
from tracker.queries.issue_list import UNTAGGED
from tracker.queries.tallies.fixes import ALIKE, BACK, FOLLOWED, FixLink
from tracker.reports.sentences import Count, Sentence, plain
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.charts import Curve, curve_of
from tracker.reports.themes.lines import ThemeLines
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.series import fixes_of
from tracker.reports.themes.subject import SOLVED, ThemeSection, share_values
from tracker.rules import addresses
from tracker.rules.wording import say_count

FEWEST_RETURNS = 10  # of which a curve is drawn
_CHAINS = 5  # that are shown, the longest first


@dataclass(frozen=True, slots=True)
class Chain:
    """Issues that are each other again, the first one first: how many there are, and the references of those that the
    reader may see."""

    theme: str
    length: int
    refs: tuple[str, ...]

    @property
    def links(self) -> Sentence:
        return tuple(Count(ref, addresses.issue(ref)) for ref in self.refs)


@dataclass(frozen=True, slots=True)
class FixOutcomes(ThemeSection):
    """How long fixes last, each followed for `within` days at most. `back`: after so many a linked issue came; `alike`:
    one that is only like it. `survival`: (days, share that still lasts), Kaplan-Meier; `share`: after `within` days,
    with its 95 % interval, None of fewer than `least` fixes; `share_or_alike`: the same, where what is only alike
    counts as coming back.

    `answers`: what was said when it was asked whether the period's issues stayed fixed; `talked`: solved by talking on
    the first tier, of all of the period that is resolved.
    """

    fixes: int
    back: int
    alike: int
    survival: tuple[tuple[float, float], ...]
    share: tuple[float, float, float] | None
    share_or_alike: tuple[float, float, float] | None
    chains: tuple[Chain, ...]
    within: int
    least: int
    answers: FixAnswers
    talked: Share

    @classmethod
    def of(cls, themes: ThemeLines, request: ReportRequest, tallies: Tallies) -> "FixOutcomes":
        every, limits, issues = fixes_of(tallies.fixes), request.thresholds, themes.issues
        enough = len(every.days) >= limits.fixes
        either = [each.either for each in tallies.fixes for _ in range(each.count)]
        days, is_back = [float(lasted) for lasted, _ in either], [back for _, back in either]
        return cls(
            themes.subject,
            fixes=len(every.days),
            back=sum(every.again),
            alike=every.alike,
            survival=tuple(kaplan_meier(every.days, every.again)) if every.days else (),
            share=lasting(every.days, every.again, limits.lasting_days) if enough else None,
            share_or_alike=lasting(days, is_back, limits.lasting_days) if enough else None,
            chains=tuple(_chains(tallies.links)),
            within=limits.lasting_days,
            least=limits.fixes,
            answers=FixAnswers(issues.fixed, issues.not_fixed, issues.asked),
            talked=Share(issues.solved_first, issues.resolved),
        )

    @property
    def lasting(self) -> Sentence:
        if not self.fixes:
            return ("Nothing has been solved yet that could come back.",)
        count, within = self.subject.fix_count, say_count(self.within, "day")
        fixes = count(self.fixes, FOLLOWED, text="1 fix" if self.fixes == 1 else f"{self.fixes} fixes")
        back = (fixes, " followed up; ", count(self.back, BACK), f" came back within {within}.")
        alike = (" After ", count(self.alike, ALIKE), " something alike happened, which nobody has linked.")
        return (*back, *(alike if self.alike else ()), self._share_text)

    @property
    def answered(self) -> Sentence:
        """Who has not answered counts for nothing."""
        count, answers, these = self.subject.count, self.answers, f"the issues of {in_words(self.subject.period)}"
        if not answers.asked:
            return (f"Nobody has been asked yet whether {these} stayed fixed.",)
        return (
            f"Asked after four weeks about {these}, ",
            count(answers.yes, about={"stayed": "yes"}),
            " said that it stayed fixed, ",
            count(answers.no, about={"stayed": "no"}),
            " that it did not; ",
            count(answers.unanswered, about={"stayed": "asked"}),
            " have not said.",
        )

    @property
    def solved_by_talking(self) -> Sentence:
        share = self.talked
        if not share.n:
            return ()
        talked = self.subject.count(share.k, about={**SOLVED, "tier": "1"})
        part = (talked, " of ", self.subject.count(share.n, about={"state": "resolved"}))
        shown = part if share.percent is None else (f"{share.percent} % (", *part, ")")
        return (*shown, " of the period's issues that are resolved were solved by talking on the first tier.")

    def chains_of(self, theme: str) -> Iterator[Chain]:
        return (each for each in self.chains if each.theme == theme)

    @property
    def curve(self) -> Curve | None:
        """None of so few returns that a curve would say more than is known."""
        return curve_of(self.fixes, self.within, self.survival) if self.back >= FEWEST_RETURNS else None

    @property
    def summary(self) -> str:
        """“between 77 % and 97 % for 90 days”; “97 % for 90 days” where nothing alike happened."""
        if self.share is None or self.share_or_alike is None:
            return "too few fixes to say"
        most, least = (f"{100 * each[0]:.0f} %" for each in (self.share, self.share_or_alike))
        often = most if most == least else f"between {least} and {most}"
        return f"{often} for {say_count(self.within, 'day')}"

    def values(self) -> dict[str, Any]:
        curve = self.curve
        lasts = {
            "fixes": self.fixes,
            "back": self.back,
            "alike": self.alike,
            "share": self.share,
            "share_or_alike": self.share_or_alike,
            "summary": self.summary,
            "curve": self.survival,
            "staircase": asdict(curve) if curve else None,
            "chains": [asdict(each) for each in self.chains],
            "words": plain(self.lasting),
        }
        return {
            "lasting": lasts,
            "stayed_fixed": {**asdict(self.answers), "words": plain(self.answered)},
            "talked": {**share_values(self.talked), "sentence": plain(self.solved_by_talking)},
        }

    def sheets(self) -> Iterator[Sheet]:
        """Of chains the references of those issues that the reader may see."""
        yield Sheet("Fixes", ("days", "still last"), [*self.survival])
        sentences = (self.lasting, self.answered, self.solved_by_talking)
        yield Sheet("Fixes in words", ("in words",), [(plain(each),) for each in sentences if each])
        rows = [(each.theme, self.subject.theme(each.theme), each.length, ", ".join(each.refs)) for each in self.chains]
        head = ("theme", "name of theme", "issues, each again the one before", "issues you may see")
        yield Sheet("Chains", head, rows)

    @property
    def _share_text(self) -> str:
        if self.share is None:
            return f" Fewer than {self.least} are too few to say how long fixes last."
        said = f" It stays solved {self.summary}"
        if self.share_or_alike and self.share_or_alike[0] < self.share[0]:
            return f"{said}: the more by what was linked, the less with what is only alike."
        return f"{said}."


def _chains(links: Sequence[FixLink]) -> Iterator[Chain]:
    """The longest first, of two links or more: once again is not a chain. What does not count is no part of one."""
    counted = {link.issue_id for link in links}
    linked = [(link.issue_id, link.again_of_id) for link in reversed(links) if link.again_of_id in counted]
    for group in chains(linked)[:_CHAINS]:
        if len(group) > 2:
            members = sorted((link for link in links if link.issue_id in group), key=lambda link: link.issue_id)
            yield Chain(members[-1].theme or UNTAGGED, len(group), tuple(link.ref for link in members if link.ref))
