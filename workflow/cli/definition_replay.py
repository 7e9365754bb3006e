"""`summit definitions replay`: other rules over the recorded history of their kind."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.exits import REFUSED
from workflow.cli.frame import Command, leave, reading, reasons_of, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.services.replaying import Difference


@click.command("replay", cls=Command, example="summit definitions replay my-fund.yaml")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reading
def replay_command(runtime: "Runtime", file: Path) -> None:
    """List the decisions on record that a new version of their rules would have made otherwise.

    Nothing is changed. Each sign-off and step of every proposal of the kind is judged again as it
    stood then; a step that the new rules would have taken by itself is listed as well.
    """
    from workflow.cli.definition_lint import judge_file, told  # noqa: PLC0415 - not for --help
    from workflow.services.replay import replay  # noqa: PLC0415 - as above

    judged = judge_file(file)
    made = judged.definition
    if made is None:
        show(judged.document, told(judged))
        leave(REFUSED)
    found = list(replay(runtime, made))
    document = {"kind": made.kind, "digest": made.digest, "differences": [_line(e) for e in found]}
    lines = [_told(each) for each in found]
    number = "1 decision" if len(found) == 1 else f"{len(found)} decisions"
    show(document, [*lines, f"{number} would have differed."])


def _line(each: "Difference") -> dict[str, Any]:
    return {
        "reference": each.reference,
        "entry": each.sequence,
        "at": each.at,
        "act": each.act,
        "step": each.step,
        "to": each.to,
        "reasons": reasons_of(each.reasons),
    }


def _told(each: "Difference") -> str:
    place = f"{each.reference} #{each.sequence}, {each.at[:10]}"
    if each.act == "by-itself":
        return f"{place}: {each.step} would have followed by itself, to {each.to}."
    why = " ".join(reason["text"] for reason in reasons_of(each.reasons))
    act = "a sign-off for" if each.act == "sign" else "the step"
    return f"{place}: {act} {each.step} would have been refused. {why}"
