"""`summit proposals`: list, show, propose, revise, import, and their evidence."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from workflow.cli.evidence import evidence
from workflow.cli.frame import Group, maybe_acting, refuse, show
from workflow.cli.output import one_line, table
from workflow.cli.proposing import import_proposals, propose, revise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.queries.cards import Card
    from workflow.queries.proposal import ProposalPage
    from workflow.queries.records import SignOffView


_COMING = {
    "silence": "the last day to object to",
    "date": "the day that is awaited for",
    "effect": "the day of effect of",
}
"""What each sort of deadline is, on a terminal."""


@click.group(cls=Group, example="summit proposals list --state agreed")
def proposals() -> None:
    """List, show, import, propose and revise proposals."""


for _command in (propose, revise, import_proposals, evidence):
    proposals.add_command(_command)


@proposals.command("list", example="summit proposals list --kind forum --party UZ --json")
@click.option("--state", help="Only those in this state.")
@click.option("--kind", help="Only those of this kind.")
@click.option("--summit", metavar="CODE", help="Only those of this summit.")
@click.option("--party", metavar="CODE", help="Only those in which this party takes part.")
@click.option("--text", help="Only those whose title or reference holds this text.")
@maybe_acting
def list_proposals(
    runtime: "Runtime",
    caller: "Caller | None",
    /,
    **filters: Any,  # noqa: ANN401 - the options
) -> None:
    """List proposals, the latest change first; with --as, those this person may see."""
    from workflow.queries.shapes import card_json  # noqa: PLC0415 - nothing loads for --help

    cards = list(_walk(runtime, caller, filters))
    rows = [
        (each.reference, each.kind, each.state, each.revision, each.version, _title(each))
        for each in cards
    ]
    headings = ("reference", "kind", "state", "revision", "version", "title")
    show([card_json(each) for each in cards], table(headings, rows))


@proposals.command("show", example="summit proposals show CAJ-01 --json")
@click.argument("reference", metavar="REF")
@maybe_acting
def show_proposal(runtime: "Runtime", caller: "Caller | None", reference: str) -> None:
    """Show all that is on record of a proposal, with its steps and its history."""
    from workflow.domain.verdicts import Code  # noqa: PLC0415 - nothing loads for --help
    from workflow.domain.verdicts import refuse as reason  # noqa: PLC0415 - as above
    from workflow.messages import sentence  # noqa: PLC0415 - as above
    from workflow.persistence.people import viewer_for  # noqa: PLC0415 - as above
    from workflow.queries.proposal import proposal_page  # noqa: PLC0415 - as above
    from workflow.queries.shapes import page_json  # noqa: PLC0415 - as above

    with runtime.uow.read() as tx:
        page = proposal_page(tx, viewer_for(tx, caller), reference)
    if page is None:
        refuse([reason(Code.NOT_FOUND, reference=reference[:80])])
    show(page_json(page, sentence), _told(page))


def _walk(runtime: "Runtime", caller: "Caller | None", filters: dict[str, Any]) -> "Iterator[Card]":
    from workflow.persistence.people import viewer_for  # noqa: PLC0415 - nothing loads for --help
    from workflow.queries.paging import MOST_ON_A_PAGE  # noqa: PLC0415 - as above
    from workflow.queries.portfolio import Filters, portfolio  # noqa: PLC0415 - as above

    wanted = replace(Filters(), **filters)
    after: str | None = None
    with runtime.uow.read() as tx:
        viewer = viewer_for(tx, caller)
        while True:
            page = portfolio(tx, viewer, wanted, after, MOST_ON_A_PAGE)
            yield from page.rows
            after = page.next
            if after is None:
                return


def _on_paper(signoff: "SignOffView") -> str:
    confirmed = f"confirmed by {signoff.confirmed_by}" if signoff.confirmed_by else "not confirmed"
    return f"on paper of {signoff.occurred_on}, {confirmed}"


def _title(card: "Card") -> str:
    return card.titles.get("en") or next(iter(card.titles.values()), "")


def _told(page: "ProposalPage") -> "Iterator[str]":
    yield f"{page.reference} ({page.kind}, {page.summit}): {one_line(_title(page))}"
    yield f"{page.state}, revision {page.revision}, version {page.version}"
    yield "Parties: " + ", ".join(f"{code} ({', '.join(held)})" for code, held in page.parties)
    for each in page.evidence:
        verified = f"verified for {each.verified_party}" if each.verified_party else "not verified"
        yield f"Evidence {each.number}: {each.type}, {one_line(each.title)}, {verified}"
    for signoff in page.signoffs:
        ended = f" (ended: {signoff.ended_because})" if signoff.ended_because else ""
        who = f"{signoff.party} {signoff.role}, {signoff.person or 'not known'}"
        who += f" for {signoff.holder}" if signoff.holder else ""
        who += f" ({_on_paper(signoff)})" if signoff.recorded_by else ""
        yield f"{signoff.step}: {signoff.decision} by {who}{ended}"
    for step in page.steps:
        yield f"Step {step.name} to {step.to}: {'may be taken' if step.granted else 'not yet'}"
    for ahead in page.deadlines:
        yield f"{ahead.due_on} ({ahead.place}): {_COMING[ahead.what]} {ahead.step}"
    for event in page.history:
        said = " ".join(filter(None, (event.step, event.decision, event.to_state)))
        day = event.occurred_on or (event.occurred_at or event.at).date()
        who = event.actor_name or ""
        who += f" for {event.holder_name}" if event.holder_name else ""
        who = f"recorded by {who}" if event.source else who
        odd = f" (irregular: {', '.join(event.irregular)})" if event.irregular else ""
        yield f"{event.sequence:>4}  {day}  {event.kind} {said}  {who}{odd}".rstrip()
