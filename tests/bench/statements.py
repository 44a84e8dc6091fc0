"""How many statements a page sends: the same application in this process, over the same database."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import event, select
from sqlmodel import col

from tests.bench.client import Ask
from tests.bench.floor import with_floor
from tests.bench.pages import Page
from tests.bench.partnership import PEOPLE
from tests.bench.server import FORM_TOKEN, session_cookie
from tracker.app import create_app
from tracker.database import Database
from tracker.queries.learning import AT_ONCE, MOST_ISSUES, learnt_for
from tracker.records.partnership import Organisation
from tracker.settings import Settings

_TRANSACTION = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sent to the database, with its parameters, the bounds of transactions aside; and the size of its
    answer in bytes."""

    statements: tuple[tuple[str, Any], ...]
    size: int


def statements(database: Database, settings: Settings, pages: Iterable[Page], *, now: datetime) -> dict[str, Sent]:
    """By page: what it sent when it was asked for again, so that what a process keeps was there already, and all that
    it learns beside its first answers."""
    _learn_all(database)
    with _browsers(database, settings, now) as browsers:
        return {page.name: _sent(database, browsers[page.who], page) for page in pages}


def _learn_all(database: Database) -> None:
    with database.read() as session:
        organisation_ids = session.execute(select(col(Organisation.id))).scalars().all()
        for _ in range(len(organisation_ids) * MOST_ISSUES // AT_ONCE):
            learnt_for(session, organisation_ids)


class _Browser:
    """Somebody signed in."""

    def __init__(self, client: TestClient[Litestar], cookie: str) -> None:
        self._client, self._cookie = client, cookie
        found = FORM_TOKEN.search(self.ask(Ask("/account")).content)
        self.csrf = found[1].decode() if found else ""

    def ask(self, asked: Ask) -> Response:
        method = "GET" if asked.fields is None else "POST"
        headers = {"Cookie": self._cookie, **asked.headers}
        return self._client.request(method, asked.path, data=asked.fields, headers=headers, follow_redirects=False)


@contextmanager
def _browsers(database: Database, settings: Settings, now: datetime) -> Iterator[dict[str, _Browser]]:
    app = with_floor(create_app(settings, database=database, now=now))
    cookies = {who: session_cookie(database, settings, who, now) for who in PEOPLE}
    with ExitStack() as clients:
        yield {who: _Browser(clients.enter_context(TestClient(app)), cookie) for who, cookie in cookies.items()}


def _sent(database: Database, browser: _Browser, page: Page) -> Sent:
    browser.ask(page.ask(0, browser.csrf))
    with _recorded(database) as sent:
        answer = browser.ask(page.ask(1, browser.csrf))
    if answer.status_code != page.status:
        raise RuntimeError(f"{page.name}: {answer.status_code} instead of {page.status}: {answer.text[:2000]}")
    return Sent(tuple(each for each in sent if not _TRANSACTION.match(each[0])), len(answer.content))


@contextmanager
def _recorded(database: Database) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
