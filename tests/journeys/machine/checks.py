"""What holds after every step, whatever was done: held against the small model and against the agreement's words."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import Session, col, select

from tests.journeys.machine.course import Course
from tests.journeys.machine.play import Play, Word
from tests.journeys.machine.steps import text_of
from tracker.queries import issues
from tracker.queries.issue_list import IssueQuery, count_list, issue_list, search_list
from tracker.queries.proofs.checkpoints import log_of, verify_log
from tracker.queries.proofs.links import verify_chains
from tracker.queries.search.people import search_text
from tracker.queries.story import story
from tracker.records.issue import Issue
from tracker.records.issue_parts import Ask
from tracker.records.notice import Unannounced
from tracker.records.proofs.log import Checkpoint
from tracker.records.sides.papers import SealedPaper
from tracker.records.timer import Timer
from tracker.rules.lifecycle.asks import AskState
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.refusals import NotThere

TOKEN = re.compile(r"zx[a-z]{4}qy")


def stands_as_told(play: Play) -> None:
    """One tier, one turn, and every clock where events and arrangement have it."""
    with play.db.read() as session:
        for issue_id, course in play.courses.items():
            issue = issues.with_parts(session, [session.get_one(Issue, issue_id)])[0]
            assert _standing(play, issue) == _told(course), (issue.ref, _standing(play, issue), _told(course))
            assert dict(_odd(session, issue)) == {}, (issue.ref, dict(_odd(session, issue)))
            assert course.clocks.misfits(issue) == {}, (issue.ref, play.now, course.clocks.misfits(issue))


def _standing(play: Play, issue: Issue) -> dict[str, Any]:
    held: dict[str, set[int]] = {}
    for each in issue.holders:
        if each.active:
            held.setdefault(play.names[each.organisation_id], set()).add(each.person_id)
    return {
        "tier": issue.tier,
        "state": issue.state.value,
        "ball": play.names[issue.ball_with_id],
        "sides": tuple(play.names[each] for each in issue.side_ids),
        "deciding": issue.deciding_tier,
        "asks": issue.asking,
        "holders": held,
        "ring": issue.ring.value,
    }


def _told(course: Course) -> dict[str, Any]:
    held = {side: {*people} for side, people in course.holders.items() if people and course.state != "resolved"}
    return {
        "tier": course.tier,
        "state": course.state,
        "ball": course.ball,
        "sides": course.sides,
        "deciding": course.deciding,
        "asks": len(course.asks),
        "holders": held,
        "ring": course.ring,
    }


def _odd(session: Session, issue: Issue) -> Iterator[tuple[str, Any]]:
    """What of an issue does not belong together."""
    state = issue.state.value
    held = {each.tier for each in issue.holders if each.active}
    asks = session.exec(select(Ask).where(Ask.issue_id == issue.id, Ask.state == AskState.OPEN)).all()
    papers = session.exec(select(SealedPaper.organisation_id).where(SealedPaper.issue_id == issue.id)).all()
    clocks = {each.kind.value for each in issue.timers}
    pairs = {
        "the turn is a side's": issue.ball_with_id in issue.side_ids,
        "held where it is": held <= {issue.tier},
        "proposed and said by whom": (state == "proposed") <= (issue.proposal is not None),
        "answered when the time is up": (state == "proposed") == ("silence" in clocks),
        "paused and since when": (state == "paused") == (issue.pause is not None) == ("pause" in clocks),
        "over with an outcome": (state == "resolved") == (issue.outcome is not None) == (issue.resolved_at is not None),
        "over without clocks": state != "resolved" or clocks <= {"four_weeks", "papers"},
        "as many asks as it says": len(asks) == issue.asking,
        "one of a kind": len({each.kind for each in asks}) == len(asks),
        "asked on this stay": all(issue.entered_at is None or each.asked_at >= issue.entered_at for each in asks),
        "asked while it can be answered": not asks or state in ("raised", "open", "paused"),
        "an ask can lapse": all(_lapses(each, issue) for each in asks),
        "papers of its sides": {*papers} <= {*issue.side_ids},
        "papers are opened one day": not papers or "papers" in clocks,
    }
    yield from ((name, pairs[name]) for name in pairs if not pairs[name])


def _lapses(ask: Ask, issue: Issue) -> bool:
    """With the limit, which stands still in a pause; else by a clock of its own."""
    own = any(each.kind.value == "ask" and each.side == ask.kind.value for each in issue.timers)
    return own or issue.state.value == "paused" or any(each.kind.value == "limit" for each in issue.timers)


def nothing_is_past_due(play: Play) -> None:
    """After the clock went; and nothing was set aside."""
    with play.db.read() as session:
        assert session.exec(select(Timer.kind, Timer.set_aside_why).where(col(Timer.due_at) <= play.now)).all() == []
        assert session.exec(select(Timer).where(col(Timer.set_aside_at).is_not(None))).all() == []
        assert session.exec(select(Unannounced)).all() == []


def verifies(play: Play) -> None:
    """Chains, leaves, tree and signatures, and every checkpoint that was ever seen."""
    with play.db.snapshot() as session:
        verify_chains(session, play.cast.partnership.id, "RIV", lambda *_: None)
        log = log_of(session, play.cast.partnership.id)
        if log is None:
            return
        verified = verify_log(session, log, lambda *_: None)
        mine = select(Checkpoint.note).where(Checkpoint.partnership_id == play.cast.partnership.id)
        notes = session.exec(mine.order_by(col(Checkpoint.size))).all()
        assert notes[: len(play.notes)] == play.notes
        play.notes = list(notes)
        for note in play.notes[-3:]:
            verified.require_extends(SignedNote.read(note))


def everybody_sees_what_is_theirs(play: Play) -> None:
    """The list of every single person."""
    with play.db.read() as session:
        for person in play.everybody():
            viewer = play.viewer(session, person)
            query = IssueQuery(frozenset({play.cast.partnership.id}))
            found = {row.ref for row in issue_list(session, viewer, query).rows}
            theirs = {each.ref for each in play.courses.values() if each.may_read(person, play.on)}
            assert found == theirs, (play.people.names.get(person), found ^ theirs)


def somebody_reads_what_is_theirs(play: Play, person: int, tokens: Iterable[str]) -> None:
    """Every page of one person holds just the words that they may read; so does what they find by searching."""
    with play.db.read() as session:
        viewer = play.viewer(session, person)
        for course in play.courses.values():
            page = _page(session, play, viewer, course)
            theirs = {
                each for each, word in play.words.items() if word.issue == course.id and reads(play, person, word)
            }
            assert page <= theirs, (play.people.names.get(person), [play.words[each] for each in page - theirs])
            missing = [play.words[each] for each in theirs - page if play.words[each].where != "issue"]
            assert missing == [], (play.people.names.get(person), course.ref, missing)
        query = IssueQuery(viewer.partnership_ids | {play.cast.partnership.id})
        assert count_list(session, viewer, query) == sum(
            each.may_read(person, play.on) for each in play.courses.values()
        )
        for token in tokens:
            word = play.words[token]
            found = [row.ref for row in search_list(session, viewer, query, search_text(token)).rows]
            is_theirs = word.where in ("note", "issue") and reads(play, person, word) and _stands(session, play, word)
            assert found == ([play.courses[word.issue].ref] if is_theirs else []), (play.people.names.get(person), word)


def _page(session: Session, play: Play, viewer: Any, course: Course) -> set[str]:
    try:
        issue = issues.load(session, course.ref, viewer)
    except NotThere:
        assert not course.may_read(viewer.person_id, play.on)
        return set()
    told = story(session, issue, viewer)
    return {*TOKEN.findall(f"{issue.title} {issue.detail} {' '.join(map(text_of, told))}")}


def _stands(session: Session, play: Play, word: Word) -> bool:
    """A title that was changed is found no more."""
    if word.where != "issue":
        return True
    issue = session.exec(select(Issue).where(Issue.id == word.issue)).one()
    return word.token in f"{issue.title} {issue.detail}"


def reads(play: Play, person: int, word: Word) -> bool:
    """Who may read a word: product.md, "Who may read"."""
    course = play.courses[word.issue]
    if word.token in play.gone or not course.may_read(person, play.on):
        return False
    rings = {
        "shared": True,
        "organisation": word.side in play.people.organisations(person),
        "named": person in {word.person, *word.named},
        "tier": word.person == person or course.holds_above(person, word.tier, play.on),
    }
    return rings.get(word.ring, False)


def letters_hold_what_is_theirs(play: Play) -> None:
    """What was sent since tells nobody what they may not read."""
    by_address = {each.email: each.id for each in play.cast.people.values()}
    for letter in play.door.sent:
        person = by_address[letter.to_address]
        wrong = [play.words[each] for each in TOKEN.findall(str(letter)) if not reads(play, person, play.words[each])]
        assert wrong == [], letter
    play.door.sent.clear()
