"""The words beside an arrow: what the step asks for, in the reader's language."""

import pytest

from tests import make_rules
from workflow.domain.definition import Definition
from workflow.domain.vocabulary import LANGUAGES
from workflow.export import definition_words
from workflow.export.definition_guards import guard_facts


def guard(language: str, **agree: object) -> tuple[str, ...]:
    """Return what is said beside the step `agree`, changed so."""
    definition = Definition.from_mapping(make_rules.rules(agree=agree))
    return guard_facts(definition.steps["agree"], language)


def test_a_guard_says_what_fires_it_what_it_needs_and_when_it_takes_effect() -> None:
    signoffs = {"signoffs": {"each": ["lead"], "role": "line_ministry"}}
    silence = {"of": ["lead"], "role": "foreign_ministry", "days": 14, "place": "Asia/Tokyo"}
    needs = {"all": [{"stage": "heads", **signoffs}, {"silence": silence}]}
    facts = guard("en", needs=needs, delay={"months": 1, "place": "Asia/Tokyo"})
    assert facts == (
        "by itself", "2 conditions", "1 stage", "silence 14 days", "delay 1 month",
        "1 objection stops",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1 условие"), (2, "2 условия"), (5, "5 условий"), (11, "11 условий"), (21, "21 условие"),
     (22, "22 условия"), (112, "112 условий")],
)  # fmt: skip
def test_russian_counts_as_russians_do(number: int, said: str) -> None:
    assert definition_words.counted("parts", number, "ru") == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_is_there_in_every_language(language: str) -> None:
    assert all(set(labels) == set(LANGUAGES) for labels in definition_words.WORDS.values())
    for name in definition_words.COUNTED:
        assert str(7) in definition_words.counted(name, 7, language)
        assert set(definition_words.COUNTED[name]) == set(LANGUAGES)
