"""Random acts, each on some of a world's proposals, and how one of them is carried out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeAlias

from tests.parity.random_rules import ROLES
from tests.parity.world import PARTIES, World
from workflow.domain.commands import (
    AddEvidence,
    Decision,
    FieldValue,
    Money,
    RecordPaper,
    Revise,
    Sign,
    StepLine,
    TakeStep,
    VerifyEvidence,
)
from workflow.domain.deadlines import local_day
from workflow.domain.definition import Definition
from workflow.domain.requirement import (
    EvidenceCount,
    NamedSignOff,
    SignOffs,
    Silence,
    leaves,
)
from workflow.domain.verdicts import Outcome
from workflow.services.bulk import apply_plan, plan_steps
from workflow.services.bulk_plan import GRANTED, PlanLine, read_plan, write_plan
from workflow.services.evidence import add_evidence, verify_evidence
from workflow.services.paper import record_paper
from workflow.services.revise import revise
from workflow.services.sign import sign
from workflow.services.step import take_step


@dataclass(frozen=True)
class Told:
    """What an answer says, as far as bulk and single must say it alike."""

    codes: tuple[str, ...]
    stands: tuple[object, ...] = ()
    """The state, the revision and the version, where the answer tells them."""
    taken: tuple[str, ...] = ()


def told(outcome: Outcome) -> Told:
    """Give the whole answer but for names and hashes."""
    return Told(
        tuple(str(each.code) for each in outcome.reasons),
        (outcome.reasons, outcome.state, outcome.revision, outcome.version),
        outcome.taken,
    )


@dataclass(frozen=True)
class Signs:
    """Somebody signs for a seat of every proposal."""

    step: str
    party: str
    role: str
    person: int
    decision: Decision

    def on(self, world: World, references: Sequence[str]) -> list[Told]:
        """Sign them at once."""
        caller = world.official(self.party, self.role, self.person)
        order = Sign(
            tuple(references), self.step, self.party, self.role, self.decision, note="Why."
        )
        return [told(each) for each in sign(world.runtime, caller, order)]


@dataclass(frozen=True)
class Takes:
    """The secretary takes a step, of all that a plan allows or just so."""

    step: str
    planned: bool

    def on(self, world: World, references: Sequence[str]) -> list[Told]:
        """Take it for all at once."""
        if self.planned:
            return self._planned(world, references)
        lines = tuple(StepLine(each, reason="So be it.") for each in references)
        outcomes = take_step(world.runtime, world.secretary, TakeStep(self.step, lines))
        return [Told(told(each).codes) for each in outcomes]

    def _planned(self, world: World, references: Sequence[str]) -> list[Told]:
        lines = [
            PlanLine(self.step, StepLine(each, reason="So be it."), GRANTED) for each in references
        ]
        made = plan_steps(world.runtime, world.secretary, lines, self.step)
        plan = read_plan("".join(write_plan(made)))
        report = apply_plan(world.runtime, world.secretary, plan)  # type: ignore[arg-type] # a plan that was just written is read back
        found = {each.reference: Told(each.reasons) for each in report.lines}
        return [found[each] for each in references]


@dataclass(frozen=True)
class Supplies:
    """An official supplies a document, or a verifier looks at the first one."""

    party: str
    verifies: bool

    def on(self, world: World, references: Sequence[str]) -> list[Told]:
        """Do it for each."""
        return [told(self._once(world, each)) for each in references]

    def _once(self, world: World, reference: str) -> Outcome:
        if self.verifies:
            verifier = world.official(self.party, "verifier", 0)
            return verify_evidence(
                world.runtime, verifier, VerifyEvidence(reference, 1, self.party)
            )
        caller = world.official(self.party, "line_ministry", 0)
        order = AddEvidence(
            reference, "report", "The report", date(2026, 1, 2), self.party,
            link="https://example.org/r",
        )  # fmt: skip
        return add_evidence(world.runtime, caller, order)


@dataclass(frozen=True)
class Revises:
    """An official changes a field; an amount is material, a venue and a day are not."""

    party: str
    field: str
    number: int

    def on(self, world: World, references: Sequence[str]) -> list[Told]:
        """Do it for each."""
        values: dict[str, FieldValue] = {
            "amount": Money(100 + self.number, "USD"),
            "venue": f"Hall {self.number}",
            "opening": date(2026, 1, 6 + self.number),
        }
        caller = world.official(self.party, "line_ministry", 0)
        return [
            told(
                revise(world.runtime, caller, Revise(each, fields={self.field: values[self.field]}))
            )
            for each in references
        ]


@dataclass(frozen=True)
class Records:
    """The secretary records what somebody signed on paper some days ago."""

    step: str
    party: str
    role: str
    person: int
    decision: Decision
    days: int

    def on(self, world: World, references: Sequence[str]) -> list[Told]:
        """Do it for each."""
        maker = world.official(self.party, self.role, self.person)
        day = local_day(world.clock() - timedelta(days=self.days), "Asia/Tokyo")
        orders = (
            RecordPaper(
                reference=each, step=self.step, party=self.party, role=self.role,
                login=maker.login, occurred_on=day, file_name="note.pdf", content=_NOTE,
                decision=self.decision, note="Why.",
            )
            for each in references
        )  # fmt: skip
        return [told(record_paper(world.runtime, world.secretary, each)) for each in orders]


@dataclass(frozen=True)
class Passes:
    """Time passes; due work is done or left to the acts that follow."""

    hours: int
    works: bool


Act: TypeAlias = Signs | Takes | Supplies | Revises | Records

_NOTE = b"%PDF-1.7 a note"

_DECISIONS = (
    *(Decision.APPROVE,) * 14, Decision.RESERVE, Decision.AD_REFERENDUM, Decision.CONFIRM,
    Decision.CONFIRM, Decision.ABSTAIN, Decision.OBJECT, Decision.WITHDRAW, Decision.LIFT,
)  # fmt: skip


def random_act(chance: Random, definition: Definition) -> Act | Passes:
    """Make an act that the definition may want, or let time pass."""
    luck = chance.random()
    if luck < 0.14:
        return Passes(chance.randint(1, 30), chance.random() < 0.7)
    if luck < 0.24:
        by_hand = [name for name, step in definition.steps.items() if step.by]
        steps = [name for name in by_hand if name in ("agree", "implement")]
        return Takes(chance.choice([*steps * 8, *by_hand, "agree"]), chance.random() < 0.5)
    party = chance.choice(("UZ", *PARTIES))
    if luck < 0.27:
        field = chance.choice(("amount", "venue", "opening", "opening"))
        return Revises(party, field, chance.randint(0, 9))
    if luck < 0.36 and _wants_documents(definition):
        return Supplies(party, chance.random() < 0.5)
    step, role = chance.choice(_seats(definition))
    person, decision = chance.randint(0, 3), chance.choice(_DECISIONS)
    if luck < 0.43:
        return Records(step, party, role, person, decision, chance.randint(0, 2))
    return Signs(step, party, role, person, decision)


def _seats(definition: Definition) -> list[tuple[str, str]]:
    """Give the steps and roles that are asked, and now and then one that is not."""
    asked = [
        (step.name, leaf.role)
        for step in definition.steps.values()
        for leaf in leaves(step.needs)
        if isinstance(leaf, SignOffs | NamedSignOff | Silence)
    ]
    # Most proposals are in their first state.
    early = [each for each in asked if each[0] == "agree"]
    return [*asked * 3, *early * 5, ("agree", ROLES[0])]


def _wants_documents(definition: Definition) -> bool:
    return any(
        isinstance(leaf, EvidenceCount)
        for step in definition.steps.values()
        for leaf in leaves(step.needs)
    )
