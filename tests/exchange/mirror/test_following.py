"""A copy has what its organisation may read, goes on where it was, and says so when the history is another one."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from tests.api.calling import Program
from tests.exchange.mirror.copies import CouncilsCopy
from tests.issue_makers import doer, make_issue
from tests.queries.proofs.record import KEY, a_day_later, make_checkpoints
from tests.queries.proofs.test_verifying import REF, sign_anew, story, write_anew
from tests.site import Site
from tracker.actions.add_note import add_note
from tracker.actions.amend import settle_words, take_words_out
from tracker.actions.proving.append_checkpoint import append_checkpoint
from tracker.actions.proving.settle_log_key import rotate_log_key
from tracker.actions.raise_issue import cross
from tracker.actions.sides.merge import remove_side
from tracker.exchange.mirror import following, server
from tracker.exchange.mirror.copy import MirrorCopy
from tracker.exchange.mirror.entries import FeedEntry, FeedPage
from tracker.exchange.mirror.following import (
    AnotherSource,
    FeedPatience,
    HistoryRewritten,
    compare_whole,
    first_gone,
    take_page,
)
from tracker.exchange.mirror.tables import tables
from tracker.queries.issues import load
from tracker.queries.redactable import written_words
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.proofs.log import LogKey
from tracker.records.proofs.signing import SigningKey
from tracker.rules.events.kinds import CLOCK
from tracker.rules.events.moving import HolderLeft
from tracker.rules.events.redaction import Redacted
from tracker.rules.proofs.notes import SignedNote
from tracker.rules.refusals import Refused
from tracker.rules.rings import Ring

NEXT_KEY = SigningKey(b"n" * 32)


def note(site: Site, text: str, ref: str = REF, who: str = "lee", ring: Ring = Ring.SHARED) -> None:
    with site.db.write() as session:
        add_note(session, ref, doer(site.cast, who, site.now), text=text, ring=ring)


def take_out(site: Site, who: str, text: str) -> str:
    """The mark of the words that a lead takes out."""
    with site.db.write() as session:
        issue = session.exec(select(Issue).where(Issue.ref == REF)).one()
        written = written_words(session, issue, site.cast.arrangement(session), site.cast.viewer(who), packs_too=True)
        (mark,) = [each.mark for each in written if each.text == text]
        take_words_out(session, REF, doer(site.cast, who, site.now), marks=[mark], why="person")
    return mark


def test_it_has_every_event_of_what_its_organisation_reads_and_the_checkpoints(
    site: Site, council: CouncilsCopy
) -> None:
    assert council.follow() == len(council.events()) == 10
    with site.db.read() as session:
        of_sides = select(Event.digest).where(col(Event.readers).in_(["1+2", "2"]), Event.partnership_id == 1)
        assert {each.digest for each in council.events()} == set(session.exec(of_sides))
    assert [each.size for each in council.copy.checkpoints()] == [1]
    assert b"We look into it." in council.bytes_kept()
    assert b"They always say that." not in council.bytes_kept()


def test_what_happens_later_is_taken_once(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    before = council.content()
    assert council.follow() == 0
    assert council.content() == before
    note(site, "Found it.")
    assert council.follow() == 1
    assert council.events(REF)[-1].words["text"].text == "Found it."
    with site.db.write() as session:
        assert make_checkpoints(session, a_day_later(2)) == 1
    site.now = a_day_later(2)
    assert council.follow() == 0
    assert [each.size for each in council.copy.checkpoints()] == [1, 2]


def test_broken_off_anywhere_it_goes_on_and_has_the_same(site: Site, council: CouncilsCopy, tmp_path: Path) -> None:
    note(site, "Ours alone.", ring=Ring.ORGANISATION)
    take_out(site, "chris", "We look into it.")
    council.follow()
    whole, cut = council.content(), 0
    while True:
        cut += 1
        broken = CouncilsCopy(site, tmp_path / f"broken{cut}.sqlite3")
        broken.feed.limit, broken.feed.breaks_at = 3, cut
        try:
            broken.follow()
        except Refused:
            broken.database.dispose()
            resumed = CouncilsCopy(site, broken.file)
            resumed.follow()
            assert resumed.content() == whole, cut
        else:
            break
    assert cut > 5
    assert broken.content() == whole


def test_words_that_are_taken_out_leave_a_hash_and_the_rest_still_proves(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    take_out(site, "chris", "We look into it.")
    assert council.follow() == 1
    for ref, is_said in ((REF, False), ("RIV-3", True)):
        noted = next(each for each in council.events(ref) if each.kind == "noted")
        assert ("text" in noted.words, "text" in noted.hashes) == (is_said, not is_said)
    assert council.events(REF)[-1].kind == Redacted.name
    compare_whole(council.copy, council.feed)


def test_the_file_has_words_no_more_once_nobody_has_them(site: Site, council: CouncilsCopy) -> None:
    note(site, "Mrs Quince of Elm Road.")
    council.follow()
    assert b"Quince" in council.bytes_kept()
    take_out(site, "chris", "Mrs Quince of Elm Road.")
    council.follow()
    assert b"Quince" not in council.bytes_kept()


def test_words_that_are_hidden_come_back_once_they_are_shown_again(site: Site, council: CouncilsCopy) -> None:
    note(site, "Mrs Quince of Elm Road.")
    mark = take_out(site, "alex", "Mrs Quince of Elm Road.")
    council.follow()
    assert b"Quince" not in council.bytes_kept()
    with site.db.write() as session:
        settle_words(session, REF, doer(site.cast, "chris", site.now), mark=mark, show=True)
    council.follow()
    assert b"Quince" in council.bytes_kept()


def test_a_side_that_comes_later_has_what_was_before_and_loses_the_words_when_it_is_taken_out(
    site: Site, tmp_path: Path
) -> None:
    community = CouncilsCopy(site, tmp_path / "community.sqlite3", "community")
    assert community.follow() == 0
    with site.db.write() as session:
        issue = load(session, REF, site.cast.viewer("sam"), for_change=True)
        issue.join_side(site.cast.arrangement(session).organisation("community"), "it was named", at=site.now)
    assert community.follow() > 3
    assert community.events(REF)[0].kind == "raised"
    assert b"We look into it." in community.bytes_kept()
    with site.db.write() as session:
        remove_side(session, REF, doer(site.cast, "jo", site.now), side="community", reason="Not theirs")
    community.follow()
    assert community.events() == []
    assert b"We look into it." not in community.bytes_kept()
    with site.db.write() as session:
        issue = load(session, REF, site.cast.viewer("sam"), for_change=True)
        issue.join_side(site.cast.arrangement(session).organisation("community"), "it was theirs", at=site.now)
    community.follow()
    assert {"raised", "side_removed"} <= {each.kind for each in community.events(REF)}


def test_an_issue_that_crosses_keeps_its_story_under_its_new_reference(site: Site, tmp_path: Path) -> None:
    acute = CouncilsCopy(site, tmp_path / "acute.sqlite3", "acute")
    with site.db.write() as session:
        kept = make_issue(session, site.cast, title="Ours for now", ring=Ring.ORGANISATION, now=site.now)
        before = kept.ref
        kept.append(HolderLeft(side="acute", left_name="Sam Okafor"), CLOCK, site.now)
    note(site, "Between us.", before, "jo", Ring.ORGANISATION)
    acute.follow()
    told = [each.digest for each in acute.events(before)]
    assert [each.kind for each in acute.events(before)][:3] == ["raised", "holder_left", "noted"]
    with site.db.write() as session:
        after = cross(session, before, doer(site.cast, "sam", site.now)).ref
    acute.follow()
    assert acute.events(before) == []
    assert [each.digest for each in acute.events(after)][: len(told)] == told


def changed_and_written_anew(session: Session, site: Site) -> None:
    story(session)[1].at -= timedelta(days=1)
    write_anew(session)


def left_out_and_written_anew(session: Session, site: Site) -> None:
    gone = story(session)[-1]
    gone.readers, gone.place, gone.ring = "person 1", 1, Ring.NAMED
    write_anew(session)


REWRITINGS: dict[str, Callable[[Session, Site], None]] = {
    "changed": changed_and_written_anew, "left out": left_out_and_written_anew
}  # fmt: skip


@pytest.mark.parametrize("rewrite", REWRITINGS.values(), ids=REWRITINGS)
@pytest.mark.parametrize("signed", [False, True], ids=["chains anew", "chains and checkpoints anew"])
def test_a_history_that_was_written_anew_is_refused_with_the_first_event_that_is_gone(
    site: Site, council: CouncilsCopy, rewrite: Callable[[Session, Site], None], signed: bool
) -> None:
    note(site, "Found it.")
    council.follow()
    before = council.content()
    with site.db.write() as session:
        rewrite(session, site)
        if signed:
            sign_anew(session, site.cast)
    site.now = a_day_later(2)
    if not signed:
        note(site, "Thank you.")
    number = 2 if rewrite is changed_and_written_anew else len(council.events(REF))
    with pytest.raises(HistoryRewritten) as refused:
        council.follow()
    assert f"{REF}, event {number} of those that this organisation reads (" in str(refused.value)
    assert "the copy has it, and the server has it no more" in str(refused.value)
    assert council.content() == before


def test_one_that_nothing_followed_yet_is_found_by_comparing_all(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    compare_whole(council.copy, council.feed)
    with site.db.write() as session:
        changed_and_written_anew(session, site)
    assert council.follow() == 0
    with pytest.raises(HistoryRewritten, match=f"{REF}, event 2 "):
        compare_whole(council.copy, council.feed)


def test_a_server_that_went_back_behind_a_checkpoint_is_refused(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    with site.db.write() as session:
        sign_anew(session, site.cast)
    with pytest.raises(HistoryRewritten, match="Checkpoint 2: it does not extend the one before it"):
        council.follow()


class Forged:
    """A feed some of whose entries are others."""

    def __init__(self, council: CouncilsCopy, forge: Callable[[FeedEntry], FeedEntry]) -> None:
        self._feed, self._forge = council.feed, forge

    def page(self, after: str) -> FeedPage:
        page = self._feed.page(after)
        return page.model_copy(update={"entries": tuple(map(self._forge, page.entries))})

    def issue(self, ref: str) -> tuple[object, ...]:
        told = (self._forge(FeedEntry(issue=ref, event=each)) for each in self._feed.issue(ref))
        return tuple(each.event for each in told)


def with_other_words(entry: FeedEntry) -> FeedEntry:
    if not entry.event or "text" not in entry.event.words:
        return entry
    word = entry.event.words["text"].model_copy(update={"text": "We look away."})
    return entry.model_copy(update={"event": entry.event.model_copy(update={"words": {"text": word}})})


def with_another_leaf(entry: FeedEntry) -> FeedEntry:
    if not entry.checkpoint:
        return entry
    leaf = entry.checkpoint.leaf.replace("time ", "time 1")
    return entry.model_copy(update={"checkpoint": entry.checkpoint.model_copy(update={"leaf": leaf})})


def with_another_signature(entry: FeedEntry) -> FeedEntry:
    if not entry.checkpoint:
        return entry
    signed = SignedNote.read(entry.checkpoint.note)
    by = signed.signatures[0]
    forged = SignedNote(signed.text, (type(by)(by.name, by.key_id, bytes(64)),))
    return entry.model_copy(update={"checkpoint": entry.checkpoint.model_copy(update={"note": str(forged)})})


def with_a_place_less_filled(entry: FeedEntry) -> FeedEntry:
    if not entry.checkpoint:
        return entry
    places = tuple(each.model_copy(update={"heads": each.heads[1:]}) for each in entry.checkpoint.places)
    return entry.model_copy(update={"checkpoint": entry.checkpoint.model_copy(update={"places": places})})


FORGERIES = {
    "words": (with_other_words, "it is not as it was written"),
    "a leaf": (with_another_leaf, "it does not extend the one before it"),
    "a signature": (with_another_signature, "no key that this copy knows has signed it"),
    "a place": (with_a_place_less_filled, "is not what is told of it"),
}


@pytest.mark.parametrize("forge, why", FORGERIES.values(), ids=FORGERIES)
def test_what_does_not_prove_itself_is_refused_and_nothing_of_it_kept(
    council: CouncilsCopy, forge: Callable[[FeedEntry], FeedEntry], why: str
) -> None:
    with pytest.raises(HistoryRewritten, match=why):
        take_page(council.copy, Forged(council, forge))  # type: ignore[arg-type]
    assert council.copy.source is None
    assert list(council.copy.events()) == []


def test_a_copy_is_of_one_organisation_and_one_log(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    program = Program(site, "acute")
    council.feed._headers = {"Authorization": f"Bearer {program.token}"}
    with pytest.raises(AnotherSource, match="the token is of acute, in RIV"):
        council.follow()


def test_a_key_that_was_told_elsewhere_is_the_only_one_that_is_trusted(council: CouncilsCopy) -> None:
    page = council.feed.page("")
    assert page.log
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    with pytest.raises(AnotherSource, match="a key that was not named here"):
        take_page(council.copy, council.feed, [other])
    take_page(council.copy, council.feed, page.log.keys)
    assert council.copy.source


def test_after_another_secret_all_is_told_again_and_taken_once(site: Site, council: CouncilsCopy) -> None:
    council.follow()
    before = council.content()
    source = council.copy.source
    assert source
    with council.database.write() as session:
        session.connection().exec_driver_sql("UPDATE mirror_source SET place = 'gAAAnothers'")
    assert council.follow() == 0
    assert council.content() == before
    assert first_gone(council.copy, council.feed) is None


@pytest.mark.both_databases
def test_a_copy_is_kept_in_either_database(site: Site, tmp_path: Path) -> None:
    """Here beside the record itself; the tables of a copy have names of their own."""
    beside = CouncilsCopy(site, tmp_path / "none.sqlite3", database=site.db)
    try:
        beside.feed.limit = 3
        assert beside.follow() == 10
        take_out(site, "chris", "We look into it.")
        assert beside.follow() == 1
        assert beside.copy.tally() == (11, 3)
        assert "text" not in next(each for each in beside.events(REF) if each.kind == "noted").words
        assert [each.size for each in beside.copy.checkpoints()] == [1]
        compare_whole(beside.copy, beside.feed)
    finally:
        tables.drop_all(site.db.engine)


def test_a_copy_of_another_version_is_left_alone(council: CouncilsCopy) -> None:
    council.follow()
    with council.database.write() as session:
        session.connection().exec_driver_sql("UPDATE mirror_source SET form = 99")
    with pytest.raises(Refused, match="another version"):
        MirrorCopy(council.database)


def test_a_copy_shows_a_witness_that_its_last_checkpoint_extends_any_before(site: Site, council: CouncilsCopy) -> None:
    with site.db.write() as session:
        assert make_checkpoints(session, a_day_later(2)) == 1
        assert make_checkpoints(session, a_day_later(3)) == 1
    council.follow()
    for since in range(4):
        request = council.copy.extension(since)
        assert (request.old_size, len(request.path)) == (since, {0: 0, 1: 2, 2: 1, 3: 0}[since])


def test_a_copy_goes_on_under_a_key_to_which_the_one_that_it_knows_handed_over(
    site: Site, council: CouncilsCopy
) -> None:
    council.follow()
    with site.db.write() as session:
        rotate_log_key(session, KEY, NEXT_KEY, now=site.now)
        while append_checkpoint(session, NEXT_KEY, now=a_day_later(2)):
            session.flush()
    council.follow()
    assert len(council.copy.checkpoints()) == 2
    with site.db.write() as session:
        session.add(LogKey(number=3, public="11" * 32, since=site.now))
    with pytest.raises(AnotherSource, match="did not say so"):
        council.follow()


class Endless:
    """A server that says for ever that there is more: nothing, or what it told before."""

    def __init__(self, council: CouncilsCopy, *, again: bool) -> None:
        self._page, self._again, self.asked = council.feed.page(""), again, 0

    def page(self, after: str) -> FeedPage:
        self.asked += 1
        entries = self._page.entries if self._again else ()
        return self._page.model_copy(update={"entries": entries, "next": f"place {self.asked}", "more": True})


def follow_to_the_end(council: CouncilsCopy, endless: Endless) -> None:
    patience = FeedPatience()
    while True:
        taken = take_page(council.copy, endless)  # type: ignore[arg-type]
        patience.note(taken.events + taken.checkpoints, more=taken.more)


@pytest.mark.parametrize("again", [False, True], ids=["nothing", "the same again"])
def test_a_server_that_says_for_ever_that_there_is_more_is_left(
    council: CouncilsCopy, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    monkeypatch.setattr(following, "MOST_OF_NOTHING", 5)
    council.follow()
    before = council.content()
    endless = Endless(council, again=again)
    with pytest.raises(Refused, match="for ever that there is more"):
        follow_to_the_end(council, endless)
    assert endless.asked == 5
    with pytest.raises(Refused, match="for ever that there is more"):
        first_gone(council.copy, endless)  # type: ignore[arg-type]
    assert council.content() == before


def test_an_issue_or_an_answer_without_end_is_refused(council: CouncilsCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = council.feed.page("").model_copy(update={"entries": (), "more": True})
    with monkeypatch.context() as patched:
        patched.setattr(council.feed, "_asked", lambda asked: empty)
        with pytest.raises(Refused, match=f"What the server tells of {REF} has no end"):
            council.feed.issue(REF)
    monkeypatch.setattr(server, "_LARGEST", 1_000)
    with pytest.raises(Refused, match="What the server tells has no end"):
        council.feed.page("")
