"""The shipped definitions: each loads, speaks four languages and knows its words."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.definitions import WORKFLOWS, load_vocabulary, shipped_kinds
from workflow.domain.definition import Definition
from workflow.domain.findings import Fault
from workflow.domain.requirement import EvidenceCount, Silence, leaves, signing_leaves
from workflow.domain.vocabulary import LANGUAGES, Vocabulary

ROOT = Path(__file__).parents[2]
KINDS = shipped_kinds()
VOCABULARY = Vocabulary.from_mapping(load_vocabulary())

WORDS_OF = {
    "ja": re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "uz": re.compile(r"[A-Za-z]"),
    "en": re.compile(r"[A-Za-z]"),
}


def label_tables(value: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - YAML holds any value
    """Give every mapping of languages to texts inside a value."""
    if isinstance(value, dict):
        if set(LANGUAGES) & set(value):
            yield value
        for each in value.values():
            yield from label_tables(each)


def stages(value: Any) -> Iterator[str]:  # noqa: ANN401 - YAML holds any value
    """Give the name of every stage inside a value."""
    if isinstance(value, dict) and "stage" in value:
        yield value["stage"]
    if isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from stages(each)


@pytest.mark.parametrize("kind", KINDS)
def test_every_shipped_kind_is_a_definition(kind: str) -> None:
    definition = Definition.from_mapping(KINDS[kind])
    assert definition.kind == kind
    assert set(definition.meaning) == {"agreed", "implemented"}


def test_no_two_kinds_mean_the_same_by_agreed_or_by_implemented() -> None:
    for state in ("agreed", "implemented"):
        meanings = [kind["meaning"][state]["en"] for kind in KINDS.values()]
        assert len(set(meanings)) == len(KINDS)


# A convention enters into force by the dates of its deposits, which no paper may move.
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"convention"}))
def test_nothing_is_implemented_by_signatures_alone(kind: str) -> None:
    needs = Definition.from_mapping(KINDS[kind]).steps["implement"].needs
    assert [leaf for leaf in leaves(needs) if isinstance(leaf, EvidenceCount) and leaf.verified]


@pytest.mark.parametrize("kind", KINDS)
def test_no_step_of_a_shipped_kind_is_open_to_the_secretariat_alone(kind: str) -> None:
    steps = Definition.from_mapping(KINDS[kind]).steps.values()
    roles = {step.name: [leaf.role for _, leaf in signing_leaves(step.needs)] for step in steps}
    assert {name for name, asked in roles.items() if not set(asked) - {"secretariat"}} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_every_side_step_asks_for_a_reason(kind: str) -> None:
    steps = Definition.from_mapping(KINDS[kind]).steps.values()
    assert {step.name for step in steps if step.side and not step.reason_required} == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_shipped_kind_uses_only_words_of_the_vocabulary(kind: str) -> None:
    for step in Definition.from_mapping(KINDS[kind]).steps.values():
        for leaf in leaves(step.needs):
            if isinstance(leaf, EvidenceCount):
                assert VOCABULARY.knows("evidence", leaf.type)
            if isinstance(leaf, Silence):
                assert VOCABULARY.knows("roles", leaf.role)
        assert {leaf.role for _, leaf in signing_leaves(step.needs)} <= set(
            VOCABULARY.groups["roles"]
        )
        assert set(stages(KINDS[kind])) <= set(VOCABULARY.groups["stages"])
        assert set(step.by) <= set(VOCABULARY.groups["roles"])


@pytest.mark.parametrize("source", [*KINDS, "vocabulary"])
def test_every_label_is_written_in_its_four_languages(source: str) -> None:
    tables = list(label_tables(KINDS.get(source) or load_vocabulary()))
    assert tables
    for table in tables:
        for language in LANGUAGES:
            text = table[language]
            assert WORDS_OF[language].search(text) or text == "Ad referendum", text
            assert text == unicodedata.normalize("NFC", text).strip()


@pytest.mark.parametrize("source", [*KINDS, "vocabulary"])
def test_uzbek_uses_its_own_letters_and_no_apostrophes(source: str) -> None:
    for table in label_tables(KINDS.get(source) or load_vocabulary()):
        assert not re.search("['`\u2018\u2019]", table["uz"]), table["uz"]
        assert not re.search("(?<![OoGg])\u02bb", table["uz"]), table["uz"]


def test_the_guide_quotes_the_shipped_files() -> None:
    guide = (ROOT / "docs" / "guides" / "definitions.md").read_text(encoding="utf-8")
    quotes = re.findall(r"```yaml\n# from (\S+)\n(.*?)```", guide, re.DOTALL)
    assert guide.count("```yaml") == len(quotes)
    for name, quote in quotes:
        assert quote in (WORKFLOWS / name).read_text(encoding="utf-8"), quote


def test_the_guides_table_of_signers_quotes_the_shipped_files() -> None:
    guide = (ROOT / "docs" / "guides" / "definitions.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| .+ \| `(.+)` \| `(\S+\.yaml)` \|$", guide, re.MULTILINE)
    assert rows
    for quote, name in rows:
        assert quote in (WORKFLOWS / name).read_text(encoding="utf-8"), quote


def test_the_guide_lists_everything_that_lint_finds() -> None:
    guide = (ROOT / "docs" / "guides" / "definitions.md").read_text(encoding="utf-8")
    section = guide.split("## Lint")[1].split("## What has changed")[0]
    assert {fault.value for fault in Fault} - set(re.findall(r"`([a-z-]+)`", section)) == set()


def test_the_guide_lists_every_shipped_kind() -> None:
    guide = (ROOT / "docs" / "guides" / "definitions.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| ([a-z-]+) \|", guide.split("## The shipped kinds")[1], re.MULTILINE)
    assert sorted(set(listed) - {"kind"}) == sorted(KINDS)
