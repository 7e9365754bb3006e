"""A kind has the fields that base offers once it names them, and the smallest file is enough."""

from pathlib import Path

import pytest

from config.definitions import load_file, load_vocabulary
from workflow.domain.definition import Definition
from workflow.domain.lint import lint
from workflow.domain.vocabulary import Vocabulary

SMALLEST = """\
language: 1
kind: investment-fund
extends: base
labels: {en: Fund, ja: 基金, uz: Jamgʻarma, ru: Фонд}
material: [titles, summary, parties, amount]
steps:
  agree:
    from: proposed
    to: agreed
    fires: by-itself
    bars: [proposer, last-editor]
    objections: {from: [lead, member], block_at: 1}
    needs:
      all:
        - stage: ministries
          all:
            - signoffs: {each: [lead, member], role: line_ministry}
            - signoffs: {each: [lead, member], role: finance_ministry, at_least: 3}
        - stage: heads
          signoffs: {each: [lead, member], role: head_of_delegation}
        - evidence: {type: founding_memorandum, count: 1, verified: true}
        - field: amount
"""


@pytest.fixture
def smallest(tmp_path: Path) -> Path:
    """Write a kind that says how it is agreed, and nothing else."""
    path = tmp_path / "fund.yaml"
    path.write_text(SMALLEST, encoding="utf-8")
    return path


def test_a_kind_that_says_only_how_it_is_agreed_can_be_published(smallest: Path) -> None:
    made = Definition.from_mapping(load_file(smallest))
    found = lint(made, Vocabulary.from_mapping(load_vocabulary()))
    assert {each.level.value for each in found} <= {"note"}
    assert made.fields["amount"].type == "money"


def test_a_field_that_nothing_names_is_not_taken_up(smallest: Path) -> None:
    smallest.write_text(
        SMALLEST.replace(", amount]", "]").replace("        - field: amount\n", ""),
        encoding="utf-8",
    )
    assert "amount" not in Definition.from_mapping(load_file(smallest)).fields


def test_a_field_of_ones_own_is_kept(smallest: Path) -> None:
    own = "fields: {amount: {type: integer, labels: {en: A, ja: A, uz: A, ru: A}}}\nsteps:\n"
    smallest.write_text(SMALLEST.replace("steps:\n", own), encoding="utf-8")
    assert Definition.from_mapping(load_file(smallest)).fields["amount"].type == "integer"
