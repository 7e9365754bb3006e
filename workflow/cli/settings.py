"""`summit settings`: what is set, and where it comes from."""

import os

import click

from workflow.cli.frame import Command, show
from workflow.cli.output import table


@click.command(cls=Command, example="summit settings --json")
def settings() -> None:
    """Print the settings with their origin; secrets are hidden."""
    from config.settings import read  # noqa: PLC0415 - nothing loads for --help

    shown = [(each.variable, each.value, str(each.origin)) for each in read(os.environ).shown()]
    document = {name: {"value": value, "origin": origin} for name, value, origin in shown}
    show(document, table(("setting", "value", "origin"), shown))
