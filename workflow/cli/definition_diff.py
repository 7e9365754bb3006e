"""`summit definitions diff`: what has changed between two definitions, in rules, not lines."""

import click

from workflow.cli.definition_files import SOURCE, definition_of
from workflow.cli.frame import Command, show


@click.command(
    "diff", cls=Command, example="summit definitions diff treaty@1 config/workflows/treaty.yaml"
)
@click.argument("before", metavar=SOURCE)
@click.argument("after", metavar=SOURCE)
def diff_command(before: str, after: str) -> None:
    """Say which rules differ between two files, kinds or editions; labels come last."""
    from workflow.cli.definition_changes import change_text, value_text  # noqa: PLC0415 - not for --help
    from workflow.domain.compare import compare  # noqa: PLC0415 - as above

    changes = compare(definition_of(before), definition_of(after))
    document = [
        {
            "step": each.step or None,
            "change": each.change.value,
            "before": value_text(each.before),
            "after": value_text(each.after),
            "about": value_text(each.about) or None,
            "text": change_text(each),
        }
        for each in changes
    ]
    show(document, [str(each["text"]) for each in document] or "They say the same.")
