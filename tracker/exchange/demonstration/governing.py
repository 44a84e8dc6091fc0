"""What the steering group does in the demonstration: decisions with what became of them, and packs for its meetings."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session

from tracker.actions import follow_up
from tracker.actions.begin_step import StepRequest
from tracker.actions.decide import Resolve, decide
from tracker.actions.freeze_pack import Meeting, draft_pack, publish_pack
from tracker.exchange.demonstration.moments import after
from tracker.exchange.demonstration.script import Players
from tracker.records.governance import meetings_after
from tracker.reports.packs.content import content_of
from tracker.rules.policy import viewer_of
from tracker.rules.refusals import WrongFile
from tracker.rules.spans import ONE_DAY, day_in, in_utc
from tracker.rules.working_time import WorkingTime

FILE = Path(__file__).parent / "decisions.toml"
BODY = "steering"

_LONG_AGO = timedelta(days=500)
_MINUTED = timedelta(minutes=95)  # after a meeting began, what it decided is recorded
_LINE = re.compile(r"(\d+[hdw]) ([a-z]+) (progress|move|done|withdraw)(?: (\d+)d)? \| (.+)")


@dataclass(slots=True)
class GovernedSoFar:
    """What was done so far: the number of each decision by its key, and the issues that stories became by theirs."""

    refs: Mapping[str, str]
    numbers: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlayedAct:
    """One thing that the body's members do, at a moment in UTC."""

    at: datetime
    key: str
    does: Callable[[Session, GovernedSoFar], None]

    @property
    def name(self) -> str:
        return self.key


def acts(players: Players, *, now: datetime, seed: str) -> tuple[PlayedAct, ...]:
    """All that they did up to now. Refuses: WrongFile, by decision."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    body = players.arrangement.bodies[BODY]
    held = meetings_after(body.meets, now - _LONG_AGO, 40)
    stage = _Stage(players, now, tuple(at for at in held if at <= now), next(at for at in held if at > now), seed)
    every = [*(act for each in told["decision"] for act in _decision(stage, each))]
    every += [act for each in told["pack"] for act in _pack(stage, each)]
    return tuple(act for act in every if act.at <= now)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Who plays, up to when; the body's meetings so far, oldest first, and the next one."""

    players: Players
    now: datetime
    held: tuple[datetime, ...]
    coming: datetime
    seed: str

    @property
    def calendar(self) -> WorkingTime:
        arrangement = self.players.arrangement
        return arrangement.joint_calendar(arrangement.organisations)

    def meeting(self, back: int) -> datetime:
        """So many meetings back from now; 0 is the next one."""
        return self.coming if back == 0 else self.held[-back]

    def request(self, name: str, at: datetime) -> StepRequest:
        return StepRequest(viewer_of(self.players.person(name).id, self.players.arrangement, at=at), at)

    def later(self, wait: str, at: datetime, key: str) -> datetime:
        return after(wait, at, self.now, self.calendar, Random(f"{self.seed} decision {key} {wait}"))


def _decision(stage: _Stage, told: Mapping[str, Any]) -> Iterator[PlayedAct]:
    arrangement, key = stage.players.arrangement, told["key"]
    at = in_utc(stage.meeting(told["meeting"]) + _MINUTED)
    on = day_in(arrangement.zone, at)
    owners = {side: stage.players.person(name).id for side, name in told["owners"].items()}

    def take(session: Session, governed: GovernedSoFar) -> None:
        resolve = Resolve(
            what=told["what"],
            detail=" ".join(told.get("detail", "").split()),
            decided_on=on,
            due_on=on + int(told["due"].removesuffix("d")) * ONE_DAY,
            owners=owners,
            themes=tuple(told["themes"]),
            clauses=tuple(told["clauses"]),
            issues=tuple(governed.refs[each] for each in told.get("issues", ()) if each in governed.refs),
            changes_agreement=told.get("changes_agreement", False),
            replaces=governed.numbers.get(told.get("replaces", "")),
        )
        taken = decide(session, arrangement, arrangement.bodies[BODY], resolve, stage.request(told["by"], at))
        governed.numbers[key] = taken.number

    yield PlayedAct(at, key, take)
    for line in told.get("course", "").strip().splitlines():
        yield _step(stage, key, at, line)


def _step(stage: _Stage, key: str, decided_at: datetime, line: str) -> PlayedAct:
    found = _LINE.fullmatch(line)
    if found is None:
        raise WrongFile(f"{FILE.name}, decision {key}: “{line}” is no step of a decision.")
    wait, who, does, days, text = found.groups()
    at, arrangement = stage.later(wait, decided_at, key), stage.players.arrangement
    today, away = day_in(arrangement.zone, at), int(days or 0) * ONE_DAY

    def take(session: Session, governed: GovernedSoFar) -> None:
        where, request = (session, arrangement, governed.numbers[key]), stage.request(who, at)
        match does:
            case "progress":
                follow_up.progress(*where, request, text=text)
            case "move":
                follow_up.move(*where, request, due_on=today + away, reason=text)
            case "done":
                follow_up.finish(*where, request, how=text, done_on=today - away)
            case _:
                follow_up.withdraw(*where, request, reason=text)

    return PlayedAct(at, key, take)


def _pack(stage: _Stage, told: Mapping[str, Any]) -> Iterator[PlayedAct]:
    """Begun five days before its meeting, that of the next one yesterday; and published where the file says so."""
    arrangement, meets_at = stage.players.arrangement, stage.meeting(told["meeting"])
    before = meets_at - timedelta(days=5) if told["meeting"] else stage.now - ONE_DAY
    at = in_utc(stage.calendar.subtract(before, timedelta()))

    def take(session: Session, _: GovernedSoFar) -> None:
        request = stage.request(told["by"], at)
        meeting = Meeting(arrangement.bodies[BODY], meets_at, "")
        pack = draft_pack(session, arrangement, meeting, request)
        if told.get("published"):
            publish_pack(session, arrangement, pack, content_of(session, arrangement, pack, at), request)

    if at < meets_at:
        yield PlayedAct(at, f"pack {told['meeting']}", take)
