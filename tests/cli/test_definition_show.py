"""`summit definitions show`: any edition, as published or drawn."""

from xml.etree.ElementTree import fromstring

import pytest

from config.definitions import WORKFLOWS
from tests import make_rules
from tests.cli.conftest import Type
from tests.export.dot_grammar import read_dot
from tests.export.scxml_schema import faults
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.domain.definition import Definition
from workflow.domain.identity import Caller
from workflow.services.definitions import publish


@pytest.fixture
def treaty(typed_as: Type, clerk: Caller) -> str:
    """Publish the treaty's rules and give their kind."""
    assert typed_as(clerk, "definitions", "publish", str(WORKFLOWS / "treaty.yaml"))[0] == 0
    return "treaty"


def test_a_drawing_is_written_in_the_language_asked_for(typed: Type, treaty: str) -> None:
    code, shown = typed(
        "definitions", "show", treaty, "--format", "dot", "--lang", "ja", "--state", "agreed"
    )
    assert (code, shown["edition"], shown["format"], shown["language"]) == (0, 1, "dot", "ja")
    nodes = read_dot(shown["text"]).nodes
    assert nodes["state_agreed"]["label"] == "合意"
    assert "fillcolor" in nodes["state_agreed"]


@pytest.mark.parametrize("form", ["svg", "scxml"])
def test_what_is_printed_is_a_file_as_it_stands(
    runtime: Runtime, treaty: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(summit, ["definitions", "show", treaty, "--format", form], runtime) == 0
    printed = capsys.readouterr().out
    root = fromstring(printed.encode())  # noqa: S314 - the document is the test's own
    assert root.tag.endswith(f"}}{form}")
    if form == "scxml":
        assert faults(printed.partition("\n")[2]) == []


def test_mermaid_is_printed_line_by_line(typed: Type, treaty: str) -> None:
    shown = typed("definitions", "show", treaty, "--format", "mermaid")[1]
    assert shown["text"].startswith("stateDiagram-v2\n")


def test_an_earlier_edition_is_shown_by_its_number(
    runtime: Runtime, typed: Type, clerk: Caller
) -> None:
    for name in ("First", "Second"):
        mapping = make_rules.rules() | {"labels": make_rules.labels(name)}
        publish(runtime, clerk, [Definition.from_mapping(mapping)])
    command = ("definitions", "show", make_rules.KIND)
    assert typed(*command)[1]["edition"] == 2
    first = typed(*command, "--edition", "1")[1]
    assert (first["edition"], first["definition"]["labels"]["en"]) == (1, "First")


def test_an_edition_that_is_not_there_is_told(typed: Type, treaty: str) -> None:
    code, answer = typed("definitions", "show", treaty, "--edition", "99999999999")
    assert (code, answer["reasons"][0]["code"]) == (1, "edition_unknown")


def test_a_state_that_the_kind_has_not_is_wrong_use(typed: Type, treaty: str) -> None:
    command = ("definitions", "show", treaty, "--format", "svg", "--state", "ratified")
    assert typed(*command)[0] == 2


def test_each_step_is_told_in_plain_english(typed: Type, treaty: str) -> None:
    code, shown = typed("definitions", "show", treaty, "--format", "text")
    assert (code, shown["edition"], "implement" in shown["steps"]) == (0, 1, True)
    told = shown["steps"]["implement"]
    assert told.startswith("“Enter into force” leads from “Agreed” to “Implemented”. It needs: (1)")
    assert "Takes effect 30 days after the last thing it needs is there" in told
