"""One is a set of one: many proposals moved at once end exactly where they end one by one."""

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests import make
from workflow.bootstrap import Runtime
from workflow.domain.commands import Decision, Sign, StepLine, TakeStep
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Outcome
from workflow.persistence.proposal_tables import Proposal, SignOff, Transition, Waiting
from workflow.services.sign import sign
from workflow.services.step import take_step

PAIRS = 24
SEED = 20_251_220
PARTIES = ("UZ", "JP", "KZ")


@pytest.fixture
def officials(runtime: Runtime) -> dict[str, Caller]:
    make.definition(
        runtime,
        agree={
            "by": ["secretariat"],
            "needs": {"signoffs": {"each": ["lead", "member"], "role": "line_ministry",
                                   "at_least": 2}},
        },
    )  # fmt: skip
    return {party: make.delegate(runtime, party=party) for party in PARTIES}


def twins(runtime: Runtime, chance: random.Random) -> list[tuple[str, str]]:
    """Make pairs of proposals with the same parties, `A-1` and `B-1`."""
    pairs = []
    for number in range(PAIRS):
        capacities = [("UZ", "lead")]
        capacities += [(p, chance.choice(("lead", "member"))) for p in PARTIES[1:]
                       if chance.random() < 0.8]  # fmt: skip
        pair = (f"A-{number}", f"B-{number}")
        for reference in pair:
            make.proposal(runtime, reference=reference, parties=capacities, public=True)
        pairs.append(pair)
    return pairs


def told(outcome: Outcome) -> tuple[object, ...]:
    """Give what both of a pair must be told alike."""
    return (outcome.reasons, outcome.state, outcome.revision, outcome.version, outcome.taken)


def stored(runtime: Runtime, reference: str) -> tuple[object, ...]:
    """Read all that is kept of a proposal, but for its names and hashes."""
    with runtime.uow.read() as tx:
        row = tx.connection.execute(
            select(
                Proposal.id, Proposal.state, Proposal.round, Proposal.version, Proposal.standing,
                Proposal.shape, Proposal.awaits_revision,
            ).where(Proposal.reference == reference)
        ).one()  # fmt: skip

        def rows(*columns: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - mapped columns
            owner = columns[0].class_.proposal_id
            return sorted(
                map(tuple, tx.connection.execute(select(*columns).where(owner == row.id)))
            )

        signed = rows(SignOff.party, SignOff.role, SignOff.decision, SignOff.round,
                      SignOff.person_id)  # fmt: skip
        moved = rows(Transition.version, Transition.step, Transition.from_state,
                     Transition.to_state)  # fmt: skip
        return (*row[1:], *signed, *moved, *rows(Waiting.party, Waiting.seats))


def both_ways(
    pairs: list[tuple[str, str]], many: Callable[[list[str]], tuple[Outcome, ...]]
) -> None:
    """Act on the first of all pairs at once, on the second one by one, and compare the answers."""
    at_once = many([first for first, _ in pairs])
    one_by_one = [many([second])[0] for _, second in pairs]
    assert [told(each) for each in at_once] == [told(each) for each in one_by_one]


def test_bulk_and_single_agree_on_random_proposals(
    runtime: Runtime, officials: dict[str, Caller]
) -> None:
    chance = random.Random(SEED)  # noqa: S311 - repeatable, not secret
    pairs = twins(runtime, chance)
    for _ in range(10):
        party = chance.choice(PARTIES)
        decision = chance.choice(tuple(Decision))
        some = chance.sample(pairs, PAIRS // 2)

        def signing(
            references: list[str], party: str = party, decision: Decision = decision
        ) -> tuple[Outcome, ...]:
            order = Sign(tuple(references), "agree", party, "line_ministry", decision, note="Why.")
            return sign(runtime, officials[party], order)

        both_ways(some, signing)

    def stepping(references: list[str]) -> tuple[Outcome, ...]:
        lines = tuple(StepLine(reference) for reference in references)
        return take_step(runtime, make.secretary(runtime), TakeStep("agree", lines))

    both_ways(pairs, stepping)
    states = {stored(runtime, first)[0] for first, _ in pairs}
    assert states == {"proposed", "agreed"}, "the sample must hold both"
    for first, second in pairs:
        assert stored(runtime, first) == stored(runtime, second)
