"""Puts the demo's proposals on record as history: recorded from a source, not signed here."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert

from workflow.domain.commands import Propose
from workflow.domain.identity import JOINT_SECRETARIAT, Caller, Mandate, Via
from workflow.persistence import people
from workflow.persistence.people import PersonRow
from workflow.persistence.proposal_tables import Claim
from workflow.persistence.unit_of_work import Tx
from workflow.services.change import Work, open_change
from workflow.services.demo_files import Cells, DemoFilesError, by_language
from workflow.services.fields import make_money
from workflow.services.propose import cleaned, put_on_record

AGREE = "agree"


def add_proposals(tx: Tx, rows: Iterable[Cells], claims: Iterable[Cells]) -> None:
    """Write proposals, and for those that were agreed at a summit the day and the source.

    Raises: DemoFilesError.
    """
    caller, mandate = _recorder(tx)
    told: dict[str, list[Cells]] = {}
    for claim in claims:
        told.setdefault(claim["reference"], []).append(claim)
    for cells in rows:
        _add(tx, caller, mandate, cells)
        _add_past(tx, caller, mandate, cells, told.get(cells["reference"], []))


def _recorder(tx: Tx) -> tuple[Caller, Mandate]:
    """Find who records history: whoever holds the joint secretariat's mandate."""
    for login in people.holders(tx, JOINT_SECRETARIAT, "secretariat"):
        person = people.find_person(tx, login)
        caller = people.caller_of(tx, person, Via.IMPORT) if isinstance(person, PersonRow) else None
        if caller is not None:
            return caller, people.mandates_of(tx, caller.person_id)[0]
    raise DemoFilesError("no official of the demo is of the joint secretariat")


def _add(tx: Tx, caller: Caller, mandate: Mandate, cells: Cells) -> None:
    order = Propose(
        reference=cells["reference"],
        kind=cells["kind"],
        summit=cells["summit"],
        titles=by_language(cells, "title"),
        summaries=by_language(cells, "summary"),
        parties=tuple(_pair(each) for each in cells["parties"].split(";")),
        parent=cells["parent"] or None,
        source=cells["sources"],
    )
    outcome = put_on_record(tx, open_change(tx, caller), cleaned(order), mandate, [])
    if not outcome.granted:
        raise DemoFilesError(f"{order.reference}: {outcome.reasons}")


def _pair(text: str) -> tuple[str, str]:
    party, _, capacity = text.strip().partition(":")
    return party, capacity


def _add_past(tx: Tx, caller: Caller, mandate: Mandate, cells: Cells, claims: list[Cells]) -> None:
    change = open_change(tx, caller)
    work = change.open([cells["reference"]])[cells["reference"]]
    for claim in claims:
        values = _claim(work, claim)
        tx.connection.execute(insert(Claim).values(values))
        facts = {name: values[name] for name in ("minor_units", "currency", "meaning")}
        texts = {name: values[name] for name in ("what", "said_by", "said_where", "note")}
        change.record(
            work, "claim", mandate, facts=facts, occurred_on=values["said_on"],
            texts={name: text for name, text in texts.items() if text},
        )  # fmt: skip
    if cells["state"] == "agreed":
        change.take(
            work, work.definition.steps[AGREE], mandate,
            reason=f"Recorded from {cells['sources']}, not signed here", source=cells["sources"],
            occurred_on=date.fromisoformat(cells["agreed_on"]),
        )  # fmt: skip
    change.write()


def _claim(work: Work, cells: Cells) -> dict[str, object]:
    money = make_money(cells["amount"], cells["currency"])
    if money is None:
        raise DemoFilesError(f"{cells['reference']}: {cells['amount']} {cells['currency']}")
    return {
        "proposal_id": work.row.id,
        "what": cells["what"],
        "minor_units": money.minor_units,
        "currency": money.currency,
        "meaning": cells["meaning"],
        "said_by": cells["said_by"],
        "said_where": cells["where_said"] or None,
        "said_on": date.fromisoformat(cells["said_on"]) if cells["said_on"] else None,
        "note": cells["note"] or None,
    }
