"""The alerts and the dashboard: they ask for what the product tells, and lead to where help stands."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.house.tree import ROOT
from tests.site import Site
from tracker.rules.sweeps import EVERY

DEPLOY = ROOT / "deploy"
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"][0]["rules"]
PANELS: list[dict[str, Any]] = json.loads((DEPLOY / "dashboard.json").read_text())["panels"]
ASKED = [str(each["expr"]) for each in (*RULES, *(target for panel in PANELS for target in panel["targets"]))]
A_METRIC = re.compile(r"\btracker_[a-z_]+\b")
A_LABEL = re.compile(r"(\w+)=~?\"")
A_CHOICE = re.compile(r'\b(queue|sweep)=~?"([^"$]*)"')
SUFFIXES = {"counter": ("",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
RUNBOOK = "deploy/runbook.md#"
OF_PROMETHEUS = {"instance", "job"}


def test_every_figure_that_an_alert_or_the_dashboard_names_is_told(site: Site) -> None:
    asked = {name for text in ASKED for name in A_METRIC.findall(text)}
    assert asked - set(_told(_figures(site))) == set()


def test_every_figure_that_is_told_is_on_the_dashboard_or_has_an_alert(site: Site) -> None:
    asked = {name for text in ASKED for name in A_METRIC.findall(text)}
    assert {name for name in _told(_figures(site)) if name not in asked} == set()


def test_every_queue_and_sweep_that_is_asked_for_is_there(site: Site) -> None:
    chosen = {(label, each) for text in ASKED for label, many in A_CHOICE.findall(text) for each in many.split("|")}
    queues = set(re.findall(r'tracker_queue_length{queue="(\w+)"}', _figures(site)))
    assert {name for label, name in chosen if label == "queue"} == queues
    assert {name for label, name in chosen if label == "sweep"} <= set(EVERY)


def test_every_label_that_is_asked_for_is_there(site: Site) -> None:
    site.stranger().get("/nowhere")
    told = set(re.findall(r'(\w+)="', _figures(site)))
    assert {label for text in ASKED for label in A_LABEL.findall(text)} - told - OF_PROMETHEUS <= {"sweep"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_is_so_and_what_to_do_and_where_the_runbook_helps(rule: dict[str, Any]) -> None:
    said = rule["annotations"]
    assert said["summary"].endswith(".")
    assert said["description"].endswith(".")
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert said["runbook"].startswith(RUNBOOK)
    assert said["runbook"].removeprefix(RUNBOOK) in set(_anchors())


def test_no_panel_is_without_a_name_and_no_two_lie_on_each_other() -> None:
    assert all(panel["title"] for panel in PANELS)
    places = [(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in PANELS]
    assert len(set(places)) == len(places) == len({panel["id"] for panel in PANELS})


def _figures(site: Site) -> str:
    return site.stranger(address="127.0.0.1").get("/metrics").text


def _told(figures: str) -> Iterator[str]:
    for name, kind in re.findall(r"^# TYPE (tracker_\w+) (\w+)$", figures, re.MULTILINE):
        yield from () if name.endswith("_created") else (f"{name}{suffix}" for suffix in SUFFIXES[kind])


def _anchors() -> Iterator[str]:
    for heading in re.findall(r"^## (.+)$", (DEPLOY / "runbook.md").read_text(), re.MULTILINE):
        yield heading.lower().replace(" ", "-")
