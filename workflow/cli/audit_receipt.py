"""`summit audit receipt`: a proof of one entry, to keep."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Command, acting, granted, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller

_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@click.command(
    cls=Command,
    example="summit audit receipt 4662a452800460c18aace2b12f01834498cd05dd461b594478cdd69aef385154 "
    "--out mine.tlog-proof --as uz.transport",
)
@click.argument("entry")
@click.option("--out", "path", type=click.Path(path_type=Path), help="Else it is printed.")
@acting
def receipt(runtime: "Runtime", caller: "Caller", /, entry: str, path: Path | None) -> None:
    """Prove that ENTRY, which you may see, is in the log; give its whole hash, as acts print it.

    Keep it: 'audit verify' checks it alone, and a bundle that lacks the entry is shown to lack it.
    """
    from workflow.services.receipts import make_receipt  # noqa: PLC0415 - not for --help

    if not _HASH.fullmatch(entry.lower()):
        raise click.UsageError("ENTRY is a whole leaf hash: 64 hexadecimal digits.")
    made = granted(make_receipt(runtime, caller, bytes.fromhex(entry)))
    text = made.content.decode()
    if path is not None:
        _write(path, text)
    document = {
        "entry": entry.lower(),
        "leaf_index": made.leaf_index,
        "size": made.size,
        "path": str(path) if path else None,
        "receipt": text,
    }
    show(
        document,
        f"Leaf {made.leaf_index} of a tree of {made.size}, in {path}." if path else text[:-1],
    )


def _write(path: Path, text: str) -> None:
    from workflow.export.new_file import FileExistsAlreadyError, NewFile  # noqa: PLC0415 - as above

    try:
        with NewFile(path) as file:
            file.write_all([text])
            file.publish()
    except FileExistsAlreadyError as error:
        raise click.UsageError(f"{error.path} exists already: choose another name.") from error
