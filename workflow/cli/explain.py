"""`summit explain`: why a step may or may not be taken, and who can change that."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from workflow.cli import tree
from workflow.cli.dates import DAY
from workflow.cli.frame import Command, maybe_acting, reasons_of, refuse, show

if TYPE_CHECKING:
    from datetime import date

    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.queries.explain import Explanation
    from workflow.readings import Voice

NAMED = 4
"""How many of those who can cure a reason are named; `--json` names all."""


@click.command(
    cls=Command,
    example="summit explain CAJ-01 agree --as uz.foreign --if-signed UZ:foreign_ministry",
)
@click.argument("reference", metavar="REF")
@click.argument("step")
@click.option("--if-signed", metavar="PARTY:ROLE", multiple=True, help="As if this seat signed.")
@click.option(
    "--at", "on", metavar="DATE", type=DAY, help="As it will be by that day, today or later."
)
@maybe_acting
def explain(
    runtime: "Runtime",
    caller: "Caller | None",
    reference: str,
    step: str,
    if_signed: tuple[str, ...],
    on: "date | None",
) -> None:
    """Give the verdict on a step as a tree, with who can cure each part that is missing."""
    from workflow.domain.verdicts import Code  # noqa: PLC0415 - nothing loads for --help
    from workflow.domain.verdicts import refuse as reason  # noqa: PLC0415 - as above
    from workflow.messages import sentence  # noqa: PLC0415 - as above
    from workflow.persistence.people import viewer_for  # noqa: PLC0415 - as above
    from workflow.queries.explain import explain_step  # noqa: PLC0415 - as above
    from workflow.queries.shapes import explanation_json  # noqa: PLC0415 - as above
    from workflow.readings import read_node  # noqa: PLC0415 - as above

    seats = tuple(_seat(text) for text in if_signed)
    if on is not None and on < runtime.clock().date():
        raise click.UsageError(f"{on} has passed: --at looks at today or a later day.")
    with runtime.uow.read() as tx:
        found = explain_step(tx, viewer_for(tx, caller), reference, step, seats, on)
    if found is None:
        refuse([reason(Code.NOT_FOUND, reference=reference[:80])])
    not_signed = [
        {"seat": ":".join(seat), "reasons": reasons_of(reasons)}
        for seat, reasons in found.not_signed
    ]
    voice = tree.voice_of(runtime, found.definition)
    document = explanation_json(found, sentence, lambda node: voice.say(read_node(node)))
    show(document | {"not_signed": not_signed}, _lines(found, voice))


def _seat(text: str) -> tuple[str, str]:
    party, colon, role = text.partition(":")
    if not (party and colon and role):
        raise click.UsageError(f"{text!r} is not a seat: write it as UZ:finance_ministry.")
    return party, role


def _lines(found: "Explanation", voice: "Voice") -> Iterator[str]:
    yield f"{found.reference} {found.step}: {'granted' if found.granted else 'refused'}"
    written = reasons_of(each.refusal for each in found.reasons)
    for text, reason in zip(written, found.reasons, strict=True):
        yield f"  {text['text']}{tree.first_of(reason.who_can_cure, NAMED)}"
    yield from tree.as_lines(found.told, voice, NAMED)
    for seat, reasons in found.not_signed:
        texts = " ".join(each["text"] for each in reasons_of(reasons))
        yield f"{':'.join(seat)} could not sign: {texts}"
