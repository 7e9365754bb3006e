"""`summit proposals evidence`: the documents that show what was done."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from workflow.cli.dates import DAY
from workflow.cli.frame import Group, acting, tell

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group(
    cls=Group, example="summit proposals evidence verify CAJ-01 1 --party UZ --as uz.verifier"
)
def evidence() -> None:
    """Supply and verify documents."""


@evidence.command(
    example="summit proposals evidence add CAJ-01 --type founding_memorandum --title Charter"
    " --dated-on 2026-05-01 --file charter.pdf --party UZ --as uz.finance"
)
@click.argument("reference", metavar="REF")
@click.option("--type", "of_type", required=True, help="A type the proposal's rules ask for.")
@click.option("--title", required=True, help="What the document is called.")
@click.option("--dated-on", type=DAY, required=True, help="The day on the document.")
@click.option("--party", metavar="CODE", required=True, help="Which party supplies it.")
@click.option("--file", type=_FILE, help="The document; PDF, PNG, JPEG, TXT or CSV.")
@click.option("--link", help="Or its address; shown, never fetched.")
@click.option("--key", help="Asking again with the same key supplies it once.")
@acting
def add(
    runtime: "Runtime",
    caller: "Caller",
    reference: str,
    of_type: str,
    title: str,
    dated_on: date,
    party: str,
    file: Path | None,
    link: str | None,
    key: str | None,
) -> None:
    """Supply a document in the name of your party."""
    from workflow.domain.commands import AddEvidence  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.evidence import add_evidence  # noqa: PLC0415 - as above

    if (file is None) == (link is None):
        raise click.UsageError("Give the document with --file, or its address with --link.")
    order = AddEvidence(
        reference, of_type, title, dated_on, party,
        file_name=file.name if file else None,
        content=file.read_bytes() if file else None,
        link=link,
        idempotency_key=key,
    )  # fmt: skip
    tell(add_evidence(runtime, caller, order))


@evidence.command(example="summit proposals evidence verify CAJ-01 1 --party JP --as jp.verifier")
@click.argument("reference", metavar="REF")
@click.argument("number", type=click.IntRange(1))
@click.option("--party", metavar="CODE", required=True, help="For which party you verify.")
@click.option("--key", help="Asking again with the same key verifies once.")
@acting
def verify(
    runtime: "Runtime", caller: "Caller", reference: str, number: int, party: str, key: str | None
) -> None:
    """Confirm that a document shows what it says; not by whoever supplied it."""
    from workflow.domain.commands import VerifyEvidence  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.evidence import verify_evidence  # noqa: PLC0415 - as above

    tell(verify_evidence(runtime, caller, VerifyEvidence(reference, number, party, key)))
