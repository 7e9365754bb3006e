"""`summit proposals propose`, `revise` and `import`: what puts texts on record."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.frame import Command, acting, refuse, show, tell
from workflow.cli.rows import rows_granted
from workflow.cli.table_files import table_content, table_options
from workflow.cli.written import FIELD, PARTY, TITLE, by_name, pairs

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def _text_options(command: click.decorators.FC) -> click.decorators.FC:
    for option in (
        click.option("--key", help="Asking again with the same key acts once."),
        click.option("--field", "fields", metavar="NAME=VALUE", multiple=True, help="Repeatable."),
        click.option(
            "--party", "parties", metavar="CODE:CAPACITY", multiple=True, help="As above."
        ),
        click.option(
            "--summary", "summaries", metavar="LANG=TEXT", multiple=True, help="As above."
        ),
        click.option("--title", "titles", metavar="LANG=TEXT", multiple=True, help="Repeatable."),
    ):
        command = option(command)
    return command


@click.command(
    cls=Command,
    example="summit proposals propose X-1 --kind forum --summit CAJ-2025 --title 'en=A forum'"
    " --party UZ:lead --party JP:member --as uz.foreign",
)
@click.argument("reference", metavar="REF")
@click.option("--kind", required=True, help="Which rules it follows.")
@click.option("--summit", metavar="CODE", required=True, help="Which summit it came from.")
@click.option("--parent", metavar="REF", help="The proposal it is part of.")
@click.option("--public", is_flag=True, help="Everybody may see it.")
@click.option("--source", help="Where it is written.")
@_text_options
@acting
def propose(
    runtime: "Runtime", caller: "Caller", /, reference: str, kind: str, **asked: Any  # noqa: ANN401 - the options
) -> None:  # fmt: skip
    """Put a proposal on record in the state proposed."""
    from workflow.domain.commands import Propose  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.propose import propose as do_propose  # noqa: PLC0415 - as above
    from workflow.services.typed_fields import fields_of_kind  # noqa: PLC0415 - as above

    fields = fields_of_kind(runtime, kind, by_name(asked["fields"], FIELD))
    if isinstance(fields, list):
        refuse(fields)
    order = Propose(
        reference=reference,
        kind=kind,
        summit=asked["summit"],
        titles=by_name(asked["titles"], TITLE),
        summaries=by_name(asked["summaries"], TITLE),
        parties=tuple(pairs(asked["parties"], ":", PARTY)),
        fields=fields,
        parent=asked["parent"],
        public=asked["public"],
        source=asked["source"],
        idempotency_key=asked["key"],
    )
    tell(do_propose(runtime, caller, order))


@click.command(
    cls=Command,
    example="summit proposals revise CAJ-01 --field 'amount=500000000 USD' --as uz.foreign",
)
@click.argument("reference", metavar="REF")
@click.option("--reason", help="Why.")
@click.option("--revision", type=click.IntRange(1), help="The revision you read; else the present.")
@_text_options
@acting
def revise(runtime: "Runtime", caller: "Caller", /, reference: str, **asked: Any) -> None:  # noqa: ANN401 - the options
    """Change texts, parties (all of them anew) or fields; a material change voids sign-offs."""
    from workflow.domain.commands import Revise  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.revise import revise as do_revise  # noqa: PLC0415 - as above
    from workflow.services.typed_fields import fields_of_proposal  # noqa: PLC0415 - as above

    fields = fields_of_proposal(runtime, caller, reference, by_name(asked["fields"], FIELD))
    if isinstance(fields, list):
        refuse(fields)
    order = Revise(
        reference=reference,
        titles=by_name(asked["titles"], TITLE) or None,
        summaries=by_name(asked["summaries"], TITLE) or None,
        parties=tuple(pairs(asked["parties"], ":", PARTY)) or None,
        fields=fields or None,
        reason=asked["reason"],
        revision=asked["revision"],
        idempotency_key=asked["key"],
    )
    tell(do_revise(runtime, caller, order))


@click.command(
    "import", cls=Command, example="summit proposals import new.csv --as secretariat.desk"
)
@click.argument("file", type=_FILE)
@table_options
@acting
def import_proposals(
    runtime: "Runtime", caller: "Caller", file: Path, encoding: str | None, delimiter: str | None
) -> None:
    """Put every row of a CSV or XLSX file on record, or none and say why.

    Columns: reference, kind, summit, parties (UZ:lead; JP:member), title_en; and where wanted
    title_ja ..., summary_en ..., parent, public, source, fields (amount=1200 USD; venue=Tokyo).
    """
    from workflow.services.propose_many import propose_many  # noqa: PLC0415 - not for --help

    content = table_content(file)
    done = rows_granted(propose_many(runtime, caller, content, encoding, delimiter))
    document = {"imported": len(done.references), "references": list(done.references)}
    show(document, f"{len(done.references)} proposals are on record.")
