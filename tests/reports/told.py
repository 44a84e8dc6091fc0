"""The theme report of the demonstration as its script tells it: occurrences counted without being played."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tracker.exchange.demonstration.earlier import earlier_cases
from tracker.exchange.demonstration.script import RAISE, Players, Scene, script
from tracker.exchange.demonstration.story import Story, stories
from tracker.measures.periods import month_number
from tracker.measures.verdicts import Trend, Verdict
from tracker.pages.reports import periods
from tracker.queries.tallies.counts import Month, Recorded, Scope
from tracker.queries.tallies.fixes import FixLink
from tracker.reports.themes.report import ThemeReport
from tracker.reports.themes.request import ReportRequest, Tallies, request_of
from tracker.reports.themes.subject import Pair
from tracker.rules.rings import Ring

Headlines = set[tuple[str, Pair | None, str]]


def headlines(report: ThemeReport) -> Headlines:
    """(theme, pair or None, what is said of it): “recurring”, a trend, or both."""
    return {(each.line.key, each.pair, words) for each in report.headlines.headlines for words in _said(each.verdict)}


def _said(verdict: Verdict) -> Iterator[str]:
    if verdict.is_recurring:
        yield "recurring"
    if verdict.trend in {Trend.RISING, Trend.EASING}:
        yield str(verdict.trend)


class Told:
    """What has happened up to a moment, by the script and the old list alone: all of it but what became of each fix."""

    def __init__(self, players: Players, *, now: datetime, seed: str) -> None:
        self.players = players
        self.zone = ZoneInfo(players.arrangement.zone)
        self.today = self._day(now)
        self.scenes = script(stories(), players, now=now, seed=seed)
        self.earlier = earlier_cases(players, now=now, seed=seed)

    def report(self, asked: str | None) -> ThemeReport:
        """For a steering member who asks for `all` time, or (None) for what the page shows unasked."""
        arrangement, days = self.players.arrangement, [self.first, *(day for day, _ in self._happened())]
        known, scope = Recorded(min(days), max(days)), Scope.of(self.players.arrangement, None)
        request = request_of(arrangement, scope, known, periods.asked(asked, self.today, known.first), self.today)
        months = [month for month in self._months() if month.number in request.counted]
        return ThemeReport.of(request, Tallies(months, [], [], self._links(request)))

    @property
    def first(self) -> date:
        """The first day of which anything is known."""
        return self._day(self.earlier[0].raised_at)

    def times(self, theme: str) -> Counter[date]:
        """How often a theme came up, by the first day of each month."""
        days = [day for day, scene in self._happened() if scene.story.theme == theme]
        days += [self._day(case.raised_at) for case in self.earlier if case.theme == theme]
        return Counter(day.replace(day=1) for day in days)

    def _happened(self) -> Iterator[tuple[date, Scene]]:
        crossed = {each.story.key for each in self.scenes if each.line.does == "cross"}
        for scene in self.scenes:
            counts = scene.story.ring is not Ring.ORGANISATION or scene.story.key in crossed
            if counts and (scene.line is RAISE or scene.line.does == "occurrence"):
                yield self._day(scene.at), scene

    def _months(self) -> Iterator[Month]:
        themes = {each.story.key: each.line.keys[0] for each in self.scenes if each.line.does == "theme"}
        for day, scene in self._happened():
            story, person = scene.story, self.players.person(scene.line.who or scene.story.by)
            speaks_for = story.speaking_for or next(iter(person.roles))
            organisation = self.players.arrangement.organisation(speaks_for)
            theme, sides = themes.get(story.key), self._sides(story)
            again = int(scene.line is RAISE and story.again_of is not None)
            yield Month(month_number(day), theme, sides, organisation.id, 1, f"{person.id}x1", f"{day.day}x1", again)
        for case in self.earlier:
            day, keys = self._day(case.raised_at), (self.players.raised_for(case.like), case.like.with_)
            raiser, other = (self.players.arrangement.organisation(key).id for key in keys)
            by, sides = self.players.person(case.like.by).id, frozenset({raiser, other})
            yield Month(month_number(day), case.theme, sides, raiser, 1, f"{by}x1", f"{day.day}x1", 0)

    def _links(self, request: ReportRequest) -> list[FixLink]:
        number = {story.key: place for place, story in enumerate(stories())}
        start, until = request.charted[-1].ending(12).moments(self.zone)
        return [
            FixLink(number[story.key], number[story.again_of], story.theme, self._sides(story), story.key)
            for story, at in self._raised_newest_first()
            if story.again_of and start <= at < until
        ]

    def _raised_newest_first(self) -> Sequence[tuple[Story, datetime]]:
        return [(each.story, each.at) for each in reversed(self.scenes) if each.line is RAISE]

    def _sides(self, story: Story) -> frozenset[int]:
        keys = {self.players.raised_for(story), story.with_, self.players.routing(story).answers}
        return frozenset(self.players.arrangement.organisation(key).id for key in keys)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()
