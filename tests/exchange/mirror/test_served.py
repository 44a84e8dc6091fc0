"""A copy is read by its organisation's people, and changed by nobody."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from sqlmodel import col, select

from tests.exchange.mirror.copies import CouncilsCopy, site_to_copy
from tests.exchange.mirror.test_following import take_out
from tests.issue_makers import doer, make_issue
from tests.makers import Cast
from tests.queries.proofs.test_verifying import REF
from tests.site import Guest, Site
from tracker.actions.amend import amend
from tracker.actions.people.keep_session import begin_session
from tracker.app import create_copy_app
from tracker.clock import clock_of
from tracker.database import Database
from tracker.exchange.mirror.copy import CopySource, CopyUpdate, IssueUpdate
from tracker.exchange.mirror.following import AnotherSource
from tracker.exchange.mirror.home import keep_home, make_room, note_heard, note_trouble
from tracker.pages.copies import reading
from tracker.pages.web.visitor import signed_in
from tracker.records.event import Event
from tracker.records.partnership import Partnership
from tracker.records.person import Membership, Person
from tracker.records.session import SESSION_KEY, SignInLink
from tracker.rules.events.kinds import REDACTED
from tracker.rules.lifecycle import Severity
from tracker.rules.refusals import Refused
from tracker.rules.rings.doors import Door


class ServedCopy:
    """What the Council's copy shows, as it is served beside the record."""

    def __init__(self, site: Site, file: Path, guests: ExitStack) -> None:
        self.site, self._guests = site, guests
        self.database = Database(f"sqlite:///{file}")
        make_room(self.database)
        self.of = CouncilsCopy(site, file, database=self.database)
        self.app = create_copy_app(site.settings, database=self.database, now=lambda: site.now)
        self.follow()

    def follow(self) -> None:
        keep_home(self.database, self.of.feed.home(), self.of.feed.site, now=self.site.now)
        self.of.follow()
        note_heard(self.database, now=self.site.now)

    @property
    def source(self) -> CopySource:
        source = self.of.copy.source
        assert source
        return source

    def stranger(self) -> Guest:
        return Guest(self._guests.enter_context(TestClient(self.app, base_url=self.site.settings.base_url)))

    def guest(self, email: str = "kim@council.example") -> Guest:
        """Somebody of the copy, signed in there."""
        guest, key = self.stranger(), self.site.settings.key(SESSION_KEY)
        with self.database.write() as session:
            person = session.exec(select(Person).where(Person.email == email)).one()
            token = begin_session(session, person.id, Door.LINK, now=self.site.now, key=key, agent="", instead_of="")
        guest.bring_cookie(token)
        guest.get("/issues")
        return guest


@pytest.fixture
def served(db: Database, cast: Cast, tmp_path: Path) -> Iterator[ServedCopy]:
    with site_to_copy(db, cast, tmp_path) as site, ExitStack() as guests:
        made = ServedCopy(site, tmp_path / "copy.sqlite3", guests)
        yield made
        made.database.dispose()


def test_it_lists_the_issues_and_tells_their_stories_as_the_record_does(served: ServedCopy) -> None:
    kim = served.guest()
    listed = kim.follow("/").text
    assert all(f"/issues/RIV-{number}" in listed for number in (1, 2, 3))
    shown = kim.get(f"/issues/{REF}").text
    there = served.site.guest("kim").get(f"/issues/{REF}").text
    for words in ("We look into it.", "Kim Tran", "acknowledged"):
        assert words in there, words
        assert words in shown, words
    assert "They always say that." not in shown
    assert "It is the turn of" in shown


def test_no_page_of_it_has_a_form_but_to_go_out(served: ServedCopy) -> None:
    kim = served.guest()
    for address in ("/issues", "/issues?over=yes", f"/issues/{REF}"):
        page = kim.get(address).text
        assert re.findall(r'<form[^>]*action="([^"]*)"', page) == ["/sign-out"], address
        assert "/issues/new" not in page, address


