"""The check that the auditors' guide prints works as printed, without a line of ours."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.export.samples import checkpoint, sample_records, sealed, whole, write_export
from workflow.export.tail import Scope

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "auditors.md"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (source,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    path = tmp_path / "check.py"
    path.write_text(source, "utf-8")
    return path


def check(program: Path, export: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-I", program, export], capture_output=True, text=True, check=False
    )


def test_printed_check_accepts_an_export(program: Path, tmp_path: Path) -> None:
    done = check(program, write_export(tmp_path / "log.jsonl", "jsonl", sample_records()))
    assert done.stdout == "9 entries in 3 chains hang together\n"


def test_printed_check_finds_the_tree_of_a_whole_export(program: Path, tmp_path: Path) -> None:
    records = sealed()
    done = check(program, whole(tmp_path / "log.jsonl", "jsonl", records, 7))
    assert done.stdout == (
        "the first 7 entries are the tree of the checkpoint of localhost/log-1\n"
        "9 entries in 3 chains hang together\n"
    )
    other = Scope(whole=True, checkpoint=checkpoint(sealed(), 7))
    done = check(program, write_export(tmp_path / "other.jsonl", "jsonl", records, other))
    assert "the tree is another one" in done.stderr


@pytest.mark.parametrize(
    ("before", "after"),
    [("A-1", "A-2"), ('"ada"', '"eve"'), ("合意", "反対"), ('"count":9', '"count":8')],
)
def test_printed_check_refuses_a_changed_export(
    program: Path, tmp_path: Path, before: str, after: str
) -> None:
    path = write_export(tmp_path / "log.jsonl", "jsonl", sample_records())
    path.write_text(path.read_text("utf-8").replace(before, after), "utf-8")
    assert check(program, path).returncode != 0
