"""A tracker as a new user sets it up: its own home, the product's commands, one process on a port of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import httpx

from tracker.rules.meetings import Meetings

CHARTER = Path(__file__).with_name("charter.toml")
LEADS = ("dora@hospital.example", "esi@council.example", "femi@homes.example")
LONGEST_START = 300.0  # seconds
TEN = clock_time(10)


class Tracker:
    """A served tracker and its terminal. `host`: what this machine is called in its address;
    `settings`: more that it is told."""

    def __init__(self, home: Path, host: str = "127.0.0.1", **settings: str) -> None:
        self.home, port = home, _free_port()
        self.address = f"http://{host}:{port}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
        self._environment = {
            **kept,
            "TRACKER_HOME": str(home),
            "TRACKER_BASE_URL": self.address,
            "TRACKER_CLOCK": "off",  # the journeys ring it themselves, at the moments they choose
            **settings,
        }

    def set_up(self) -> None:
        """A partnership with its ladder in force."""
        self.run("migrate")
        charter = self.home / "charter.toml"
        charter.write_text(CHARTER.read_text().replace("IN A WEEK", weekly_from_next_week(datetime.now(UTC).date())))
        self.run("charter", "load", str(charter))
        for lead in LEADS:
            self.run("charter", "agree", "NOR", "operational", "--person", lead)

    def run(self, *arguments: str) -> str:
        """What a command prints."""
        done = subprocess.run(_tracker(*arguments), env=self._environment, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, f"tracker {' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout

    def ring(self, at: datetime) -> str:
        """What the clock does at that moment, as lines."""
        return self.run("clock", "--once", "--now", at.isoformat())

    def remember_a_year(self) -> None:
        """An issue of a year ago is on the record, so that the theme report says all it can; once."""
        file = self.home / "past.csv"
        if file.exists():
            return
        began = datetime.now(UTC) - timedelta(days=365)
        over = began + timedelta(days=3)
        file.write_text(
            "issue,at,event,organisation,to_organisation,title,theme,outcome\n"
            f"P-1,{began.isoformat()},raised,hospital,council,The porter waited an hour,info_flow,\n"
            f"P-1,{over.isoformat()},resolved,council,,,,solved\n"
        )
        self.run("history", str(file), "--partnership", "NOR")

    def letters(self, ref: str) -> list[EmailMessage]:
        """The mail about an issue so far."""
        return [letter for letter in self._mail() if f"[{ref}]" in letter["Subject"]]

    def mailed_link(self, email: str) -> str:
        """Where the sign-in link leads that was sent to somebody, who asked once."""
        (told,) = [letter for letter in self._mail() if email in letter["To"] and "sign-in link" in letter["Subject"]]
        text = told.get_body(("plain",))
        assert text is not None
        (link,) = re.findall(rf"{self.address}/sign-in/\S+", text.get_content())
        return str(link)

    def _mail(self) -> list[EmailMessage]:
        """What was sent so far."""
        files = sorted((self.home / "mail").glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), _class=EmailMessage, policy=default) for file in files]

    @contextmanager
    def served(self) -> Iterator["Tracker"]:
        """Answers pages until the end of the block."""
        port = self.address.rpartition(":")[2]
        with (self.home / "serve.log").open("wb") as log:
            server = subprocess.Popen(_tracker("serve", "--port", port), env=self._environment, stdout=log, stderr=log)
            try:
                self._wait_until_ready(server)
                yield self
            finally:
                server.terminate()
                server.wait(timeout=300)

    def _wait_until_ready(self, server: "subprocess.Popen[bytes]") -> None:
        give_up_at = time.monotonic() + LONGEST_START
        while time.monotonic() < give_up_at and server.poll() is None:
            try:
                if httpx.get(f"{self.address}/health/ready").is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError(f"tracker serve did not start: {(self.home / 'serve.log').read_text()}")


def weekly_from_next_week(today: date) -> str:
    """Meetings of which none is near: on the day before one papers are opened at once, and limits end."""
    begin = next(day for day in (today + timedelta(days=more) for more in range(7, 10)) if day.weekday() < 5)
    return Meetings("weekly", begin, TEN, "Europe/London").written()


def _tracker(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "tracker", *arguments]


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port
