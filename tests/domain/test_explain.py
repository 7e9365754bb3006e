"""Tests that the tree for people, the verdict, the simulation and the waits are one answer."""

from dataclasses import replace
from datetime import date

from hypothesis import given

from tests import make
from tests.domain import written
from tests.domain.worlds import NOW, World, worlds
from tests.domain.written import ROLES, Written
from workflow.domain.commands import Decision
from workflow.domain.deadlines import Day
from workflow.domain.decide import Case, judge_step
from workflow.domain.definition import Definition
from workflow.domain.explain import Answered, Office, Word, all_nodes, describe
from workflow.domain.requirement import (
    DateReached,
    NamedSignOff,
    SignOffs,
    leaves,
    time_leaves,
)
from workflow.domain.shape import read_shape, write_shape
from workflow.domain.simulate import on_day, with_signed
from workflow.domain.standing import Gathered
from workflow.domain.verdicts import Code
from workflow.domain.waits import SIGN, Answer, awaited


@given(worlds())
def test_the_tree_has_an_unsatisfied_part_exactly_when_the_verdict_has_a_reason(
    world: World,
) -> None:
    reasons = judge_step(world.case, "agree")
    assert world.tree.satisfied == (not reasons)
    assert all(node.satisfied for node in all_nodes(world.tree)) == (not reasons)


@given(worlds())
def test_a_part_counts_the_parties_it_shows_as_having_given_what_it_asks(world: World) -> None:
    asked = list(leaves(world.step.needs))
    for node in all_nodes(world.tree):
        if node.code not in (Word.SIGNOFFS, Word.SIGNOFF):
            continue
        leaf = asked[int(node.named["leaf"])]
        assert isinstance(leaf, SignOffs | NamedSignOff)
        given = [part for part in node.parts if part.code in words_that_count(leaf)]
        counting = leaf.counting if isinstance(leaf, SignOffs) else None
        heard = [
            part for part in given if counting in (None, world.parties[str(part.named["party"])][0])
        ]
        assert len(heard) == node.named["have"]


def words_that_count(leaf: SignOffs | NamedSignOff) -> set[Word]:
    """Give what a seat must be shown as, to be counted."""
    words = {Word.SEAT_SIGNED, Word.SEAT_RESERVED}
    return words | {Word.SEAT_ABSTAINED} if leaf.abstentions_count else words


@given(worlds())
def test_signing_for_every_awaited_seat_leaves_none_of_them_waiting(world: World) -> None:
    offices = {
        office
        for node in all_nodes(world.tree)
        if node.code in (Word.SIGNOFFS, Word.SIGNOFF)
        for office in node.awaited
    }
    after = with_signed(world.case, world.step, world.parties, world.answers, sorted(offices), NOW)
    assert after.refused == ()
    signed = {(a.party, a.role) for a in after.answers if a.decision is Decision.APPROVE}
    assert offices <= signed


@given(worlds())
def test_assuming_signatures_counts_as_a_recount_of_them_would(world: World) -> None:
    seats = [(party, role) for party in sorted(world.parties) for role in ROLES]
    after = with_signed(world.case, world.step, world.parties, world.answers, seats, NOW)
    assert after.case.standing(world.step) == world.standing(after.answers)


@given(worlds(written.consents, fresh=True))
def test_when_all_who_are_awaited_have_signed_nobody_is_missing_who_could_sign(
    world: World,
) -> None:
    signed = signed_by_all_awaited(world)
    for leaf in signed.missing():
        heard = {each.party for each in signed.answers if leaf.asks(signed.seat(*office_of(each)))}
        asked = {party for party in world.parties if leaf.asks(world.seat(party, leaf.role))}
        assert heard == asked, "who is asked and has not signed was never awaited"


def signed_by_all_awaited(world: World) -> World:
    """Let everybody sign who is waited for, until nobody is."""
    while (offices := awaited_offices(world)) - {office_of(each) for each in world.answers}:
        after = with_signed(
            world.case, world.step, world.parties, world.answers, sorted(offices), NOW
        )
        assert after.refused == ()
        world = replace(world, case=after.case, answers=after.answers)
    return world


def awaited_offices(world: World) -> set[Office]:
    """Give the seats that the step waits for, as the inbox would."""
    heard = [Answer(each.step, each.party, each.role, each.decision) for each in world.answers]
    waits = awaited(world.case, world.parties, heard)
    return {
        (party, item.role)
        for party, items in waits.items()
        for item in items
        if item.act == SIGN and item.step == "agree"
    }


