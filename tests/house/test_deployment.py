"""What is deployed says what the product means: every setting is explained, and none is named that is not there."""

import ast
import re

import pytest
import yaml
from click.testing import CliRunner
from pydantic import BaseModel

from deploy.charter_reference import FILE, written
from tests.house.tree import ROOT, parsed, under
from tracker.commands.charter import charter
from tracker.exchange.charter.charter import TABLES
from tracker.exchange.charter.faults import model_in
from tracker.exchange.charter.meanings import PLACES, keys_at
from tracker.exchange.charter.report_shape import ReportNumbers, ReportShape
from tracker.exchange.charter.shapes import PartnershipShape
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


@pytest.mark.parametrize("place", PLACES)
def test_every_key_of_a_charter_has_a_meaning_and_no_other(place: str) -> None:
    assert set(PLACES[place][2]) == set(keys_at(place)), "its meaning belongs in exchange/charter/meanings.py"
    assert all(PLACES[place][2].values())


def test_every_shape_of_a_charter_has_its_place_among_the_meanings() -> None:
    shapes: list[type[BaseModel]] = [PartnershipShape, ReportShape, *TABLES.values()]
    inside = {shape for each in shapes for shape in shapes_in(each)}
    assert inside - {ReportShape} == {shape for shape, _, _ in PLACES.values()} - {ReportNumbers}


def test_the_keys_of_a_charter_are_documented_as_they_are() -> None:
    assert FILE.read_text(encoding="utf-8") == written(), "run: python -m deploy.charter_reference"


def test_the_help_of_the_command_names_every_key() -> None:
    said = CliRunner().invoke(charter, ["--help"]).output
    for place, (_, _, keys) in PLACES.items():
        told = said.partition(f"{place}: ")[2].partition("\n\n")[0]
        assert [key for key in keys if f"\n  {key} " not in told] == [], place


def shapes_in(shape: type[BaseModel]) -> set[type[BaseModel]]:
    """A shape with those that its fields hold."""
    inner = [model_in(field.annotation) for field in shape.model_fields.values()]
    return {shape}.union(*(shapes_in(each) for each in inner if each))


def test_the_composed_server_migrates_before_web_and_clock_start() -> None:
    services = yaml.safe_load((ROOT / "deploy" / "compose.yml").read_text())["services"]
    waits = {name: service.get("depends_on") for name, service in services.items() if name in {"web", "clock"}}
    migrated = {"migrate": {"condition": "service_completed_successfully"}}
    assert waits == {"web": migrated, "clock": migrated}
    assert services["web"]["environment"]["TRACKER_CLOCK"] == "off"


def test_the_proxy_leads_pages_to_https_and_refuses_programs() -> None:
    proxy = (ROOT / "deploy" / "Caddyfile").read_text()
    secure, _, clear = proxy.partition("\nhttp://{$TRACKER_DOMAIN} {")
    assert 'Strict-Transport-Security "max-age=31536000; includeSubDomains"' in secure
    assert clear.split("\n")[1:4] == [
        "\t@pages not path /api/* /scim/*",
        "\tredir @pages https://{host}{uri} 308",
        '\trespond "Here only by https." 403',
    ]


def test_the_proxy_keeps_to_caddys_choice_of_tls() -> None:
    words = set((ROOT / "deploy" / "Caddyfile").read_text().split())
    assert words & {"tls", "protocols", "ciphers", "curves", "insecure_skip_verify"} == set()


def test_the_drop_in_lets_nothing_out_but_what_it_lists() -> None:
    said = (ROOT / "deploy" / "outwards.conf").read_text().splitlines()
    assert [line for line in said if line and not line.startswith("#")] == [
        "[Service]",
        "IPAddressDeny=any",
        "IPAddressAllow=localhost",
    ]


@pytest.mark.parametrize("unit", ["tracker-web.service", "tracker-clock.service"])
def test_a_unit_may_do_little(unit: str) -> None:
    """`systemd-analyze security` says 1.4 of both, where it is to say 2.0 at most."""
    said = (ROOT / "deploy" / unit).read_text().splitlines()
    switched_on = {name for name, _, value in (line.partition("=") for line in said) if value == "yes"}
    assert {"NoNewPrivileges", "PrivateTmp", "PrivateDevices", "PrivateUsers", "ProtectHome", "RestrictNamespaces"} <= (
        switched_on
    )
    assert {"CapabilityBoundingSet=", "ProtectSystem=strict", "SystemCallFilter=~@privileged @resources"} <= set(said)


def test_the_runbook_says_what_each_line_about_coming_in_means() -> None:
    runbook = (ROOT / "deploy" / "runbook.md").read_text()
    calls = (node for name in under("tracker/pages", ".py") for node in ast.walk(parsed(name)))
    noted = {
        str(call.args[1].value)
        for call in calls
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "note"
        if isinstance(call.args[1], ast.Constant)
    }
    assert noted
    assert {each for each in noted if f"`{each}`" not in runbook} == set(), (
        "say it in the table of deploy/runbook.md, under Watch"
    )
