"""Imports point toward the rules."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, python_files


def imported(path: Path) -> Iterator[str]:
    """Yield the names of the modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_every_layer_imports_only_what_stands_below_it() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_the_rules_import_the_standard_library_and_transitions_alone() -> None:
    allowed = sys.stdlib_module_names | {"transitions"}
    foreign = {
        (str(path.relative_to(ROOT)), name)
        for path in python_files("workflow/domain")
        for name in imported(path)
        if name.partition(".")[0] not in allowed and not name.startswith("workflow.domain")
    }
    assert foreign == set()


def test_nothing_imports_the_servers_entry() -> None:
    assert [path for path in python_files() if "wsgi" in imported(path)] == []
