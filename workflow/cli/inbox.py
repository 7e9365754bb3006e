"""`summit inbox`: what waits for a person."""

from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Command, acting, show
from workflow.cli.output import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.queries.inbox import InboxItem


@click.command(cls=Command, example="summit inbox --as uz.foreign --json")
@acting
def inbox(runtime: "Runtime", caller: "Caller") -> None:
    """List what waits for a person, longest waiting first."""
    from workflow.queries.shapes import inbox_json  # noqa: PLC0415 - nothing loads for --help

    items = list(_walk(runtime, caller))
    rows = [
        (each.reference, each.step, each.party, each.role, each.revision, each.due or "")
        for each in items
    ]
    headings = ("reference", "step", "party", "role", "revision", "due")
    show(inbox_json(items), table(headings, rows) if rows else "Nothing waits.")


def _walk(runtime: "Runtime", caller: "Caller") -> "Iterator[InboxItem]":
    from workflow.persistence.people import viewer_of  # noqa: PLC0415 - nothing loads for --help
    from workflow.queries.inbox import inbox as read_inbox  # noqa: PLC0415 - as above

    after: str | None = None
    with runtime.uow.read() as tx:
        viewer = viewer_of(tx, caller)
        while True:
            page = read_inbox(tx, viewer, after)
            yield from page.rows
            after = page.next
            if after is None:
                return
