"""What a letter says, and to whom it says it how."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY, Cast, be_away
from tests.notice_makers import announce_all, changed, deliver_all, ring_all
from tracker.actions import resolve
from tracker.actions.acknowledge import acknowledge
from tracker.actions.add_note import add_note, record_occurrence
from tracker.actions.deliver import ClaimedLetter, claim_several
from tracker.database import Database
from tracker.records.partnership import Organisation
from tracker.records.partnership_chain import record
from tracker.rules.events.arrangement import CharterLoaded
from tracker.rules.events.kinds import SERVER
from tracker.rules.letters import Letter
from tracker.rules.rings import Ring

FRIDAY = datetime(2026, 5, 1, 9, tzinfo=UTC)  # the limit was Thu 30 Apr 17:00 in London


def letters(session: Session, now: datetime = MONDAY) -> dict[str, Letter]:
    """Everything that happened, announced and delivered: the last letter to each first name."""
    announce_all(session, now)
    return {letter.to_name.split()[0].lower(): letter for letter in deliver_all(session, now)}


def test_a_letter_says_what_happened_who_has_the_ball_by_when_and_what_comes_next(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        letter = letters(session)["kim"]
        (about,) = letter.about
        assert letter.subject == "[RIV-1] Letters arrive without the medication list"
        assert (about.told[0].sentence, about.told[0].words) == ("Sam Okafor raised it.", "Third letter this month.")
        assert about.standing == (
            "It is the turn of Riverside Council (Kim Tran).",
            "Riverside Council acknowledges it by Tue 28 Apr 17:00.",
            "It is with Front line until Thu 30 Apr 17:00.",
            "If nothing ends it by then, it goes up to Operational managers' group.",
        )
        assert about.path == "/issues/RIV-1"


def test_on_its_outside_a_letter_about_a_person_says_no_more_than_that(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, title="Kangaroo was rough", ring=Ring.NAMED)
        add_note(session, issue.ref, doer(cast, "sam"), text="Kangaroo again.", ring=Ring.SHARED)
        ring_all(session, FRIDAY)
        sent = letters(session, FRIDAY)
        assert sent
        for letter in sent.values():
            assert (letter.subject, letter.about[0].title) == ("[RIV-1] An issue about a person", "Kangaroo was rough")


def test_letters_written_together_tell_each_reader_what_that_reader_may_know(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, hide_reporter=True)
        ring_all(session, FRIDAY)
        add_note(session, issue.ref, doer(cast, "sam", FRIDAY), text="Again.", ring=Ring.SHARED)
        announce_all(session, FRIDAY)
        together = claim_several(session, now=FRIDAY + timedelta(minutes=1), most=50).done
        sent = [each.letter for each in together if isinstance(each, ClaimedLetter)]
        told = {each.to_name: " ".join(event.sentence for event in each.about[0].told) for each in sent}
        assert "Sam Okafor wrote." in told["Jo Lind"]
        assert "wrote." in told["Lee Ford"]
        assert "Sam" not in told["Lee Ford"]


def test_a_letter_shows_the_ladder_with_both_sides_top_first(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        (about,) = letters(session)["kim"].about
        assert about.sides == ("Riverside Hospitals", "Riverside Council")
        assert [rung.seats for rung in about.rungs] == [
            ("Priya Nair", "Dana Roy"), ("Rita Moss", "Owen Pugh"), ("Jo Lind", "Lee Ford"), ("Sam Okafor", "Kim Tran"),
        ]  # fmt: skip
        assert [(rung.now, rung.ball) for rung in about.rungs] == [(False, None)] * 3 + [(True, 1)]


def test_the_reader_reads_by_their_own_clock_and_sees_the_others_where_it_differs(db: Database, cast: Cast) -> None:
    with db.write() as session:
        council = session.get_one(Organisation, cast.council.id)
        council.calendar = {"zone": "Europe/Amsterdam", "mon-fri": ["09:00-17:00"]}
        changed(session, cast)
        make_issue(session, cast)
        (about,) = letters(session)["kim"].about
        limit = "Thu 30 Apr 17:00 in Amsterdam (Thu 30 Apr 16:00 in London for Riverside Hospitals)"
        assert f"It is with Front line until {limit}." in about.standing
        assert about.told[0].at == "Mon 27 Apr 10:00"


def test_a_reporter_who_keeps_their_name_inside_is_somebody_to_the_other_side(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, hide_reporter=True)
        record_occurrence(session, issue.ref, doer(cast, "sam"), occurred_on=date(2026, 4, 27))
        sent = letters(session)
        assert [told.sentence for told in sent["kim"].about[0].told] == [
            "Somebody at Riverside Hospitals raised it.",
            "Somebody at Riverside Hospitals said it happened again on Mon 27 Apr 2026.",
        ]
        assert "Sam" not in str(sent["kim"].about[0].told)


def test_inside_their_organisation_the_reporter_has_their_name(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast, hide_reporter=True)
        ring_all(session, FRIDAY)
        letters(session, FRIDAY)
        add_note(session, issue.ref, doer(cast, "sam", FRIDAY), text="Again.", ring=Ring.SHARED)
        later = FRIDAY + timedelta(minutes=2)  # a note waits a moment before it goes out
        assert letters(session, later)["jo"].about[0].told[0].sentence == "Sam Okafor wrote."


def test_a_note_comes_with_its_words_and_a_private_one_says_who_reads_it(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        add_note(session, issue.ref, doer(cast, "jo"), text="Between us.", ring=Ring.ORGANISATION)
        (told,) = letters(session, MONDAY + timedelta(minutes=2))["sam"].about[0].told
        assert (told.words, told.readers) == ("Between us.", "Only people of Riverside Hospitals can read this.")


def test_a_proposal_says_who_must_answer_and_that_silence_counts(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="The list is printed now.")
        (about,) = letters(session)["sam"].about
        assert about.told[-1].sentence == "Kim Tran proposed to resolve it as solved."
        assert about.told[-1].words == "The list is printed now."
        assert about.standing == (
            "A resolution is proposed; an answer is wanted from Riverside Hospitals.",
            "Answer by Tue 5 May 17:00: after that, silence counts as agreement.",
        )


def test_what_is_resolved_says_so_and_shows_no_ladder(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue = make_issue(session, cast)
        resolve.propose(session, issue.ref, doer(cast, "kim"), outcome="solved", done="Done.")
        resolve.agree(session, issue.ref, doer(cast, "sam"))
        (about,) = letters(session)["kim"].about
        assert (about.standing, about.rungs) == (("It is resolved: solved.",), ())


def test_at_the_top_past_its_limit_it_says_that_it_stays_on_the_agenda(db: Database, cast: Cast) -> None:
    with db.write() as session:
        make_issue(session, cast)
        for now in (FRIDAY, datetime(2026, 5, 12, 9, tzinfo=UTC), datetime(2026, 5, 30, 9, tzinfo=UTC)):
            ring_all(session, now)
        late = datetime(2026, 6, 3, 9, tzinfo=UTC)
        ring_all(session, late)
        (about,) = letters(session, late)["dana"].about
        assert about.standing[-1].startswith("The limit of Steering group passed")
        assert about.standing[-1].endswith("It stays on their agenda until decided.")


def test_all_letters_of_an_issue_have_one_thread_and_those_of_another_have_another(db: Database, cast: Cast) -> None:
    with db.write() as session:
        issue, other = make_issue(session, cast), make_issue(session, cast)
        announce_all(session, MONDAY)
        first, second = deliver_all(session, MONDAY)
        acknowledge(session, issue.ref, doer(cast, "kim"))
        third = letters(session)["sam"]
        assert (first.about[0].ref, second.about[0].ref, third.about[0].ref) == (issue.ref, other.ref, issue.ref)
        assert first.thread == third.thread != second.thread


def test_leads_are_written_to_of_the_arrangement(db: Database, cast: Cast) -> None:
    with db.write() as session:
        record(session, partnership_id=cast.partnership.id, kind=CharterLoaded(added=3), actor=SERVER, now=MONDAY)
        letter = letters(session)["alex"]
        assert letter.subject == "[RIV] The arrangement of Riverside Integrated Discharge"
        assert letter.about[0].told[0].sentence == "A charter file was loaded: 3 added, 0 changed, 0 retired."
        assert letter.about[0].path == "/arrangements/RIV"


def test_a_letter_says_who_is_away_and_who_acts(db: Database, cast: Cast) -> None:
    with db.write() as session:
        be_away(session, cast.kim, MONDAY.date(), date(2026, 5, 8))
        make_issue(session, cast)
        (about,) = letters(session)["lee"].about
        assert about.standing[:2] == (
            "It is the turn of Riverside Council (Lee Ford).",
            "Kim Tran is away until Fri 8 May.",
        )
        assert about.rungs[-1].seats == ("Sam Okafor", "Lee Ford")


def test_where_nobody_is_there_the_letter_to_the_leads_says_so(db: Database, cast: Cast) -> None:
    with db.write() as session:
        for name in ("kim", "lee", "owen", "dana"):
            be_away(session, cast.people[name], MONDAY.date())
        make_issue(session, cast)
        (about,) = letters(session)["chris"].about
        assert about.standing[:2] == (
            "It is the turn of Riverside Council.",
            "Kim Tran is away until further notice, and nobody there acts; their leads are told.",
        )
