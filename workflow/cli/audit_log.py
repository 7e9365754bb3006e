"""`summit audit key|seal|checkpoint`: the log itself, as its host keeps it."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.beside import is_over
from workflow.cli.exits import INTERRUPTED
from workflow.cli.failures import ending
from workflow.cli.frame import Command, leave, reading, show

if TYPE_CHECKING:
    from config.log_key import LogKeyFile
    from workflow.bootstrap import Runtime
    from workflow.services.seal import SealReport

SECONDS_BETWEEN_LOOKS = 0.5
"""So that an entry is sealed within a second of its act."""

_NO_KEY = "The log's private key is not on this machine: name its file in SUMMIT_LOG_KEY_FILE."


@click.command("key", cls=Command, example="summit audit key")
@click.option("--rotate", is_flag=True, help="Add a key; from now on both sign.")
@click.option("--retire", is_flag=True, help="Let the oldest key sign no more.")
@reading
def key_command(runtime: "Runtime", *, rotate: bool, retire: bool) -> None:
    """Print the log's public keys, which verifiers are given: the last one is the newest.

    Get them to the parties by another way than this host, such as a letter. After --rotate each
    checkpoint carries both signatures until the old key is retired.
    """
    from config.log_key import read_log_key  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.log_keys import public_keys  # noqa: PLC0415 - as above

    if rotate and retire:
        raise click.UsageError("Rotate first; retire the old key once everybody has the new one.")
    file = read_log_key(runtime.settings)
    if rotate or retire:
        if file is None:
            raise click.UsageError(_NO_KEY)
        _rotate(runtime, file) if rotate else _retire(runtime, file)
    known = public_keys(runtime)
    signing = [each.verifier.text for each in file.signers()] if file else []
    show({"vkeys": known, "signing": signing}, known or ["The log has no key: run 'summit init'."])


def _rotate(runtime: "Runtime", file: "LogKeyFile") -> None:
    from workflow.log.note import SigningKey  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.log_keys import add_key  # noqa: PLC0415 - as above
    from workflow.services.seal import seal  # noqa: PLC0415 - as above

    keys = file.signers()
    fresh = SigningKey.generate(keys[0].name)
    # Known first: a key that signs and is not known would stop the sealer.
    add_key(runtime, fresh)
    file.write((*keys, fresh))
    seal(runtime)


def _retire(runtime: "Runtime", file: "LogKeyFile") -> None:
    from workflow.services.log_keys import retire_key  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.seal import seal  # noqa: PLC0415 - as above

    keys = file.signers()
    if len(keys) == 1:
        raise click.UsageError("The log has one key only: --rotate makes its successor.")
    retire_key(runtime, keys[0])
    # Sealed while the key still signs: so its last checkpoint says that it was the last.
    seal(runtime)
    file.write(keys[1:])


@click.command("seal", cls=Command, example="summit audit seal")
@click.option("--watch", is_flag=True, help="Go on until stopped, within a second of each act.")
@click.option("--with-server", is_flag=True, hidden=True, help="End when standard input does.")
@reading
def seal_command(runtime: "Runtime", *, watch: bool, with_server: bool) -> None:
    """Give every entry that waits its place in the log's tree, and sign a checkpoint.

    Several may do it at once: one at a time works. 'summit serve' does it by itself.
    """
    from workflow.services.seal import seal  # noqa: PLC0415 - nothing loads for --help

    if watch:
        _watch(runtime, with_server=with_server)
        return
    report = seal(runtime)
    show({"sealed": report.sealed, "size": report.size, "signed": report.signed}, _told(report))


def _watch(runtime: "Runtime", *, with_server: bool) -> None:
    """Seal again and again: what fails is said in a sentence, and is tried again."""
    from workflow.persistence.unit_of_work import BusyError  # noqa: PLC0415 - not for --help
    from workflow.services.seal import seal  # noqa: PLC0415 - as above

    while True:
        with ending() as end:
            # Somebody writes for long, such as a bulk change in one transaction: then later.
            with suppress(BusyError):
                seal(runtime)
            end.code = 0
        pause = SECONDS_BETWEEN_LOOKS if end.code == 0 else 20 * SECONDS_BETWEEN_LOOKS
        if end.code == INTERRUPTED or is_over(pause, with_server=with_server):
            return


def _told(report: "SealReport") -> Iterator[str]:
    from workflow.log.counted import counted  # noqa: PLC0415 - nothing loads for --help

    yield f"{counted(report.sealed, 'entry')} sealed; the tree has {report.size}."
    if report.signed != report.size:
        yield _NO_KEY


@click.command("checkpoint", cls=Command, example="summit audit checkpoint --out checkpoint.txt")
@click.option("--out", "path", type=click.Path(path_type=Path, dir_okay=False))
@reading
def checkpoint_command(runtime: "Runtime", path: Path | None) -> None:
    """Print the newest checkpoint, after sealing what waits.

    Whoever keeps it can prove later that nothing before it was changed, added or left out.
    """
    from workflow.export.new_file import NewFile  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.checkpoints import read_newest  # noqa: PLC0415 - as above
    from workflow.services.seal import seal  # noqa: PLC0415 - as above

    seal(runtime)
    found = read_newest(runtime)
    if found is None:
        click.echo(_NO_KEY, err=True)
        leave(1)
    if path is not None:
        with NewFile(path, replace=True) as file:
            file.write_all([found.note])
            file.publish()
    document = {
        "origin": found.origin,
        "size": found.size,
        "root": found.root.hex(),
        "cosigned_by": list(found.cosigned_by),
        "note": found.note,
    }
    show(
        document,
        f"{found.size} entries; the checkpoint is in {path}." if path else found.note.rstrip("\n"),
    )
