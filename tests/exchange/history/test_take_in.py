"""Taking history in: what past cases become."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from tests.exchange.history.histories import OneSession, events_of, history, issue_of, on, silent, taken_in
from tests.issue_makers import make_issue, shorten_pages
from tests.makers import MONDAY, Cast
from tests.records.chains import broken_links
from tracker.database import Database
from tracker.exchange.history.cells import COLUMNS
from tracker.exchange.history.take_in import BrokenOff, take_in
from tracker.queries.issue_list import Cursor, IssueQuery, issue_list, search_list
from tracker.queries.issues import load, visible_issues
from tracker.queries.search.people import search_text
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.issue_parts import Holder, Occurrence
from tracker.records.ladder import LadderVersion
from tracker.records.note import Note
from tracker.records.partnership import Partnership
from tracker.records.timer import Timer, TimerKind
from tracker.rules.deadlines import Given, Origin
from tracker.rules.digest import Head, together
from tracker.rules.events.kinds import SERVER
from tracker.rules.lifecycle import Outcome, Severity, State
from tracker.rules.refusals import WrongFile

RAISED = {"event": "raised", "person": "Sam Okafor", "to_organisation": "council", "title": "Late", "detail": "Twice"}


@pytest.mark.both_databases
def test_a_past_case_becomes_an_issue_with_its_own_dates_and_reference(db: Database, cast: Cast) -> None:
    told = {**RAISED, "severity": "critical", "theme": "reliability", "service_area": "discharge"}
    over = {"event": "resolved", "organisation": "council", "outcome": "worked_round", "tier": 2}
    with db.write() as session:
        taken_in(session, cast, history(told, "note", over))
        issue = issue_of(session)

    assert (issue.ref, issue.outside_ref, issue.title, issue.detail) == ("RIV-1", "A-1", "Late", "Twice")
    assert (issue.severity, issue.theme, issue.theme_confirmed) == (Severity.CRITICAL, "reliability", True)
    assert (issue.topic, issue.service_area) == ("STANDARD", "discharge")
    assert (issue.raised_at, issue.raised_by_id, issue.raised_for_id) == (on(0), cast.sam.id, cast.acute.id)
    assert (issue.state, issue.outcome, issue.resolved_at) == (State.RESOLVED, Outcome.WORKED_ROUND, on(2))
    assert (issue.tier, issue.ball_with_id, issue.occurred_on) == (2, cast.council.id, on(0).date())


@pytest.mark.both_databases
def test_the_events_stand_on_one_another_and_carry_tier_ball_and_state(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, "escalated", {"event": "handed_over", "to_organisation": "acute"}))
        events, issue = events_of(session), issue_of(session)

        assert broken_links(session) == []

    assert [(event.position, event.tier, event.ball_with_id, event.state) for event in events] == [
        (1, 1, cast.council.id, "raised"),
        (2, 2, cast.council.id, "raised"),
        (3, 2, cast.acute.id, "open"),
    ]
    readers = together([cast.council.id, cast.acute.id])
    assert (issue.heads, issue.events) == ({readers: Head(3, events[-1].digest)}, 3)


def test_each_row_reads_as_a_sentence_of_the_time(db: Database, cast: Cast) -> None:
    rows = (
        {"event": "paused", "detail": "no bed", "to_organisation": "Transport"},
        {"event": "escalated", "detail": "urgent"},
        {"event": "occurred", "detail": "once more"},
        {"event": "resolved", "outcome": "solved", "detail": "a new form"},
        {"event": "reopened", "detail": "it came back"},
        {"event": "proposed"},
        "resolved",
    )
    with db.write() as session:
        taken_in(session, cast, history(RAISED, *rows))
        said = [event.read().sentence("Acute") for event in events_of(session)]

    assert said == [
        "Acute raised it",
        "Acute paused it, waiting for Transport (from the file): no bed",
        "Acute escalated it to tier 2: urgent",
        "Acute said it happened again on Thu 5 Mar 2026",
        "Resolved: solved (a new form)",
        "Acute reopened it: it came back",
        "Acute proposed to resolve it",
        "Resolved",
    ]


def test_a_past_case_is_shared_by_all_that_had_the_ball_or_did_something(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, {"event": "note", "organisation": "community", "detail": "we know"}))
        seen = {
            name: session.exec(select(Issue.ref).where(visible_issues(cast.viewer(name)))).all()
            for name in ("sam", "kim", "mo", "stan")
        }

    assert seen == {"sam": ["RIV-1"], "kim": ["RIV-1"], "mo": ["RIV-1"], "stan": []}


def test_a_note_is_kept_as_a_note_that_search_finds_and_both_sides_read(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, {"event": "note", "person": "kim@council.example", "detail": "seen"}))
        note = session.exec(select(Note)).one()

    assert (note.text, note.person_id, note.organisation_id, note.at) == ("seen", cast.kim.id, cast.acute.id, on(1))
    assert note.event_position == 2


def test_what_happened_again_is_counted_on_its_day(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, "note", "occurred", "occurred"))
        days = session.exec(select(col(Occurrence.occurred_on)).order_by(col(Occurrence.id)))

        assert issue_of(session).occurrences == 3
        assert list(days) == [on(0).date(), on(2).date(), on(3).date()]


def test_whom_nobody_knows_is_reported_and_keeps_the_name_of_the_file(db: Database, cast: Cast) -> None:
    with db.write() as session:
        found = taken_in(session, cast, history(RAISED, {"event": "note", "organisation": "mars", "person": "Zed"}))
        event = events_of(session)[-1]

    assert found.file.unknown == {"organisation": {"mars": 1}, "person": {"Zed": 1}}
    assert (event.person_id, event.organisation_id, event.actor_name) == (None, None, "Zed")
    assert event.words["actor_organisation"] == "mars"


def test_words_from_outside_the_partnership_stand_in_the_event(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(
            session, cast, history(RAISED, {"event": "note", "organisation": "mars", "detail": "we come in peace"})
        )

        assert session.exec(select(Note)).all() == []
        assert events_of(session)[-1].read().sentence("Mars") == "Mars wrote: we come in peace"


def test_while_an_outsider_has_the_ball_the_last_one_known_to_have_had_it_is_shown(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, {"event": "handed_over", "to_organisation": "mars"}))
        event, issue = events_of(session)[-1], issue_of(session)

    assert (event.ball_with_id, event.details["ball"]) == (None, "mars")
    assert issue.ball_with_id == cast.council.id


def test_a_case_that_names_nobody_of_the_partnership_is_set_aside(db: Database, cast: Cast) -> None:
    with db.write() as session:
        found = taken_in(session, cast, history("raised", by="mars"), history("raised", issue="A-2"))

        assert [(each.ref, each.row, each.reason) for each in found.set_aside] == [
            ("A-1", 2, "it names no organisation of this partnership")
        ]
        assert session.exec(select(Issue.outside_ref)).all() == ["A-2"]


def test_nobody_is_told_and_what_is_over_has_no_clock_and_no_holder(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, "escalated", "resolved"))

        assert session.exec(select(Event).where(~col(Event.announced))).all() == []
        assert session.exec(select(Timer)).all() == []
        assert session.exec(select(Holder)).all() == []


def test_the_limit_of_an_open_one_counts_from_the_import(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, "escalated"))
    with db.read() as session:
        issue = load(session, "RIV-1", cast.viewer("jo"))

    assert (issue.entered_at, issue.due_at) == (MONDAY, datetime(2026, 5, 5, 16, tzinfo=UTC))
    assert issue.limit_origin == Origin("5 working days", MONDAY, Given.HISTORY, body="ops")
    assert {holder.person_id for holder in issue.holders} == {cast.jo.id, cast.lee.id}
    assert (issue.body_id, issue.ladder_version_id) == (cast.bodies["ops"].id, cast.ladder.id)


def test_who_acknowledged_it_on_its_tier_need_not_do_so_again(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, {"event": "acknowledged", "organisation": "council"}))
        timers = {(timer.kind, timer.side) for timer in session.exec(select(Timer))}
        taken_in(session, cast, history(RAISED, issue="A-2"))
        others = {(timer.kind, timer.side) for timer in session.exec(select(Timer))} - timers

    assert timers == {
        (TimerKind.LIMIT, ""), (TimerKind.WARNING, ""), (TimerKind.LAPSE, "acute"), (TimerKind.LAPSE, "council"),
    }  # fmt: skip
    assert others == {(TimerKind.ACKNOWLEDGEMENT, "council")}


def test_without_a_ladder_in_force_history_is_taken_in_all_the_same(db: Database, cast: Cast) -> None:
    with db.write() as session:
        session.get_one(LadderVersion, cast.ladder.id).in_force_at = None
        session.get_one(Partnership, cast.partnership.id).changed()
        session.flush()
        taken_in(session, cast, history(RAISED, "escalated"))
        issue = issue_of(session)

    assert (issue.tier, issue.state, issue.ladder_version_id, issue.due_at) == (2, State.RAISED, None, None)


def test_a_tier_above_the_ladder_of_today_stands_at_its_top(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history({**RAISED, "tier": 9}))

        assert issue_of(session).tier == 4
        assert [event.tier for event in events_of(session)] == [9]


def test_a_proposal_that_waits_for_an_answer_waits_from_the_import(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, {"event": "proposed", "detail": "a new form", "outcome": "solved"}))
    with db.write() as session:
        issue = load(session, "RIV-1", cast.viewer("jo"), for_change=True)

    assert (issue.state, issue.unanswered) == (State.PROPOSED, (cast.council.id,))
    assert issue.proposal is not None
    assert (issue.proposal["by"], issue.proposal["done"]) == (cast.acute.id, "a new form")
    clocks = {timer.kind: timer.due_at for timer in issue.timers}
    assert clocks[TimerKind.SILENCE] == datetime(2026, 5, 5, 16, tzinfo=UTC)
    assert TimerKind.LIMIT not in clocks


def test_a_proposal_by_nobody_known_leaves_the_issue_open(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, {"event": "proposed", "organisation": "mars"}))
        clocks = {timer.kind for timer in session.exec(select(Timer))}

        assert issue_of(session).state is State.OPEN
        assert TimerKind.LIMIT in clocks


def test_one_that_was_paused_goes_on_and_says_so(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history(RAISED, "paused"))
        issue, event = issue_of(session), events_of(session)[-1]

    assert (issue.state, event.state) == (State.RAISED, "paused")
    assert issue.limit_origin is not None
    assert issue.limit_origin.given is Given.HISTORY_PAUSED


def test_numbers_go_on_after_those_of_issues_raised_here(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        taken_in(session, cast, history("raised"), history("raised", issue="A-2"))
        later = make_issue(session, cast, title="Another")

        refs = session.exec(select(Issue.ref).where(col(Issue.outside_ref).is_not(None)).order_by(col(Issue.id))).all()
        assert (refs, later.ref) == (["RIV-2", "RIV-3"], "RIV-4")


def test_it_is_recorded_for_the_leads_but_sends_them_nothing(db: Database, cast: Cast) -> None:
    with db.write() as session:
        taken_in(session, cast, history("raised"), history("note", issue="A-2"))
        recorded = session.exec(select(Event).where(col(Event.issue_id).is_(None))).one()

    assert (recorded.kind, recorded.actor_name, recorded.announced) == ("history_loaded", SERVER.name, True)
    assert recorded.details == {"loaded": 1, "set_aside": 1}


def test_a_wrong_row_anywhere_and_nothing_is_done(db: Database, cast: Cast) -> None:
    content = b"issue,at,event,organisation\nA-1,2026-03-02,raised,acute\nA-1,2026-03-02,closed,acute\n"
    with db.write() as session:
        with pytest.raises(WrongFile):
            take_in(OneSession(session), content, "RIV", now=MONDAY, progress=silent)

        assert session.exec(select(Issue)).all() == []


def test_progress_is_told_as_cases_are_written(db: Database, cast: Cast) -> None:
    heard: list[tuple[int, int]] = []
    rows = "".join(history("raised", issue=f"A-{number}") for number in range(300))
    with db.write() as session:
        taken_in(session, cast, rows, progress=lambda done, total: heard.append((done, total)))

    assert heard == [(250, 300), (300, 300)]


@pytest.mark.both_databases
def test_an_import_that_is_broken_off_says_how_far_it_came_and_a_second_run_takes_the_rest(
    db: Database, cast: Cast
) -> None:
    rows = "".join(history("raised", issue=f"A-{number}") for number in range(300))
    content = (",".join(COLUMNS) + "\n" + rows).encode()

    def stop(_done: int, _total: int) -> None:
        with db.write() as session:  # nobody holds what others need
            make_issue(session, cast)
        raise KeyboardInterrupt

    with pytest.raises(BrokenOff, match="250 of 300 issues are taken in, each whole"):
        take_in(db, content, "RIV", now=MONDAY, progress=stop)
    found = take_in(db, content, "RIV", now=MONDAY, progress=silent)

    assert (len(found.unchanged), len(found.new)) == (250, 50)
    with db.read() as session:
        past = session.exec(select(Issue.outside_ref).where(col(Issue.outside_ref).is_not(None))).all()
        loaded = session.exec(select(Event.details).where(Event.kind == "history_loaded").order_by(col(Event.id))).all()
        numbers = session.exec(select(Issue.number)).all()
    assert (len(past), len(set(past))) == (300, 300)
    assert [each["loaded"] for each in loaded] == [250, 50]
    assert len(set(numbers)) == 301


@pytest.mark.both_databases
def test_an_older_case_that_is_taken_in_later_stands_behind_what_is_newer_in_a_search_too(
    db: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorten_pages(monkeypatch, 1, "issue_list")
    viewer, sought = cast.viewer("sam"), search_text("late nurse/doctor")
    query = IssueQuery(viewer.partnership_ids)
    with db.write() as session:
        make_issue(session, cast, title="Late: nurse/doctor rounds", now=on(0) + timedelta(days=300))
        taken_in(session, cast, history({**RAISED, "detail": "Nurse/doctor"}))
        before = on(0) - timedelta(days=50)
        make_issue(session, cast, title="Late: nurse/doctor rounds", now=before, occurred_on=before.date())
        listed = [row.ref for row in issue_list(session, viewer, query).rows]
        pages, after = [], None
        for _ in range(3):
            page = search_list(session, viewer, query, sought, after=after)
            pages.append([row.ref for row in page.rows])
            after = Cursor(page.rows[-1].raised_at, page.rows[-1].id)
    assert (listed, pages) == (["RIV-1"], [["RIV-1"], ["RIV-2"], ["RIV-3"]])
    assert not page.older
