"""What is committed works on another machine: no address, no path of ours, everything pinned by its hash."""

import json
import re
import tomllib

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
    for name in ("requirements.lock", "tests/requirements.lock", "deploy/npm.lock"):
        entries = re.split(r"\n(?=\S)", (ROOT / name).read_text().strip())
        assert all(PIN.match(entry) and "--hash=sha256:" in entry for entry in entries), name


def test_the_lock_holds_every_dependency_and_both_locks_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["build"]]
    names = {re.split(r"[\[>=; ]", entry)[0].lower() for entry in asked}
    runtime = pins("requirements.lock")
    assert names <= runtime.keys()
    assert runtime.items() <= pins("tests/requirements.lock").items()


def test_nothing_that_is_made_is_committed() -> None:
    made = ("uv.lock", "tracker/static/vendor/", "tracker/static/node_modules/", "var/", ".venv/")
    assert [name for name in committed() if name.startswith(made)] == []
