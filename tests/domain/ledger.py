"""A naive proposal that remembers who did what, to be compared with the evaluator's counts."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from tests.domain.rules import SORTS
from workflow.domain.commands import Decision
from workflow.domain.deadlines import Day
from workflow.domain.decide import Case
from workflow.domain.definition import Definition, StepRule
from workflow.domain.requirement import NamedSignOff, Seat, SignOffs, leaves, role_covers
from workflow.domain.shape import read_shape, write_shape
from workflow.domain.signing import Signer
from workflow.domain.standing import Gathered, StepStanding, count_step
from workflow.domain.waits import TakingPart

Office = tuple[str, str]
APPROVALS = (Decision.APPROVE, Decision.RESERVE, Decision.CONFIRM)
DAY = date(2026, 5, 1)


@dataclass(frozen=True)
class Held:
    """What stands on a seat, and whose it is."""

    decision: Decision
    person: int = 0
    weighs: bool = True
    on_paper: bool = False
    """It waits for somebody of the party to confirm it."""


@dataclass
class Ledger:
    """A proposal in the state proposed, under a definition of one step."""

    definition: Definition
    parties: TakingPart
    held: dict[Office, Held] = field(default_factory=dict)
    documents: list[tuple[str, bool, str]] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    children: Counter[str] = field(default_factory=Counter)
    passed: set[int] = field(default_factory=set)
    """Numbers of the leaves whose day has come."""
    counted: StepStanding | None = None
    """The standing as the evaluator moved it, act by act."""

    @property
    def step(self) -> StepRule:
        """Give the one step."""
        return self.definition.steps["agree"]

    @property
    def case(self) -> Case:
        """Give the case the evaluator judges."""
        days = {
            ("agree", number): Day(DAY, number in self.passed)
            for number, _ in enumerate(leaves(self.step.needs))
        }
        shape = read_shape(write_shape(self.parties, self.children.total()))
        standings = {"agree": self.counted} if self.counted else {}
        return Case(self.definition, "proposed", shape, standings, days=days)

    def seat(self, party: str, role: str) -> Seat:
        """Give a seat as the rules see it."""
        sort, capacities = self.parties.get(party, (SORTS[party], frozenset()))
        return Seat(party, role, capacities, sort)

    def signer(self, office: Office, decision: Decision, person: int) -> Signer:
        """Give the facts of one act by a person who holds every seat, and gives a note."""
        mine = self.held.get(office)
        others = {at: held for at, held in self.held.items() if at != office and held.weighs}
        maker = mine.person if mine and mine.on_paper and decision is Decision.CONFIRM else person
        return Signer(
            seat=self.seat(*office),
            decision=decision,
            signed_other_seat=any(
                held.person == maker and self.counts(at, held.decision)
                for at, held in others.items()
            ),
            held=mine.decision if mine else None,
            held_is_theirs=mine is None or mine.person == person,
            held_weighs=mine is None or mine.weighs,
            held_awaits_confirmation=mine is not None and mine.on_paper,
            party_answers=tuple(
                sorted((role, held.decision) for (party, role), held in others.items()
                       if party == office[0])
            ),
            gives_note=True,
        )  # fmt: skip

    def counts(self, office: Office, decision: Decision) -> bool:
        """Say whether a decision of a seat is one of those of which a person has one."""
        return decision in APPROVALS or (
            decision is Decision.ABSTAIN
            and any(
                leaf.abstentions_count and self.asks(leaf, office) and self.is_counted(leaf, office)
                for leaf in leaves(self.step.needs)
                if isinstance(leaf, SignOffs | NamedSignOff)
            )
        )

    def asks(self, leaf: SignOffs | NamedSignOff, office: Office) -> bool:
        """Say, as a person would, whether a leaf asks a seat."""
        sort, capacities = self.parties.get(office[0], ("", frozenset()))
        if not role_covers(leaf.role, office[1]):
            return False
        if isinstance(leaf, NamedSignOff):
            return leaf.party == office[0] and bool(capacities - {"observer"})
        return bool(capacities & set(leaf.capacities)) and leaf.sort in (None, sort)

    def is_counted(self, leaf: SignOffs | NamedSignOff, office: Office) -> bool:
        """Say whether a party that a leaf asks counts there."""
        wanted = leaf.counting if isinstance(leaf, SignOffs) else None
        return wanted in (None, self.parties[office[0]][0])

    def recount(self) -> StepStanding:
        """Count what there is from the beginning."""
        return count_step(
            "agree",
            self.step.needs,
            Gathered(
                tuple(("agree", self.seat(*at), held.decision)
                      for at, held in self.held.items() if held.weighs),
                tuple((kind, ok, self.seat(party, "")) for kind, ok, party in self.documents),
                frozenset(self.fields),
                self.children,
            ),
            self.step.objections_from,
        )  # fmt: skip
