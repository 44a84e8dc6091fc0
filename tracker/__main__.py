"""`tracker`, also `python -m tracker`: everything that can be done from a terminal."""

import os
from importlib import import_module
from importlib.metadata import version

import click

from tracker.commands.opening import Commands
from tracker.settings.home import OWNERS_ALONE

MODULES = {
    "backup": "backup",
    "charter": "charter",
    "clock": "clock",
    "demo": "demo",
    "exposure": "exposure",
    "history": "history",
    "lead": "keeping",
    "link": "keeping",
    "log-key": "log_key",
    "migrate": "keeping",
    "mirror": "mirror",
    "people": "people",
    "prove": "proving",
    "recount": "keeping",
    "report": "report",
    "restore": "backup",
    "serve": "serving",
    "settings": "keeping",
    "verify": "proving",
    "witness": "witness",
}


class OneOfMany(Commands):
    """Loads what the command that was typed needs, and nothing of the others."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in MODULES:
            return None
        found: list[click.Command] = import_module(f"tracker.commands.{MODULES[cmd_name]}").commands
        return next(each for each in found if each.name == cmd_name)


@click.group(cls=OneOfMany, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("partnership-tracker"), prog_name="tracker")
def main() -> None:
    """A partnership tracker: one record of the problems at the boundary between organisations."""
    os.umask(OWNERS_ALONE)


if __name__ == "__main__":
    main()
