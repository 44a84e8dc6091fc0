"""How much the sides ask and answer in a second, each by a form of its own; and how fast the record is proven."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from secrets import token_hex
from time import perf_counter

from sqlmodel import col, select

from tests.bench.client import Ask, Connection, timed
from tests.bench.clock import Pace
from tests.bench.partnership import KEY
from tests.bench.server import Guest, Server, sign_in
from tracker.database import Database
from tracker.records.issue import Issue
from tracker.records.issue_parts import IssueSide
from tracker.records.partnership import Organisation
from tracker.rules.lifecycle import LIVE, Kind
from tracker.rules.rings import Ring
from tracker.settings import Settings

ASKS, EVENTS = "asks sent and returned", "events proven"
_PAIRS = 200  # asks, each with its answer
_ISSUES = 40  # that are asked about in turn
_VERSION = re.compile(rb'name="version" value="(\d+)"')


def sides_paces(database: str, home: Path, server: Server) -> dict[str, Pace]:
    """Of a server over the database at this address, and of a command over it."""
    settings = Settings.from_environment({"TRACKER_HOME": str(home.absolute()), "TRACKER_DATABASE_URL": database})
    other = sign_in(database, settings, "manager", server.port, organisation="council")
    return {ASKS: _asking(database, server, other), EVENTS: _proving(database, home)}


def _asking(database: str, server: Server, other: Guest) -> Pace:
    """One manager asks for a pause, the one of the other side returns it."""
    own, took = server.guests["manager"], 0.0
    with Connection(server.port) as connection:
        for number, ref in _in_turn(_open_between(database)):
            page = connection.ask(Ask(f"/issues/{ref}").raw(own.cookie)).body
            took += sum(timed(connection, _pair(ref, number, page, own, other), 303))
    return Pace(_PAIRS, _PAIRS / took)


def _in_turn(refs: list[str]) -> Iterator[tuple[int, str]]:
    """Each with how often it has come."""
    yield from islice(((number, ref) for number in range(1, _PAIRS + 1) for ref in refs), _PAIRS)


def _pair(ref: str, number: int, page: bytes, own: Guest, other: Guest) -> Iterator[bytes]:
    """What is asked on the page, for the so manieth time about this issue, and the answer."""
    found, until = _VERSION.search(page), (datetime.now(UTC).date() + timedelta(days=7)).isoformat()
    version = {"version": found[1].decode() if found else ""}
    asked = {"kind": "pause", "outsider": "The printer", "until": until, "reason": "The new forms are not there."}
    ask = {**asked, **version, "csrf": own.csrf, "once": token_hex(8)}
    answer = {"reason": "We print them ourselves.", "csrf": other.csrf, "once": token_hex(8)}
    yield Ask(f"/issues/{ref}/asks", ask).raw(own.cookie)
    yield Ask(f"/issues/{ref}/asks/{number}/return", answer).raw(other.cookie)


def _open_between(database: str) -> list[str]:
    """References of issues between the first two organisations whose limit runs."""
    db = Database(database)
    with db.read() as session:
        keys = {each.key: each.id for each in session.exec(select(Organisation))}
        sides = (
            select(IssueSide.issue_id).where(IssueSide.organisation_id == keys[key]) for key in ("acute", "council")
        )
        of_both = (col(Issue.id).in_(each) for each in sides)
        live = (col(Issue.state).in_(LIVE), Issue.kind == Kind.ISSUE, Issue.ring == Ring.SHARED)
        runs = col(Issue.due_at) > datetime.now(UTC) + timedelta(hours=1)
        refs = list(session.exec(select(Issue.ref).where(*of_both, *live, runs).order_by(col(Issue.id)).limit(_ISSUES)))
    db.dispose()
    return refs


def _proving(database: str, home: Path) -> Pace:
    """The whole command."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    said = {"TRACKER_HOME": str(home.absolute()), "TRACKER_DATABASE_URL": database}
    command = [sys.executable, "-m", "tracker", "verify", "--partnership", KEY, "--json"]
    began = perf_counter()
    printed = subprocess.run(command, env={**others, **said}, capture_output=True, text=True, check=True).stdout
    events = int(json.loads(printed)["events"])
    return Pace(events, events / (perf_counter() - began))
