"""No page, filter or sweep reads through a table that grows with the issues there are, on either database."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice, product
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.testing import TestClient
from sqlmodel import select

from tests.bench.partnership import KEY, LEAD, PEOPLE, address
from tests.bench.seed import Size, seed
from tests.bench.words import COMMON, RARE
from tests.pages.query_plans import growing_steps, recorded
from tracker.actions.people.keep_session import begin_session
from tracker.app import create_app
from tracker.clock import clock_of
from tracker.database import Database
from tracker.pages.issues.filters import FILTERS
from tracker.pages.web.visitor import SESSION
from tracker.queries.visitors import visitor_by_email
from tracker.records.person import Person
from tracker.records.session import SESSION_KEY
from tracker.rules.rings.doors import Door
from tracker.settings import Settings

NOW = datetime(2026, 6, 3, 10, tzinfo=UTC)
SIZE = Size(400, 800)
READERS = (PEOPLE["manager"], PEOPLE["steering"], LEAD)
PARAMETERS: dict[str, tuple[str, ...]] = {
    "key": (KEY,), "body_key": ("ops", "steering"), "token": ("nonsense",), "message_id": ("nonsense",),
    "path": ("app.css",), "file": ("themes.json", "ladder.csv"), "session_id": ("1",), "side_key": ("acute",),
    "user_key": ("1",), "name": ("User",), "rest": ("Groups",),
    "passkey_number": ("1",),
    "person_key": ("nobody",), "entries": ("clauses", "themes"), "entry_key": ("4.2",), "ladder_key": ("operational",),
    "number": ("1",), "pack_file": ("pack.xlsx",), "theme": ("authority", "untagged"), "ref": (f"{KEY}-390",),
    "months": ("2026",), "domain": ("acute.example",),
}  # fmt: skip
# Of filters whose values are no list.
VALUES = {
    "pair": "acute,council", "named": "acute,council", "view": "council:authority", "from": "2026-01-01",
    "until": "2026-01-31", "raised_from": "2026-01-01", "raised_until": "2026-01-31", "resolved_from": "2026-01-01",
    "resolved_until": "2026-01-31",
}  # fmt: skip
PERIOD = "from=2026-01-01&until=2026-01-31&resolved_from=2026-01-01&resolved_until=2026-01-31"  # as reports ask
BESIDES = (
    f"/issues?q={COMMON}", f"/issues?q={RARE}", "/issues?q=Ana", "/issues?q=Tess",
    "/issues?q=Ana Adler letters", "/issues?q=143", "/issues?total=1",
    "/issues?theme=authority&tier=2", "/issues?due=overdue&sort=due", f"/issues?sort=due&after={KEY}-390",
    f"/issues?after={KEY}-390", f"/issues?before={KEY}-300", "/issues?sort=new", f"/issues?sort=new&after={KEY}-390~",
    "/?order=new", f"/reports/{KEY}/ladder?from=2026-01-01&until=2026-03-31",
    f"/reports/{KEY}/ladder?named=acute,council&from=2026-04-01&until=2026-06-03",
)  # fmt: skip

# Where what grows may be read through: (the address or sweep that asks first, the step), and why.
ALLOWED = {
    (r"/list\.(csv|xlsx)", "sorts it|of all of pk_issue"): "a file holds all of a list",
    ("", "(SCAN|Seq Scan on) quotation"): "there are few: each is words that somebody agreed to have quoted",
    ("", "SCAN occurrence .*ix_occurrence_report"): "the first day and the last: in order, up to the first that counts",
}


@pytest.mark.both_databases
def test_nothing_that_is_asked_for_reads_through_what_grows(
    db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.queries.search.MANY", 60)  # Ana has so many here, and Tess has not
    seed(db, SIZE, NOW)
    settings = Settings.from_environment({"TRACKER_HOME": str(tmp_path), "TRACKER_SECRET": "k" * 40})
    with recorded(db) as sent:
        by: dict[str, str] = {}
        for what in _everything(db, settings):
            by |= dict.fromkeys(sent.keys() - by.keys(), what)
    found = {
        f"{by[text]}: {step}\n{text}"
        for text, steps in growing_steps(db, sent).items()
        for step in steps
        if not any(re.search(where, by[text]) and re.search(what, step) for where, what in ALLOWED)
    }
    assert not found, "\n\n".join(sorted(found))


def _everything(db: Database, settings: Settings) -> Iterator[str]:
    app = create_app(settings, database=db, now=NOW)
    for number in READERS:
        cookie = _signed_in(db, settings, number)
        with TestClient(app) as client:
            for path in (*_addresses(app), *_filters(db), *BESIDES):
                answer = client.request("GET", path, headers={"Cookie": cookie}, follow_redirects=False)
                assert answer.status_code < 500 or path.startswith("/health"), path
                yield f"{number} {path}"
    clock = clock_of(settings, db, now=NOW)
    for name, _ in islice(clock.until_nothing_is_due(), 400):
        yield f"sweep {name}"


def _signed_in(db: Database, settings: Settings, number: int) -> str:
    with db.write() as session:
        person = session.exec(select(Person).where(Person.email == address("acute", number))).one()
        key = settings.key(SESSION_KEY)
        token = begin_session(session, person.id, Door.LINK, now=NOW, key=key, agent="plans", instead_of="")
    return f"{SESSION}={token}"


def _addresses(app: Litestar) -> Iterator[str]:
    for route in (each for each in app.routes if isinstance(each, HTTPRoute) and "GET" in each.methods):
        names = list(route.path_parameters)
        assert set(names) <= set(PARAMETERS), f"{route.path}: say what its parameters can be"
        for values in product(*(PARAMETERS[name] for name in names)):
            filled = dict(zip(names, values, strict=True))
            yield "/".join(
                filled.get(part[1:-1].split(":")[0], part) if part.startswith("{") else part
                for part in route.path_format.split("/")
            )


def _filters(db: Database) -> Iterator[str]:
    with db.read() as session:
        visitor = visitor_by_email(session, address("acute", LEAD), NOW)
        assert visitor
        arrangements = tuple(visitor.arrangements.values())
    for each in FILTERS:
        place = f"/reports/{KEY}/themes/issues?{PERIOD}&" if each.counted else "/issues?"
        for value in each.choosable(arrangements) or (VALUES[each.name],):
            yield f"{place}{each.name}={value}"
