"""People of the cast at their browsers: signed in, with the form token of their session."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from httpx import Response
from litestar.testing import TestClient
from sqlmodel import col, select

from tests.makers import MONDAY, Cast, make_cast
from tracker.actions.keep_session import begin_session
from tracker.app import create_app
from tracker.database import Database
from tracker.pages.visitor import SESSION
from tracker.records.event import Event
from tracker.records.session import SESSION_KEY
from tracker.settings import Settings

_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Browser:
    """One person's browser. Posts carry the token that the last page's forms carried."""

    def __init__(self, client: TestClient[Any]) -> None:
        self.client, self.csrf = client, ""

    def get(self, address: str, **more: Any) -> Response:
        answer: Response = self.client.get(address, follow_redirects=False, **more)
        if found := _CSRF.search(answer.text):
            self.csrf = found.group(1)
        return answer

    def post(self, address: str, **fields: str) -> Response:
        if not self.csrf:
            self.get("/account")
        answer: Response = self.client.post(address, data={"csrf": self.csrf, **fields}, follow_redirects=False)
        return answer


class Visits:
    """The application over a database with the cast, at a moment that the test chooses."""

    def __init__(self, db: Database, home: Path, now: datetime = MONDAY) -> None:
        self.db, self.now = db, now
        self.settings = Settings.from_environment({"TRACKER_HOME": str(home), "TRACKER_LOG": "text"})
        self.app = create_app(self.settings, database=db, now=lambda: self.now)
        with db.write() as session:
            self.cast: Cast = make_cast(session)

    @contextmanager
    def browser(self, name: str | None) -> Iterator[Browser]:
        """Somebody of the cast signed in; None: a browser that nobody has signed in with."""
        with TestClient(self.app, base_url="http://testserver.local") as client:
            if name is not None:
                client.cookies.set(SESSION, self._token(name))
            yield Browser(client)

    def _token(self, name: str) -> str:
        key = self.settings.key(SESSION_KEY)
        with self.db.write() as session:
            person = self.cast.people[name].id
            return begin_session(session, person, now=self.now, key=key, agent="test", instead_of="")

    def db_digest(self) -> tuple[int, str]:
        """How many events there are, and the digest of the last: equal when nothing was done."""
        with self.db.read() as session:
            events = session.exec(select(Event.digest).order_by(col(Event.id))).all()
        return len(events), events[-1]
