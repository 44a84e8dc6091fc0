"""Every web process holds what is loaded to serve, and waits for it: nothing of it is for something else."""

import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

from tests.house.tree import ROOT
from tracker import commands
from tracker.__main__ import MODULES

FOR_SOMETHING_ELSE = (
    "alembic", "mako",  # to migrate
    "rich.progress",  # for who watches a command
    "typst",  # in processes of its own
    "holidays.countries.france",  # of a country that nobody asked for
    "tracker.commands.charter", "tracker.commands.keeping", "tracker.exchange.demonstration",
)  # fmt: skip
SERVING = """
import sys
from tracker.__main__ import main
main(["serve", "--help"], standalone_mode=False)
from tracker.app import from_environment
from tracker.queries.arrangement_tables import public_holidays
from_environment().state.database.is_current()
public_holidays("GB-ENG")
print(*sys.modules)
"""


def test_who_serves_loads_nothing_that_is_for_something_else(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SERVING]
    served = subprocess.run(
        command, cwd=ROOT, env={"TRACKER_HOME": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    loaded = set(served.stdout.split())
    assert {"tracker.commands.serving", "holidays.countries.united_kingdom"} <= loaded
    assert loaded.isdisjoint(FOR_SOMETHING_ELSE)


def test_every_command_can_be_typed() -> None:
    modules = {
        each.name: import_module(f"tracker.commands.{each.name}") for each in pkgutil.iter_modules(commands.__path__)
    }
    there = {each.name: name for name, module in modules.items() for each in getattr(module, "commands", ())}
    assert dict(sorted(there.items())) == MODULES
