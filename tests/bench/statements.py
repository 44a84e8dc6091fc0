"""How many statements a page sends: the same application in this process, over the same database."""

import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from tests.bench.client import Ask
from tests.bench.floor import with_floor
from tests.bench.pages import Page
from tests.bench.partnership import PEOPLE
from tests.bench.server import FORM_TOKEN, session_cookie
from tracker.app import create_app
from tracker.database import Database, statement_count
from tracker.settings import Settings

_TRANSACTION = re.compile(r"BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE")


@dataclass(frozen=True, slots=True)
class Sent:
    """What a page sent to the database, the bounds of transactions aside; and the size of its answer in bytes."""

    statements: tuple[str, ...]
    size: int


def statements(database: Database, settings: Settings, pages: Iterable[Page], *, now: datetime) -> dict[str, Sent]:
    """By page: what it sent when it was asked for again, so that what a process keeps was there already."""
    with _browsers(database, settings, now) as browsers:
        return {page.name: _sent(database, browsers[page.who], page) for page in pages}


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
    with statement_count(database) as sent:
        answer = browser.ask(page.ask(1, browser.csrf))
    if answer.status_code != page.status:
        raise RuntimeError(f"{page.name}: {answer.status_code} instead of {page.status}: {answer.text[:2000]}")
    return Sent(tuple(each for each in sent if not _TRANSACTION.match(each)), len(answer.content))
