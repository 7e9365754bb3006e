"""`summit explain`: why a step may or may not be taken, and who can change that."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from workflow.cli import tree
from workflow.cli.frame import Command, maybe_acting, reasons_of, refuse, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.queries.explain import Explanation


@click.command(
    cls=Command,
    example="summit explain CAJ-01 agree --as uz.foreign --if-signed UZ:foreign_ministry",
)
@click.argument("reference", metavar="REF")
@click.argument("step")
@click.option("--if-signed", metavar="PARTY:ROLE", multiple=True, help="As if this seat signed.")
@maybe_acting
def explain(
    runtime: "Runtime",
    caller: "Caller | None",
    reference: str,
    step: str,
    if_signed: tuple[str, ...],
) -> None:
    """Give the verdict on a step as a tree, with who can cure each reason against it."""
    from workflow.domain.identity import OPERATOR  # noqa: PLC0415 - nothing loads for --help
    from workflow.domain.verdicts import Code  # noqa: PLC0415 - as above
    from workflow.domain.verdicts import refuse as reason  # noqa: PLC0415 - as above
    from workflow.persistence.people import viewer_of  # noqa: PLC0415 - as above
    from workflow.queries.explain import explain_step  # noqa: PLC0415 - as above

    seats = tuple(_seat(text) for text in if_signed)
    with runtime.uow.read() as tx:
        viewer = viewer_of(tx, caller) if caller is not None else OPERATOR
        found = explain_step(tx, viewer, reference, step, seats)
    if found is None:
        refuse([reason(Code.NOT_FOUND, reference=reference[:80])])
    document = {
        "reference": found.reference,
        "step": found.step,
        "granted": found.granted,
        "reasons": _reasons(found),
        "tree": tree.as_json(found.tree),
        "not_signed": [
            {"seat": ":".join(seat), "reasons": reasons_of(reasons)}
            for seat, reasons in found.not_signed
        ],
    }
    show(document, _lines(found))


def _seat(text: str) -> tuple[str, str]:
    party, colon, role = text.partition(":")
    if not (party and colon and role):
        raise click.UsageError(f"{text!r} is not a seat: write it as UZ:finance_ministry.")
    return party, role


def _reasons(found: "Explanation") -> list[dict[str, object]]:
    written = reasons_of(each.refusal for each in found.reasons)
    return [
        {**text, "who_can_cure": list(each.who_can_cure)}
        for text, each in zip(written, found.reasons, strict=True)
    ]


def _lines(found: "Explanation") -> Iterator[str]:
    yield f"{found.reference} {found.step}: {'granted' if found.granted else 'refused'}"
    for reason in _reasons(found):
        cures = reason["who_can_cure"]
        names = f" ({', '.join(cures)})" if isinstance(cures, list) and cures else ""
        yield f"  {reason['text']}{names}"
    yield from tree.as_lines(found.tree)
    for seat, reasons in found.not_signed:
        texts = " ".join(each["text"] for each in reasons_of(reasons))
        yield f"{':'.join(seat)} could not sign: {texts}"
