"""What is noted of requests: figures of what they cost and how they fail, and the trace they belong to in the log."""

import json
import re
from datetime import timedelta

import pytest
from litestar.testing import TestClient

from tests.makers import MONDAY
from tests.pages.query_plans import growing_steps, recorded
from tests.site import Site, called_from
from tracker.app import create_app
from tracker.database import Database, statement_count
from tracker.queries.due import counts_besides, ended_sweeps, queues
from tracker.records.timer import Sweep
from tracker.settings.log_lines import write_log

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def test_a_refusal_is_counted_by_its_kind(site: Site) -> None:
    before = _figure(site, 'tracker_failures_total{kind="NotThere"}')
    site.stranger().get("/metrics")
    assert _figure(site, 'tracker_failures_total{kind="NotThere"}') == before + 1


def test_a_page_adds_as_many_statements_as_it_sends(site: Site, db: Database) -> None:
    app = create_app(site.settings, database=db)
    with TestClient(called_from("127.0.0.1", app)) as client:
        before = _figure_in(client.get("/metrics").text, "tracker_statements_total")
        with statement_count(db) as sent:
            client.get(site.link("sam@acute.example"))
        in_all = _figure_in(client.get("/metrics").text, "tracker_statements_total")
    assert in_all == before + len(sent)
    assert sent


def test_how_long_ago_a_sweep_ended_is_told_in_seconds(site: Site) -> None:
    with site.db.write() as session:
        session.add(Sweep(name="letters", ended_at=MONDAY - timedelta(minutes=3)))
    assert _figure(site, 'tracker_sweep_lag_seconds{sweep="letters"}') == 180


def test_how_long_the_first_of_a_queue_waits_is_told(site: Site) -> None:
    stranger = site.stranger()
    stranger.get("/sign-in")
    stranger.post("/sign-in", {"email": "sam@acute.example", "next": "/"})
    site.later(minutes=11)
    assert _figure(site, 'tracker_queue_length{queue="links_waiting"}') == 1
    assert _figure(site, 'tracker_queue_age_seconds{queue="links_waiting"}') == 660


def test_of_a_queue_in_which_nothing_waits_the_first_waits_for_no_time(site: Site) -> None:
    assert _figure(site, 'tracker_queue_age_seconds{queue="timers_due"}') == 0


@pytest.mark.both_databases
def test_what_waits_is_counted_by_a_handful_of_statements_that_read_through_no_table_that_grows(db: Database) -> None:
    with recorded(db) as sent, db.read() as session:
        queues(session, MONDAY), counts_besides(session, MONDAY), ended_sweeps(session)
    assert len(sent) <= 15
    assert growing_steps(db, sent) == {}


def test_every_line_of_a_request_bears_the_trace_it_belongs_to(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write_log("json")
    stranger = site.stranger()
    stranger.get("/sign-in")
    asked = {"email": "sam@acute.example", "next": "/"}
    stranger.post("/sign-in", asked, headers={"traceparent": PARENT})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    traces = {(line["event"], line["method"]): line.get("trace_id") for line in lines}
    assert traces == {
        ("answered", "GET"): None,
        ("sign-in link asked for", "POST"): TRACE,  # from the thread that made the page
        ("answered", "POST"): TRACE,
    }


@pytest.mark.parametrize(
    "sent",
    [
        "", "nonsense", PARENT.upper(), f" {PARENT}x", f"{PARENT}-more", PARENT[:-1], f"ff{PARENT[2:]}",
        PARENT.replace(TRACE, "0" * 32), PARENT.replace("00f067aa0ba902b7", "0" * 16), f"01{PARENT[2:]}x",
        f"01{PARENT[2:]}-{'x' * 200}", PARENT.replace("4bf9", "<b>9"),
    ],
)  # fmt: skip
def test_a_trace_that_cannot_be_read_is_left_out_and_the_page_answers(
    site: Site, capsys: pytest.CaptureFixture[str], sent: str
) -> None:
    write_log("text")
    assert site.stranger().get("/sign-in", headers={"traceparent": sent}).status_code == 200
    written = capsys.readouterr().err
    assert "answered" in written
    assert "trace_id" not in written


def test_a_trace_of_a_later_version_is_read_for_what_this_one_knows(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    write_log("text")
    site.stranger().get("/sign-in", headers={"traceparent": f"01{PARENT[2:]}-more"})
    assert TRACE in capsys.readouterr().err


def test_of_two_traces_none_is_believed(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    write_log("text")
    site.stranger().get("/sign-in", headers=[("traceparent", PARENT), ("traceparent", PARENT)])
    assert TRACE not in capsys.readouterr().err


def _figure(site: Site, name: str) -> float:
    return _figure_in(site.stranger(address="127.0.0.1").get("/metrics").text, name)


def _figure_in(figures: str, name: str) -> float:
    """0 for one that is not told yet."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", figures, re.MULTILINE)
    return float(found[1]) if found else 0.0
