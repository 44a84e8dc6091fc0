"""Refusals and faults in calm words: as a page, and as a few words on the page that is there."""

import re

import pytest
from litestar import get
from litestar.exceptions import ValidationException
from litestar.params import FromPath
from sqlalchemy.exc import OperationalError

from tests.issue_makers import make_issue
from tests.site import Site
from tracker.app import create_app
from tracker.database import Database
from tracker.pages.web.request import Asking
from tracker.rules.refusals import (
    FieldError,
    MayNot,
    MoveNotAllowed,
    NotThere,
    Refused,
    Stale,
    WrongFile,
    WrongInput,
)
from tracker.settings.log_lines import write_log

TROUBLES: dict[str, Exception] = {
    "may-not": MayNot("Only a lead may do that."),
    "not-there": NotThere("There is no such issue."),
    "move": MoveNotAllowed("It is resolved."),
    "stale": Stale("Kim Tran moved it."),
    "input": WrongInput(FieldError("title", "Say what happened.")),
    "file": WrongFile("organisation 2: no name"),
    "refused": Refused("Not like this."),
    "parameters": ValidationException("month must be an integer"),
    "fault": RuntimeError("the secret name of a patient"),
    "database": OperationalError("SELECT secret", {}, Exception("database is locked")),
}


@pytest.mark.parametrize(
    "trouble, status, words",
    [
        ("may-not", 403, "Only a lead may do that."),
        ("not-there", 404, "There is no such issue."),
        ("move", 409, "It is resolved."),
        ("stale", 409, "Kim Tran moved it."),
        ("input", 422, "Say what happened."),
        ("file", 422, "organisation 2: no name"),
        ("refused", 409, "Not like this."),
        ("parameters", 400, "cannot be read"),
        ("fault", 500, "Something went wrong here"),
        ("database", 503, "Wait a minute"),
    ],
)
def test_what_is_refused_says_why_and_where_to_go(troubled: Site, trouble: str, status: int, words: str) -> None:
    answer = troubled.stranger(raise_server_exceptions=False).get(f"/trouble/{trouble}")
    assert answer.status_code == status
    assert words.lower() in answer.text.lower()
    assert "<h1>" in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize("trouble", ["fault", "database"])
def test_a_fault_gives_a_reference_and_nothing_of_what_was_in_hand(troubled: Site, trouble: str) -> None:
    answer = troubled.stranger(raise_server_exceptions=False).get(f"/trouble/{trouble}")
    assert re.search(r"<code>[0-9a-f]{8}</code>", answer.text)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_the_reference_stands_in_the_log_beside_the_fault(troubled: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write_log("text")
    answer = troubled.stranger(raise_server_exceptions=False).get("/trouble/fault")
    found = re.search(r"<code>([0-9a-f]{8})</code>", answer.text)
    assert found
    assert f"reference={found[1]}" in capsys.readouterr().err


def test_htmx_gets_a_few_words_on_top_of_the_page_that_is_there(troubled: Site) -> None:
    answer = troubled.stranger().htmx("/trouble/stale", "story")
    assert answer.headers["hx-retarget"] == "#refusal"
    assert answer.headers["hx-reswap"] == "innerHTML show:top"
    assert 'role="alert"' in answer.text
    assert "Kim Tran moved it." in answer.text
    assert "<html" not in answer.text


def test_an_address_that_is_none_is_a_page_like_any_other(site: Site) -> None:
    answer = site.stranger().get("/no/such/page")
    assert answer.status_code == 404
    assert "There is no page at this address" in answer.text


@pytest.mark.parametrize("method", ["DELETE", "TRACE"])
def test_a_method_that_an_address_does_not_take_is_refused(site: Site, method: str) -> None:
    assert site.stranger().client.request(method, "/sign-in").status_code == 405


def test_more_than_is_taken_is_refused(site: Site) -> None:
    sam = site.guest("sam")
    assert sam.post("/account/notices", {"notices": "x" * 2_000_000}).status_code == 413


@pytest.fixture
def troubled(site: Site) -> Site:
    """The site with an address for every kind of trouble."""

    @get("/trouble/{kind:str}", sync_to_thread=True)
    def show_trouble(request: Asking, kind: FromPath[str]) -> None:
        raise TROUBLES[kind]

    site.app = create_app(site.settings, database=site.db, now=lambda: site.now)  # which no other test has
    site.app.register(show_trouble)
    return site


HUGE = "9" * 30
NUL = "\x00"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "address", ["/issues/%00", "/issues?q=%00", f"/issues?after={HUGE}", f"/arrangements/RIV/mail?before={HUGE}",
                "/issues?resolved_until=9999-12-31&resolved_from=0001-01-01", f"/issues/RIV-1?seen={HUGE}"],
)  # fmt: skip
def test_an_address_that_no_database_can_read_is_no_fault_of_ours(site: Site, address: str) -> None:
    assert site.guest("alex").get(address).status_code < 500


@pytest.mark.both_databases
@pytest.mark.parametrize("field", ["text", "once", "speaking_for"])
def test_a_character_that_no_database_keeps_is_refused_and_nothing_done(site: Site, field: str) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    kim = site.guest("kim")
    answer = kim.post(f"/issues/{ref}/notes", {"text": "Hello", field: f"a{NUL}b"})
    assert answer.status_code == 400
    assert "Hello" not in kim.get(f"/issues/{ref}").text


def test_what_was_typed_is_given_back_when_the_database_does_not_answer(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.db.write() as session:
        ref = make_issue(session, site.cast).ref
    kim = site.guest("kim")

    def busy(*_: object, **__: object) -> None:
        raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    with monkeypatch.context() as away:
        away.setattr(Database, "write", busy)
        answer = kim.post(f"/issues/{ref}/notes", {"text": "Words <nobody> wants to type twice.", "once": "k1"})
    assert answer.status_code == 503
    assert f'action="/issues/{ref}/notes"' in answer.text
    assert ">\nWords &lt;nobody&gt; wants to type twice.</textarea>" in answer.text
    assert '<input type="hidden" name="once" value="k1">' in answer.text


def test_what_was_typed_is_kept_sealed_when_nobody_can_say_who_asks(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim = site.guest("kim")

    def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    with monkeypatch.context() as gone:
        gone.setattr(Database, "read", away)
        answer = kim.post("/issues/RIV-1/notes", {"text": "Words to keep."})
    assert answer.status_code == 503
    assert "Words to keep." not in answer.text
    kept = re.search('name="kept" value="([^"]+)"', answer.text)
    token = re.search('name="csrf" value="([^"]+)"', answer.text)
    assert kept
    assert token
    opened = kim.client.post("/sign-in/kept", data={"csrf": token[1], "kept": kept[1]})
    assert ">\nWords to keep.</textarea>" in opened.text


def test_faults_of_a_kind_have_the_same_reference(troubled: Site) -> None:
    stranger = troubled.stranger(raise_server_exceptions=False)
    found = [re.findall(r"<code>([0-9a-f]{8})</code>", stranger.get("/trouble/fault").text) for _ in range(2)]
    assert found[0] == found[1] != []
