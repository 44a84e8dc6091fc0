"""One reader's pages are the same byte for byte, whatever others keep to themselves: every address, ids included."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from httpx import Response
from sqlalchemy import event

from tests.api.calling import Program
from tests.conftest import Stage
from tests.pages.test_who_may_read import PARAMETERS, addresses, read_out
from tests.pages.two_worlds import (
    SAID,
    Other,
    about_a_person,
    between_others,
    kept_inside,
    nothing_else,
    reader,
    world,
)
from tests.site import Guest, Site
from tracker.actions.proving.append_checkpoint import append_checkpoint
from tracker.actions.proving.settle_log_key import log_key_of
from tracker.database import Database

# Forms carry a word of their own, messages and words are named by what is salted, workbooks say when they were written.
RANDOM = re.compile(
    r'(name="(?:once|csrf|drafts|words|settled|seed)" (?:value|content)="|data-challenge="|/mail/|before=|:W3CDTF">)'
    r"[\w.:~-]+"
)
# An app is offered another key by every page.
OFFERED = re.compile(r'(?s)secret=[A-Z2-7]+|<div class="qr".*?</code>')
SIGNED = re.compile(r"<pre>[^<]*partnership-tracker/[^<]*</pre>")  # a log is named at random, and keys are
FOR_MACHINES = ("/health", "/metrics", "/static")  # they tell how the server is, and nothing of issues
# Salts, digests, hashes and signatures; an occurrence is called by a number that is drawn by lot.
SALTED = re.compile(r'(?<="salt":")[\w+/=-]+|[0-9a-f]{32,}|[\w+/]{27,}=*|(?<="occurrence":)\d+|/log-\w+')
REFS = ("RIV-1", "RIV-2", "RIV-3", "RIV-4", "RIV-5", "RIV-6", "RIV-40")
LISTS = (
    "/issues",
    "/issues?q=bed",
    "/arrangements/RIV/mail",
    "/bodies/RIV/front",
    "/issues?partnership=RIV&side=acute",
)
ALSO = (
    "/issues/new?title=The+panel+decides+about+oxygen&detail=waiting",
    "/issues?q=oxygen",
    "/issues?q=panel",
    "/issues?due=late",
    "/?pile=new",
    "/bodies/RIV/steering/decisions",
)
# What a form asks, or is refused with: its address and fields.
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/issues/similar", SAID),
    ("/issues/similar", {"title": "Letters without the medication list", "detail": "", "with": "acute"}),
    ("/issues/new", SAID),  # without how much it matters: the form again, with what is similar
    ("/decisions/RIV/precedents", {"themes": ["decision_speed"], "issues": ["RIV-1", "RIV-2"]}),
    ("/issues/RIV-2/acknowledgement", {"version": "0"}),
    ("/issues/RIV-5/escalation", {"version": "0", "cause": "legal deadline"}),
    ("/several", {"do": "theme", "ref": ["RIV-1", "RIV-62", "RIV-63"], "theme": "nonsense"}),
    ("/several", {"do": "proposal", "ref": ["RIV-1"], "text": ""}),
)
NEXT = re.compile(r'<a rel="next" href="([^"]+)"')


@pytest.fixture(scope="module")
def worlds(sqlite_stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Other, Site]]:
    """By what others do in it."""
    with ExitStack() as stack:
        made: dict[Other, Site] = {}
        for others in (nothing_else, kept_inside, between_others, about_a_person):
            home = tmp_path_factory.mktemp("world")
            shutil.copyfile(sqlite_stage.file, home / "tracker.sqlite3")
            db = Database(f"sqlite:///{home / 'tracker.sqlite3'}")
            stack.callback(db.dispose)
            made[others] = stack.enter_context(world(db, home, sqlite_stage.cast, others))
            key = log_key_of(made[others].settings, db)
            with db.write() as session:
                assert append_checkpoint(session, key, now=made[others].now + timedelta(days=1, minutes=1))
        yield made


# What leads and steering members read counts the totals of the partnership: there nothing more crosses. That of a pair
# counts what concerns a person, too: there the theme report is left out.
READERS = (
    *((name, between_others, ()) for name in ("kim", "lee", "owen")),
    *((name, kept_inside, ()) for name in ("dana", "chris")),
    *((name, about_a_person, ("/reports/RIV/themes",)) for name in ("lee", "owen", "mo")),
)


@pytest.mark.parametrize("name, others, but", READERS)
def test_no_byte_of_any_page_is_moved_by_what_its_reader_may_not_read(
    worlds: dict[Other, Site], name: str, others: Other, but: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PARAMETERS, "ref", REFS)
    alone, among = (reader(worlds[each], name) for each in (nothing_else, others))
    walked = [each for each in addresses(worlds[nothing_else], "GET") if not each.startswith((*FOR_MACHINES, *but))]
    for address in (*walked, *ALSO):
        assert seen(alone, address) == seen(among, address), address
    for address in LISTS:
        assert [*leafed(alone, address)] == [*leafed(among, address)], address


@pytest.mark.parametrize("name", ["kim", "dana", "chris"])
def test_no_byte_of_any_page_goes_by_the_order_in_which_the_database_tells_rows(
    worlds: dict[Other, Site], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PARAMETERS, "ref", REFS)
    site, guest = worlds[between_others], reader(worlds[between_others], name)
    walked = [each for each in addresses(site, "GET") if not each.startswith(FOR_MACHINES)]
    for address in (*walked, *ALSO, *LISTS):
        with told(site.db, backwards=False):
            forwards = seen(guest, address)
        with told(site.db, backwards=True):
            assert seen(guest, address) == forwards, address


@contextmanager
def told(db: Database, *, backwards: bool) -> Iterator[None]:
    """Rows that nobody asked in an order are told so."""

    def turn(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA reverse_unordered_selects = {backwards:d}")

    event.listen(db.engine, "checkout", turn)
    try:
        yield
    finally:
        event.remove(db.engine, "checkout", turn)


@pytest.mark.parametrize("name, others", [(name, others) for name, others, _ in READERS])
def test_no_byte_of_what_a_form_is_answered_is_moved_by_what_its_reader_may_not_read(
    worlds: dict[Other, Site], name: str, others: Other
) -> None:
    alone, among = (reader(worlds[each], name) for each in (nothing_else, others))
    for guest in (alone, among):
        guest.get("/account")  # forms carry a token
    answers = {str(asked): [read_from(guest.post(*asked)) for guest in (alone, among)] for asked in ASKED}
    for asked, (mine, theirs) in answers.items():
        assert mine == theirs, asked
    assert {status for (status, _), _ in answers.values()} <= {200, 403, 404, 409, 422}  # nothing was done by any
    assert "RIV-" in str(answers[str(ASKED[0])]) or name == "mo"


@pytest.mark.parametrize("organisation", ["council", "community"])
@pytest.mark.parametrize("others", [kept_inside, about_a_person])
def test_nothing_that_a_program_reads_or_that_proves_it_is_moved_by_what_its_organisation_may_not_read(
    worlds: dict[Other, Site], others: Other, organisation: str
) -> None:
    alone, among = (entries(worlds[each], organisation) for each in (nothing_else, others))
    assert alone == among
    assert '"checkpoint":' in alone[-1]
    assert organisation == "community" or any('"occurrence":' in each for each in alone)


def entries(site: Site, organisation: str) -> list[str]:
    """Every entry of the feed, but for what is random."""
    return [SALTED.sub("", json.dumps(each, separators=(",", ":"))) for each in Program(site, organisation).entries()]


def seen(guest: Guest, address: str) -> tuple[int, list[str]]:
    """The status, and every line but for what is random."""
    return read_from(guest.get(address))


def read_from(answer: Response) -> tuple[int, list[str]]:
    return answer.status_code, RANDOM.sub(r"\1", SIGNED.sub("", OFFERED.sub("", read_out(answer)))).splitlines()


def leafed(guest: Guest, address: str) -> Iterator[str]:
    """A list page by page."""
    page = guest.get(address)
    for _ in range(4):
        yield RANDOM.sub(r"\1", SIGNED.sub("", OFFERED.sub("", page.text)))
        further = [each.replace("&amp;", "&") for each in NEXT.findall(page.text)]
        if not further:
            return
        page = guest.get(further[-1])
