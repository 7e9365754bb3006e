"""Walks a proposal of the demo along its steps, with whatever the shipped definitions ask for."""

import csv
from datetime import date
from pathlib import Path

import config
from config.definitions import shipped_kinds
from config.settings import Settings
from tests import make
from tests.databases import migrated
from tests.fakes import FakeClock, FakeIds
from workflow.bootstrap import build_runtime
from workflow.domain.commands import (
    Decision,
    FieldValue,
    Money,
    Revise,
    Sign,
)
from workflow.domain.definition import Definition
from workflow.domain.identity import OPERATOR, Caller, Via
from workflow.domain.requirement import (
    EvidenceCount,
    FieldFilled,
    Leaf,
    Seat,
    leaves,
    signing_leaves,
)
from workflow.domain.verdicts import Code
from workflow.persistence import people
from workflow.queries.proposal import ProposalPage, proposal_page
from workflow.services.definitions import publish_shipped
from workflow.services.demo import Loading, load_demo
from workflow.services.demo_files import read_demo
from workflow.services.revise import revise
from workflow.services.runtime import Runtime
from workflow.services.sign import sign

DEMO = Path(config.__file__).parent / "demo"
KINDS = {name: Definition.from_mapping(mapping) for name, mapping in shipped_kinds().items()}
DESK = "secretariat.desk"
CEILING = 400
"""More acts than any walk takes."""

VALUES: dict[str, FieldValue] = {
    "text": "The Registan", "money": Money(1_500_000_000, "USD"), "date": date(2026, 2, 1),
    "integer": 2026, "url": "https://example.org/",
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    """Read one document of the demo."""
    with (DEMO / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


OFFICIALS = rows("officials")
SORTS = {row["code"]: row["sort"] for row in rows("parties")}
KIND_OF = {row["reference"]: row["kind"] for row in rows("proposals")}


def demonstrated(url: str) -> None:
    """Prepare a database with the demo, at the hour in which a test's clock starts."""
    migrated(url)
    runtime = build_runtime(Settings(database_url=url), clock=FakeClock(), ids=FakeIds())
    try:
        publish_shipped(runtime, shipped_kinds().values())
        assert load_demo(runtime, read_demo(DEMO), lambda _: None) is Loading.LOADED
    finally:
        runtime.engine.dispose()


def caller(runtime: Runtime, login: str) -> Caller:
    """Name an official as the caller of an act."""
    with runtime.uow.read() as tx:
        found = people.find_person(tx, login)
        named = people.caller_of(tx, found.id, Via.CLI) if found else None
    assert named is not None, login
    return named


def page(runtime: Runtime, reference: str) -> ProposalPage:
    """Read a proposal as the operator sees it."""
    with runtime.uow.read() as tx:
        found = proposal_page(tx, OPERATOR, reference)
    assert found is not None
    return found


def parties_of(reference: str) -> dict[str, frozenset[str]]:
    """Give each party of a proposal with its capacities."""
    (row,) = [row for row in rows("proposals") if row["reference"] == reference]
    held: dict[str, set[str]] = {}
    for each in row["parties"].split("; "):
        code, capacity = each.split(":")
        held.setdefault(code, set()).add(capacity)
    return {code: frozenset(capacities) for code, capacities in held.items()}


def official(party: str) -> str:
    """Give an official of a party who is no administrator, verifier or auditor."""
    apart = {"administrator", "verifier", "auditor"}
    return next(r["login"] for r in OFFICIALS if r["party"] == party and r["role"] not in apart)


def fill(runtime: Runtime, reference: str, kind: str, wanted: list[Leaf]) -> None:
    """Give every field a value that these parts ask for."""
    types = KINDS[kind].fields
    names = {leaf.name for leaf in wanted if isinstance(leaf, FieldFilled)}
    if names:
        values = {name: VALUES[types[name].type] for name in names}
        order = Revise(reference, fields=values)
        assert revise(runtime, caller(runtime, DESK), order).granted


def supply(runtime: Runtime, reference: str, party: str, of_type: str) -> None:
    """Supply a document for a party, and let another state's verifier verify it."""
    make.evidence(runtime, reference, caller(runtime, official(party)), party, of_type)
    states = [code for code in parties_of(reference) if SORTS[code] == "state"]
    by = next(code for code in states if code != party)
    number = len(page(runtime, reference).evidence)
    make.verified(runtime, reference, caller(runtime, f"{by.lower()}.verifier"), number, by)


def put_papers(runtime: Runtime, reference: str, wanted: list[Leaf]) -> None:
    """Supply and verify every document that these parts ask for, each party its own."""
    parties = parties_of(reference)
    states = [code for code in parties if SORTS[code] == "state"]
    for leaf in (each for each in wanted if isinstance(each, EvidenceCount)):
        suppliers = [states[0]] * leaf.count
        if leaf.capacities:
            seats = {code: Seat(code, "", held, SORTS[code]) for code, held in parties.items()}
            suppliers = [code for code, seat in seats.items() if leaf.asks(seat)]
        for party in suppliers:
            supply(runtime, reference, party, leaf.type)


def sign_all(runtime: Runtime, reference: str, kind: str, step: str) -> int:
    """Let every official sign whom the step asks, until nobody can; count the sign-offs."""
    asked = [leaf for _, leaf in signing_leaves(KINDS[kind].steps[step].needs)]
    parties, signed = parties_of(reference), 0
    waiting = [
        row for row in OFFICIALS
        if row["party"] in parties
        and any(leaf.asks(Seat(row["party"], row["role"], parties[row["party"]],
                               SORTS[row["party"]])) for leaf in asked)
    ]  # fmt: skip
    moved = True
    while moved:
        moved = False
        for row in list(waiting):
            order = Sign((reference,), step, row["party"], row["role"], Decision.APPROVE)
            (outcome,) = sign(runtime, caller(runtime, row["login"]), order)
            if outcome.granted:
                waiting.remove(row)
                moved, signed = True, signed + 1
            elif Code.STEP_NOT_OPEN in {reason.code for reason in outcome.reasons}:
                return signed
        assert signed < CEILING
    return signed


def bring(runtime: Runtime, reference: str, kind: str, step: str) -> None:
    """Give a step all it needs, and take it where nobody else does."""
    wanted = list(leaves(KINDS[kind].steps[step].needs))
    if step == "agree":
        fill(runtime, reference, kind, wanted)
    put_papers(runtime, reference, wanted)
    sign_all(runtime, reference, kind, step)
    if KINDS[kind].steps[step].by:
        make.step(runtime, reference, step, caller(runtime, DESK))


def touch(runtime: Runtime, reference: str) -> None:
    """Act on a proposal, so that what is due on it happens first."""
    make.evidence(runtime, reference, caller(runtime, "uz.foreign"), "UZ", "other")
