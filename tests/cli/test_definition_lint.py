"""`summit definitions lint`: files, kinds, people, and what publish makes of it."""

from pathlib import Path

import pytest

from config.definitions import WORKFLOWS
from tests import make
from tests.cli.conftest import Type
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.domain.identity import Caller

FORUM = str(WORKFLOWS / "forum.yaml")
BASE = str(WORKFLOWS / "base.yaml")

KIND = """\
language: 1
kind: handshake
extends: base
labels: {en: H, ja: H, uz: H, ru: H}
steps:
  agree:
    fires: by-itself
    needs:
      all:
        - part: foreign-ministries
        - signoffs: {party: UK, role: foreign_ministry}
  implement:
    needs: {evidence: {type: meeting_report}}
"""


@pytest.fixture
def handshake(tmp_path: Path) -> Path:
    """Write a small kind that means Britain by UK."""
    file = tmp_path / "handshake.yaml"
    file.write_text(KIND, encoding="utf-8")
    return file


def test_a_warning_is_told_with_its_line_and_ends_with_code_1(typed: Type, handshake: Path) -> None:
    code, (judged,) = typed("definitions", "lint", str(handshake))
    warning = {
        "code": "unknown-party", "level": "warning", "file": str(handshake), "line": 11,
        "place": "steps.agree.needs.all[1].signoffs.party",
        "problem": "'UK' is no state's code in ISO 3166-1", "suggestion": "Did you mean 'GB'?",
    }  # fmt: skip
    assert (code, judged["ok"]) == (1, False)
    assert warning in judged["findings"]


def test_what_is_only_worth_knowing_is_no_fault(typed: Type, handshake: Path) -> None:
    handshake.write_text(KIND.replace("UK", "GB"), encoding="utf-8")
    code, (judged,) = typed("definitions", "lint", str(handshake))
    assert (code, judged["ok"]) == (0, True)
    assert {each["level"] for each in judged["findings"]} == {"note"}


def test_a_fault_in_an_inherited_file_names_that_file(typed: Type, tmp_path: Path) -> None:
    file = tmp_path / "bare.yaml"
    file.write_text("language: 1\nkind: bare\nextends: base\n", encoding="utf-8")
    _, (judged,) = typed("definitions", "lint", str(file))
    missing = [each for each in judged["findings"] if each["place"] == "steps.agree.needs"]
    line = Path(BASE).read_text(encoding="utf-8").splitlines().index("  agree:") + 2
    assert [(each["file"], each["line"]) for each in missing] == [(BASE, line)] * 2


def test_a_person_reads_the_file_the_line_and_what_to_do(
    runtime: Runtime, handshake: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(summit, ["definitions", "lint", str(handshake), FORUM], runtime)
    out = capsys.readouterr().out.splitlines()
    assert (
        f"{handshake}, line 11: warning: steps.agree.needs.all[1].signoffs.party:"
        " 'UK' is no state's code in ISO 3166-1. Did you mean 'GB'?"
    ) in out
    assert out[-1] == f"{FORUM}: nothing is wrong with it."


def test_a_published_kind_is_linted_by_its_name(typed: Type, typed_as: Type, clerk: Caller) -> None:
    typed_as(clerk, "definitions", "publish", FORUM)
    assert typed("definitions", "lint", "forum") == (
        0, [{"file": "forum", "ok": True, "findings": []}],
    )  # fmt: skip
    code, answer = typed("definitions", "lint", "nope")
    assert (code, answer["reasons"][0]["code"]) == (1, "kind_unknown")


def test_people_are_asked_of_only_where_that_is_said(runtime: Runtime, typed: Type) -> None:
    make.party(runtime, "UZ")
    arguments = ("definitions", "lint", FORUM, "--people", "--parties", "UZ:lead,UZ:host")
    code, (judged,) = typed(*arguments)
    assert (code, {each["code"] for each in judged["findings"]}) == (1, {"nobody-holds"})
    assert typed(*arguments[:-2], "--parties", "XX:lead")[1]["reasons"][0]["code"] == (
        "party_unknown"
    )
    assert typed("definitions", "lint", FORUM, "--parties", "UZ:lead") == (2, None)
    assert typed("definitions", "lint", FORUM, "--people", "--parties", "UZ") == (2, None)


def test_publish_refuses_errors_and_tells_warnings(
    typed: Type, typed_as: Type, clerk: Caller, handshake: Path
) -> None:
    code, done = typed_as(clerk, "definitions", "publish", str(handshake))
    assert (code, done["new"]) == (0, True)
    assert "unknown-party" in {each["code"] for each in done["findings"]}
    handshake.write_text(KIND.replace("foreign_ministry}", "foreign_office}"), encoding="utf-8")
    code, judged = typed_as(clerk, "definitions", "publish", str(handshake))
    assert (code, judged["ok"]) == (1, False)
    assert [each["edition"] for each in typed("definitions", "list")[1]] == [1]


def test_publish_tells_whom_the_rules_would_hold_up(
    runtime: Runtime, typed_as: Type, clerk: Caller
) -> None:
    typed_as(clerk, "definitions", "publish", FORUM)
    make.proposal(runtime, kind="forum", by=clerk, parties=(("UZ", "lead"), ("UZ", "host")))
    _, done = typed_as(clerk, "definitions", "publish", FORUM)
    assert any("P-1" in each["problem"] for each in done["findings"])
