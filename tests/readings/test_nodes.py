"""Every node of a tree can be read, in full and without a code of ours left over."""

import re
from dataclasses import replace

import pytest

from tests.make_rules import rules
from workflow.domain.definition import Definition
from workflow.domain.describe import describe
from workflow.domain.explanation import Node, Word, all_nodes, make_node
from workflow.domain.verdicts import Param
from workflow.readings import Voice, read_node

SEAT: dict[str, Param] = {"party": "JP", "role": "legal_service", "person": "Ada"}
PARAMS: dict[Word, dict[str, Param]] = {
    Word.STEP: {"step": "agree", "to": "agreed"},
    Word.OPEN_HERE: {"state": "proposed"},
    Word.NO_OBJECTION: {"block_at": 2, "objections": 1},
    Word.IN_EFFECT: {"days": 30, "place": "Asia/Tokyo", "on": "2026-04-14", "irrevocable": 1},
    Word.AT_LEAST: {"need": 2, "of": 3, "have": 1},
    Word.STAGE: {"stage": "legal", "open": 0},
    Word.SIGNOFFS: {"role": "legal_service", "capacities": "lead", "need": 2, "everyone": 0},
    Word.SIGNOFF: {"role": "legal_service", "party": "JP"},
    Word.SILENCE: {"role": "legal_service", "capacities": "lead", "days": 3, "place": "Asia/Tokyo"},
    Word.EVIDENCE: {"type": "report", "count": 2},
    Word.FIELD: {"field": "amount"},
    Word.DATE: {"field": "venue", "place": "Asia/Tokyo"},
    Word.CHILDREN: {"states": "agreed", "need": 2},
    Word.PARTIES: {"capacities": "lead", "need": 2},
}


def said(word: Word, **params: Param) -> str:
    """Say a node that does not hold."""
    return Voice().say(read_node(make_node(word, satisfied=False, **params)))


@pytest.mark.parametrize("word", Word)
def test_every_word_has_a_reading(word: Word) -> None:
    known = SEAT if word.startswith("seat_") else PARAMS.get(word, {})
    reading = said(word, **known)
    assert reading
    assert not re.search(r"%|–", reading)


def test_parties_that_sign_beside_are_said_not_to_count() -> None:
    asked = PARAMS[Word.SIGNOFFS] | {"counting": "state", "abstentions": 1, "have": 1}
    assert said(Word.SIGNOFFS, **asked) == (
        "At least 2 parties that take part as lead sign through their legal_service (organisations"
        " may sign beside them but do not count; an abstention counts, too; so far 1 of 2)"
    )


@pytest.mark.parametrize(
    ("changes", "start"),
    [
        ({"everyone": 1}, "The legal_service of every lead signs"),
        ({"need": 1}, "At least 1 party that takes part as lead signs"),
        ({"share": "2/3"}, "At least 2/3 of the parties"),
        ({"share": "1/2", "more_than": 1}, "More than 1/2 of the parties"),
    ],
)
def test_sign_offs_say_how_many(changes: dict[str, Param], start: str) -> None:
    assert said(Word.SIGNOFFS, **PARAMS[Word.SIGNOFFS] | changes).startswith(start)


def test_a_silence_names_its_day_once_it_runs() -> None:
    silence = PARAMS[Word.SILENCE]
    assert "within 3 days after the revision opens, in days of Asia/Tokyo" in said(
        Word.SILENCE, **silence
    )
    running = said(Word.SILENCE, **silence | {"until": "2026-03-14", "have": 0})
    assert running.endswith("objects by 2026-03-14 (Asia/Tokyo)")
    assert said(Word.SILENCE, **silence | {"until": "2026-03-14", "have": 1}).endswith(
        "(the time to object is over)"
    )


def test_an_effect_names_its_day_once_it_is_scheduled() -> None:
    assert said(Word.IN_EFFECT, months=1, place="Asia/Tokyo") == (
        "Takes effect 1 month after the last thing it needs is there, by the calendar of Asia/Tokyo"
    )
    assert "(on 2026-04-14; once that day is set" in said(Word.IN_EFFECT, **PARAMS[Word.IN_EFFECT])


def test_what_is_not_needed_says_so() -> None:
    assert said(Word.FIELD, field="amount", not_needed=1) == (
        "The field amount is filled in (not needed: enough of the others hold)"
    )


def test_a_seat_names_who_signed_and_for_whom() -> None:
    assert said(Word.SEAT_SIGNED, **SEAT) == "JP: signed (by Ada)"
    assert said(Word.SEAT_SIGNED, **SEAT, holder="Bo") == "JP: signed (Ada for Bo)"


def test_silence_of_a_seat_and_a_late_objection_are_told_apart_from_waiting() -> None:
    assert said(Word.SEAT_WAITING, party="JP") == "JP: is waited for"
    assert said(Word.SEAT_WAITING, party="JP", silent=1) == "JP: has not objected"
    assert said(Word.SEAT_OBJECTED, **SEAT, late=1) == (
        "JP: objects (by Ada; after the deadline, so only recorded)"
    )


def test_a_parameter_left_out_reads_as_a_dash() -> None:
    assert said(Word.SEAT_SIGNED) == "–: signed"


def test_every_part_of_a_described_rule_reads_without_counts() -> None:
    silence = {"of": ["lead"], "role": "legal_service", "days": 3, "place": "Asia/Tokyo"}
    needs = {"any": [{"silence": silence}, {"field": "amount"}]}
    definition = Definition.from_mapping(rules(agree={"needs": needs}))
    tree = describe(definition.steps["agree"])
    assert [Voice().say(read_node(node)) for node in all_nodes(tree)] == [
        "Any one of these",
        (
            "Adopted unless the legal_service of any lead objects within 3 days after the revision"
            " opens, in days of Asia/Tokyo"
        ),
        "The field amount is filled in",
    ]


def test_a_plural_follows_the_readers_language() -> None:
    def russian(one: str, many: str, number: int) -> str:
        del one, many
        return "документ" if number % 10 == 1 else "документов"

    node: Node = make_node(Word.EVIDENCE, satisfied=True, type="report", count=21)
    voice = replace(Voice(), translate_plural=russian)
    assert voice.say(read_node(node)) == "документ"
