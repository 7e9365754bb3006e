"""Random proposals as random facts made them, for what is asked of a proposal as it stands."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from tests import make
from tests.domain import written
from tests.domain.written import PARTIES, ROLES, Written
from workflow.domain.commands import Decision
from workflow.domain.deadlines import DELAY, Day
from workflow.domain.decide import Case
from workflow.domain.definition import Definition, StepRule
from workflow.domain.explain import Answered, Node, explain
from workflow.domain.requirement import (
    NamedSignOff,
    Seat,
    SignOffs,
    gaps,
    open_leaves,
    time_leaves,
)
from workflow.domain.shape import CAPACITIES, read_shape, write_shape
from workflow.domain.standing import Gathered, StepStanding, count_step
from workflow.domain.waits import TakingPart

NOW = datetime(2026, 4, 1, tzinfo=UTC)
DAY = date(2026, 5, 1)
KEPT = [each for each in Decision if each.is_kept]


@dataclass(frozen=True)
class World:
    """A proposal as random facts made it, and the live sign-offs its standing was counted from."""

    case: Case
    parties: TakingPart
    answers: tuple[Answered, ...]
    facts: Gathered

    @property
    def step(self) -> StepRule:
        """Give the step that is asked about."""
        return self.case.definition.steps["agree"]

    @property
    def tree(self) -> Node:
        """Explain that step."""
        return explain(self.case, self.step, self.parties, self.answers)

    def standing(self, answers: tuple[Answered, ...]) -> StepStanding:
        """Count the step's standing from these answers and the facts."""
        weighing = tuple(
            ("agree", self.seat(each.party, each.role), each.decision)
            for each in answers
            if each.weighs
        )
        gathered = replace(self.facts, answers=weighing)
        return count_step("agree", self.step.needs, gathered, self.step.objections_from)

    def seat(self, party: str, role: str) -> Seat:
        """Give a party's seat."""
        sort, capacities = self.parties[party]
        return Seat(party, role, capacities, sort)

    def missing(self) -> list[SignOffs | NamedSignOff]:
        """Give the leaves that lack sign-offs and whose stage is open."""
        counts = self.case.counts(self.step)
        reached = set(open_leaves(self.step.needs, counts, self.case.shape))
        return [
            gap.part
            for gap in gaps(self.step.needs, counts, self.case.shape)
            if isinstance(gap.part, SignOffs | NamedSignOff) and gap.number in reached
        ]


@st.composite
def answered(draw: st.DrawFn, parties: TakingPart) -> tuple[Answered, ...]:
    """Make live sign-offs: some late, some on paper, of every decision."""
    offices = st.tuples(st.sampled_from(sorted(parties)), st.sampled_from(ROLES))
    made = draw(st.dictionaries(offices, st.tuples(st.sampled_from(KEPT), st.integers(0, 5))))
    return tuple(
        Answered(
            "agree", party, role, decision=decision,
            awaits_confirmation=luck == 0,
            weighs=luck != 0 and not (luck == 1 and decision is Decision.OBJECT),
        )
        for (party, role), (decision, luck) in made.items()
    )  # fmt: skip


@st.composite
def worlds(
    draw: st.DrawFn, parts: st.SearchStrategy[Written] = written.parts, *, fresh: bool = False
) -> World:
    """Make a rule, parties, live sign-offs, facts and days; a fresh one is not signed yet."""
    rules = make.rules(agree={"needs": draw(parts), **draw(written.policies)})
    definition = Definition.from_mapping(rules)
    parties = draw(taking_part())
    answers = () if fresh else draw(answered(parties))
    facts = draw(gathered(parties))
    state = "proposed" if fresh else draw(st.sampled_from(["proposed", "proposed", "agreed"]))
    shape = read_shape(write_shape(parties, sum(facts.children.values())))
    awaits = not fresh and draw(st.integers(0, 3)) == 0
    days = draw(known_days(definition.steps["agree"], scheduled=not fresh))
    case = Case(definition, state, shape, {}, awaits, days)
    world = World(case, parties, answers, facts)
    return replace(world, case=replace(case, standings={"agree": world.standing(answers)}))


@st.composite
def taking_part(draw: st.DrawFn) -> TakingPart:
    """Make parties with their capacities."""
    some = st.frozensets(st.sampled_from(CAPACITIES), min_size=1, max_size=2)
    return {
        code: ("organisation" if code == "JICA" else "state", draw(some))
        for code in draw(st.sets(st.sampled_from(PARTIES), min_size=1))
    }


@st.composite
def gathered(draw: st.DrawFn, parties: TakingPart) -> Gathered:
    """Make documents, values and children."""
    supplied = draw(
        st.lists(st.tuples(st.booleans(), st.sampled_from(sorted(parties))), max_size=4)
    )
    states = st.sampled_from(("implemented", "proposed"))
    return Gathered(
        evidence=tuple(
            ("report", ok, Seat(party, "", parties[party][1], parties[party][0]))
            for ok, party in supplied
        ),
        fields=draw(st.frozensets(st.just("amount"))),
        children=draw(st.dictionaries(states, st.integers(0, 2))),
    )


@st.composite
def known_days(draw: st.DrawFn, step: StepRule, *, scheduled: bool) -> dict[tuple[str, int], Day]:
    """Make the days of a step's silences and dates, and perhaps one of effect."""
    numbers = [number for number, _ in time_leaves(step.needs)]
    if step.delay is not None and scheduled and draw(st.booleans()):
        numbers.append(DELAY)
    return {("agree", number): Day(DAY, draw(st.booleans())) for number in numbers}
