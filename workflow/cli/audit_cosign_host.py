"""`summit audit cosign request|add|ask`: the host asks parties, and keeps what they sign."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.exits import BROKEN, BUSY
from workflow.cli.frame import Command, granted, leave, reading, refuse, show
from workflow.cli.log_files import MAIL, as_wrong_use, read_mail

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.services.ask_witness import Alarm


@click.command(
    cls=Command, example="summit audit cosign request --witness uz.example/witness --out ask.txt"
)
@click.option("--witness", metavar="NAME", help="Begin at the last size that it cosigned.")
@click.option(
    "--from", "old_size", metavar="SIZE", type=click.IntRange(0), help="Where it says it stands."
)
@click.option("--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True)
@reading
def request(runtime: "Runtime", witness: str | None, old_size: int | None, path: Path) -> None:
    """Write what a witness is asked, after sealing what waits; send it to the party.

    Without --witness and --from it begins at nothing, which suits a witness that never signed
    this log. A party whose last line was lost on the way names the size to begin from.
    """
    from workflow.export.new_file import NewFile  # noqa: PLC0415 - nothing loads for --help
    from workflow.log.checkpoint import parse_checkpoint  # noqa: PLC0415 - as above
    from workflow.log.witness_request import write_request  # noqa: PLC0415 - as above
    from workflow.services.cosigning import prepare_request  # noqa: PLC0415 - as above
    from workflow.services.seal import seal  # noqa: PLC0415 - as above

    seal(runtime)
    asked = granted(prepare_request(runtime, witness, old_size))
    checkpoint, _ = parse_checkpoint(asked.checkpoint)
    with NewFile(path, replace=True) as file:
        file.write_all([write_request(asked).decode()])
        file.publish()
    document = {"path": str(path), "old_size": asked.old_size, "size": checkpoint.size}
    show(document, f"{path} asks to cosign {checkpoint.size} entries, from {asked.old_size} on.")


@click.command(cls=Command, example="summit audit cosign add reply.txt")
@click.argument("reply", type=MAIL)
@reading
def add(runtime: "Runtime", reply: Path) -> None:
    """Keep the lines that witnesses returned (REPLY, - for stdin), once they are seen to fit."""
    from workflow.services.cosigning import add_lines  # noqa: PLC0415 - nothing loads for --help

    added = granted(add_lines(runtime, read_mail(reply)))
    document = [{"witness": name, "size": size} for name, size in added.items()]
    show(document, [f"{name} vouches for {size} entries." for name, size in added.items()])


@click.command(
    cls=Command,
    example="summit audit cosign ask uz.example/witness --url https://witness.uz.example/",
)
@click.argument("witness", metavar="NAME")
@click.option("--url", required=True, help="Its submission prefix: https, or this machine.")
@reading
def ask(runtime: "Runtime", witness: str, url: str) -> None:
    """Ask a witness over HTTP, after sealing what waits. Any C2SP tlog-witness will do.

    Ends with 3 when the witness has seen more than this database holds, or another log.
    """
    from workflow.domain.verdicts import Refused  # noqa: PLC0415 - nothing loads for --help
    from workflow.log.witness_client import Unreachable  # noqa: PLC0415 - as above
    from workflow.services.ask_witness import Alarm, ask_witness  # noqa: PLC0415 - as above
    from workflow.services.seal import seal  # noqa: PLC0415 - as above

    seal(runtime)
    with as_wrong_use():
        answer = ask_witness(runtime, witness, url)
    if isinstance(answer, Refused):
        refuse(answer.reasons)
    if isinstance(answer, Unreachable):
        click.echo(f"{witness} was not asked: {answer.sentence}. Try again later.", err=True)
        leave(BUSY)
    if isinstance(answer, Alarm):
        _tell(answer)
    else:
        document = {"witness": answer.witness, "size": answer.size}
        show(document, f"{answer.witness} vouches for {answer.size} entries.")


def _tell(alarm: "Alarm") -> None:
    document = {
        "alarm": "rollback" if alarm.seen > alarm.size else "fork",
        "witness": alarm.witness,
        "seen": alarm.seen,
        "size": alarm.size,
        "text": alarm.sentence,
    }
    show(document, alarm.sentence)
    leave(BROKEN)
