"""Finds the definition that a command names: a file, a kind, or an edition as KIND@N."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.cli.exits import REFUSED
from workflow.cli.frame import granted, leave, ready_runtime, show

if TYPE_CHECKING:
    from workflow.domain.definition import Definition

SOURCE = "FILE|KIND[@N]"


def definition_of(source: str) -> "Definition":
    """Give the definition of a file or an edition; tell what is wrong with it and leave."""
    return readable(Path(source)) if is_file(source) else edition_of(source)


def is_file(source: str) -> bool:
    """Say whether a file is meant: it is there, or is named as no kind could be."""
    return Path(source).exists() or not re.fullmatch(r"[\w@-]+", source)


def edition_of(source: str) -> "Definition":
    """Give a kind's newest edition, or that of a number; leave with code 1 where there is none."""
    from workflow.queries.editions import find_edition  # noqa: PLC0415 - nothing loads for --help

    kind, at, number = source.partition("@")
    wanted = int(number) if at and number.isdecimal() else None
    with ready_runtime().uow.read() as tx:
        return granted(
            find_edition(tx, source if at and wanted is None else kind, wanted)
        ).definition


def readable(file: Path) -> "Definition":
    """Give the definition of a file; where it has errors, tell them and leave with code 1."""
    from workflow.cli.definition_lint import judge_file, told  # noqa: PLC0415 - not for --help

    judged = judge_file(file)
    if judged.definition is None:
        show(judged.document, told(judged))
        leave(REFUSED)
    return judged.definition
