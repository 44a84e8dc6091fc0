"""Taking words out: by a lead of who wrote them for good, by another until that one settles it; and nowhere left."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sql
from sqlmodel import Session, col, select

from tests.decision_makers import make_pack
from tests.issue_makers import doer, make_issue
from tests.makers import MONDAY
from tests.notice_makers import announce_all, deliver_all, told
from tests.pages.desk.test_desk import said
from tests.records.chains import broken_links
from tests.site import Site
from tracker.actions import escalate, resolve
from tracker.actions.add_note import add_note, record_occurrence, take_back
from tracker.actions.amend import amend
from tracker.actions.quote import let_quote, take_words_back
from tracker.actions.sides.write_paper import write_paper
from tracker.clock import clock_of
from tracker.database import Patience, metadata
from tracker.measures.stems import stem
from tracker.measures.suggestion import number_of
from tracker.queries.learning import Learner
from tracker.queries.search.erasing import erase_words
from tracker.records.event import Event
from tracker.records.issue import Issue
from tracker.records.pack import Pack
from tracker.rules.events.kinds import REDACTED
from tracker.rules.lifecycle import Severity
from tracker.rules.rings import Ring
from tracker.rules.sweeps import Batch

ADDRESS = "/issues/RIV-1/words"
SIDES = ("sam", "jo", "rita", "priya", "alex", "kim", "lee", "owen", "dana", "chris")

# By what is written: a mark in it, and by whom it was written.
OURS = (
    "marktitle",
    "markdetail",
    "markoldtitle",
    "marknote",
    "markagain",
    "markreason",
    "markdone",
    "markcause",
    "markquoted",
    "markfacts",
    "markview",
    "markasks",
)
THEIRS = ("marktheirnote", "markreturned", "marktheirview")
EVERY = (*OURS, *THEIRS)


def written(site: Site, quoted: str = "markquoted words") -> None:
    """RIV-1 with something in every place in which people write about an issue; published in a pack."""
    cast = site.cast
    with site.db.write() as session:
        ref = make_issue(session, cast, title="markoldtitle letters", detail="markdetail of Mr Smith").ref
        record_occurrence(session, ref, doer(cast, "sam"), occurred_on=MONDAY.date(), detail="markagain, Mr Smith")
        add_note(session, ref, doer(cast, "sam"), text="marknote for all", ring=Ring.SHARED)
        add_note(session, ref, doer(cast, "kim"), text="marktheirnote for all", ring=Ring.SHARED)
        add_note(session, ref, doer(cast, "kim"), text="markprivate to us", ring=Ring.ORGANISATION)
        escalate.by_holder(session, ref, doer(cast, "sam"), cause="legal deadline", to=4, reason="markreason here")
        ours = {"facts": "markfacts of him", "view": "markview of him", "asks": "markasks of him"}
        write_paper(session, ref, doer(cast, "priya"), **ours)
        write_paper(session, ref, doer(cast, "dana"), facts="It was late.", view="marktheirview of him", asks="A form.")
        resolve.propose(session, ref, doer(cast, "priya"), outcome="solved", done="markdone so", cause="markcause too")
        resolve.give_back(session, ref, doer(cast, "dana"), reason="markreturned for this")
        amend(session, ref, doer(cast, "sam"), title="marktitle letters", severity=Severity.SERIOUS)
        let_quote(session, ref, doer(cast, "sam"), text=quoted, agrees=True, left_out=True)
        pack = make_pack(session, cast, by="dana")
        assert pack.content


def everything(site: Site) -> dict[str, list[str]]:
    """Every row of every table, as text."""
    with site.db.read() as session:
        rows = {table.name: session.execute(sql.select(table)).all() for table in metadata().sorted_tables}
    return {name: sorted(str(tuple(row)) for row in found) for name, found in rows.items()}  # a Row says only a part


def places_of(site: Site, mark: str) -> set[str]:
    return {name for name, rows in everything(site).items() if any(mark in row for row in rows)}


def ticked(page: str, mark: str) -> str:
    """The value by which a text is named in a form."""
    found = [
        each
        for each in re.findall(r'name="words" value="([^"]+)".*?<span>(.*?)<small>', page, re.DOTALL)
        if mark in each[1]
    ]
    assert len(found) == 1, found
    return str(found[0][0])


def take_out(site: Site, who: str, mark: str) -> int:
    lead = site.guest(who)
    chosen = ticked(lead.get(ADDRESS).text, mark)
    return lead.post(ADDRESS, {"words": chosen, "why": "person"}).status_code


def settle(site: Site, who: str, **more: str) -> int:
    lead = site.guest(who)
    mark = re.search(r'name="settled" value="([^"]+)"', lead.get(ADDRESS).text)
    assert mark
    return lead.post(ADDRESS, {"settled": mark[1], **more}).status_code


def chain(session: Session) -> list[Event]:
    mine = select(Event).join(Issue, col(Issue.id) == col(Event.issue_id)).where(Issue.ref == "RIV-1")
    return list(session.exec(mine.order_by(col(Event.position))))


def assert_proven(site: Site) -> None:
    """Every event stands on the one before it, by what is kept."""
    with site.db.read() as session:
        assert broken_links(session) == []


@pytest.mark.both_databases
def test_words_of_what_was_taken_back_are_taken_out_too(site: Site) -> None:
    written(site)
    with site.db.write() as session:
        again = next(n for n, each in enumerate(chain(session)) if each.kind == "occurred")
        take_back(session, "RIV-1", doer(site.cast, "sam"), entry=again)
    assert take_out(site, "alex", "markagain") == 303
    assert not places_of(site, "markagain")
    assert_proven(site)


def test_what_a_lead_of_who_wrote_it_takes_out_is_nowhere_and_the_chain_is_proven(site: Site) -> None:
    written(site)
    for gone, mark in enumerate(EVERY, start=1):
        assert take_out(site, "chris" if mark in THEIRS else "alex", mark) == 303, mark
        assert places_of(site, mark) == set(), mark
        assert {each for each in EVERY if places_of(site, each)} == set(EVERY[gone:])
    assert_proven(site)


@pytest.mark.both_databases
def test_what_another_sides_lead_hides_is_read_by_nobody_until_it_is_settled(site: Site) -> None:
    written(site)
    for mark in EVERY:
        assert take_out(site, "alex" if mark in THEIRS else "chris", mark) == 303, mark
        assert places_of(site, mark) == {"hidden_words"}, mark
    for who in SIDES:
        page = site.guest(who).get("/issues/RIV-1").text
        assert not any(mark in page for mark in EVERY), who
        assert ("Words are hidden here until you settle it." in page) == (who in ("alex", "chris"))
    for who, own in (("alex", OURS), ("chris", THEIRS)):
        page = site.guest(who).get(ADDRESS).text
        assert {mark for mark in EVERY if mark in page} == set(own)
        for _ in own:
            assert settle(site, who, why="person") == 303
    assert not any(places_of(site, mark) for mark in EVERY)
    assert_proven(site)


def test_whoever_settles_hidden_words_finds_them_on_their_desk(site: Site) -> None:
    written(site)
    take_out(site, "chris", "marknote")
    says = "Words of your organisation are hidden in RIV-1 until you settle it."
    for who in (*SIDES, "chris"):
        assert (says in said(site.guest(who).get("/").text)) == (who == "alex"), who
    assert f'href="{ADDRESS}"' in site.guest("alex").get("/").text
    settle(site, "alex", show="yes")
    assert says not in said(site.guest("alex").get("/").text)


@pytest.mark.both_databases
def test_what_is_shown_again_stands_where_it_stood(site: Site) -> None:
    written(site)
    before = everything(site)
    for mark in EVERY:
        take_out(site, "alex" if mark in THEIRS else "chris", mark)
    for who, own in (("alex", OURS), ("chris", THEIRS)):
        for _ in own:
            assert settle(site, who, show="yes") == 303
    after = everything(site)
    for table in ("note", "occurrence", "quotation", "hidden_words"):
        assert after[table] == before[table], table
    for mark in EVERY:
        assert sum(mark in row for row in after["event"]) == sum(mark in row for row in before["event"]), mark
    assert_proven(site)


def test_what_was_learnt_of_words_is_forgotten_once_they_are_taken_out(site: Site) -> None:
    written(site)
    learner, mine = Learner(), [site.cast.council.id]

    def held() -> set[int]:
        with site.db.read() as session:
            learner.learn_more(session, mine)
        return {number for learnt in learner.of(mine) for number in learnt.holding}

    assert number_of(stem("marktitle")) in held()
    take_out(site, "chris", "marktitle")  # hidden is gone, too
    assert number_of(stem("marktitle")) not in held()
    assert number_of(stem("markdetail")) in held()
    take_out(site, "alex", "markdetail")
    assert number_of(stem("markdetail")) not in held()


def test_a_pack_is_as_it_was_once_words_are_shown_again(site: Site) -> None:
    written(site)
    before = everything(site)["pack"]
    for mark in ("marktitle", "markreturned"):
        hider, settler = ("alex", "chris") if mark in THEIRS else ("chris", "alex")
        assert mark in str(before)
        take_out(site, hider, mark)
        assert mark not in str(everything(site)["pack"])
        settle(site, settler, show="yes")
    assert everything(site)["pack"] == before


def test_a_quotation_of_what_is_taken_out_goes_with_it(site: Site) -> None:
    written(site, quoted="of Mr Smith")
    take_out(site, "alex", "markdetail")
    assert everything(site)["quotation"] == []


def test_nothing_of_it_stays_in_the_file_of_the_database(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, title="zymurgy of Mr Xylander").ref
        add_note(session, ref, doer(site.cast, "sam"), text="xylander again", ring=Ring.SHARED)
    site.db.truncate_log()
    assert [kept(site, each) for each in (b"xyland", b"Xyland")] == [True, True]
    take_out(site, "alex", "Xylander")
    take_out(site, "alex", "xylander")
    clock = clock_of(site.settings, site.db, now=site.now)
    with site.db.read() as reader:
        reader.scalar(sql.select(sql.func.count()).select_from(Event))  # in the way of what empties the log
        assert erase_words(site.db, ()).held
    assert [done.what for _, done in clock.until_nothing_is_due() if done.about == "the database"] == [
        "cleaned of words that were taken out 2 times"
    ]
    assert [kept(site, each) for each in (b"xyland", b"Xyland")] == [False, False]
    assert erase_words(site.db, ()) == Batch()


@pytest.mark.parametrize("db", ["postgresql"], indirect=True)
def test_nothing_of_it_stays_in_the_files_of_postgresql_once_they_are_written_anew(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, title="zymurgy of Mr Xylander").ref
        add_note(session, ref, doer(site.cast, "sam"), text="xylander again", ring=Ring.SHARED)
    assert {letters for letters in (b"xyland", b"Xyland") if on_the_server(site, letters)} == {b"xyland", b"Xyland"}
    take_out(site, "alex", "Xylander")
    take_out(site, "alex", "xylander")
    list(clock_of(site.settings, site.db, now=site.now).until_nothing_is_due())
    with at_the_server(site) as connection:
        vacuumed = "SELECT count(*) FROM pg_stat_user_tables WHERE relname = 'note' AND vacuum_count > 0"
        assert connection.scalar(sql.text(vacuumed)) == 1
        connection.execute(sql.text("VACUUM FULL"))
    assert not [letters for letters in (b"xyland", b"Xyland") if on_the_server(site, letters)]


@contextmanager
def at_the_server(site: Site) -> Iterator[sql.Connection]:
    """A connection that waits for as long as it takes to write all files anew."""
    database = site.db.apart(1, Patience(turn=600, row=600, statement=600, idle=600))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
    database.dispose()


def on_the_server(site: Site, letters: bytes) -> bool:
    """Whether they stand in a file of this database, once the server has written them."""
    with at_the_server(site) as connection:
        connection.execute(sql.text("CHECKPOINT"))
        home = connection.scalar(sql.text("SHOW data_directory"))
        number = connection.scalar(sql.text("SELECT oid FROM pg_database WHERE datname = current_database()"))
    return any(letters in file.read_bytes() for file in Path(f"{home}/base/{number}").iterdir() if file.is_file())


def kept(site: Site, letters: bytes) -> bool:
    """Whether they stand in the file of the database or in its write-ahead log."""
    file = Path(site.db.url.database or "")
    return any(letters in each.read_bytes() for each in (file, Path(f"{file}-wal")) if each.exists())


@pytest.mark.parametrize("who, status", [
    ("sam", 403), ("jo", 403), ("kim", 403), ("priya", 403), ("alex", 200), ("chris", 200), ("tess", 404),
    ("nora", 404),
])  # fmt: skip
def test_only_leads_of_its_sides_take_words_out(site: Site, who: str, status: int) -> None:
    written(site)
    chosen = ticked(site.guest("alex").get(ADDRESS).text, "marknote")
    browser = site.guest(who)
    assert browser.get(ADDRESS).status_code == status
    sent = browser.post(ADDRESS, {"words": chosen, "why": "person"}).status_code
    assert sent == (303 if status == 200 else status)
    assert ("note" in places_of(site, "marknote")) == (status != 200)


@pytest.mark.parametrize("who", ["chris", "jo", "kim"])
def test_nobody_but_a_lead_of_who_wrote_them_settles_words_that_are_hidden(site: Site, who: str) -> None:
    written(site)
    take_out(site, "chris", "marknote")
    settled = re.search(r'name="settled" value="([^"]+)"', site.guest("alex").get(ADDRESS).text)
    assert settled
    for sent in ({"show": "yes"}, {"why": "person"}):
        assert site.guest(who).post(ADDRESS, {"settled": settled[1], **sent}).status_code == 403
    assert places_of(site, "marknote") == {"hidden_words"}


def test_a_private_note_is_its_own_leads_alone_and_so_is_that_it_was_taken_out(site: Site) -> None:
    written(site)
    assert "markprivate" not in site.guest("alex").get(ADDRESS).text
    before = site.guest("alex").get("/issues/RIV-1").text
    assert take_out(site, "chris", "markprivate") == 303
    assert places_of(site, "markprivate") == set()
    assert "took out a note of Riverside Council" in said(site.guest("kim").get("/issues/RIV-1").text)
    assert "took out" not in said(site.guest("alex").get("/issues/RIV-1").text)
    assert len(site.guest("alex").get("/issues/RIV-1").text) == len(before)


def test_every_lead_is_told_and_no_letter_has_the_words(site: Site) -> None:
    written(site)
    take_out(site, "chris", "marknote")
    take_out(site, "alex", "marktitle")
    with site.db.write() as session:
        announce_all(session, MONDAY)
        assert told(session, "words_hidden") == {"alex"}  # who did it is not told
        assert told(session, "redacted") == {"chris"}
        letters = deliver_all(session, MONDAY)
    assert letters
    assert not any(mark in str(letter) for letter in letters for mark in ("marknote", "marktitle"))


def test_everybody_reads_that_it_was_taken_out_and_why(site: Site) -> None:
    written(site)
    take_out(site, "alex", "marknote")
    take_out(site, "chris", "markdetail")
    page = said(site.guest("kim").get("/issues/RIV-1").text)
    assert "Alex Hill (Riverside Hospitals) took out a note of Riverside Hospitals: it tells of a person" in page
    assert "Chris Vale (Riverside Council) hid an account of Riverside Hospitals: it tells of a person" in page
    assert REDACTED in page


def test_words_that_are_gone_are_found_by_no_search(site: Site) -> None:
    written(site)
    assert "RIV-1" in said(site.guest("sam").get("/issues?q=marknote").text)
    take_out(site, "chris", "marknote")
    take_out(site, "alex", "marktitle")
    for mark in ("marknote", "marktitle"):
        assert "RIV-1" not in said(site.guest("sam").get(f"/issues?q={mark}").text)


def test_the_same_words_go_from_the_issue_that_took_them_over(site: Site) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast, title="markoldtitle letters", detail="Mr Smith, markdetail").ref
        resolve.propose(session, ref, doer(site.cast, "sam"), outcome="solved", done="So.")
        resolve.agree(session, ref, doer(site.cast, "kim"))
    site.later(days=2)
    with site.db.write() as session:
        again = record_occurrence(session, ref, doer(site.cast, "kim", site.now), occurred_on=site.now.date())
        assert "markdetail" in again.detail
    take_out(site, "alex", "markdetail")
    assert places_of(site, "markdetail") == set()
    assert places_of(site, "markoldtitle") >= {"issue", "event"}


@pytest.mark.both_databases
def test_words_that_were_taken_over_stay_those_of_who_wrote_them_first(site: Site) -> None:
    """A lead of who raised it again hides them in both issues, and takes them out of neither."""
    again = happened_again(site, title="marktitle letters", detail="markdetail of the Hospitals")
    chris, words = site.guest("chris"), f"/issues/{again}/words"
    page = chris.get(words).text
    assert "people of Riverside Hospitals" in said(page)
    assert "people of Riverside Council" not in said(page)
    marks = [ticked(page, mark) for mark in ("marktitle", "markdetail")]
    assert chris.post(words, {"words": marks, "why": "hurtful"}).status_code == 303
    assert places_of(site, "marktitle") == places_of(site, "markdetail") == {"hidden_words"}
    assert REDACTED in said(site.guest("sam").get("/issues/RIV-1").text)
    for _ in marks:
        assert settle(site, "alex", show="yes") == 303
    for ref in ("RIV-1", again):
        page = said(site.guest("kim").get(f"/issues/{ref}").text)
        assert "marktitle letters" in page
        assert "markdetail of the Hospitals" in page


def test_the_same_words_written_by_another_side_in_the_next_issue_take_none_of_the_first_ones_out(site: Site) -> None:
    again = happened_again(site, title="marktitle letters")
    with site.db.write() as session:
        for title in ("Another title", "marktitle letters"):
            amend(session, again, doer(site.cast, "kim", site.now), title=title, severity=Severity.SERIOUS)
    chris, words = site.guest("chris"), f"/issues/{again}/words"
    page = chris.get(words).text.partition("people of Riverside Hospitals")[0]
    assert chris.post(words, {"words": ticked(page, "marktitle"), "why": "hurtful"}).status_code == 303
    assert "<h1>marktitle letters</h1>" in site.guest("sam").get("/issues/RIV-1").text
    assert "<h1>marktitle letters</h1>" not in site.guest("sam").get(f"/issues/{again}").text


def happened_again(site: Site, **words: Any) -> str:
    """The reference of an issue in the words of one of the Hospitals, as the Council had it again."""
    with site.db.write() as session:
        ref = make_issue(session, site.cast, **words).ref
        resolve.propose(session, ref, doer(site.cast, "sam"), outcome="solved", done="So.")
        resolve.agree(session, ref, doer(site.cast, "kim"))
    site.later(days=2)
    with site.db.write() as session:
        return record_occurrence(session, ref, doer(site.cast, "kim", site.now), occurred_on=site.now.date()).ref


@pytest.mark.parametrize("words", [
    "markoldtitle letters", "marktitle letters", "markdetail of Mr Smith", "marknote for all", "markreason",
    "markquoted words", "Sam Okafor",
])  # fmt: skip
def test_in_a_pack_that_was_published_the_same_words_of_another_side_stay(site: Site, words: str) -> None:
    """Whoever writes them, too, and takes their own out, takes nothing out of what others said."""
    written(site)
    with site.db.write() as session:
        add_note(session, "RIV-1", doer(site.cast, "kim"), text=words, ring=Ring.SHARED)
        let_be_quoted_there(session, "markquoted words")
    before = everything(site)["pack"]
    chris = site.guest("chris")
    own = chris.get(ADDRESS).text.partition("people of Riverside Hospitals")[0]
    chosen = re.findall(rf'name="words" value="([^"]+)"[^>]*>\s*<span>{re.escape(words)}<small>', own)
    assert len(chosen) == 1
    assert chris.post(ADDRESS, {"words": chosen, "why": "hurtful"}).status_code == 303
    assert everything(site)["pack"] == before


def let_be_quoted_there(session: Session, words: str) -> None:
    """The published pack quotes these words of some issue."""
    pack = session.exec(select(Pack)).one()
    quoted = {"theme": "authority", "text": words, "organisation": None, "by": "one of the sides", "ref": None}
    pack.content = {**(pack.content or {}), "themes": {"quotations": [quoted]}}


def test_a_quotation_that_was_taken_back_goes_from_a_pack_with_what_it_is_a_part_of(site: Site) -> None:
    written(site, quoted="of Mr Smith")
    with site.db.write() as session:
        let_be_quoted_there(session, "of Mr Smith")
        take_words_back(session, "RIV-1", doer(site.cast, "sam"))
    take_out(site, "chris", "marktheirnote")
    assert "of Mr Smith" in str(everything(site)["pack"])
    take_out(site, "alex", "markdetail")
    assert "of Mr Smith" not in str(everything(site)["pack"])


def test_without_a_tick_or_a_reason_it_is_the_same_page(site: Site) -> None:
    written(site)
    lead = site.guest("alex")
    chosen = ticked(lead.get(ADDRESS).text, "marknote")
    answer = lead.post(ADDRESS, {"words": chosen})
    assert (answer.status_code, "Say why they are to go" in answer.text) == (422, True)
    assert re.search(rf'value="{chosen}" checked', answer.text)
    assert lead.post(ADDRESS, {"why": "person"}).status_code == 422
    assert lead.post(ADDRESS, {"words": "nonsense", "why": "person"}).status_code == 422
    assert "note" in places_of(site, "marknote")


def test_what_was_amended_meanwhile_stays_when_hidden_words_are_shown_again(site: Site) -> None:
    written(site)
    take_out(site, "chris", "marktitle")
    site.guest("sam").post("/issues/RIV-1/amendment", {"title": "Something else", "severity": "serious"})
    settle(site, "alex", show="yes")
    page = site.guest("kim").get("/issues/RIV-1").text
    assert "<h1>Something else</h1>" in page
