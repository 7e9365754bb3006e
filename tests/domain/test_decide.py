"""The evaluator against a naive reading of the same rules, over random rules and acts."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain import naive, rules
from tests.domain.acts import Act, IsRecorded, Signs, acts, play
from tests.domain.ledger import Held, Ledger, Office
from tests.domain.rules import definition_of
from workflow.domain.commands import Decision
from workflow.domain.deadlines import Span
from workflow.domain.decide import Taker, judge_step, next_by_itself, spent, state_after
from workflow.domain.definition import Definition
from workflow.domain.requirement import (
    Group,
    Part,
    SignOffs,
    Silence,
    asking_leaves,
    signing_leaves,
)
from workflow.domain.signing import judge_sign
from workflow.domain.standing import read_standing, write_standing
from workflow.domain.verdicts import Code
from workflow.domain.waits import TakingPart

WILLING = Taker(may_take=True, gives_reason=True)


@given(rules.laws, rules.parties, acts)
def test_counting_each_act_gives_what_a_recount_gives(
    law: Definition, parties: TakingPart, these: list[Act]
) -> None:
    ledger = play(Ledger(law, parties), these)
    assert ledger.case.standing(ledger.step) == ledger.recount()


@given(rules.laws, rules.parties, acts)
def test_a_step_is_granted_exactly_when_a_person_reading_the_rule_would_grant_it(
    law: Definition, parties: TakingPart, these: list[Act]
) -> None:
    ledger = play(Ledger(law, parties), these)
    assert (judge_step(ledger.case, "agree", WILLING) == ()) == naive.is_granted(ledger)


@given(rules.laws, rules.parties, acts)
def test_the_machine_moves_exactly_when_no_reason_is_given(
    law: Definition, parties: TakingPart, these: list[Act]
) -> None:
    case = play(Ledger(law, parties), these).case
    refused = bool(judge_step(case, "agree", WILLING))
    assert state_after(case, "agree", WILLING) == ("proposed" if refused else "agreed")


@given(rules.laws, rules.parties, acts)
def test_a_standing_reads_back_as_it_was_written(
    law: Definition, parties: TakingPart, these: list[Act]
) -> None:
    case = play(Ledger(law, parties), these).case
    written = write_standing(case.standings)
    assert write_standing(read_standing(written)) == written


@given(rules.laws, rules.parties, acts)
def test_taking_a_step_spends_every_sign_off_and_nothing_else(
    law: Definition, parties: TakingPart, these: list[Act]
) -> None:
    ledger = play(Ledger(law, parties), these)
    before = ledger.case.standing(ledger.step)
    after = spent(law, {"agree": before})["agree"]
    signed = {number for number, _ in signing_leaves(ledger.step.needs)}
    assert after.objections == 0
    assert after.counts == tuple(
        0 if number in signed else count for number, count in enumerate(before.counts)
    )


@given(rules.laws, rules.parties, acts)
def test_one_person_has_one_counting_sign_off_where_the_rule_says_once(
    law: Definition, parties: TakingPart, these: list[Act]
) -> None:
    ledger = play(Ledger(law, parties), these)
    persons = [
        held.person
        for office, held in ledger.held.items()
        if held.weighs and ledger.counts(office, held.decision)
    ]
    assert not law.steps["agree"].person_once or len(persons) == len(set(persons))


@settings(max_examples=150)
@given(rules.consents, rules.parties, st.randoms(use_true_random=False))
def test_without_any_one_of_a_minimal_set_of_sign_offs_the_step_is_refused(
    needs: Group, parties: TakingPart, chance: Random
) -> None:
    law = definition_of(needs, block_at=None)
    minimal = smallest_set(Ledger(law, parties), chance)
    for missing in minimal:
        ledger = signed_in_turn(Ledger(law, parties), minimal)
        assert judge_step(ledger.case, "agree") == ()
        Signs(missing, Decision.WITHDRAW).on(ledger)
        assert missing not in ledger.held
        assert judge_step(ledger.case, "agree") != ()


def smallest_set(ledger: Ledger, chance: Random) -> tuple[Office, ...]:
    """Give seats that together satisfy the rule, none of them needlessly; () if none can."""
    seats = [
        (party, role)
        for party in sorted(ledger.parties)
        for role in rules.ROLES
        if asking_leaves(ledger.step.needs, ledger.seat(party, role))
    ]
    chance.shuffle(seats)
    for size in range(min(4, len(seats)) + 1):
        for some in combinations(seats, size):
            ledger.held = {office: Held(Decision.APPROVE) for office in some}
            signed = signed_in_turn(Ledger(ledger.definition, ledger.parties), some)
            # A later stage among alternatives may never open: then nobody can sign this way.
            if naive.is_granted(ledger) and signed.held.keys() == ledger.held.keys():
                return some
    return ()


def signed_in_turn(ledger: Ledger, seats: tuple[Office, ...]) -> Ledger:
    """Let these seats approve, each as soon as its stage is open."""
    for _ in seats:
        for office in seats:
            if office not in ledger.held:
                Signs(office).on(ledger)
    return ledger


# --- single sentences ----------------------------------------------------------------------------

UZ, JP = ("UZ", "line_ministry"), ("JP", "line_ministry")
LEADS: TakingPart = {"UZ": ("state", frozenset({"lead"})), "JP": ("state", frozenset({"lead"}))}


def stages() -> Group:
    return Group(
        (
            Group((SignOffs(("lead",), "line_ministry"),), "ministries"),
            Group((SignOffs(("lead",), "head_of_delegation"),), "heads"),
        )
    )


def ledger_of(*parts: Part, parties: TakingPart = LEADS) -> Ledger:
    return Ledger(definition_of(Group(parts)), parties)


def codes(ledger: Ledger) -> set[Code]:
    """Give the reasons against the step."""
    return {reason.code for reason in judge_step(ledger.case, "agree", WILLING)}


def test_a_seat_opens_only_when_the_earlier_stage_holds() -> None:
    ledger = ledger_of(stages())
    early = ledger.signer(("UZ", "head_of_delegation"), Decision.APPROVE, 1)
    assert [r.code for r in judge_sign(ledger.case, "agree", early)] == [Code.STAGE_NOT_OPEN]
    play(ledger, [Signs(UZ), Signs(JP)])
    assert judge_sign(ledger.case, "agree", early) == ()


def test_a_later_sign_off_stays_when_an_earlier_stage_falls_back() -> None:
    head = Signs(("UZ", "head_of_delegation"))
    ledger = play(ledger_of(stages()), [Signs(UZ), Signs(JP), head, Signs(JP, Decision.WITHDRAW)])
    assert ledger.case.standing(ledger.step).counts == (1, 1)
    assert Code.SIGNOFFS_MISSING in codes(ledger)


def test_two_line_ministries_of_one_party_count_once() -> None:
    ledger = ledger_of(SignOffs(("lead",), "line_ministry", at_least=2))
    play(ledger, [Signs(("UZ", "line_ministry.transport")), Signs(("UZ", "line_ministry.energy"))])
    assert ledger.case.standing(ledger.step).counts == (1,)


def test_an_observer_neither_counts_nor_blocks() -> None:
    watching = {**LEADS, "KZ": ("state", frozenset({"observer"}))}
    ledger = ledger_of(SignOffs(("lead",), "finance_ministry"), parties=watching)
    play(ledger, [Signs(("KZ", "finance_ministry"), Decision.OBJECT)])
    assert ledger.held == {}


def test_a_step_nobody_could_sign_is_never_taken() -> None:
    ledger = ledger_of(SignOffs(("contributor",), "finance_ministry"))
    assert codes(ledger) == {Code.NOBODY_CAN_SIGN}
    assert next_by_itself(ledger.case) is None


def test_an_alternative_that_asks_nobody_is_no_alternative() -> None:
    nobody = SignOffs(("contributor",), "finance_ministry")
    ledger = ledger_of(Group((nobody, SignOffs(("lead",), "line_ministry")), at_least=1))
    assert codes(ledger) == {Code.ALTERNATIVES_MISSING, Code.SIGNOFFS_MISSING}
    play(ledger, [Signs(UZ), Signs(JP)])
    assert codes(ledger) == set()


def test_exactly_half_is_not_more_than_half() -> None:
    half = SignOffs(("lead",), "line_ministry", at_least=Fraction(1, 2))
    assert codes(play(ledger_of(half), [Signs(UZ)])) == set()
    more = replace(half, more_than=True)
    assert codes(play(ledger_of(more), [Signs(UZ)])) == {Code.SIGNOFFS_MISSING}


def test_an_abstention_counts_only_where_the_rule_says_so() -> None:
    plain = SignOffs(("lead",), "line_ministry")
    for rule, reasons in ((plain, 1), (replace(plain, abstentions_count=True), 0)):
        ledger = play(ledger_of(rule), [Signs(UZ), Signs(JP, Decision.ABSTAIN)])
        assert len(codes(ledger)) == reasons


def test_a_regional_organisation_signs_beside_its_members_and_does_not_count() -> None:
    union = {**LEADS, "JICA": ("organisation", frozenset({"lead"}))}
    rule = SignOffs(("lead",), "line_ministry", at_least=2, counting="state")
    ledger = play(ledger_of(rule, parties=union), [Signs(UZ), Signs(("JICA", "line_ministry"))])
    assert ("JICA", "line_ministry") in ledger.held
    assert codes(ledger) == {Code.SIGNOFFS_MISSING}
    assert codes(play(ledger, [Signs(JP)])) == set()


def test_an_objection_after_the_silence_is_recorded_and_blocks_nothing() -> None:
    ledger = ledger_of(Silence(("lead",), "line_ministry", Span(days=14), rules.TOKYO))
    in_time = play(replace(ledger, held={}), [Signs(UZ, Decision.OBJECT)])
    in_time.passed.add(0)
    assert codes(in_time) == {Code.OBJECTED}
    ledger.passed.add(0)
    play(ledger, [Signs(UZ, Decision.OBJECT)])
    assert not ledger.held[UZ].weighs
    assert codes(ledger) == set()


def test_lifting_a_late_objection_takes_nothing_from_those_in_time() -> None:
    ledger = ledger_of(Silence(("lead",), "line_ministry", Span(days=14), rules.TOKYO))
    play(ledger, [Signs(UZ, Decision.OBJECT)])
    ledger.passed.add(0)
    play(ledger, [Signs(JP, Decision.OBJECT), Signs(JP, Decision.LIFT)])
    assert codes(ledger) == {Code.OBJECTED}


def test_a_paper_act_weighs_once_somebody_of_its_party_confirms_it() -> None:
    ledger = ledger_of(SignOffs(("lead",), "line_ministry", at_least=1))
    play(ledger, [IsRecorded(UZ, Decision.APPROVE, 1)])
    assert codes(ledger) == {Code.SIGNOFFS_MISSING}
    play(ledger, [Signs(UZ, Decision.CONFIRM, 2)])
    assert ledger.held[UZ] == Held(Decision.APPROVE, person=1)
    assert codes(ledger) == set()
