"""What is deployed says what the product means: every setting is explained, and none is named that is not there."""

import re

import pytest
import yaml

from tests.house.tree import ROOT, under
from tracker.settings import SETTINGS, Setting

EXAMPLE = (ROOT / "deploy" / "settings.example").read_text()
NAMED = re.compile(r"TRACKER_[A-Z_]+")
PROXY_ONLY = {"TRACKER_DOMAIN", "TRACKER_UPSTREAM"}


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda setting: str(setting.name))
def test_a_setting_stands_in_the_example_with_its_meaning_and_default(setting: Setting) -> None:
    assert f"# {setting.means}\n# Allowed: {setting.allowed}.\n#{setting.name}={setting.default}\n" in EXAMPLE


def test_no_file_of_the_deployment_names_a_setting_that_is_not_there() -> None:
    known = {setting.name for setting in SETTINGS.values()} | PROXY_ONLY
    texts = [name for name in under("deploy", "") if not name.endswith(".png")]
    named = {(name, word) for name in texts for word in NAMED.findall((ROOT / name).read_text())}
    assert {(name, word) for name, word in named if word not in known} == set()


def test_the_composed_server_migrates_before_web_and_clock_start() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text())["services"]
    waits = {name: service.get("depends_on") for name, service in services.items() if name in {"web", "clock"}}
    migrated = {"migrate": {"condition": "service_completed_successfully"}}
    assert waits == {"web": migrated, "clock": migrated}
    assert services["web"]["environment"]["TRACKER_CLOCK"] == "off"