def test_whatever_is_sent_is_refused_with_where_to_write(served: ServedCopy) -> None:
    kim = served.guest()
    with served.database.read() as session:
        before = len(session.exec(select(Event)).all())
    for address in (f"/issues/{REF}/notes", "/issues/new", "/lists", "/account/absence", "/sign-in-not"):
        answer = kim.post(address, {"text": "My words.", "csrf": kim.token})
        assert answer.status_code == 403, address
        assert (
            "This is a copy of Riverside Integrated Discharge, kept by Riverside Council. Write at http" in answer.text
        )
        assert "My words." in answer.text
    with served.database.read() as session:
        assert len(session.exec(select(Event)).all()) == before == 0


def test_behind_its_door_every_address_wants_somebody_signed_in(served: ServedCopy) -> None:
    handlers = [
        (route.path_format, handler)
        for route in served.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if not route.path_format.startswith(("/sign-in", "/static", "/health", "/metrics", "/favicon"))
    ]
    assert len(handlers) > 8
    assert [path for path, handler in handlers if signed_in not in handler.resolve_guards()] == []


def test_what_it_has_not_is_looked_for_where_the_record_is_kept(served: ServedCopy) -> None:
    kim = served.guest()
    for address in ("/account", "/reports/RIV/themes", f"/issues/{REF}/papers", "/issues/RIV-99", "/api/v1/x"):
        answer = kim.get(address)
        assert answer.status_code == 404, address
        assert "this copy" in answer.text or "Look at http" in answer.text, address
    assert kim.get("/static/nothing").status_code == 404


def test_a_stranger_is_asked_to_sign_in_and_only_its_own_people_can(served: ServedCopy) -> None:
    stranger = served.stranger()
    for address in ("/", "/issues", f"/issues/{REF}"):
        assert stranger.get(address).headers["location"].startswith("/sign-in"), address
    with served.database.read() as session:
        there = set(session.exec(select(Person.email)))
    council = {each for each in there if each.endswith("@council.example")}
    assert there == council
    assert {"kim@council.example", "chris@council.example"} <= council
    stranger.get("/sign-in")
    for email in ("kim@council.example", "sam@acute.example"):
        assert stranger.post("/sign-in", {"email": email}).status_code == 303
    with served.database.read() as session:
        wanted = session.exec(select(SignInLink.person_id).where(col(SignInLink.mail_wanted_at).is_not(None))).all()
        (kim,) = session.exec(select(Person.id).where(Person.email == "kim@council.example"))
    assert wanted == [kim]


def test_the_link_that_is_asked_for_is_sent_and_nothing_else_is_done(served: ServedCopy) -> None:
    stranger, settings = served.stranger(), served.site.settings
    stranger.get("/sign-in")
    stranger.post("/sign-in", {"email": "kim@council.example"})
    clock = clock_of(settings, served.database, links_only=True)
    clock.now_of = lambda _: served.site.now
    done = [(name, each.what) for name, each in clock.until_nothing_is_due()]
    assert done == [("links", "sent")]
    (letter,) = (settings.home / "mail").glob("*.eml")
    token = re.findall(r"/sign-in/([\w-]{20,})", letter.read_text())[0]
    answer = stranger.get(f"/sign-in/{token}")
    csrf = re.search(r'name="csrf" value="([^"]+)"', answer.text)
    assert csrf
    assert stranger.post(f"/sign-in/{token}", {"csrf": csrf[1]}).status_code == 303
    assert "We look into it." in stranger.get(f"/issues/{REF}").text


def test_who_leaves_the_organisation_is_signed_out_of_its_copy(served: ServedCopy) -> None:
    kim, chris = served.guest(), served.guest("chris@council.example")
    with served.site.db.write() as session:
        mine = select(Membership).join(Person).where(Person.email == "kim@council.example")
        session.exec(mine).one().end(served.site.now)
        session.exec(select(Partnership).where(Partnership.key == "RIV")).one().changed()
    served.follow()
    assert kim.get("/issues").headers["location"].startswith("/sign-in")
    assert chris.get("/issues").status_code == 200


