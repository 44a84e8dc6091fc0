"""Playing the stories: people take the product's own steps at their moments, and the clock rings in between."""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session, col, func, select

from tracker.actions.ring_timer import ring_one
from tracker.database import Database
from tracker.exchange.demonstration.script import RAISE, Players, Scene, script
from tracker.exchange.demonstration.steps import Turn, begin, take
from tracker.exchange.demonstration.story import stories
from tracker.queries.arrangements import by_key
from tracker.records.timer import Timer
from tracker.rules.refusals import Refused, WrongFile

SCENES_AT_ONCE = 60
"""How many scenes make one transaction."""

Told = dict[str, tuple[int, str]]
"""The issues that stories have become, by the story's key: id, and reference, which changes when it crosses."""


Progress = Callable[[int, int], None]


def unseen(done: int, total: int) -> None:
    """Progress that nobody watches."""


def play(database: Database, key: str, *, now: datetime, seed: str, progress: Progress = unseen) -> None:
    """Plays every story up to now in the partnership `key`, whose ladders are in force. The same seed and moment
    give the same events. `progress` hears how many scenes are played, and of how many. A step that is refused ends
    it all: the story is wrong then."""
    with database.read() as session:
        players = Players(by_key(session, key))
    scenes = script(stories(), players, now=now, seed=seed)
    told: Told = {}
    for first in range(0, len(scenes), SCENES_AT_ONCE):
        with database.write() as session:
            for scene in scenes[first : first + SCENES_AT_ONCE]:
                ring_until(session, scene.at)
                _play(session, players, scene, told)
        progress(first, len(scenes))
    with database.write() as session:
        ring_until(session, now)


def ring_until(session: Session, until: datetime) -> None:
    """Rings every timer that is due until a moment, each at its own."""
    earliest = select(func.min(Timer.due_at)).where(col(Timer.set_aside_at).is_(None))
    while (due_at := session.exec(earliest).first()) and due_at <= until:
        ring_one(session, now=due_at)


def _play(session: Session, players: Players, scene: Scene, told: Told) -> None:
    story = scene.story
    try:
        if scene.line is RAISE:
            again_of_id = told[story.again_of][0] if story.again_of else None
            issue = begin(Turn(session, players, scene), again_of_id)
        else:
            issue = take(Turn(session, players, scene, told[story.key][1]))
    except Refused as refused:
        raise WrongFile(f"{story.key}: {scene.line.who} {scene.line.does}: {refused}") from refused
    told[story.key] = (issue.id, issue.ref)
