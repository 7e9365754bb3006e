"""Lint of what a step asks for: numbers, observers, duplicates, silence, objections, stages."""

from typing import Any

import pytest

from tests.domain.test_lint import (
    HEADS,
    LAWYERS,
    LEADS,
    PAPER,
    SILENCE,
    found,
    needing,
    sound,
)
from workflow.domain.findings import Fault, Level

NEEDS = "steps.agree.needs"


def signoffs(**others: Any) -> dict[str, Any]:  # noqa: ANN401 - keys of a leaf
    """Give a sign-off of the leaders' line ministries, changed."""
    return {"signoffs": {"each": ["lead"], "role": "line_ministry", **others}}


@pytest.mark.parametrize(
    ("part", "code", "place"),
    [
        (
            {"at_least": {"count": 3, "of": [LEADS, PAPER]}},
            Fault.TOO_MANY,
            f"{NEEDS}.at_least.count",
        ),
        (signoffs(more_than="1/1"), Fault.TOO_MANY, f"{NEEDS}.signoffs.more_than"),
        (signoffs(each=[]), Fault.ASKS_NOBODY, f"{NEEDS}.signoffs"),
        (
            signoffs(sort="state", counting="organisation"),
            Fault.ASKS_NOBODY,
            f"{NEEDS}.signoffs",
        ),
        (
            {"all": [LEADS, {"children": {"in": []}}]},
            Fault.ASKS_NOBODY,
            f"{NEEDS}.all[1].children.in",
        ),
        (signoffs(each=["lead", "observer"]), Fault.OBSERVER, f"{NEEDS}.signoffs"),
        ({"parties": {"in": ["lead"], "at_least": 1}}, Fault.NEEDS_NOBODY, NEEDS),
        (
            {"any": [LEADS, {"date": {"on": "2026-05-01", "place": "Asia/Tokyo"}}]},
            Fault.NEEDS_NOBODY,
            NEEDS,
        ),
        ({"any": [LEADS, LEADS]}, Fault.DUPLICATE, NEEDS),
    ],
)
def test_what_can_never_be_given_is_found(part: dict[str, Any], code: Fault, place: str) -> None:
    assert (code, place, Level.ERROR) in found(needing(part))


@pytest.mark.parametrize(
    "part",
    [
        {"field": "amount"},
        {"signoffs": {"each": ["lead"], "role": "secretariat"}},
        {"all": [{"field": "venue"}, {"signoffs": {"party": "UZ", "role": "secretariat.desk"}}]},
    ],
)
@pytest.mark.parametrize("taken", [{}, {"by": ["secretariat"]}])
def test_a_step_that_needs_no_partys_word_is_found(
    part: dict[str, Any], taken: dict[str, Any]
) -> None:
    warning = (Fault.NEEDS_NOBODY, NEEDS, Level.WARNING)
    assert warning in found(needing(part, **taken))
    assert warning not in found(needing({"all": [part, LEADS]}, **taken))


def test_a_part_that_is_asked_twice_is_found() -> None:
    part = {"all": [LEADS, PAPER, PAPER]}
    assert found(needing(part)) == {(Fault.DUPLICATE, NEEDS, Level.WARNING)}


def test_a_word_that_is_listed_twice_is_found() -> None:
    made = needing(signoffs(each=["lead", "lead"]))
    assert found(made) == {(Fault.DUPLICATE, f"{NEEDS}.signoffs.each", Level.WARNING)}


def test_a_share_and_a_number_are_no_faults() -> None:
    for threshold in ({"at_least": "2/3"}, {"more_than": "1/2"}, {"at_least": 20}):
        assert found(needing(signoffs(**threshold))) == set()


# --- silence and objections -----------------------------------------------------------------------


def test_a_silence_that_nobody_can_break_is_found() -> None:
    made = needing({"silence": SILENCE}, objections="recorded")
    assert found(made) == {(Fault.SILENCE, f"{NEEDS}.silence", Level.ERROR)}


@pytest.mark.parametrize(("objecting", "level"), [("lead", Level.ERROR), ("member", Level.WARNING)])
def test_a_silence_of_those_whose_objection_blocks_nothing_is_found(
    objecting: str, level: Level
) -> None:
    silence = {**SILENCE, "of": ["member", "host"] if objecting == "member" else ["member"]}
    made = needing(
        {"all": [LEADS, {"silence": silence}]}, objections={"from": [objecting], "block_at": 1}
    )
    assert found(made) == {(Fault.SILENCE, f"{NEEDS}.all[1].silence.of", level)}


def test_objections_that_nobody_can_make_are_found() -> None:
    for objecting, level in ((["host"], Level.NOTE), ([], Level.ERROR)):
        made = sound(agree={"objections": {"from": objecting, "block_at": 1}})
        assert found(made) == {(Fault.OBJECTIONS, "steps.agree.objections", level)}


def test_observers_who_could_block_are_found() -> None:
    made = sound(agree={"objections": {"from": ["lead", "observer"], "block_at": 1}})
    assert found(made) == {(Fault.OBSERVER, "steps.agree.objections", Level.ERROR)}


# --- stages ---------------------------------------------------------------------------------------


def staged(*parts: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Give stages in order; one without a name is no stage."""
    return {"all": [{**part, **({"stage": name} if name else {})} for name, part in parts]}


def test_stages_in_order_beside_a_document_are_clear() -> None:
    part = staged(("ministries", LEADS), ("legal", LAWYERS), ("", PAPER))
    assert found(needing(part)) == set()


@pytest.mark.parametrize(
    ("part", "place"),
    [
        (staged(("a", LEADS), ("b", LAWYERS), ("a", HEADS)), f"{NEEDS}.all[2].stage"),
        (staged(("a", staged(("a", LEADS), ("b", HEADS)))), f"{NEEDS}.all[0].all[0].stage"),
        (
            {"any": [{"stage": "a", **LEADS}, {"stage": "b", **LAWYERS}]},
            NEEDS,
        ),
    ],
)
def test_an_order_that_nobody_can_tell_is_found(part: dict[str, Any], place: str) -> None:
    assert found(needing(part)) == {(Fault.STAGE_ORDER, place, Level.ERROR)}


@pytest.mark.parametrize(
    "part",
    [
        staged(("a", LEADS), ("", LAWYERS), ("b", HEADS)),
        staged(("a", LEADS), ("b", LEADS)),
    ],
)
def test_an_order_that_says_less_than_it_seems_is_found(part: dict[str, Any]) -> None:
    assert found(needing(part)) == {(Fault.STAGE_ORDER, NEEDS, Level.WARNING)}


def test_the_place_of_a_part_in_a_group_in_a_group_is_exact() -> None:
    wrong = {"signoffs": {"party": "ZZ", "role": "legal_service"}}
    part = {
        "all": [
            PAPER,
            {"stage": "x", "at_least": {"count": 1, "of": [PAPER, {"stage": "y", **wrong}]}},
        ]
    }
    place = f"{NEEDS}.all[1].at_least.of[1].signoffs.party"
    assert found(needing(part)) == {(Fault.UNKNOWN_PARTY, place, Level.WARNING)}
