"""`tracker`, also `python -m tracker`: everything that can be done from a terminal."""

import os
from importlib.metadata import version

import click

from tracker.commands import charter, clock, demo, exposure, history, keeping, mirror, proving, report, serving, witness
from tracker.commands.opening import Commands
from tracker.settings.home import OWNERS_ALONE

MODULES = (demo, serving, clock, keeping, charter, history, exposure, report, proving, witness, mirror)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("partnership-tracker"), prog_name="tracker")
def main() -> None:
    """A partnership tracker: one record of the problems at the boundary between organisations."""
    os.umask(OWNERS_ALONE)


for module in MODULES:
    for command in module.commands:
        main.add_command(command)


if __name__ == "__main__":
    main()
