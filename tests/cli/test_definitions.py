"""`summit definitions`: listed, shown, linted with lines, published once."""

from pathlib import Path

import pytest

from config.definitions import WORKFLOWS
from tests import make
from tests.cli.conftest import Type
from workflow.bootstrap import Runtime
from workflow.domain.identity import Caller

FORUM = str(WORKFLOWS / "forum.yaml")


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    file = tmp_path / "faulty.yaml"
    file.write_text("language: 1\nkind: x\nextends: base\nsteps:\n  agree:\n    need: 1\n")
    return str(file)


def test_a_file_is_published_once_and_is_its_kinds_newest_edition(
    typed: Type, typed_as: Type, clerk: Caller
) -> None:
    code, done = typed_as(clerk, "definitions", "publish", FORUM)
    assert (code, done["edition"], done["new"]) == (0, 1, True)
    assert typed_as(clerk, "definitions", "publish", FORUM)[1]["new"] is False
    assert [each["kind"] for each in typed("definitions", "list")[1]] == ["forum"]
    code, shown = typed("definitions", "show", "forum")
    assert (code, shown["digest"], shown["definition"]["kind"]) == (0, done["digest"], "forum")


def test_only_the_secretariat_publishes(runtime: Runtime, typed_as: Type) -> None:
    code, answer = typed_as(make.delegate(runtime), "definitions", "publish", FORUM)
    assert (code, answer["reasons"][0]["code"]) == (1, "no_mandate")


def test_lint_names_every_fault_with_its_line(typed: Type, faulty: str) -> None:
    code, (good, bad) = typed("definitions", "lint", FORUM, faulty)
    assert (code, good["ok"], good["findings"], bad["ok"]) == (1, True, [], False)
    first = bad["findings"][0]
    assert (first["line"], first["place"]) == (6, "steps.agree")


def test_a_faulty_file_is_not_published(
    typed: Type, typed_as: Type, clerk: Caller, faulty: str
) -> None:
    assert typed_as(clerk, "definitions", "publish", faulty)[0] == 1
    assert typed("definitions", "list") == (0, [])


def test_an_unknown_kind_is_told(typed: Type) -> None:
    code, answer = typed("definitions", "show", "nope")
    assert (code, answer["reasons"][0]["code"]) == (1, "kind_unknown")
