"""For machines that watch this one."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from litestar.testing import TestClient

from tests.makers import MONDAY
from tests.site import Site, called_from
from tracker.app import create_app
from tracker.database import Database
from tracker.records.timer import Sweep
from tracker.rules.sweeps import EVERY
from tracker.settings import Settings
from tracker.settings.log_lines import write_log


def test_a_process_that_answers_is_alive(site: Site) -> None:
    assert site.stranger().get("/health/live").json() == {"alive": True}


def test_with_a_current_database_it_is_ready(site: Site) -> None:
    answer = site.stranger().get("/health/ready")
    assert (answer.status_code, answer.json()["migrations"]) == (200, "current")


def test_without_its_tables_it_is_not_ready_and_names_the_mend(site: Site) -> None:
    empty = Database(f"sqlite:///{site.settings.home}/empty.sqlite3")
    with TestClient(create_app(site.settings, database=empty)) as client:
        answer = client.get("/health/ready")
    empty.dispose()
    assert (answer.status_code, answer.json()["migrations"]) == (503, "run `tracker migrate`")


def test_on_a_disk_that_is_full_it_is_not_ready(tmp_path: Path) -> None:
    """A limit of how long files may be, in a process of its own, is such a disk."""
    look = f"""
import resource
from tracker.database import Database
database = Database("sqlite:///{tmp_path}/tracker.sqlite3")
database.migrate()
database.truncate_log()
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
is_full = database.takes_writes()
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(is_full, database.takes_writes())
"""
    looked = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, timeout=300)
    assert looked.stdout == "False True\n"


def test_while_the_database_is_away_its_own_figures_are_told_all_the_same(tmp_path: Path) -> None:
    given = {"TRACKER_HOME": str(tmp_path), "TRACKER_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    settings = Settings.from_environment({**given, "TRACKER_METRICS_FROM": "127.0.0.1"})
    with TestClient(called_from("127.0.0.1", create_app(settings))) as client:
        assert [client.get(f"/health/{each}").status_code for each in ("ready", "clock")] == [503, 503]
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert "tracker_requests_total" in answer.text


def test_a_clock_that_went_round_lately_is_well(site: Site) -> None:
    _swept(site, letters=timedelta(seconds=30))
    answer = site.stranger().get("/health/clock")
    assert (answer.status_code, answer.json()["late"]) == (200, [])


def test_a_sweep_that_is_late_is_named(site: Site) -> None:
    _swept(site, letters=timedelta(minutes=3))
    answer = site.stranger().get("/health/clock")
    assert (answer.status_code, answer.json()["late"]) == (503, ["letters"])


def test_a_clock_that_never_went_round_is_not_well(site: Site) -> None:
    assert site.stranger().get("/health/clock").status_code == 503


def test_figures_are_for_the_addresses_in_the_settings(site: Site) -> None:
    text = site.stranger(address="127.0.0.1").get("/metrics").text
    assert 'tracker_queue_length{queue="timers_due"} 0.0' in text
    assert "tracker_requests_total" in text


@pytest.mark.parametrize("host", ["10.0.0.9", "testclient", "2001:db8::1"])
def test_for_everybody_else_there_are_no_figures(site: Site, host: str) -> None:
    assert site.stranger(address=host).get("/metrics").status_code == 404


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Host", "Via"])
def test_there_are_no_figures_through_a_proxy(site: Site, header: str) -> None:
    asked = site.stranger(address="127.0.0.1").get("/metrics", headers={header: "127.0.0.1"})
    assert asked.status_code == 404


def test_the_figures_name_patterns_of_addresses_and_no_secrets(site: Site) -> None:
    link, machine = site.link("sam@acute.example"), site.stranger(address="127.0.0.1")
    machine.get(link)
    machine.get("/some/made-up/address")
    text = machine.get("/metrics").text
    assert 'path="/sign-in/{token}"' in text
    assert 'path="(nowhere)"' in text
    assert link.rpartition("/")[2] not in text
    assert "made-up" not in text


def test_the_log_names_patterns_of_addresses_and_no_secrets(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write_log("text")
    link = site.link("sam@acute.example")
    stranger = site.stranger()
    stranger.get(link, params={"q": "words somebody typed"})
    stranger.post(link)
    written = "".join(capsys.readouterr())
    assert "/sign-in/{token}" in written
    assert link.rpartition("/")[2] not in written
    assert "words" not in written
    assert stranger.session not in written


def _swept(site: Site, **ago: timedelta) -> None:
    """Every sweep ended so long ago, or just now; and one of another version, which is nobody's."""
    every = {"of_another_version": timedelta(days=90), **dict.fromkeys(EVERY, timedelta(seconds=20)), **ago}
    with site.db.write() as session:
        session.add_all(Sweep(name=name, ended_at=MONDAY - length) for name, length in every.items())
