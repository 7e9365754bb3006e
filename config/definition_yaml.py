"""Reads one YAML 1.2 file into plain values, refusing whatever could hide something.

YAML 1.2 keeps NO a word (Norway, not false). Anchors, aliases, tags and directives are refused:
a definition must say what it says where it says it. Dates and fractions are refused too, since
their spelling does not survive a round trip; in quotes they are words.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    NodeEvent,
)
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

MOST_BYTES = 256 * 1024
"""The largest definition file, in bytes; the shipped ones are about 20 times smaller."""

MOST_DEPTH = 40
"""How deep values may be nested."""

LONGEST_PROBLEM = 300
"""Characters of a problem that are shown: it may quote the file."""

Place = tuple[Any, ...]

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_KINDS = {"tag:yaml.org,2002:float": "a fraction", "tag:yaml.org,2002:timestamp": "a date"}


class DefinitionFileError(Exception):
    """A definition file cannot be used; its text is one sentence and what to do about it."""

    def __init__(self, path: Path, line: int | None, problem: str, suggestion: str) -> None:
        """Keep where (the line counts from 1), what is wrong, and what to do."""
        problem = problem if len(problem) <= LONGEST_PROBLEM else problem[:LONGEST_PROBLEM] + "…"
        super().__init__(str(path), line, problem, suggestion)
        self.path = path
        self.line = line
        self.problem = problem
        self.suggestion = suggestion

    def __str__(self) -> str:
        """Return the sentence."""
        where = f"{self.path.name}, line {self.line}" if self.line else self.path.name
        return f"{where}: {self.problem}. {self.suggestion}".strip()


@dataclass(frozen=True)
class YamlFile:
    """One file as plain values, with the line of each."""

    path: Path
    mapping: dict[str, Any]
    lines: dict[Place, int]
    """The line of each value, counted from 1, by the keys and positions that lead to it."""

    def line(self, place: Place) -> int | None:
        """Give the line of a place, else of the nearest thing around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place)

    def fault(self, place: Place, problem: str, suggestion: str) -> DefinitionFileError:
        """Make the error that names a place of this file; `problem` reads after its name."""
        return DefinitionFileError(self.path, self.line(place), f"it {problem}", suggestion)


def read_yaml(path: Path) -> YamlFile:
    """Read a file that holds one mapping.

    Raises: DefinitionFileError.
    """
    text = _text(path)
    try:
        _refuse_hidden(path, text)
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise _not_yaml(path, error) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise DefinitionFileError(path, None, "it is not YAML", "Check its signs.") from error
    if not isinstance(root, MappingNode):
        raise DefinitionFileError(
            path, 1, "it must be a mapping of names to values", "Begin with `language: 1`."
        )
    reader = _Reader(path)
    return YamlFile(path, reader.mapping(root, ()), reader.lines)


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            read = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise DefinitionFileError(
            path, None, "it cannot be read", "Check its name and who may read it."
        ) from error
    if len(read) > MOST_BYTES:
        raise DefinitionFileError(
            path, None, f"it is larger than {MOST_BYTES // 1024} KiB", "Split it."
        )
    try:
        return unicodedata.normalize("NFC", read.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise DefinitionFileError(path, None, "it is not UTF-8", "Save it as UTF-8.") from error


def _refuse_hidden(path: Path, text: str) -> None:
    """Refuse what composing would follow silently, before anything is composed."""
    depth = documents = 0
    for event in YAML(typ="safe", pure=True).parse(text):
        documents += isinstance(event, DocumentStartEvent)
        depth += isinstance(event, CollectionStartEvent)
        depth -= isinstance(event, CollectionEndEvent)
        problem = next(_hidden(event, depth, documents), None)
        if problem:
            raise DefinitionFileError(path, event.start_mark.line + 1, *problem)


def _hidden(event: Any, depth: int, documents: int) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - ruamel has no common type
    if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
        yield "it uses an anchor or an alias", "Name a part under `parts:` instead."
    if isinstance(event, NodeEvent) and getattr(event, "tag", None):
        yield "it uses a tag", "Write the value without `!`."
    if isinstance(event, DocumentStartEvent) and (event.version or event.tags):
        yield "it uses a directive", "Leave out the line that begins with %."
    if documents > 1:
        yield "it holds a second document", "Keep one definition in a file."
    if depth > MOST_DEPTH:
        yield f"it nests deeper than {MOST_DEPTH} levels", "Make it flatter."


def _not_yaml(path: Path, error: MarkedYAMLError) -> DefinitionFileError:
    line = error.problem_mark.line + 1 if error.problem_mark else None
    problem = (error.problem or "of an unknown fault").splitlines()[0]
    return DefinitionFileError(path, line, f"it is not YAML: {problem}", "Correct this line.")


class _Reader:
    """Turns composed nodes into plain values and notes their lines."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}

    def value(self, node: Node, place: Place) -> Any:  # noqa: ANN401 - YAML holds any value
        self.lines[place] = node.start_mark.line + 1
        if isinstance(node, MappingNode):
            return self.mapping(node, place)
        if isinstance(node, SequenceNode):
            return [self.value(each, (*place, at)) for at, each in enumerate(node.value)]
        return self.scalar(node)

    def mapping(self, node: MappingNode, place: Place) -> dict[str, Any]:
        plain: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self.key(key_node)
            if key in plain:
                raise self.fault(key_node, f"it says {key!r} twice", "Keep one of the two.")
            plain[key] = self.value(value_node, (*place, key))
        return plain

    def key(self, node: Node) -> str:
        if isinstance(node, ScalarNode) and str(node.tag) == "tag:yaml.org,2002:str":
            return str(node.value)
        raise self.fault(node, "it has a name that is not a word", "Put the name in quotes.")

    def scalar(self, node: Node) -> str | int | bool | None:
        tag, text = str(node.tag), str(node.value)
        if tag == "tag:yaml.org,2002:str":
            return text
        if tag == "tag:yaml.org,2002:null":
            return None
        if tag == "tag:yaml.org,2002:bool":
            return text.lower() == "true"
        if tag == "tag:yaml.org,2002:int" and _WHOLE.fullmatch(text):
            return int(text)
        kind = _KINDS.get(tag, "a number in an unusual spelling")
        raise self.fault(node, f"{text!r} is {kind}", "Put it in quotes or write a whole number.")

    def fault(self, node: Node, problem: str, suggestion: str) -> DefinitionFileError:
        return DefinitionFileError(self.path, node.start_mark.line + 1, problem, suggestion)
