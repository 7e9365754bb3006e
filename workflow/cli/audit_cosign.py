"""`summit audit cosign`: a party vouches for the log's size, by file or mail or over HTTP.

The party's own side stands here: it needs no database, only the party's key and its memory.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from workflow.cli.audit_cosign_host import add, ask, request
from workflow.cli.exits import REFUSED
from workflow.cli.frame import Group, leave, show
from workflow.cli.log_files import (
    MAIL,
    as_wrong_use,
    read_mail,
    read_signing_key,
    read_verifier_keys,
)

if TYPE_CHECKING:
    from workflow.log.keys import SigningKey, VerifierKey
    from workflow.log.witness import Answer, Conflict, Refused


@click.group("cosign", cls=Group, example="summit audit cosign request --witness uz.example/w1")
def cosign() -> None:
    """Let parties cosign the log: whoever did can prove a rollback or a fork."""


cosign.add_command(request)
cosign.add_command(add)
cosign.add_command(ask)


@cosign.command(example="summit audit cosign key --name uz.example/witness --out uz-witness.key")
@click.option("--name", required=True, help="Whose key: an address without https://.")
@click.option("--out", "path", type=click.Path(path_type=Path, dir_okay=False), required=True)
def key(name: str, path: Path) -> None:
    """Make a witness's key in a new file, and print the public key to give to the host.

    Whoever has the file signs as the witness: it is readable by you alone, and stays with you.
    """
    from workflow.log.note import COSIGNATURE, SigningKey  # noqa: PLC0415 - not for --help

    with as_wrong_use():
        fresh = SigningKey.generate(name, COSIGNATURE)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise click.UsageError(f"{path} exists already, and a key is never replaced.") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{fresh.text}\n")
    show({"vkey": fresh.verifier.text, "path": str(path)}, fresh.verifier.text)


@cosign.command(
    example="summit audit cosign sign request.txt --key uz-witness.key --log log.vkey > reply.txt"
)
@click.argument("request", type=MAIL)
@click.option("--key", "key_path", type=click.Path(path_type=Path, exists=True), required=True)
@click.option(
    "--log", "logs", metavar="VKEY|FILE", multiple=True, required=True, help="The log's key."
)
@click.option("--state", type=click.Path(path_type=Path), help="What was seen; KEY.seen if unsaid.")
def sign(request: Path, key_path: Path, logs: tuple[str, ...], state: Path | None) -> None:
    """Check what the host asks (REQUEST, - for stdin), and print the line to return.

    Signs only if the log has grown from the one that was signed last. What was signed is kept
    beside the key, before the line is printed: keep both files together.
    """
    from workflow.bootstrap import now  # noqa: PLC0415 - nothing loads for --help
    from workflow.log.witness import Cosigned  # noqa: PLC0415 - as above

    known = [each for text in logs for each in read_verifier_keys(text)]
    seen = state or key_path.with_name(f"{key_path.name}.seen")
    answer = _answer(read_mail(request), read_signing_key(key_path), known, seen, now())
    if not isinstance(answer, Cosigned):
        _refuse(answer)
    knew = "continues what you knew" if answer.before else "is new to you"
    message = f"The log {answer.origin} has {answer.seen.size} entries and {knew}."
    click.echo(message, err=True)
    document = {"origin": answer.origin, "size": answer.seen.size, "lines": answer.lines}
    show(document, answer.lines.rstrip("\n"))


def _answer(
    request: bytes, key: "SigningKey", logs: "list[VerifierKey]", state: Path, at: datetime
) -> "Answer":
    """Decide, and remember what was signed before anybody sees it."""
    from workflow.log.witness import Cosigned, Witness  # noqa: PLC0415 - not for --help
    from workflow.log.witness_request import parse_request  # noqa: PLC0415 - as above
    from workflow.log.witness_state import held, keep  # noqa: PLC0415 - as above

    with as_wrong_use():
        witness, asked = Witness.of(key, *logs), parse_request(request)
    with as_wrong_use(), held(state) as seen:
        answer = witness.judge(asked, seen, int(at.timestamp()))
        if isinstance(answer, Cosigned):
            keep(state, {**seen, answer.origin: answer.seen})
    return answer


def _refuse(answer: "Conflict | Refused") -> NoReturn:
    from workflow.log.witness import Conflict  # noqa: PLC0415 - nothing loads for --help

    if isinstance(answer, Conflict):
        code = "conflict"
        sentence = (
            f"Not signed: you last signed the log at {answer.size} entries, and the request begins "
            f"elsewhere. Ask the host for one from there: 'audit cosign request --from "
            f"{answer.size}'."
        )
    else:
        code, sentence = answer.ground.word, f"Not signed: {answer.sentence}."
    reasons = [{"code": code, "text": sentence}]
    show({"outcome": "refused", "reasons": reasons}, sentence)
    leave(REFUSED)
