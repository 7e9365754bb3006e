"""Tests that the tree for people and the verdict are one answer."""

from hypothesis import given
from hypothesis import strategies as st

from tests import make
from workflow.domain.commands import Decision
from workflow.domain.decide import Case, judge_step
from workflow.domain.definition import Definition
from workflow.domain.explain import Answered, Word, all_nodes, describe, explain
from workflow.domain.requirement import Seat, leaves
from workflow.domain.shape import CAPACITIES, read_shape, write_shape
from workflow.domain.simulate import with_signed
from workflow.domain.standing import Gathered, count_step
from workflow.domain.waits import TakingPart

ROLES = ("line_ministry", "finance_ministry", "legal_service")
PARTIES = ("UZ", "JP", "KZ", "JICA")


def signoffs() -> st.SearchStrategy[dict[str, object]]:
    """Make a part that asks for sign-offs."""
    capacities = st.lists(st.sampled_from(CAPACITIES), min_size=1, max_size=3, unique=True)
    each = st.fixed_dictionaries(
        {"each": capacities, "role": st.sampled_from(ROLES)},
        optional={
            "at_least": st.integers(1, 3),
            "sort": st.sampled_from(["state", "organisation"]),
        },
    )
    named = st.fixed_dictionaries(
        {"party": st.sampled_from(PARTIES), "role": st.sampled_from(ROLES)}
    )
    return st.one_of(each, named).map(lambda rule: {"signoffs": rule})


def evidence(rule: dict[str, object]) -> dict[str, object]:
    """Make a part that asks for documents."""
    return {"evidence": rule}


def parts() -> st.SearchStrategy[dict[str, object]]:
    """Make any part, nested."""
    documents = st.fixed_dictionaries(
        {"type": st.just("report"), "count": st.integers(1, 2), "verified": st.booleans()}
    )
    field: dict[str, object] = {"field": "amount"}
    leaf = st.one_of(signoffs(), documents.map(evidence), st.just(field))
    stages = st.sampled_from(["first", "second", "third"])

    def group(inner: st.SearchStrategy[dict[str, object]]) -> st.SearchStrategy[dict[str, object]]:
        members = st.lists(inner, min_size=1, max_size=3).map(lambda these: {"all": these})
        staged = st.tuples(inner, stages).map(lambda pair: {**pair[0], "stage": pair[1]})
        return st.one_of(members, staged)

    return st.recursive(leaf, group, max_leaves=6)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Case, TakingPart, tuple[Answered, ...]]:
    """Make a rule, parties, and live sign-offs whose counts make the standing."""
    definition = Definition.from_mapping(make.rules(agree={"needs": draw(parts())}))
    step = definition.steps["agree"]
    capacities = st.frozensets(st.sampled_from(CAPACITIES), min_size=1, max_size=2)
    parties = {
        code: ("organisation" if code == "JICA" else "state", draw(capacities))
        for code in draw(st.sets(st.sampled_from(PARTIES), min_size=1))
    }
    decisions = st.sampled_from(list(Decision)[:2])
    offices = st.tuples(st.sampled_from(sorted(parties)), st.sampled_from(ROLES))
    answers = tuple(
        Answered("agree", party, role, decision)
        for (party, role), decision in draw(st.dictionaries(offices, decisions)).items()
    )
    documents = draw(st.lists(st.tuples(st.just("report"), st.booleans()), max_size=3))
    filled = draw(st.frozensets(st.just("amount")))
    made = {
        decision: tuple(
            ("agree", Seat(a.party, a.role, parties[a.party][1], parties[a.party][0]))
            for a in answers
            if a.decision is decision
        )
        for decision in Decision
    }
    gathered = Gathered(made[Decision.APPROVE], made[Decision.OBJECT], tuple(documents), filled)
    standing = count_step("agree", step.needs, gathered, step.objections_from)
    state = draw(st.sampled_from(["proposed", "proposed", "agreed"]))
    shape = read_shape(write_shape(parties))
    case = Case(definition, state, shape, {"agree": standing}, draw(st.booleans()))
    return case, parties, answers


@given(cases())
def test_the_tree_has_an_unsatisfied_part_exactly_when_the_verdict_has_a_reason(
    made: tuple[Case, TakingPart, tuple[Answered, ...]],
) -> None:
    case, parties, answers = made
    tree = explain(case, case.definition.steps["agree"], parties, answers)
    reasons = judge_step(case, "agree")
    assert tree.satisfied == (not reasons)
    assert all(node.satisfied for node in all_nodes(tree)) == (not reasons)


@given(cases())
def test_a_part_counts_the_parties_it_shows_as_signed(
    made: tuple[Case, TakingPart, tuple[Answered, ...]],
) -> None:
    case, parties, answers = made
    tree = explain(case, case.definition.steps["agree"], parties, answers)
    for node in all_nodes(tree):
        if node.code in (Word.SIGNOFFS, Word.SIGNOFF):
            signed = [part for part in node.parts if part.code is Word.SEAT_SIGNED]
            assert len(signed) == node.named["have"]


@given(cases())
def test_signing_for_every_awaited_seat_leaves_none_of_them_waiting(
    made: tuple[Case, TakingPart, tuple[Answered, ...]],
) -> None:
    case, parties, answers = made
    step = case.definition.steps["agree"]
    tree = explain(case, step, parties, answers)
    awaited = {
        office
        for node in all_nodes(tree)
        if node.code in (Word.SIGNOFFS, Word.SIGNOFF)
        for office in node.awaited
    }
    after = with_signed(case, step, parties, answers, sorted(awaited))
    assert after.refused == ()
    signed = {(a.party, a.role) for a in after.answers if a.decision is Decision.APPROVE}
    assert awaited <= signed


@given(cases())
def test_assuming_signatures_counts_as_a_recount_of_them_would(
    made: tuple[Case, TakingPart, tuple[Answered, ...]],
) -> None:
    case, parties, answers = made
    step = case.definition.steps["agree"]
    seats = [(party, role) for party in sorted(parties) for role in ROLES]
    after = with_signed(case, step, parties, answers, seats)
    tree = explain(after.case, step, parties, after.answers)
    for node in all_nodes(tree):
        if node.code in (Word.SIGNOFFS, Word.SIGNOFF):
            signed = [part for part in node.parts if part.code is Word.SEAT_SIGNED]
            assert len(signed) == node.named["have"]


def test_a_description_has_the_rules_leaves_in_order() -> None:
    definition = Definition.from_mapping(
        make.rules(
            agree={
                "needs": {
                    "all": [
                        {"stage": "heads", "signoffs": {"party": "JP", "role": "legal_service"}},
                        {"field": "amount"},
                    ]
                }
            }
        )
    )
    step = definition.steps["agree"]
    words = [node.code for node in all_nodes(describe(step))]
    assert words == [Word.ALL, Word.STAGE, Word.SIGNOFF, Word.FIELD]
    assert len(list(leaves(step.needs))) == 2
