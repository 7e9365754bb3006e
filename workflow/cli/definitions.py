"""`summit definitions`: the rules as data, published in editions that never change."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli import definition_lint as lint
from workflow.cli.definition_diff import diff_command
from workflow.cli.definition_migrate import migrate_command
from workflow.cli.definition_replay import replay_command
from workflow.cli.definition_show import show_definition
from workflow.cli.exits import REFUSED
from workflow.cli.frame import Group, acting, granted, leave, reading, show
from workflow.cli.output import table

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller

_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group, example="summit definitions list")
def definitions() -> None:
    """List, show, lint and publish the rules of each kind."""


definitions.add_command(show_definition)
definitions.add_command(lint.lint_command)
definitions.add_command(diff_command)
definitions.add_command(migrate_command)
definitions.add_command(replay_command)


@definitions.command("list", example="summit definitions list --json")
@reading
def list_definitions(runtime: "Runtime") -> None:
    """List every kind with its newest edition."""
    from workflow.services.definitions import newest_editions  # noqa: PLC0415 - not for --help

    found = newest_editions(runtime)
    document = [
        {"kind": kind, "edition": number, "digest": made.digest, "labels": dict(made.labels)}
        for kind, (number, made) in found.items()
    ]
    rows = [(kind, number, made.digest[:16]) for kind, (number, made) in found.items()]
    show(document, table(("kind", "edition", "digest"), rows))


@definitions.command(example="summit definitions publish my-fund.yaml --as secretariat.desk")
@click.argument("file", type=_FILES)
@acting
def publish(runtime: "Runtime", caller: "Caller", file: Path) -> None:
    """Publish a file as its kind's newest edition; proposals stay with the edition they have."""
    from workflow.services.definitions import publish as do_publish  # noqa: PLC0415 - not for --help

    judged = lint.judge_file(file, lint.known_here())
    made = judged.definition
    if made is None or not judged.is_publishable:
        show(judged.document, lint.told(judged))
        leave(REFUSED)
    (done,) = granted(do_publish(runtime, caller, [made]))
    unmet = lint.written(lint.against_people(made, lint.asked_of(None, None)))
    advised = replace(judged, findings=(*judged.findings, *unmet))
    said = "is now" if done.is_new else "was already"
    document = {
        "kind": done.kind, "edition": done.number, "digest": done.digest, "new": done.is_new,
        "findings": list(advised.findings),
    }  # fmt: skip
    lines = lint.told(advised) if advised.findings else ()
    show(document, [*lines, f"{done.kind} {said} edition {done.number}, {done.digest}."])
