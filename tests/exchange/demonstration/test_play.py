"""The demonstration as played: something true for every screen, the same for the same seed, and nobody else's."""

import json
import shutil
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from tests.exchange.demonstration.making import NOW, demonstration
from tracker.database import Database
from tracker.exchange.demonstration.earlier import FILE as EARLIER
from tracker.exchange.demonstration.own_database import KEY, SEED, NotItsOwn, make_ready
from tracker.exchange.demonstration.script import Players, script
from tracker.exchange.demonstration.story import stories
from tracker.queries.arrangements import by_key
from tracker.queries.demonstration import personas
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder
from tracker.records.note import Note
from tracker.records.timer import Timer
from tracker.rules.events.asking import HandOverContested
from tracker.rules.lifecycle import Kind, Outcome, State
from tracker.rules.rings import Ring, Role

STEPS = {
    "propose": "proposed",
    "agree": "agreed",
    "return": "returned",
    "reopen": "reopened",
    "withdraw": "withdrawn",
    "occurrence": "occurred",
    "cross": "crossed",
    "turn": "turned",
    "quote": "quotation_agreed",
}


@pytest.fixture(scope="module")
def made(of_all_workers: Path) -> Path:
    return demonstration(of_all_workers)


@pytest.fixture(scope="module")
def played(made: Path) -> Iterator[Session]:
    with opened(made).read() as session:
        yield session


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "tracker.sqlite3"))


def opened(file: Path) -> Database:
    return Database(f"sqlite:///{file}")


def issues(session: Session) -> list[Issue]:
    return list(session.exec(select(Issue).order_by(Issue.raised_at, Issue.title)))  # type: ignore[arg-type]


def facts(session: Session) -> list[tuple[object, ...]]:
    """What happened, without what is random by design: salts, and the references of what is kept inside."""
    issued = {each.id: each.title for each in issues(session)}
    events = sorted(session.exec(select(Event)), key=lambda each: each.id)
    return [(issued.get(each.issue_id or 0), each.kind, each.at, each.person_id, each.tier) for each in events]


def made_yesterday(file: Path) -> None:
    with opened(file).write() as session:
        settings = json.loads(session.connection().execute(text("SELECT settings FROM partnership")).scalar_one())
        settings["demonstration"]["made_on"] = (NOW - timedelta(days=1)).date().isoformat()
        session.connection().execute(text("UPDATE partnership SET settings = :all"), {"all": json.dumps(settings)})


def from_the_list(session: Session) -> list[Issue]:
    return [each for each in issues(session) if each.outside_ref]


def test_every_story_became_an_issue_within_the_year(played: Session) -> None:
    raised = [each.raised_at for each in issues(played) if not each.outside_ref]
    assert len(raised) == len(stories())
    assert NOW - timedelta(days=366) < min(raised)
    assert NOW - timedelta(days=1) < max(raised) < NOW


def test_every_line_of_the_old_list_is_an_issue_that_was_over_before_the_first_story(played: Session) -> None:
    lines = tomllib.loads(EARLIER.read_text(encoding="utf-8"))["theme"]
    listed, rest = from_the_list(played), [each for each in issues(played) if not each.outside_ref]
    assert len(listed) == sum(theme["count"] for theme in lines)
    assert max(each.resolved_at for each in listed if each.resolved_at) < min(each.raised_at for each in rest)
    assert all(each.outcome is Outcome.SOLVED and each.theme_confirmed for each in listed)


def test_it_covers_twenty_six_whole_months_and_this_one_each_with_something(played: Session) -> None:
    months = {each.raised_at.year * 12 + each.raised_at.month for each in issues(played)}
    this = NOW.year * 12 + NOW.month
    assert months >= set(range(this - 26, this + 1))


def test_every_state_outcome_and_kind_occurs(played: Session) -> None:
    known = issues(played)
    assert {each.state for each in known} == set(State)
    assert {each.outcome for each in known} == {None, *Outcome}
    assert {each.kind for each in known} == set(Kind)


def test_two_things_are_asked_one_pause_is_agreed_and_one_hand_over_is_contested(played: Session) -> None:
    assert sum(each.asking for each in issues(played)) == 2
    assert sum(each.pause is not None for each in issues(played)) == 1
    kinds = list(played.exec(select(Event.kind).where(Event.kind == HandOverContested.name)))
    assert len(kinds) == 1


def test_something_is_open_at_every_tier_and_the_top_has_passed_its_limit(played: Session) -> None:
    open_now = [each for each in issues(played) if each.state in {State.RAISED, State.OPEN}]
    assert {each.tier for each in open_now if each.crossed} == {1, 2, 3, 4}
    assert any(each.tier == 4 and each.due_at and each.due_at < NOW for each in open_now)
    assert any(each.tier == 4 and each.due_at and each.due_at > NOW for each in open_now)


def test_no_limit_below_the_top_has_passed_unheeded(played: Session) -> None:
    late = [each for each in issues(played) if each.state is State.OPEN and each.due_at and each.due_at <= NOW]
    assert {each.tier for each in late} == {4}