def office_of(answer: Answered) -> Office:
    """Give the seat that an answer came from."""
    return (answer.party, answer.role)


def test_assuming_a_signature_in_place_of_a_paper_act_counts_it_once() -> None:
    world = two_ministries(Answered("agree", "UZ", "line_ministry", decision=Decision.APPROVE,
                                    awaits_confirmation=True, weighs=False))  # fmt: skip
    assert not next(n for n in all_nodes(world.tree) if n.code is Word.SEAT_ON_PAPER).satisfied
    after = with_signed(
        world.case, world.step, world.parties, world.answers, [("UZ", "line_ministry")], NOW
    )
    assert after.refused == ()
    assert after.case.standing(world.step).counts == (1,)


def test_assuming_a_signature_in_place_of_a_late_objection_lifts_no_other() -> None:
    late = Answered("agree", "UZ", "line_ministry", decision=Decision.OBJECT, weighs=False)
    in_time = Answered("agree", "JP", "line_ministry", decision=Decision.OBJECT)
    world = two_ministries(late, in_time)
    after = with_signed(
        world.case, world.step, world.parties, world.answers, [("UZ", "line_ministry")], NOW
    )
    assert Code.OBJECTED in {reason.code for reason in judge_step(after.case, "agree")}


def test_what_signatures_would_satisfy_takes_effect_after_the_delay() -> None:
    world = two_ministries(agree={"delay": {"days": 30, "place": written.TOKYO}})
    seats = [("UZ", "line_ministry"), ("JP", "line_ministry")]
    after = with_signed(world.case, world.step, world.parties, (), seats, NOW)
    (reason,) = judge_step(after.case, "agree")
    assert (reason.code, reason.named["on"]) == (Code.NOT_YET_EFFECTIVE, "2026-05-01")


def two_ministries(*answers: Answered, agree: Written | None = None) -> World:
    """Make the small definition's proposal with these answers."""
    parties = {"UZ": ("state", frozenset({"lead"})), "JP": ("state", frozenset({"member"}))}
    definition = Definition.from_mapping(make.rules(agree=agree or {}))
    case = Case(definition, "proposed", read_shape(write_shape(parties)), {})
    world = World(case, parties, answers, Gathered())
    return replace(world, case=replace(case, standings={"agree": world.standing(answers)}))


def test_a_description_has_the_rules_leaves_in_order() -> None:
    needs = {
        "all": [
            {"stage": "heads", "signoffs": {"party": "JP", "role": "legal_service"}},
            {"field": "amount"},
        ]
    }
    step = Definition.from_mapping(make.rules(agree={"needs": needs})).steps["agree"]
    words = [node.code for node in all_nodes(describe(step))]
    assert words == [Word.ALL, Word.STAGE, Word.SIGNOFF, Word.FIELD]
    assert len(list(leaves(step.needs))) == 2


def test_a_later_day_is_read_from_the_first_alternative_that_it_brings() -> None:
    needs = {"any": [{"date": {"on": "2026-04-10", "place": written.TOKYO}},
                     {"date": {"on": "2026-04-20", "place": written.TOKYO}}]}  # fmt: skip
    delay = {"days": 15, "place": written.TOKYO}
    assert effective_by(needs, delay, date(2026, 4, 24)) == "2026-04-25"
    assert effective_by(needs, delay, date(2026, 4, 25)) is None


def test_a_later_day_is_counted_where_the_delay_is() -> None:
    # As 10 April begins in Tokyo it is still 9 April in Tashkent.
    needs = {"date": {"on": "2026-04-10", "place": written.TOKYO}}
    delay = {"days": 15, "place": "Asia/Tashkent"}
    assert effective_by(needs, delay, date(2026, 4, 23)) == "2026-04-24"
    assert effective_by(needs, delay, date(2026, 4, 24)) is None


def effective_by(needs: Written, delay: Written, day: date) -> object:
    """Give the day of effect that is still ahead on a day, by the calendar alone; None if none."""
    world = two_ministries(agree={"needs": needs, "delay": delay})
    days = {
        ("agree", number): Day(leaf.on, passed=False)
        for number, leaf in time_leaves(world.step.needs)
        if isinstance(leaf, DateReached) and leaf.on
    }
    then = on_day(replace(world.case, days=days), world.step, day, NOW.date())
    reasons = judge_step(then, "agree")
    return reasons[0].named["on"] if reasons else None
