"""`tracker serve`: it answers, with the clock beside it, believes only the proxies it was told of, and stops."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from click.testing import CliRunner
from litestar.testing import TestClient

from tests.makers import MONDAY, OFFICE_HOURS
from tests.site import Site, opened_site
from tracker.__main__ import main
from tracker.commands.serving import server_options
from tracker.database import Database
from tracker.exchange.mirror.entries import FeedHome, FeedPerson, FeedSide
from tracker.exchange.mirror.home import keep_home, make_room
from tracker.pages.account.sign_in import MOST_FROM_A_PLACE
from tracker.rules.rings import Role
from tracker.settings import SHARED_FIGURES, Settings


def test_an_out_of_date_database_is_refused_with_the_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    monkeypatch.setenv("TRACKER_BASE_URL", "")
    refused = CliRunner().invoke(main, ["serve"])
    assert (refused.exit_code, refused.stderr) == (1, "The database is not up to date. Run: tracker migrate\n")


@pytest.mark.parametrize("workers, stop", [(1, signal.SIGTERM), (2, signal.SIGINT)])
def test_it_serves_with_its_clock_until_it_is_told_to_stop(tmp_path: Path, workers: int, stop: signal.Signals) -> None:
    _migrated(tmp_path).dispose()
    with _served(tmp_path, workers) as (address, process):
        assert httpx.get(f"{address}/health/ready").status_code == 200
        assert httpx.get(f"{address}/health/clock").status_code == 200
        assert 'path="/health/ready"' in httpx.get(f"{address}/metrics").text
        (figures,) = _figures(process)
        process.send_signal(stop)
        assert process.wait(300) == 0  # one that still begins is waited for
        assert not figures.exists()


def _figures(process: "subprocess.Popen[str]") -> set[Path]:
    """The folder that its web processes put their figures in."""
    said = Path(f"/proc/{process.pid}/environ").read_bytes().decode().split("\0")
    return {Path(value) for name, _, value in (each.partition("=") for each in said) if name == SHARED_FIGURES}


def test_web_processes_come_up_on_a_machine_that_is_busy(tmp_path: Path) -> None:
    _migrated(tmp_path).dispose()
    port = _free_port()
    with _running(tmp_path, "-m", "tests.commands.slow_start", str(port)) as process:
        address = _answering(f"http://127.0.0.1:{port}", process)
        assert httpx.get(f"{address}/health/ready").status_code == 200
        process.send_signal(signal.SIGINT)
        assert "web process died" not in process.communicate(timeout=60)[1]


@pytest.mark.parametrize("number, who", [(0, "a web process"), (2, "the clock")])
def test_what_died_is_said_and_another_is_begun(tmp_path: Path, number: int, who: str) -> None:
    _migrated(tmp_path).dispose()
    with _served(tmp_path, 2) as (address, process):
        died = _processes(process)[number]
        os.kill(died, signal.SIGKILL)
        _until(lambda: len({*_processes(process)} - {died}) == 3)
        assert _answering(address, process)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1]
    assert f"{who} died and another was begun" in said
    assert f"process={died}" in said


def test_web_processes_that_cannot_begin_are_a_refusal(tmp_path: Path) -> None:
    _migrated(tmp_path).dispose()
    serving = f"serve_here('127.0.0.1', {_free_port()}, 2, made_by='tracker.app:none')"
    with _running(tmp_path, "-c", f"from tracker.commands.serving import serve_here; {serving}") as process:
        said = process.communicate(timeout=120)[1]
    assert process.returncode != 0
    assert "none" in said


def test_a_port_that_is_taken_is_a_refusal(tmp_path: Path) -> None:
    _migrated(tmp_path).dispose()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with _running(tmp_path, "-m", "tracker", "serve", "--port", port) as process:
            refused = process.communicate(timeout=300)[1]
    assert process.returncode == 1
    assert refused.endswith(f"127.0.0.1:{port} is taken, or not of this machine. Give another --port or --host.\n")


def test_a_proxy_that_was_named_is_believed_about_who_calls(db: Database, tmp_path: Path) -> None:
    with opened_site(db, tmp_path, TRACKER_TRUSTED_PROXIES="10.0.0.0/8") as site, _behind(site, "10.0.0.5") as client:
        for number in range(MOST_FROM_A_PLACE):
            assert _asked(client, f"198.51.100.{number % 250}").status_code == 303
        assert _asked(client, "203.0.113.9").status_code == 303


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded"])
def test_nobody_else_is_believed_about_who_calls(db: Database, tmp_path: Path, header: str) -> None:
    with opened_site(db, tmp_path, TRACKER_TRUSTED_PROXIES="10.0.0.0/8") as site, _behind(site, "192.0.2.5") as client:
        codes = [_asked(client, f"198.51.100.{number}", header).status_code for number in range(MOST_FROM_A_PLACE + 1)]
    assert codes[-2:] == [303, 429]


def test_without_proxies_named_none_is_believed() -> None:
    options = server_options(Settings.from_environment({}), "127.0.0.1", 8000, 1)
    assert options["proxy_headers"] is False


@contextmanager
def _behind(site: Site, proxy: str) -> Iterator[TestClient[Any]]:
    """The site as the server runs it, called by a proxy at this address."""
    options = {**server_options(site.settings, "127.0.0.1", 8000, 1), "lifespan": "off"}
    config = uvicorn.Config(site.app, **options)
    config.load()

    async def call(scope: Any, receive: Any, send: Any) -> None:
        await config.loaded_app({**scope, "client": (proxy, 50000)}, receive, send)

    with TestClient(call, base_url=site.settings.base_url) as client:
        yield client


_count = iter(range(10_000))


def _asked(client: TestClient[Any], caller: str, header: str = "X-Forwarded-For") -> httpx.Response:
    token = client.get("/sign-in").text.partition('name="csrf" value="')[2].partition('"')[0]
    fields = {"email": f"{next(_count)}@acute.example", "csrf": token}
    return client.post("/sign-in", data=fields, headers={header: caller}, follow_redirects=False)


def _migrated(home: Path) -> Database:
    database = Database(f"sqlite:///{home}/tracker.sqlite3")
    database.migrate()
    return database


@contextmanager
def _served(home: Path, workers: int, port: int = 0) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = port or _free_port()
    arguments = ("-m", "tracker", "serve", "--port", str(port), "--workers", str(workers))
    with _running(home, *arguments) as process:
        yield _answering(f"http://127.0.0.1:{port}", process), process


@contextmanager
def _running(home: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "TRACKER_HOME": str(home), "TRACKER_BASE_URL": ""}
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(60)


def _processes(process: subprocess.Popen[str]) -> list[int]:
    """Its children: the web processes and then the clock."""
    return [int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(1200):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it does not come to that")


def _answering(address: str, process: subprocess.Popen[str]) -> str:
    for _ in range(1200):
        assert process.poll() is None, process.stderr and process.stderr.read()
        try:
            if httpx.get(f"{address}/health/clock").status_code == 200:
                return address
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("it does not answer")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def test_a_copy_is_served_to_be_read_and_sends_links_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'tracker.sqlite3'}")
    make_room(database)
    council = FeedSide(id=2, key="council", name="Riverside Council", position=1, calendar=OFFICE_HOURS)
    kim = FeedPerson(email="kim@council.example", name="Kim Tran", roles=(Role.FRONT_LINE,))
    named = {"partnership": "RIV", "name": "Riverside", "zone": "Europe/London", "organisation": "council"}
    keep_home(database, FeedHome(**named, sides=(council,), people=(kim,)), "https://tracker.example", now=MONDAY)
    database.dispose()
    with _served(tmp_path, 1) as (address, process), httpx.Client(base_url=address) as client:
        csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/sign-in").text)
        assert csrf
        asked = client.post("/sign-in", data={"csrf": csrf[1], "email": kim.email, "next": "/"})
        assert asked.status_code == 303
        _until(lambda: bool([*(tmp_path / "mail").glob("*.eml")]))
        token = re.findall(r"/sign-in/([\w-]{20,})", next((tmp_path / "mail").glob("*.eml")).read_text())[0]
        csrf = re.search(r'name="csrf" value="([^"]+)"', client.get(f"/sign-in/{token}").text)
        assert csrf
        assert client.post(f"/sign-in/{token}", data={"csrf": csrf[1]}).status_code == 303
        assert "A copy of Riverside, kept by" in client.get("/issues").text
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
    assert not (tmp_path / "log.key").exists()
