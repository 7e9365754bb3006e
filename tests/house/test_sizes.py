"""Files and functions stay small; one that does not says why here."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import ROOT, python_files

LONGEST_FILE = 300
LONGEST_FUNCTION = 30

LONG_FILES = {
    "migrations/versions/20261122_first_tables.py": "a revision is never changed once it has run",
}
LONG_FUNCTIONS = {
    "migrations/versions/20261122_first_tables.py:upgrade": "one statement for each table",
}


def lines(path: Path) -> int:
    """Count the lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield each function of a file with the number of lines below its docstring."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[1] if ast.get_docstring(node) and node.body[1:] else node.body[0]
            yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or 0) - first.lineno + 1


def test_no_file_is_long_without_a_reason() -> None:
    long = {str(p.relative_to(ROOT)): lines(p) for p in python_files() if lines(p) > LONGEST_FILE}
    assert {name: size for name, size in long.items() if name not in LONG_FILES} == {}
    assert set(LONG_FILES) <= set(long), "a file became short: take it off the list"


def test_no_function_is_long_without_a_reason() -> None:
    sizes = {name: n for path in python_files() for name, n in functions(path)}
    long = {name: size for name, size in sizes.items() if size > LONGEST_FUNCTION}
    assert {name: size for name, size in long.items() if name not in LONG_FUNCTIONS} == {}
    assert set(LONG_FUNCTIONS) <= set(long), "a function became short: take it off the list"
