"""What is committed works on another machine: no address, no path of ours, everything pinned by its hash."""

import json
import re
import tomllib

from deploy.sbom import bill
from tests.house.tree import ROOT, committed

ELSEWHERE = (
    "pypi" + ".org",
    "python" + "hosted",
    "registry.npm" + "js",
    "deb.debian" + ".org",
    "simple" + "/pip",
)
OURS = (
    "/opt/" + "pypi",
    "/opt/" + "wheels",
    "/ro" + "ot/",
    "/work/" + "main",
    "/work/" + "shared",
    "/work/" + "design",
)
BOTH = re.compile("|".join(map(re.escape, ELSEWHERE + OURS)).encode())
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """The packages of a lock file with their versions."""
    return dict(PIN.findall((ROOT / name).read_text()))


def test_no_registry_address_and_no_path_of_a_machine_is_committed() -> None:
    named = [
        f"{name}: {found[0].decode()}" for name in committed() if (found := BOTH.search((ROOT / name).read_bytes()))
    ]
    assert named == []


def test_the_front_end_lock_names_no_address_and_pins_every_package() -> None:
    packages = json.loads((ROOT / "tracker/static/package-lock.json").read_text())["packages"]
    del packages[""]
    assert packages
    assert all("resolved" not in package and "integrity" in package for package in packages.values())


def test_every_requirement_is_pinned_with_hashes() -> None:
    for name in ("requirements.lock", "tests/requirements.lock", "deploy/build.lock", "deploy/npm.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        assert all(PIN.match(entry) and "--hash=sha256:" in entry for entry in entries), name


def test_the_locks_hold_every_dependency_and_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, build = project["project"]["dependencies"], project["dependency-groups"]["build"]
    for lock, entries in {"requirements.lock": run, "deploy/build.lock": build}.items():
        assert {re.split(r"[\[>=; ]", entry)[0].lower() for entry in entries} <= pins(lock).keys()
        assert pins(lock).items() <= pins("tests/requirements.lock").items()


def test_nothing_that_builds_or_tests_is_installed_on_a_server() -> None:
    runtime = pins("requirements.lock").keys()
    assert runtime & pins("deploy/build.lock").keys() == set()
    assert runtime & {"polyfactory", "faker", "pytest", "hypothesis", "pip", "setuptools", "wheel"} == set()


def test_nothing_that_is_made_is_committed() -> None:
    made = ("uv.lock", "tracker/static/vendor/", "tracker/static/node_modules/", "var/", ".venv/")
    assert [name for name in committed() if name.startswith(made)] == []


def test_the_bill_of_materials_has_all_that_is_locked() -> None:
    made = bill()
    packages = json.loads((ROOT / "tracker/static/package-lock.json").read_text())["packages"]
    browsers = {("npm", name.removeprefix("node_modules/"), each["version"]) for name, each in packages.items() if name}
    runtime = {("pypi", *pin) for pin in pins("requirements.lock").items()}
    named = {(each.purl.type, each.purl.name, each.purl.version) for each in made.components if each.purl}
    assert named == runtime | browsers
    assert made.metadata.component
    assert made.metadata.component.name == "partnership-tracker"
