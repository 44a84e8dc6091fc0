"""Whatever people of three organisations do, permitted or not, in whatever time: what was agreed holds."""

import os
from pathlib import Path
from random import Random
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, event, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.journeys.machine import checks
from tests.journeys.machine.arrange import ARRANGING
from tests.journeys.machine.play import DONE, Play, Turn
from tests.journeys.machine.stage import LadderTerms, Stage, TierTerms
from tests.journeys.machine.steps import ON_ISSUES, RAISE
from tests.makers import MONDAY, Cast
from tracker.database import Database

PLAYS, FEW, FEWER = "TRACKER_TEST_PLAYS", "8x30", "3x20"
"""How many plays of how many steps, where that is to be more than the few of every run: TRACKER_TEST_PLAYS=100x60, with
others each time, or with those of --hypothesis-seed."""

MOST_ISSUES = 4

lengths = st.sampled_from(("1 working day", "2 working days", "4 working hours", "2 days"))
limits = st.sampled_from(("3 working days", "5 working days", "12 working hours", "6 days"))
tiers = st.tuples(
    st.builds(TierTerms, st.just("front"), limits, st.none() | lengths, st.booleans()),
    st.builds(TierTerms, st.just("ops"), limits, st.none() | lengths, st.booleans(), st.booleans()),
    st.builds(TierTerms, st.just("directors"), limits, st.none() | lengths, st.just(False), st.booleans()),
    st.builds(TierTerms, st.just("steering"), st.just("next meeting") | limits, paper=st.booleans()),
)
ladders = st.builds(
    LadderTerms,
    tiers,
    st.sampled_from(("5 working days", "7 days")),
    st.sampled_from(("5 working days", "3 days", "9 working hours")),
    st.sampled_from(("10 working days", "2 working days", "7 working hours", "4 days")),
)
seeds = st.integers(0, 2**64 - 1)
WAITS = (0, 1, 5, 40, 190, 600, 600, 1500, 1500, 4000, 10080, 20160)  # minutes


class Machine(RuleBasedStateMachine):
    """Everybody, at random."""

    stage: ClassVar[Stage]

    @initialize(terms=ladders, seed=seeds)
    def begin(self, terms: LadderTerms, seed: int) -> None:
        self.play, self.steps, self.checked = Play(self.stage, terms), 0, (0, MONDAY, 0)
        self._tell("raise", self.play.take("raise", RAISE, Turn.drawn(Random(seed))))

    @rule(seed=seeds)
    def something_happens(self, seed: int) -> None:
        """Mostly something is done to an issue; else time passes, an issue is raised, something is arranged, or a form
        is sent once more."""
        self.steps += 1
        chance = Random(f"{seed} {self.steps}")  # what is drawn twice is not done twice
        turn, place = Turn.drawn(chance), chance.randrange(100)
        if place < 16:
            self._wait(chance.choice(WAITS), chance.choice(("meanwhile", "meanwhile", "then", "not")))
        elif place < 22 and len(self.play.courses) < MOST_ISSUES:
            self._tell("raise", self.play.take("raise", RAISE, turn))
        elif place < 32:
            name = chance.choice(sorted(ARRANGING))
            self._tell(name, f"{name}: {ARRANGING[name](self.play, turn)}")
        elif place < 34:
            self._tell("again", f"sent again: {self.play.send_again(turn.choice)}")
        else:
            name = chance.choice(self._likely(turn) if place < 95 else list(ON_ISSUES))
            self._tell(name, self.play.take(name, ON_ISSUES[name].step, turn, ON_ISSUES[name].who))

    def _likely(self, turn: Turn) -> list[str]:
        """What can be done to the issue as it stands."""
        course = self.play.issue(turn.issue)
        fitting = {name: each for name, each in ON_ISSUES.items() if course is None or each.fits(course)}
        return [name for name, each in fitting.items() for _ in range(each.often)]

    def _wait(self, minutes: int, swept: str) -> None:
        self.play.wait(minutes, swept=swept)
        self._tell("wait", f"{self.play.now:%d %b %H:%M}, the clock went: {swept}: done")
        if swept != "not":
            checks.nothing_is_past_due(self.play)
            checks.letters_hold_what_is_theirs(self.play)

    @precondition(lambda self: hasattr(self, "play"))
    @invariant()
    def what_was_agreed_holds(self) -> None:
        play = self.play
        if self.checked == (now := (play.read, play.now, play.arranged_times)):
            return  # it was refused
        self.checked = now
        checks.stands_as_told(play)
        checks.verifies(play)
        checks.everybody_sees_what_is_theirs(play)
        some = play.everybody()
        checks.somebody_reads_what_is_theirs(play, some[self.steps % len(some)], list(play.words)[-2:])

    def _tell(self, name: str, said: str) -> None:
        note(said)
        event(f"{name}: {'done' if said.endswith(DONE) else 'refused'}")


@pytest.mark.both_databases
def test_whatever_is_done_what_was_agreed_holds(db: Database, cast: Cast, tmp_path: Path) -> None:
    Machine.stage = Stage.of(db, cast, tmp_path / "kept.sqlite3")
    plays, steps = (int(each) for each in os.environ.get(PLAYS, FEW if db.is_sqlite else FEWER).split("x"))
    usual = settings(
        max_examples=plays,
        stateful_step_count=steps,
        deadline=None,
        derandomize=PLAYS not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate,),  # what was done is told; to find the fewest steps takes many plays more
    )
    run_state_machine_as_test(Machine, settings=usual)
