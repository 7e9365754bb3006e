"""Lints a definition: what can be read, and still cannot be meant.

Reading finds what is malformed (`Definition.from_mapping`); this finds states nobody reaches or
leaves, words nobody knows, numbers nobody can give and orders nobody can tell. Whether the people
there are can satisfy a rule is asked of the database (`workflow.queries.feasibility`).
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from workflow.domain.definition import Definition, DefinitionError
from workflow.domain.findings import Finding, Level
from workflow.domain.lint_asks import lint_asks
from workflow.domain.lint_places import placed_rules
from workflow.domain.lint_stages import lint_stages
from workflow.domain.lint_ways import lint_ways
from workflow.domain.lint_words import Known, lint_words
from workflow.domain.vocabulary import Vocabulary


def lint(
    definition: Definition,
    vocabulary: Vocabulary,
    *,
    parties: Collection[str] | None = None,
    states: Collection[str] = (),
) -> tuple[Finding, ...]:
    """Find what is wrong with a definition; `parties` are a deployment's, `states` other kinds'."""
    return tuple(_findings(definition, Known(vocabulary, parties, states)))


def read_and_lint(
    mapping: Mapping[str, Any], vocabulary: Vocabulary, **known: Collection[str]
) -> tuple[Definition | None, tuple[Finding, ...]]:
    """Read a resolved mapping and find all that is wrong with it; None where it cannot be read."""
    try:
        definition = Definition.from_mapping(mapping)
    except DefinitionError as error:
        return None, error.findings
    return definition, lint(definition, vocabulary, **known)


def errors(findings: Collection[Finding]) -> tuple[Finding, ...]:
    """Give the findings that keep a definition from being published."""
    return tuple(finding for finding in findings if finding.level is Level.ERROR)


def _findings(definition: Definition, known: Known) -> Iterator[Finding]:
    rules = placed_rules(definition)
    yield from lint_ways(definition)
    yield from lint_words(definition, rules, known)
    for rule in rules:
        yield from lint_asks(rule)
        yield from lint_stages(rule)
