"""Two definitions compared: the rules that changed, not the lines."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.definitions import shipped_kinds
from tests.make_rules import labels, rules
from workflow.domain.compare import Change, Changed, compare
from workflow.domain.definition import Definition
from workflow.domain.explanation import Node

KINDS = {kind: Definition.from_mapping(rules) for kind, rules in shipped_kinds().items()}

THREE = {"signoffs": {"each": ["member"], "role": "finance_ministry", "at_least": 3}}
FOUR = {"signoffs": {"each": ["member"], "role": "finance_ministry", "at_least": 4}}
LEADS = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
LAWYERS = {"signoffs": {"each": ["lead"], "role": "legal_service"}}
REPORT = {"evidence": {"type": "meeting_report", "count": 1}}


def agreeing(part: dict[str, Any], **others: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a step
    """Give rules whose first step needs this."""
    return rules(agree={"needs": part, **others})


def changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, Changed, Any, Any]]:
    """Give (step, change, before, after) of every difference, parts by their parameters."""
    found = compare(Definition.from_mapping(before), Definition.from_mapping(after))
    return [(each.step, each.change, _plain(each.before), _plain(each.after)) for each in found]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a value of a change
    """Give a part as its word and what is said of it."""
    if not isinstance(value, Node):
        return value
    return value.code.value, {key: said for key, said in value.params if said}


def need(part: dict[str, Any], before: dict[str, Any]) -> list[tuple[Changed, Any, Any]]:
    """Give what differs when a step needs this instead."""
    return [each[1:] for each in changes(agreeing(before), agreeing(part))]


def test_the_same_rules_do_not_differ() -> None:
    assert changes(rules(), rules()) == []


@given(st.sampled_from(sorted(KINDS)), st.sampled_from(sorted(KINDS)))
def test_what_one_way_adds_the_other_way_removes(one: str, other: str) -> None:
    def ways(found: tuple[Change, ...], change: Changed) -> list[str]:
        return sorted(each.step for each in found if each.change is change)

    there, back = compare(KINDS[one], KINDS[other]), compare(KINDS[other], KINDS[one])
    assert ways(there, Changed.STEP_ADDED) == ways(back, Changed.STEP_REMOVED)
    assert (there == ()) == (one == other)
    assert bool(there) == bool(back)


def test_a_number_that_changed_is_one_change() -> None:
    ((change, before, after),) = need(FOUR, THREE)
    assert (change, before[1]["need"], after[1]["need"]) == (Changed.NEED_CHANGED, 3, 4)


def test_a_role_that_changed_is_one_change() -> None:
    ((change, before, after),) = need({"all": [LAWYERS, REPORT]}, {"all": [LEADS, REPORT]})
    assert change is Changed.NEED_CHANGED
    assert (before[1]["role"], after[1]["role"]) == ("line_ministry", "legal_service")


def test_a_part_that_appears_and_one_that_vanishes_are_told_apart() -> None:
    (gone, came) = need({"all": [LEADS, REPORT]}, {"all": [LEADS, THREE]})
    assert (gone[0], gone[1][0], gone[2]) == (Changed.NEED_REMOVED, "signoffs", None)
    assert (came[0], came[1], came[2][0]) == (Changed.NEED_ADDED, None, "evidence")


def test_the_order_of_parts_outside_stages_says_nothing() -> None:
    assert need({"all": [REPORT, LEADS, THREE]}, {"all": [LEADS, THREE, REPORT]}) == []


def test_another_order_of_stages_is_told_as_such() -> None:
    first, then = {"stage": "ministries", **LEADS}, {"stage": "legal", **LAWYERS}
    assert need({"all": [then, first]}, {"all": [first, then]}) == [
        (Changed.STAGES, ("ministries", "legal"), ("legal", "ministries"))
    ]


def test_a_part_that_moved_to_another_stage_is_told_as_such() -> None:
    def staged(last: str) -> dict[str, Any]:
        return {
            "all": [{"stage": "a", **LEADS}, {"stage": "b", **THREE}, {"stage": last, **REPORT}]
        }

    moved, stages = need(staged("d"), staged("c"))
    assert moved == (Changed.NEED_MOVED, ("c",), ("d",))
    assert stages == (Changed.STAGES, ("a", "b", "c"), ("a", "b", "d"))


def test_another_number_of_alternatives_is_told_as_such() -> None:
    parts = [LEADS, LAWYERS, REPORT]
    found = need({"at_least": {"count": 2, "of": parts}}, {"any": parts})
    assert found[-1] == (Changed.ALTERNATIVES, ("1 of 3",), ("2 of 3",))


@pytest.mark.parametrize(
    ("key", "before", "after", "expected"),
    [
        ("from", "proposed", ["proposed", "agreed"],
         (Changed.FROM, ("proposed",), ("agreed", "proposed"))),
        ("to", "agreed", "implemented", (Changed.TO, "agreed", "implemented")),
        ("bars", ["proposer"], [], (Changed.BARS, ("proposer",), ())),
        ("reason", "optional", "required", (Changed.REASON, "optional", "required")),
        ("person", "once", "once-a-seat", (Changed.PERSON, "once", "once-a-seat")),
        ("side", False, True, (Changed.SIDE, 0, 1)),
        ("objections", {"from": ["lead"]}, {"from": ["lead"], "block_at": 2},
         (Changed.BLOCK_AT, 1, 2)),
        ("objections", {"from": ["lead"]}, {"from": ["member"]},
         (Changed.OBJECTIONS_FROM, ("lead",), ("member",))),
    ],
)  # fmt: skip
def test_a_key_that_changed_is_one_change(
    key: str, before: object, after: object, expected: tuple[Changed, object, object]
) -> None:
    was, now = rules(agree={key: before}), rules(agree={key: after})
    assert changes(was, now) == [("agree", *expected)]


def test_a_longer_delay_is_one_change() -> None:
    def delayed(days: int) -> dict[str, Any]:
        return rules(agree={"delay": {"days": days, "place": "Asia/Tokyo"}})

    ((step, change, before, after),) = changes(delayed(30), delayed(60))
    assert (step, change, before[1]["days"], after[1]["days"]) == ("agree", Changed.DELAY, 30, 60)
    assert changes(rules(), delayed(30))[0][2] is None


def test_a_step_taken_by_hand_that_fires_by_itself_now_is_one_change() -> None:
    assert changes(rules(agree={"by": ["secretariat"]}), rules()) == [
        ("agree", Changed.TAKEN_BY, ("secretariat",), ("by-itself",))
    ]


def test_states_fields_and_steps_that_come_and_go_are_told() -> None:
    before, after = rules(), rules()
    del before["states"]["implemented"], before["steps"]["implement"]
    del after["fields"]["venue"]
    after["fields"]["amount"]["type"] = "integer"
    found = changes(before, {**after, "delegation": {"chain": 2}})
    assert [each[:3] for each in found[:4]] == [
        ("", Changed.STATE_ADDED, None),
        ("", Changed.FIELD_REMOVED, "venue"),
        ("", Changed.FIELD_TYPE, "money"),
        ("", Changed.DELEGATION, 1),
    ]
    assert [each[:2] for each in found[4:]] == [
        ("implement", Changed.STEP_ADDED), ("implement", Changed.NEED_ADDED),
    ]  # fmt: skip


def test_labels_come_last_and_each_language_by_itself() -> None:
    before, after = rules(), deepcopy(rules())
    after["labels"] = labels("Charter") | {"ja": "憲章"}
    after["steps"]["return"]["bars"] = ["proposer"]
    assert changes(before, after) == [
        ("return", Changed.BARS, (), ("proposer",)),
        ("", Changed.LABELS, "Charter", "憲章"),
    ]
