"""Playing the year, after what was before it: people take the product's own steps, and the clock rings in between."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from tracker.actions.ring_timer import ring_several
from tracker.database import Database
from tracker.exchange.demonstration.earlier import earlier_cases, history_file
from tracker.exchange.demonstration.governing import GovernedSoFar, PlayedAct, acts
from tracker.exchange.demonstration.script import RAISE, Players, Scene, script
from tracker.exchange.demonstration.steps import Turn, begin, take
from tracker.exchange.demonstration.story import stories
from tracker.exchange.history.take_in import take_in
from tracker.queries.arrangements import by_key
from tracker.records.issue import Issue
from tracker.records.timer import Timer
from tracker.rules.refusals import Refused

SCENES_AT_ONCE = 60
"""How many scenes make one transaction."""

_EARLIEST = select(func.min(Timer.due_at)).where(col(Timer.set_aside_at).is_(None))


Progress = Callable[[int, int], None]


def unseen(done: int, total: int) -> None:
    """Progress that nobody watches."""


def play(database: Database, key: str, *, now: datetime, seed: str, progress: Progress = unseen) -> tuple[str, ...]:
    """Takes in what was before the first story, and plays every story, decision and pack up to now in the partnership
    `key`, whose ladders are in force. The same seed and moment give the same events. `progress` hears how many scenes
    are played, and of how many.

    A step that is refused (on a day on which a limit falls awkwardly) ends its story there; the answer says which.
    """
    with database.read() as session:
        players = Players(by_key(session, key))
    scenes: list[Scene | PlayedAct] = [*script(stories(), players, now=now, seed=seed)]
    scenes = sorted([*scenes, *acts(players, now=now, seed=seed)], key=lambda scene: scene.at)
    list_of_old = history_file(earlier_cases(players, now=now, seed=seed), players)
    take_in(database, list_of_old, key, now=scenes[0].at - timedelta(hours=1), progress=unseen)
    cast = Cast(players)
    for first in range(0, len(scenes), SCENES_AT_ONCE):
        with database.write() as session:
            for scene in scenes[first : first + SCENES_AT_ONCE]:
                ring_until(session, scene.at)
                cast.play(session, scene)
        progress(first, len(scenes))
    with database.write() as session:
        ring_until(session, now)
    return tuple(cast.refused.values())


def ring_until(session: Session, until: datetime) -> None:
    """Rings every timer that is due until a moment, each at its own."""
    while (due_at := session.scalar(_EARLIEST)) and due_at <= until:
        ring_several(session, now=due_at)


@dataclass(slots=True)
class Cast:
    """Who plays, and by the key of each story: the issue it became (id, and reference, which changes when it
    crosses), or why it ended early; by the key of each decision its number."""

    players: Players
    told: dict[str, tuple[int, str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def play(self, session: Session, scene: Scene | PlayedAct) -> None:
        """One step, unless its story, or its decision, ended early."""
        if scene.key in self.refused:
            return
        try:
            with session.begin_nested():
                if isinstance(scene, PlayedAct):
                    refs = {key: ref for key, (_, ref) in self.told.items()}
                    scene.does(session, GovernedSoFar(refs, self.numbers))
                else:
                    issue = self._taken(session, scene)
                    self.told[scene.key] = (issue.id, issue.ref)
        except Refused as refusal:
            self.refused[scene.key] = f"{scene.name}: {refusal}"

    def _taken(self, session: Session, scene: Scene) -> Issue:
        story = scene.story
        if scene.line is not RAISE:
            same_as = self.told[story.same_as][1] if story.same_as else ""
            return take(Turn(session, self.players, scene, self.told[story.key][1], same_as))
        again_of_id = self.told[story.again_of][0] if story.again_of else None
        return begin(Turn(session, self.players, scene), again_of_id)