def test_every_step_of_every_story_was_taken(played: Session) -> None:
    events = Counter(each.kind for each in played.exec(select(Event)))
    lines = Counter(line.does for story in stories() for line in story.course)
    assert {kind: events[kind] for kind in STEPS.values()} == {kind: lines[does] for does, kind in STEPS.items()}


@pytest.mark.parametrize("days", range(0, 365, 27))
def test_whatever_the_day_nothing_but_a_late_answer_is_still_to_come(played: Session, days: int) -> None:
    now = NOW + timedelta(days=days, hours=5 * days % 24)
    scenes = Counter(each.line.does for each in script(stories(), Players(by_key(played, KEY)), now=now, seed=SEED))
    lines = Counter(line.does for story in stories() for line in story.course)
    assert {does for does in lines if scenes[does] < lines[does]} <= {"stayed"}


def test_no_timer_was_set_aside(played: Session) -> None:
    assert [each.set_aside_why for each in played.exec(select(Timer)) if each.set_aside_at] == []


def test_both_ladders_and_every_route_are_used(played: Session) -> None:
    arrangement = by_key(played, KEY)
    assert {each.ladder_version_id for each in issues(played)} >= set(arrangement.ladders)
    assert {each.route_key for each in issues(played)} >= {each.key for each in arrangement.routes}


def test_the_clock_did_its_part(played: Session) -> None:
    kinds = Counter(each.kind for each in played.exec(select(Event)))
    assert kinds.keys() >= {"limit_near", "acknowledgement_late", "silence_agreed", "top_limit_passed"}
    assert kinds.keys() >= {"acknowledgement_lapsed", "stayed_fixed_asked", "tier_skipped", "side_added"}
    assert 50 < kinds["escalated"] < 150


def test_notes_are_in_both_rings(played: Session) -> None:
    rings = Counter(each.ring for each in played.exec(select(Note)))
    assert rings.keys() == {Ring.SHARED, Ring.ORGANISATION}
    assert min(rings.values()) >= 20


def test_a_few_themes_wait_to_be_confirmed(played: Session) -> None:
    waiting = [each for each in issues(played) if each.crossed and not each.theme_confirmed]
    assert 3 <= len(waiting) <= 10


def test_something_waits_for_every_holder_one_can_come_in_as(played: Session) -> None:
    holding = {each.person_id for each in played.exec(select(Holder)) if each.active}
    shown = {person.id: person.role for side in personas(played) for person in side.people}
    assert len(shown) == 12
    assert {each for each, role in shown.items() if role in ("front line", "manager")} <= holding
    assert len({each for each, role in shown.items() if role == "steering group"} & holding) >= 2


def test_one_can_come_in_as_a_lead_of_every_organisation_who_may_change_what_is_agreed(played: Session) -> None:
    arrangement = by_key(played, KEY)
    leads = [person.id for side in personas(played) for person in side.people if person.role == "lead"]
    led = {key for each in leads for key, roles in arrangement.people[each].roles.items() if Role.LEAD in roles}
    assert led == {each.key for each in arrangement.active_organisations()}


def test_every_front_line_person_one_can_come_in_as_has_raised_what_is_open(played: Session) -> None:
    raisers = {each.raised_by_id for each in issues(played) if each.state is not State.RESOLVED}
    front = {person.id for side in personas(played) for person in side.people if person.role == "front line"}
    assert front <= raisers


def test_an_issue_is_raised_by_somebody_of_the_organisation_it_is_raised_for(played: Session) -> None:
    arrangement = by_key(played, KEY)
    for each in issues(played):
        roles = arrangement.people[each.raised_by_id or 0].roles
        assert roles[arrangement.organisations[each.raised_for_id].key] & {Role.FRONT_LINE, Role.MANAGER}


def test_only_what_happened_of_late_is_still_to_be_told(played: Session) -> None:
    untold = [each for each in played.exec(select(Event)) if not each.announced]
    assert 5 < len(untold) < 60
    assert min(each.at for each in untold) >= NOW.replace(hour=0, minute=0) - timedelta(days=1)


def test_a_second_run_on_the_same_day_keeps_what_visitors_did(copied: Path) -> None:
    with opened(copied).write() as session:
        session.connection().execute(text("UPDATE partnership SET name = 'Changed by a visitor'"))
    assert make_ready(copied, now=NOW + timedelta(hours=3)) is False
    with opened(copied).read() as session:
        assert by_key(session, KEY).name == "Changed by a visitor"


def test_one_of_yesterday_is_made_anew_and_the_same_seed_tells_the_same(copied: Path, played: Session) -> None:
    made_yesterday(copied)
    assert make_ready(copied, now=NOW) is True
    with opened(copied).read() as session:
        assert facts(session) == facts(played)


@pytest.mark.parametrize("migrated", [True, False], ids=["of a tracker", "of something else"])
def test_a_database_that_is_not_its_own_is_left_alone(tmp_path: Path, *, migrated: bool) -> None:
    file = tmp_path / "tracker.sqlite3"
    if migrated:
        opened(file).migrate()
    else:
        file.write_bytes(b"")
    before = file.read_bytes()
    with pytest.raises(NotItsOwn, match="left alone"):
        make_ready(file, now=NOW)
    assert file.read_bytes() == before
