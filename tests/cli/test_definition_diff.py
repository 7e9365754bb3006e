"""`summit definitions diff`: files, kinds and editions, compared in rules."""

from pathlib import Path

import pytest

from config.definitions import WORKFLOWS
from tests.cli.conftest import Type
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.domain.identity import Caller

TREATY = WORKFLOWS / "treaty.yaml"
FORUM = str(WORKFLOWS / "forum.yaml")


@pytest.fixture
def other(tmp_path: Path) -> str:
    """Write a forum whose invitation needs a legal service's word, and that is called otherwise."""
    text = Path(FORUM).read_text(encoding="utf-8")
    assert "venue" in text
    file = tmp_path / "forum.yaml"
    file.write_text(
        text.replace("{en: Forum", "{en: Big forum").replace(
            "steps:\n  agree:\n", "steps:\n  agree:\n    bars: [proposer]\n"
        ),
        encoding="utf-8",
    )
    return str(file)


def test_what_changed_is_told_with_labels_last(typed: Type, other: str) -> None:
    code, (bars, label) = typed("definitions", "diff", FORUM, other)
    assert code == 0
    assert bars == {
        "step": "agree", "change": "bars", "before": ["last-editor", "proposer"],
        "after": ["proposer"], "about": None,
        "text": "agree: Barred from signing were: last-editor, proposer; now: proposer.",
    }  # fmt: skip
    assert (label["step"], label["change"], label["about"]) == (None, "labels", "forum (en)")
    assert (label["before"], label["after"]) == ("Forum or meeting", "Big forum or meeting")


def test_editions_are_compared_by_number(
    typed: Type, typed_as: Type, clerk: Caller, other: str
) -> None:
    typed_as(clerk, "definitions", "publish", FORUM)
    typed_as(clerk, "definitions", "publish", other)
    told = typed("definitions", "diff", FORUM, other)
    assert typed("definitions", "diff", "forum@1", "forum@2") == told
    assert typed("definitions", "diff", "forum@1", "forum") == told
    assert typed("definitions", "diff", "forum", other) == (0, [])


@pytest.mark.parametrize(
    ("source", "code"),
    [("nope", "kind_unknown"), ("forum@9", "edition_unknown"), ("forum@x", "kind_unknown")],
)
def test_what_is_not_there_is_refused(
    typed: Type, typed_as: Type, clerk: Caller, source: str, code: str
) -> None:
    typed_as(clerk, "definitions", "publish", FORUM)
    left, answer = typed("definitions", "diff", FORUM, source)
    assert (left, answer["reasons"][0]["code"]) == (1, code)


def test_a_file_that_cannot_be_read_is_told(typed: Type, tmp_path: Path) -> None:
    code, answer = typed("definitions", "diff", FORUM, str(tmp_path / "none.yaml"))
    assert (code, answer["ok"]) == (1, False)


def test_a_person_reads_sentences(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
    run(summit, ["definitions", "diff", FORUM, FORUM], runtime)
    assert capsys.readouterr().out == "They say the same.\n"
    run(summit, ["definitions", "diff", FORUM, str(TREATY)], runtime)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "The kind was forum and is treaty."
    assert all(line.endswith(".") for line in lines)
    assert not any("None" in line for line in lines)
