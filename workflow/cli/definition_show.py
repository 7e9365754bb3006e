"""`summit definitions show`: the rules of a kind, written for people or for other programs."""

from functools import partial
from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Command, granted, reading, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from workflow.bootstrap import Runtime
    from workflow.domain.definition import Definition
    from workflow.queries.editions import Edition

    Write = Callable[[Definition, str, str | None], str]

_DRAWN = ("mermaid", "dot", "svg", "scxml")
_LANGUAGES = ("en", "ja", "uz", "ru")


@click.command(
    "show",
    cls=Command,
    example="summit definitions show treaty --format svg --state agreed --lang ja > treaty.svg",
)
@click.argument("kind")
@click.option(
    "--format",
    "form",
    type=click.Choice(("yaml", "text", *_DRAWN)),
    default="yaml",
    help="As published, in plain English, or drawn.",
)
@click.option("--state", metavar="STATE", help="The state to highlight in a drawing.")
@click.option("--lang", type=click.Choice(_LANGUAGES), default="en", help="A drawing's language.")
@click.option("--edition", type=click.IntRange(1), metavar="N", help="Which edition; the newest.")
@reading
def show_definition(
    runtime: "Runtime", kind: str, form: str, state: str | None, lang: str, edition: int | None
) -> None:
    """Show an edition of a kind: as published, with all it extends written out, told, or drawn."""
    from workflow.queries.editions import find_edition  # noqa: PLC0415 - nothing loads for --help

    with runtime.uow.read() as tx:
        found = granted(find_edition(tx, kind, edition))
    if form in ("yaml", "text"):
        (_show_rules if form == "yaml" else partial(_show_words, runtime))(found)
        return
    if state is not None and state not in found.definition.states:
        known = ", ".join(found.definition.states)
        raise click.BadParameter(f"{kind} has no such state; it has {known}.", param_hint="--state")
    text = _writer(form)(found.definition, lang, state)
    document = {"kind": found.definition.kind, "edition": found.number}
    facts = {"digest": found.definition.digest, "format": form, "language": lang, "text": text}
    show(document | facts, text.rstrip("\n"))


def _show_rules(found: "Edition") -> None:
    import json  # noqa: PLC0415 - nothing loads for --help

    from config.definition_text import write_yaml  # noqa: PLC0415 - as above

    made, rules = found.definition, json.loads(found.definition.document)
    document = {"kind": made.kind, "edition": found.number, "digest": made.digest}
    lines = [f"# edition {found.number}, {made.digest}", write_yaml(rules).rstrip()]
    show({**document, "definition": rules}, lines)


def _show_words(runtime: "Runtime", found: "Edition") -> None:
    from workflow.cli.tree import voice_of  # noqa: PLC0415 - nothing loads for --help
    from workflow.readings import read_step  # noqa: PLC0415 - as above

    made = found.definition
    voice = voice_of(runtime, made)
    said = {name: read_step(step, made, voice) for name, step in made.steps.items()}
    document = {"kind": made.kind, "edition": found.number, "digest": made.digest, "steps": said}
    show(document, "\n\n".join(said.values()))


def _writer(form: str) -> "Write":
    from workflow.export.definition_dot import write_dot  # noqa: PLC0415 - nothing loads for --help
    from workflow.export.definition_mermaid import write_mermaid  # noqa: PLC0415 - as above
    from workflow.export.definition_scxml import write_scxml  # noqa: PLC0415 - as above
    from workflow.export.definition_svg import write_svg  # noqa: PLC0415 - as above

    writers: dict[str, Write] = {
        "mermaid": write_mermaid, "dot": write_dot, "svg": write_svg, "scxml": write_scxml,
    }  # fmt: skip
    return writers[form]
