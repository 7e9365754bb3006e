"""What the shipped rules read as, in every language, without a database: for the guide's pages."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from flask import Flask, g

from config.definitions import shipped_kinds
from config.settings import Settings
from tests.fakes import FakeClock, FakeIds
from tests.house.tree import ROOT
from web import words
from web.app import create_app
from web.rule_words import clause_lines, node_line
from workflow.bootstrap import build_runtime
from workflow.domain.definition import Definition, StepRule
from workflow.domain.describe import describe
from workflow.domain.explanation import all_nodes
from workflow.domain.vocabulary import LANGUAGES

Said = dict[str, str]
"""A sentence by language."""


def said_in_every_language(kind: str, step: str) -> list[Said]:
    """Give what a step of a shipped kind says: its parts in reading order, then its clauses."""
    definition = shipped()[kind]
    each = {language: _said(definition, definition.steps[step], language) for language in LANGUAGES}
    return [dict(zip(each, row, strict=True)) for row in zip(*each.values(), strict=True)]


def decision_meanings(decision: str) -> Said:
    """Give the line that says what a decision does."""
    meanings = {}
    for language in LANGUAGES:
        with speaking(language):
            meanings[language] = words.decision_meaning(decision)
    return meanings


@cache
def shipped() -> dict[str, Definition]:
    """Give the shipped definitions."""
    return {kind: Definition.from_mapping(each) for kind, each in shipped_kinds().items()}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Stand in a request of a reader of this language who knows the demo's parties."""
    with _app().test_request_context(f"/?lang={language}"):
        g.kinds, g.party_names = shipped(), _party_names()
        yield


@cache
def _app() -> Flask:
    runtime = build_runtime(Settings(database_url="sqlite://"), clock=FakeClock(), ids=FakeIds())
    return create_app(runtime, "a secret for tests, more than thirty-two bytes")


@cache
def _party_names() -> dict[str, Said]:
    with (ROOT / "config/demo/parties.csv").open(encoding="utf-8") as file:
        return {
            row["code"]: {language: row[f"name_{language}"] for language in LANGUAGES}
            for row in csv.DictReader(file)
        }


def _said(definition: Definition, step: StepRule, language: str) -> list[str]:
    with speaking(language):
        parts = [node_line(node, definition.kind) for node in all_nodes(describe(step))]
        return parts + clause_lines(step, definition)
