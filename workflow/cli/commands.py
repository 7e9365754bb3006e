"""What commands and groups of ours are made of: `--json`, an example in the help, late loading."""

import importlib
import os
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any, Final, NamedTuple

import click

from workflow.cli.failures import ReaderGoneError

JSON: Final = "summit.json"
"""Where a command line keeps, in click's `meta`, that `--json` was given."""


class Noun(NamedTuple):
    """Where a noun's command lives, as 'module:attribute', and what it does."""

    target: str
    does: str


class Command(click.Command):
    """A command with `--json` and an example in its help."""

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        """Keep the example, and offer `--json`."""
        super().__init__(*args, **kwargs)
        self.example = example
        self.params.append(_json_option())

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own
        """Run the command; a closed pipe is not the error that click would make of it."""
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise ReaderGoneError from error
        return answer

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example below the options."""
        _write_example(formatter, self.example)
        super().format_epilog(ctx, formatter)


class Group(click.Group):
    """A noun with several verbs; its commands are made with `@group.command(example=...)`."""

    command_class = Command

    def __init__(self, *args: Any, example: str, **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        """Keep the example."""
        super().__init__(*args, **kwargs)
        self.example = example

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example below the commands."""
        _write_example(formatter, self.example)
        super().format_epilog(ctx, formatter)


class LazyGroup(Group):
    """The root: its nouns are known by name, and imported when they are used."""

    def __init__(self, package: str, nouns: Mapping[str, Noun], **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        """Keep where the nouns live."""
        super().__init__(**kwargs)
        self.nouns = {
            name: (f"{package}.{noun.target}", noun.does)
            for name, noun in nouns.items()
            if find_spec(f"{package}.{noun.target.partition(':')[0]}") is not None
        }
        self.params.append(_debug_option())

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """Give the nouns in the order they are written."""
        return list(self.nouns)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """Import a noun's command."""
        if cmd_name not in self.nouns:
            return None
        module, _, attribute = self.nouns[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """List the nouns without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, does) for name, (_, does) in self.nouns.items()])


def _json_option() -> click.Option:
    def keep(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own
        if value:
            ctx.find_root().meta[JSON] = True

    return click.Option(
        ["--json"], is_flag=True, expose_value=False, callback=keep, help="Print JSON for scripts."
    )


def _debug_option() -> click.Option:
    def keep(_: click.Context, __: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own
        if value:
            os.environ["SUMMIT_DEBUG"] = "1"

    return click.Option(
        ["--debug"],
        is_flag=True,
        expose_value=False,
        callback=keep,
        help="Keep the details of an unexpected error in a file.",
    )


def _write_example(formatter: click.HelpFormatter, example: str) -> None:
    with formatter.section("Example"):
        for line in example.splitlines():
            formatter.write_text(line)
