"""The site with the cast in it, and people who visit it: signed in or strangers, each with a browser of their own."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from tests.makers import MONDAY, Cast, make_cast
from tracker.actions.people.keep_session import begin_session
from tracker.actions.welcome import make_link
from tracker.app import create_app, state_of
from tracker.database import Database
from tracker.records.session import LINK_KEY, SESSION_KEY
from tracker.rules.rings.doors import Door
from tracker.settings import Settings

_STEP = re.compile(r"(/issues/[^/]+|/decisions/[^/]+/[0-9]+)/[a-z-]+")
_VERSION = re.compile(r'name="version" value="([0-9]+)"')
_TOKEN = re.compile(r'<meta name="csrf" content="([^"]+)">')


class Guest:
    """Somebody's browser. Forms are sent with the token of the page they looked at last."""

    def __init__(self, client: TestClient[Any]) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **options: Any) -> Response:
        answer = self.client.get(path, follow_redirects=False, **options)
        found = _TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    def follow(self, path: str) -> Response:
        """Where an address leads, if it leads on."""
        answer = self.get(path)
        return self.follow(answer.headers["location"]) if answer.status_code == 303 else answer

    def post(self, path: str, fields: dict[str, Any] | None = None, **options: Any) -> Response:
        """What a form sends: a step of the version that its page shows now, unless the fields say of which."""
        given = {"csrf": self.token, **self._version(path, fields or {}), **(fields or {})}
        return self.client.post(path, data=given, follow_redirects=False, **options)

    def _version(self, path: str, fields: dict[str, Any]) -> dict[str, str]:
        step = _STEP.fullmatch(path)
        if step is None or "version" in fields:
            return {}
        found = _VERSION.search(self.client.get(step[1], follow_redirects=False).text)
        return {"version": found[1]} if found else {}

    def htmx(self, path: str, target: str) -> Response:
        """What htmx asks for when it will replace the element with this id."""
        return self.get(path, headers=_htmx(target))

    def send_htmx(self, path: str, target: str, fields: dict[str, Any]) -> Response:
        """What htmx gets for a form whose answer will replace the element with this id."""
        return self.post(path, fields, headers=_htmx(target))

    def bring_cookie(self, token: str) -> None:
        """The browser has this session cookie from now on, wherever it got it."""
        self.client.cookies.set(self._cookie, token, domain=self._host)

    @property
    def session(self) -> str:
        """The session cookie, "" when signed out."""
        return self.client.cookies.get(self._cookie, "", domain=self._host) or ""

    @property
    def _cookie(self) -> str:
        return "__Host-tracker" if self.client.base_url.scheme == "https" else "tracker"

    @property
    def _host(self) -> str:
        host = self.client.base_url.host
        return host if "." in host else f"{host}.local"


class Site:
    """The application over a database with the cast. `now` is what time it is there, and can be moved."""

    def __init__(self, db: Database, settings: Settings, cast: Cast, guests: ExitStack) -> None:
        self.db, self.settings, self.cast, self._guests = db, settings, cast, guests
        self.now = MONDAY
        self.app = guests.enter_context(_application(settings, db, lambda: self.now))

    def stranger(self, *, address: str = "192.0.2.7", **options: Any) -> Guest:
        """Somebody new, who calls from this address."""
        called = called_from(address, self.app)
        return Guest(self._guests.enter_context(TestClient(called, base_url=self.settings.base_url, **options)))

    def guest(self, name: str, door: Door = Door.LINK) -> Guest:
        """Somebody of the cast, signed in, with a form token."""
        guest = self.stranger()
        key = self.settings.key(SESSION_KEY)
        with self.db.write() as session:
            person_id = self.cast.people[name].id
            token = begin_session(
                session, person_id, door, now=self.now, key=key, agent="Firefox/1 Windows", instead_of=""
            )
        guest.bring_cookie(token)
        guest.get("/account")
        return guest

    def link(self, email: str) -> str:
        """The address of a new sign-in link."""
        with self.db.write() as session:
            token = make_link(session, email, now=self.now, key=self.settings.key(LINK_KEY))
        return f"/sign-in/{token}"

    def later(self, **length: float) -> None:
        self.now += timedelta(**length)


_idle: dict[tuple[bool, int], list[Litestar]] = defaultdict(list)


@contextmanager
def _application(settings: Settings, db: Database, clock: Callable[[], datetime]) -> Iterator[Litestar]:
    """One that no site has now, of what it is made from: to make it takes as long as all else that most tests do."""
    idle = _idle[settings.is_https, settings.threads]
    app = idle.pop() if idle else create_app(settings, database=db)
    app.state.update(state_of(settings, db, clock))
    yield app
    idle.append(app)


_SENT = re.compile("[?&]sent=[^#]*#done$")


def went_to(answer: Response) -> str:
    """Where an answer leads, without what it says there of what was done; "" where it leads nowhere."""
    return _SENT.sub("", answer.headers.get("location", ""))


@contextmanager
def opened_site(db: Database, home: Path, cast: Cast | None = None, **environment: str) -> Iterator[Site]:
    """A site with the cast, made here unless it is on stage already; `environment` says more than where its home is."""
    settings = Settings.from_environment({"TRACKER_HOME": str(home), "TRACKER_SECRET": "k" * 40, **environment})
    if cast is None:
        with db.write() as session:
            cast = make_cast(session)
    with ExitStack() as guests:
        yield Site(db, settings, cast, guests)


def _htmx(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": f"div#{target}"}


def called_from(address: str, app: ASGIApp) -> ASGIApp:
    async def call(scope: Scope, receive: Receive, send: Send) -> None:
        scope["client"] = (address, 50000)
        await app(scope, receive, send)

    return call