def test_it_says_how_fresh_it_is_and_why_it_goes_on_no_more(served: ServedCopy) -> None:
    kim = served.guest()
    assert "A copy of Riverside Integrated Discharge, kept by" in kim.get("/issues").text
    assert "nothing was heard of it since" not in kim.get("/issues").text
    served.site.later(hours=3)
    assert "nothing was heard of it since" in kim.get(f"/issues/{REF}").text
    note_trouble(served.database, "The history of the server was rewritten. Checkpoint 2: it is another one.")
    for address in ("/issues", f"/issues/{REF}"):
        page = kim.get(address).text
        assert "This copy goes on no more." in page
        assert "Checkpoint 2: it is another one." in page


def test_words_that_are_taken_out_are_in_no_page_nor_file_of_it(served: ServedCopy) -> None:
    kim = served.guest()
    with served.site.db.write() as session:
        sam = doer(served.site.cast, "sam", served.site.now)
        amend(session, REF, sam, severity=Severity.MINOR, title="Mrs Quince of Elm Road", detail="It was Mrs Quince.")
    served.follow()
    assert "Mrs Quince of Elm Road" in kim.get("/issues").text
    assert "It was Mrs Quince." in kim.get(f"/issues/{REF}").text
    assert b"Quince" in served.of.bytes_kept()
    take_out(served.site, "alex", "Mrs Quince of Elm Road")
    take_out(served.site, "alex", "It was Mrs Quince.")
    served.follow()
    assert "Quince" not in kim.get("/issues").text + kim.get(f"/issues/{REF}").text
    assert REDACTED in kim.get("/issues").text
    assert b"Quince" not in served.of.bytes_kept()


def test_a_name_that_is_kept_inside_another_organisation_is_not_in_it(served: ServedCopy) -> None:
    with served.site.db.write() as session:
        ref = make_issue(session, served.site.cast, hide_reporter=True, now=served.site.now).ref
    served.follow()
    page = served.guest().get(f"/issues/{ref}").text
    assert "Somebody at Riverside Hospitals" in page
    assert "Sam Okafor" not in page


def test_an_issue_that_the_organisation_is_taken_out_of_is_there_no_more(served: ServedCopy) -> None:
    kim = served.guest()
    served.of.copy.write(CopyUpdate(served.source, {REF: IssueUpdate(left=True)}))
    assert kim.get(f"/issues/{REF}").status_code == 404
    assert REF not in kim.get("/issues?over=yes").text


def test_many_issues_are_listed_page_by_page(served: ServedCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST", 2)
    kim = served.guest()
    first = kim.get("/issues").text
    (following,) = re.findall(r'href="(/issues\?after=[^"]+)"', first)
    second = kim.get(following).text
    listed = [re.findall(r'<a href="/issues/(RIV-[0-9]+)"', page) for page in (first, second)]
    assert [len(each) for each in listed] == [2, 1]
    assert {ref for each in listed for ref in each} == {"RIV-1", "RIV-2", "RIV-3"}


def test_what_a_newer_server_tells_stops_nobody_from_reading_the_rest(served: ServedCopy) -> None:
    (raised, *_) = served.of.events(REF)
    strange = raised.model_copy(update={"kind": "dreamt", "digest": "ab" * 32})
    wrong = raised.model_copy(update={"kind": "amended", "details": {"fields": 5}, "digest": "cd" * 32})
    served.of.copy.write(CopyUpdate(served.source, {REF: IssueUpdate([strange, wrong])}))
    page = served.guest().get(f"/issues/{REF}")
    assert page.status_code == 200
    assert page.text.count("Something happened that this version of the product has no words for") == 2


def test_a_database_with_a_record_of_its_own_becomes_no_copy(site: Site) -> None:
    with pytest.raises(Refused, match="holds a record of its own"):
        make_room(site.db)


def test_a_copy_of_another_organisation_is_another_copy(served: ServedCopy) -> None:
    home = served.of.feed.home()
    with pytest.raises(AnotherSource, match="the token is of acute, in RIV"):
        keep_home(served.database, home.model_copy(update={"organisation": "acute"}), "", now=served.site.now)
