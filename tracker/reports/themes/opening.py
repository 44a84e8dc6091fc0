"""What a board reads first: what its body has to decide, and what is new since it last met (statistics.md 12)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.reports.sentences import Count, Sentence, plain
from tracker.reports.spreadsheet import Sheet
from tracker.reports.themes.headlines import Headline, Headlines, standing_out
from tracker.reports.themes.request import ReportRequest, Tallies
from tracker.reports.themes.series import verdicts_of
from tracker.reports.themes.subject import Pair, ReportSubject, ThemeSection
from tracker.reports.themes.verdicts import standing_words
from tracker.rules import addresses
from tracker.rules.arrangement import Body
from tracker.rules.spans import day_in
from tracker.rules.wording import listed, say_day

MOST = 6  # issues that are named
_MONTH = re.compile(r" (?:since|in) [A-Z][a-z]+")


@dataclass(frozen=True, slots=True)
class WaitingIssue:
    """An issue that waits on a body, as its reader may see it; `since` and `due`: days."""

    ref: str
    title: str
    since: date
    due: date | None


@dataclass(frozen=True, slots=True)
class LateDecision:
    """A decision of a body that is past due, with who owns it."""

    number: int
    what: str
    due_on: date
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoodOut:
    """What stood out before: a theme, or a theme between two, as it was called and said then."""

    theme: str
    pair: Pair | None
    called: str
    words: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """A body that reads the report: when it meets next, what waits for it; and of its last published pack the day of
    the meeting and what stood out in it (None: there is none)."""

    body: Body
    meets_on: date | None = None
    waiting: tuple[WaitingIssue, ...] = ()
    late: tuple[LateDecision, ...] = ()
    last_met: date | None = None
    stood_out: tuple[StoodOut, ...] | None = None


@dataclass(frozen=True, slots=True)
class Opening(ThemeSection):
    """`sitting`: None for whoever sits on no body, and for figures without a reader. `news`: a line each; `since`: the
    heading above them."""

    sitting: Sitting | None
    since: str
    news: tuple[Sentence, ...]

    @classmethod
    def of(
        cls, headlines: Headlines, sitting: Sitting | None, a_month_earlier: Callable[[], Iterable[StoodOut]]
    ) -> "Opening":
        subject = headlines.subject
        if sitting and sitting.stood_out is not None and sitting.last_met:
            before, since = (
                sitting.stood_out,
                f"Since your meeting of {say_day(sitting.last_met, subject.made_on.year)}",
            )
        else:
            before, since = tuple(a_month_earlier()), "Since last month"
        return cls(subject, sitting, since, tuple(_news(before, headlines)))

    @property
    def heading(self) -> str:
        """“To decide on Thu 17 Dec”, above what waits; empty for nobody."""
        if self.sitting is None:
            return ""
        meets = self.sitting.meets_on
        return f"To decide on {say_day(meets, self.subject.made_on.year)}" if meets else "To decide"

    @property
    def agenda_at(self) -> str:
        """Of the body that reads it; "" for nobody."""
        return addresses.body(self.subject.partnership, self.sitting.body.key) if self.sitting else ""

    @property
    def to_decide(self) -> Iterator[tuple[Sentence, str]]:
        """Each with how long it has waited, and what it is late by."""
        if self.sitting is None:
            return
        year = self.subject.made_on.year
        for issue in self.sitting.waiting[:MOST]:
            late = issue.due is not None and issue.due < self.subject.made_on
            due = f", limit {'passed ' if late else ''}{say_day(issue.due, year)}" if issue.due else ""
            yield (Count(issue.title, addresses.issue(issue.ref)),), f"here since {say_day(issue.since, year)}{due}"
        if len(self.sitting.waiting) > MOST:
            yield (Count("and more on the agenda", self.agenda_at),), ""
        for each in self.sitting.late:
            at = addresses.decision(self.subject.partnership, each.number)
            said = (f"Past due since {say_day(each.due_on, year)}: ", Count(each.what, at))
            yield said, listed(each.owners)

    def values(self) -> dict[str, Any]:
        return {
            "opening": {
                "heading": self.heading,
                "to_decide": [{"text": plain(said), "words": words} for said, words in self.to_decide],
                "since": self.since,
                "news": [plain(each) for each in self.news],
            }
        }

    def sheets(self) -> Iterator[Sheet]:
        asked = [(self.heading, plain(said), words) for said, words in self.to_decide]
        yield Sheet(
            "First", ("about", "what", "how it stands"), [*asked, *((self.since, plain(n), "") for n in self.news)]
        )


def waiting_issue(ref: str, title: str, since: Any, due: Any, zone: str) -> WaitingIssue:
    """From its moments."""
    return WaitingIssue(ref, title, day_in(zone, since), day_in(zone, due) if due else None)


def stood_out_in(content: Iterable[Mapping[str, Any]]) -> tuple[StoodOut, ...]:
    """From the headlines of a frozen pack; one from before they said what they are about calls it by its key."""
    return tuple(
        StoodOut(
            each["theme"],
            tuple(each["pair"]) if each.get("pair") else None,
            each.get("called") or each["theme"],
            each.get("words") or each["verdict"],
        )
        for each in content
    )


def a_month_earlier(
    subject: ReportSubject, request: ReportRequest, tallies: Tallies, pairs: Sequence[Pair]
) -> Iterator[StoodOut]:
    """What stood out of the same tallies as they were charted a month earlier."""
    earlier = request.a_month_earlier()
    for theme, pair, verdict in standing_out(verdicts_of(earlier, tallies, pairs)):
        called = " ".join(filter(None, (subject.theme(theme), subject.between(pair))))
        yield StoodOut(theme, pair, called, standing_words(verdict, earlier.charted))


def _news(before: Iterable[StoodOut], headlines: Headlines) -> Iterator[Sentence]:
    """New, changed and gone, a line each; what is as it was in one line."""
    then = {(each.theme, each.pair): each for each in before}
    now: dict[tuple[str, Pair | None], Headline] = {(each.line.key, each.pair): each for each in headlines.headlines}
    new = [each for key, each in now.items() if key not in then]
    known = [(then[key], each) for key, each in now.items() if key in then]
    changed = [(old, each) for old, each in known if _what(old.words) != _what(each.standing)]
    still = [each for old, each in known if _what(old.words) == _what(each.standing)]
    if not new:
        yield ("Nothing stands out that did not before.",)
    for each in new:
        yield ("New: ", _link(each), f", {each.standing}.")
    for old, each in changed:
        yield (_link(each), f" is now {each.standing}; it was {old.words}.")
    for key, old in then.items():
        if key not in now:
            yield (f"Gone: {old.called} no longer stands out ({old.words}).",)
    if still:
        yield (
            "As before: ",
            *(piece for place, each in enumerate(still) for piece in ((", ",) * (place > 0) + (_link(each),))),
            ".",
        )


def _what(words: str) -> str:
    """Without the month since which, or in which, it is so: that moves on by itself."""
    return _MONTH.sub("", words)


def _link(headline: Headline) -> Count:
    return headline.line.subject.theme_link(headline.line.key, headline.called)
