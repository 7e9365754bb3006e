"""`summit definitions`: the rules as data, published in editions that never change."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.definition_show import show_definition
from workflow.cli.exits import REFUSED
from workflow.cli.frame import Group, acting, granted, leave, reading, show
from workflow.cli.output import table

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.definition import Definition
    from workflow.domain.identity import Caller

_FILES = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(cls=Group, example="summit definitions list")
def definitions() -> None:
    """List, show, lint and publish the rules of each kind."""


definitions.add_command(show_definition)


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


@definitions.command(example="summit definitions lint my-fund.yaml")
@click.argument("files", type=_FILES, nargs=-1, required=True)
def lint(files: tuple[Path, ...]) -> None:
    """Say everything that is wrong with definition files, with the line; publishes nothing."""
    document = []
    for file in files:
        _, findings = _read(file)
        document.append({"file": str(file), "ok": not findings, "findings": findings})
    lines = [line for each in document for line in _told(each)]
    show(document, lines)
    if any(not each["ok"] for each in document):
        leave(REFUSED)


@definitions.command(example="summit definitions publish my-fund.yaml --as secretariat.desk")
@click.argument("file", type=_FILES)
@acting
def publish(runtime: "Runtime", caller: "Caller", file: Path) -> None:
    """Publish a file as its kind's newest edition; proposals stay with the edition they have."""
    from workflow.services.definitions import publish as do_publish  # noqa: PLC0415 - not for --help

    made, findings = _read(file)
    if made is None:
        text = {"file": str(file), "ok": False, "findings": findings}
        show(text, _told(text))
        leave(REFUSED)
    (done,) = granted(do_publish(runtime, caller, [made]))
    said = "is now" if done.is_new else "was already"
    document = {
        "kind": done.kind,
        "edition": done.number,
        "digest": done.digest,
        "new": done.is_new,
    }
    show(document, f"{done.kind} {said} edition {done.number}, {done.digest}.")


def _read(file: Path) -> "tuple[Definition | None, list[dict[str, Any]]]":
    from config.definitions import (  # noqa: PLC0415 - nothing loads for --help
        DefinitionFileError,
        load_file,
        locate,
    )
    from workflow.domain.definition import Definition, DefinitionError  # noqa: PLC0415 - as above

    try:
        return Definition.from_mapping(load_file(file)), []
    except DefinitionFileError as error:
        problem = f"{error.problem}. {error.suggestion}".strip()
        return None, [{"line": error.line, "place": None, "problem": problem}]
    except DefinitionError as error:
        return None, [
            {
                "line": locate(file, each.place),
                "place": each.place,
                "code": each.code.value,
                "problem": each.problem,
                "suggestion": each.suggestion,
            }
            for each in error.findings
        ]


def _told(document: dict[str, Any]) -> list[str]:
    if document["ok"]:
        return [f"{document['file']}: nothing is wrong with it."]
    return [
        f"{document['file']}, line {each['line'] or '?'}: "
        + (f"{each['place']}: " if each["place"] else "")
        + each["problem"]
        for each in document["findings"]
    ]
