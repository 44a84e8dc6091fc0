"""The script: every step that people take in the stories, each with its moment, in the order in which they happen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from random import Random

from tracker.exchange.demonstration.moments import after, raised_at
from tracker.exchange.demonstration.story import Story, StoryLine
from tracker.rules import routing
from tracker.rules.arrangement import Arrangement, Ladder, Person
from tracker.rules.rings import Ring
from tracker.rules.routing import Routing
from tracker.rules.working_time import WorkingTime

RAISE = StoryLine("0h", "", "raise")
VIEWED, DIFFERENT = 0.4, 0.4  # of the stories both sides have said how they see it; of those the raiser sees another
SEEN_OTHERWISE = {
    "decision_speed": "authority",
    "quality_attitude": "capacity_systems",
    "info_flow": "communication_style",
    "reliability": "role_unclear",
    "scope_gap": "charging",
    "bureaucracy": "decision_speed",
}
"""How the organisation that raised an issue sees it instead, by the theme the other one confirmed."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One step: a moment in UTC, whose story it belongs to, and the line of it (RAISE for the beginning)."""

    at: datetime
    story: Story
    line: StoryLine

    @property
    def key(self) -> str:
        return self.story.key

    @property
    def name(self) -> str:
        return f"{self.key}: {self.line.who} {self.line.does}"


class Players:
    """The people of an arrangement by what stands before the @ of their address, and where a story goes."""

    def __init__(self, arrangement: Arrangement) -> None:
        self.arrangement = arrangement
        self._people = {person.email.split("@")[0]: person for person in arrangement.people.values()}
        self.routing = cache(self._routing)

    def person(self, name: str) -> Person:
        return self._people[name]

    def raised_for(self, story: Story) -> str:
        """The key of the organisation the story is told for."""
        return story.speaking_for or next(iter(self.person(story.by).roles))

    def ladder(self, story: Story) -> Ladder:
        return self.routing(story).ladder

    def calendar(self, story: Story) -> WorkingTime:
        """When everybody whom the story concerns is at work."""
        sides = {self.raised_for(story), story.with_, self.routing(story).answers}
        return self.arrangement.joint_calendar(self.arrangement.organisation(key).id for key in sides)

    def manager_of(self, organisation: str) -> str:
        """Who says for an organisation why it rubs: its first seat with the operational managers."""
        seats = self.arrangement.bodies["ops"].seats
        holder = next(seat.person_id for seat in seats if seat.organisation == organisation and seat.holds)
        return self.arrangement.people[holder].email.split("@")[0]

    def _routing(self, story: Story) -> Routing:
        raised_for = self.raised_for(story)
        return routing.route(story.new_issue(), self.arrangement, organisation=raised_for, with_=story.with_)


def script(stories: Iterable[Story], players: Players, *, now: datetime, seed: str) -> tuple[Scene, ...]:
    """Every scene up to now, in order. What a story says after now has not happened yet and is left out."""
    scenes = [scene for story in stories for scene in _scenes(story, players, now, Random(f"{seed} {story.key}"))]
    return tuple(sorted(scenes, key=lambda scene: scene.at))


def _scenes(story: Story, players: Players, now: datetime, chance: Random) -> Iterator[Scene]:
    calendar = players.calendar(story)
    at = raised_at(story.ago, now, calendar, chance)
    yield Scene(at, story, RAISE)
    if story.ring is Ring.SHARED:
        yield from _theme(story, players, at, now, calendar)
    for line in story.course:
        at = after(line.wait, at, now, calendar, chance)
        if at > now:
            return
        yield Scene(at, story, line)
        if line.does == "cross":
            yield from _theme(story, players, at, now, calendar)


def _theme(story: Story, players: Players, at: datetime, now: datetime, calendar: WorkingTime) -> Iterator[Scene]:
    """A manager of the organisation it is with says why it rubs, a working day after hearing of it."""
    then = after("1d", at, now, calendar, Random(f"theme {story.key}"))
    if then <= now and not story.untagged:
        yield Scene(then, story, StoryLine("1d", players.manager_of(story.with_), "theme", (story.theme,)))
        yield from _views(story, players, then, now, calendar)


def _views(story: Story, players: Players, at: datetime, now: datetime, calendar: WorkingTime) -> Iterator[Scene]:
    """For two stories in five, how each side sees it, a working day later: mostly alike, sometimes not."""
    chance = Random(f"views {story.key}")
    then = after("1d", at, now, calendar, chance)
    if then > now or chance.random() > VIEWED:
        return
    otherwise = SEEN_OTHERWISE.get(story.theme, story.theme)
    theirs = otherwise if chance.random() < DIFFERENT else story.theme
    for organisation, theme in ((story.with_, story.theme), (players.raised_for(story), theirs)):
        yield Scene(then, story, StoryLine("1d", players.manager_of(organisation), "view", (theme,)))
