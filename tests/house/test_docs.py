"""The documents promise nothing that is not there, and the command line has no secret commands."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import click
import pytest

from tests.house.tree import ROOT, files
from workflow.cli import summit

if TYPE_CHECKING:
    from click import Command

README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "guides" / "cli.md"

PROMISED_FOR_LATER: set[tuple[str, str]] = set()
"""Commands that a document names only to say that they are not there yet."""

_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[(?:\\.|[^\]\\])*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CODE = re.compile(r"`([^`\n]+)`")
# `summit` or `.venv/bin/summit`, then words that could be names of commands.
_COMMAND = re.compile(r"(?:^|[\s`('\"$])(?:\.venv/bin/)?summit((?: [a-z][a-z-]*)+)")


def documents() -> list[Path]:
    """Return every document of the project."""
    return sorted(path for path in files() if path.suffix == ".md")


def prose(path: Path) -> str:
    """Return a document without its blocks of code."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def code(path: Path) -> str:
    """Return what a document shows as code, in blocks and in lines, a piece a line."""
    text = path.read_text(encoding="utf-8")
    return "\n".join([*_FENCE.findall(text), *_CODE.findall(_FENCE.sub("", text))])


def anchors(path: Path) -> set[str]:
    """Return the anchors of a document's headings, as they are made of them by convention."""
    return {_anchor(heading) for heading in _HEADING.findall(prose(path))}


def _anchor(heading: str) -> str:
    kept = (sign for sign in heading.lower() if sign in " -_" or _is_of_a_word(sign))
    return "".join(kept).replace(" ", "-")


def _is_of_a_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNM"


def _resolves(document: Path, target: str) -> bool:
    name, _, anchor = unquote(target).partition("#")
    path = (document.parent / name).resolve() if name else document
    if not path.is_relative_to(ROOT) or not path.exists():
        return False
    return not anchor or anchor in anchors(path)


@cache
def commands() -> dict[tuple[str, ...], "Command"]:
    """Return every command and group of `summit` by the words that lead to it."""
    return dict(_walk((), summit))


def _walk(
    words: tuple[str, ...], command: "Command"
) -> Iterator[tuple[tuple[str, ...], "Command"]]:
    yield words, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from _walk((*words, name), found)


def _leads_nowhere(words: tuple[str, ...]) -> bool:
    """Say whether the words name no command; those behind a command are its arguments."""
    known = max(n for n in range(len(words) + 1) if words[:n] in commands())
    return known < len(words) and isinstance(commands()[words[:known]], click.Group)


def _mentioned(path: Path) -> set[tuple[str, ...]]:
    return {tuple(found.split()) for found in _COMMAND.findall(code(path))}


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = {
        (str(path.relative_to(ROOT)), target)
        for path in documents()
        for target in _LINK.findall(prose(path))
        if not re.match(r"[a-z]+:", target) and not _resolves(path, target)
    }
    assert broken == set()


def test_every_command_that_a_document_shows_exists() -> None:
    unknown = {
        (str(path.relative_to(ROOT)), " ".join(words))
        for path in documents()
        for words in _mentioned(path)
        if _leads_nowhere(words)
    }
    assert unknown == PROMISED_FOR_LATER


def verbs() -> list[tuple[str, ...]]:
    """Return the words of every command that does something; groups only lead to them."""
    return sorted(words for words, each in commands().items() if not isinstance(each, click.Group))


@pytest.mark.parametrize("words", verbs(), ids=" ".join)
def test_the_guide_shows_every_command(words: tuple[str, ...]) -> None:
    assert any(shown[: len(words)] == words for shown in _mentioned(GUIDE))


def test_the_readme_names_the_command_that_judges_every_change() -> None:
    judged = re.findall(
        r"^make(?: --\S+)* ([a-z]+)", (ROOT / ".ci" / "run").read_text(), re.MULTILINE
    )
    shown = re.findall(r"^make ([a-z]+)", code(README), re.MULTILINE)
    assert set(judged) <= set(shown)
    assert {"run", "test"} <= set(shown)


def test_every_guide_and_decision_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    listed = {(index.parent / target).resolve() for target in _LINK.findall(prose(index))}
    present = {path for path in documents() if path.is_relative_to(ROOT / "docs")} - {index}
    assert present - listed == set()
