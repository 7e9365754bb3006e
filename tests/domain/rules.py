"""Random small rules, parties and acts, for the properties that must hold of every rule."""

import json
from dataclasses import dataclass, field

from hypothesis import strategies as st

from workflow.domain.commands import Decision
from workflow.domain.decide import Case, Standings
from workflow.domain.definition import Definition, StepRule
from workflow.domain.requirement import (
    EvidenceCount,
    FieldFilled,
    Group,
    NamedSignOff,
    Part,
    Seat,
    SignOffs,
)
from workflow.domain.signing import Signer
from workflow.domain.shape import read_shape, write_shape
from workflow.domain.waits import TakingPart

ROLES = ("finance_ministry", "line_ministry", "line_ministry.transport", "line_ministry.energy")
CODES = ("UZ", "JP", "KZ", "JICA")
SORTS = {"UZ": "state", "JP": "state", "KZ": "state", "JICA": "organisation"}
CAPACITIES = ("proposer", "lead", "member", "contributor")
LABELS = dict.fromkeys(("en", "ja", "uz", "ru"), "x")

capacity_sets = st.sets(st.sampled_from(CAPACITIES), min_size=1, max_size=2)
parties = st.dictionaries(st.sampled_from(CODES), capacity_sets, min_size=1).map(
    lambda held: {code: (SORTS[code], frozenset(caps)) for code, caps in held.items()}
)
signoffs = st.builds(
    SignOffs,
    capacities=capacity_sets.map(lambda caps: tuple(sorted(caps))),
    role=st.sampled_from(ROLES),
    at_least=st.none() | st.integers(1, 3),
    sort=st.none() | st.sampled_from(("state", "organisation")),
)
named = st.builds(NamedSignOff, party=st.sampled_from(CODES), role=st.sampled_from(ROLES))
others = st.builds(EvidenceCount, st.just("report"), st.integers(1, 2), st.booleans()) | st.just(
    FieldFilled("amount")
)
groups = st.builds(
    Group,
    st.lists(signoffs | named | others, min_size=1, max_size=3).map(tuple),
    st.none() | st.sampled_from(("first", "second")),
)
rules = st.lists(signoffs | named | groups, min_size=1, max_size=3).map(
    lambda parts: Group(tuple(parts))
)
seats = st.tuples(st.sampled_from(CODES), st.sampled_from(ROLES))
acts = st.lists(st.tuples(seats, st.sampled_from(tuple(Decision))), max_size=25)


def definition_of(needs: Part, *, block_at: int | None = 1) -> Definition:
    """Make a definition whose one step needs this."""
    step = StepRule(
        name="agree", sources=frozenset({"proposed"}), to="agreed", needs=needs, labels=LABELS,
        meaning=LABELS, by=("secretariat",), objections_from=frozenset(CAPACITIES),
        block_at=block_at,
    )  # fmt: skip
    return Definition(
        kind="test", labels=LABELS, states={"proposed": LABELS, "agreed": LABELS},
        steps={"agree": step}, fields={}, material=frozenset(), meaning={},
        document=json.dumps(repr((needs, block_at))),
    )  # fmt: skip


@dataclass
class Ledger:
    """A naive proposal that remembers who holds which seat, to be compared with counts."""

    needs: Part
    parties: TakingPart
    held: dict[tuple[str, str], Decision] = field(default_factory=dict)

    def seat(self, party: str, role: str) -> Seat:
        """Give the seat as the rules see it."""
        sort, capacities = self.parties.get(party, (SORTS[party], frozenset()))
        return Seat(party, role, capacities, sort)

    def signer(self, party: str, role: str, decision: Decision) -> Signer:
        """Give the facts of one act by a person who does nothing else."""
        mine = self.held.get((party, role))
        roles = tuple(
            sorted(
                other
                for (code, other), held in self.held.items()
                if code == party and other != role and held is Decision.APPROVE
            )
        )
        return Signer(
            seat=self.seat(party, role), decision=decision, held=mine, party_roles=roles,
            gives_note=True,
        )  # fmt: skip

    def apply(self, party: str, role: str, decision: Decision) -> None:
        """Remember a granted act."""
        self.held.pop((party, role), None)
        if decision in (Decision.APPROVE, Decision.OBJECT):
            self.held[party, role] = decision

    def case(self, definition: Definition, standings: Standings) -> Case:
        """Give the case the evaluator judges."""
        return Case(definition, "proposed", read_shape(write_shape(self.parties)), standings)
