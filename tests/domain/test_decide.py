"""The evaluator against a naive reading of the same rules, over random rules and acts."""

from hypothesis import given

from tests.domain import rules
from tests.domain.rules import Ledger, definition_of
from workflow.domain.commands import Decision
from workflow.domain.decide import (
    Case,
    Taker,
    judge_sign,
    judge_step,
    next_by_itself,
    spent,
    standing_after_sign,
    state_after,
)
from workflow.domain.requirement import (
    EvidenceCount,
    FieldFilled,
    Group,
    NamedSignOff,
    Part,
    SignOffs,
    role_covers,
)
from workflow.domain.standing import (
    Gathered,
    StepStanding,
    count_step,
    read_standing,
    write_standing,
)
from workflow.domain.verdicts import Code
from workflow.domain.waits import TakingPart

Acts = list[tuple[tuple[str, str], Decision]]
WILLING = Taker(may_take=True, gives_reason=True)


def play(ledger: Ledger, acts: Acts) -> Case:
    """Let the evaluator judge and count each act in turn."""
    definition = definition_of(ledger.needs)
    standings: dict[str, StepStanding] = {}
    for (party, role), decision in acts:
        case = ledger.case(definition, standings)
        signer = ledger.signer(party, role, decision)
        if not judge_sign(case, "agree", signer):
            standings = {"agree": standing_after_sign(case, "agree", signer)}
            ledger.apply(party, role, decision)
    return ledger.case(definition, standings)


def recounted(ledger: Ledger) -> StepStanding:
    """Count the ledger's seats from the beginning."""
    seats = {at: ledger.seat(*at) for at in ledger.held}
    gathered = Gathered(
        approvals=tuple(
            ("agree", seats[at]) for at, held in ledger.held.items() if held is Decision.APPROVE
        ),
        objections=tuple(
            ("agree", seats[at]) for at, held in ledger.held.items() if held is Decision.OBJECT
        ),
    )
    return count_step("agree", ledger.needs, gathered, frozenset(rules.CAPACITIES))


def naively_satisfied(part: Part, ledger: Ledger) -> bool:
    """Read the rule as a person would, looking at who signed."""
    if isinstance(part, Group):
        return all(naively_satisfied(each, ledger) for each in part.parts)
    if isinstance(part, EvidenceCount | FieldFilled):
        return False  # these ledgers gather neither
    signed = {
        party
        for (party, role), held in ledger.held.items()
        if held is Decision.APPROVE and role_covers(part.role, role)
    }
    if isinstance(part, NamedSignOff):
        return part.party in signed
    asked = {
        party
        for party, (sort, held) in ledger.parties.items()
        if held & set(part.capacities) and part.sort in (None, sort)
    }
    needed = len(asked) if part.at_least is None else part.at_least
    return len(signed & asked) >= needed


@given(rules.rules, rules.parties, rules.acts)
def test_counting_each_act_gives_what_a_recount_gives(
    needs: Part, parties: TakingPart, acts: Acts
) -> None:
    ledger = Ledger(needs, parties)
    case = play(ledger, acts)
    assert case.standing(case.definition.steps["agree"]) == recounted(ledger)


@given(rules.rules, rules.parties, rules.acts)
def test_a_step_is_granted_exactly_when_a_person_reading_the_rule_would_grant_it(
    needs: Part, parties: TakingPart, acts: Acts
) -> None:
    ledger = Ledger(needs, parties)
    case = play(ledger, acts)
    objected = Decision.OBJECT in ledger.held.values()
    reasons = {refusal.code for refusal in judge_step(case, "agree", WILLING)}
    satisfied = naively_satisfied(needs, ledger) and not objected
    assert (reasons - {Code.NOBODY_CAN_SIGN} == set()) == satisfied


@given(rules.rules, rules.parties, rules.acts)
def test_the_machine_moves_exactly_when_no_reason_is_given(
    needs: Part, parties: TakingPart, acts: Acts
) -> None:
    case = play(Ledger(needs, parties), acts)
    refused = bool(judge_step(case, "agree", WILLING))
    assert state_after(case, "agree", WILLING) == ("proposed" if refused else "agreed")


@given(rules.rules, rules.parties, rules.acts)
def test_a_standing_reads_back_as_it_was_written(
    needs: Part, parties: TakingPart, acts: Acts
) -> None:
    case = play(Ledger(needs, parties), acts)
    written = write_standing(case.standings)
    assert write_standing(read_standing(written)) == written


@given(rules.rules, rules.parties, rules.acts)
def test_taking_a_step_spends_every_sign_off(needs: Part, parties: TakingPart, acts: Acts) -> None:
    case = play(Ledger(needs, parties), acts)
    assert write_standing(spent(case.definition, case.standings)) == "{}"


def stages() -> Group:
    return Group(
        (
            Group((SignOffs(("lead",), "line_ministry"),), "ministries"),
            Group((SignOffs(("lead",), "head_of_delegation"),), "heads"),
        )
    )


LEADS = {"UZ": ("state", frozenset({"lead"})), "JP": ("state", frozenset({"lead"}))}


def test_a_seat_opens_only_when_the_earlier_stage_holds() -> None:
    ledger = Ledger(stages(), LEADS)
    early = ledger.signer("UZ", "head_of_delegation", Decision.APPROVE)
    codes = [r.code for r in judge_sign(ledger.case(definition_of(stages()), {}), "agree", early)]
    assert codes == [Code.STAGE_NOT_OPEN]
    case = play(
        ledger,
        [(("UZ", "line_ministry"), Decision.APPROVE), (("JP", "line_ministry"), Decision.APPROVE)],
    )
    assert judge_sign(case, "agree", early) == ()


def test_a_later_sign_off_stays_when_an_earlier_stage_falls_back() -> None:
    ledger = Ledger(stages(), LEADS)
    acts = [
        (("UZ", "line_ministry"), Decision.APPROVE),
        (("JP", "line_ministry"), Decision.APPROVE),
        (("UZ", "head_of_delegation"), Decision.APPROVE),
        (("JP", "line_ministry"), Decision.WITHDRAW),
    ]
    case = play(ledger, acts)
    assert case.standing(case.definition.steps["agree"]).counts == (1, 1)
    assert Code.SIGNOFFS_MISSING in {r.code for r in judge_step(case, "agree", WILLING)}


def test_two_line_ministries_of_one_party_count_once() -> None:
    rule = SignOffs(("lead",), "line_ministry", at_least=2)
    ledger = Ledger(Group((rule,)), LEADS)
    case = play(
        ledger,
        [
            (("UZ", "line_ministry.transport"), Decision.APPROVE),
            (("UZ", "line_ministry.energy"), Decision.APPROVE),
        ],
    )
    assert case.standing(case.definition.steps["agree"]).counts == (1,)


def test_an_observer_neither_counts_nor_blocks() -> None:
    watching = {**LEADS, "KZ": ("state", frozenset({"observer"}))}
    needs = Group((SignOffs(("lead",), "finance_ministry"),))
    ledger = Ledger(needs, watching)
    case = play(ledger, [(("KZ", "finance_ministry"), Decision.OBJECT)])
    assert case.standings == {}


def test_a_step_nobody_could_sign_is_never_taken() -> None:
    needs = Group((SignOffs(("contributor",), "finance_ministry"),))
    case = Ledger(needs, LEADS).case(definition_of(needs), {})
    assert [r.code for r in judge_step(case, "agree", WILLING)] == [Code.NOBODY_CAN_SIGN]
    assert next_by_itself(case) is None
