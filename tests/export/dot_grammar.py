"""A reader of the DOT language, enough of it to say what a directed graph holds.

Source: https://graphviz.org/doc/info/lang.html. Not pydot, whose parser warns under the pyparsing
of today, where warnings are errors here.
"""

import html
import re
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"(?:\\.|[^"\\])*")|(?P<mark>->|[{}\[\]=;,])"""
    r"""|(?P<word>[A-Za-z_\x80-\uffff][\w\x80-\uffff]*|-?(?:\.\d+|\d+(?:\.\d*)?)))""",
    re.DOTALL,
)
_KEYWORDS = {"graph", "node", "edge"}

Attributes = dict[str, str]


@dataclass(slots=True)
class Graph:
    """The nodes and edges of a graph, with their attributes."""

    name: str
    nodes: dict[str, Attributes] = field(default_factory=dict)
    edges: list[tuple[str, str, Attributes]] = field(default_factory=list)


def read_dot(text: str) -> Graph:
    """Read a directed graph. Raises: ValueError where it is none."""
    reader = _Reader(_tokens(text))
    reader.take("digraph")
    graph = Graph(reader.name())
    reader.take("{")
    while reader.next() != "}":
        reader.statement(graph)
    reader.take("}")
    if reader.tokens:
        raise ValueError(f"after the graph: {reader.tokens}")
    return graph


def lines_of(label: str) -> list[str]:
    """Return the lines that a label is drawn in, as Graphviz reads its escapes and entities."""
    # A backslash and an n break the line; a doubled backslash is one.
    pieces = re.split(r"(\\.)", label)
    text = "".join({"\\n": "\0", "\\\\": "\\"}.get(piece, piece) for piece in pieces)
    return [html.unescape(line) for line in text.split("\0")]


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"no token of DOT: {text[at : at + 40]!r}")
        found.append(match.group().strip())
        at = match.end()
    return found


class _Reader:
    """Takes tokens one by one."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens

    def next(self) -> str:
        if not self.tokens:
            raise ValueError("the text ends early")
        return self.tokens[0]

    def take(self, wanted: str) -> None:
        if self.next() != wanted:
            raise ValueError(f"{self.next()} where {wanted} should be")
        self.tokens.pop(0)

    def name(self) -> str:
        token = self.next()
        if not re.match(r"[\"\w.-]", token) or token == "->":
            raise ValueError(f"{token} is no name")
        self.tokens.pop(0)
        # In quotes only a quote is escaped; other backslashes stay for the label's own escapes.
        return token[1:-1].replace('\\"', '"') if token.startswith('"') else token

    def statement(self, graph: Graph) -> None:
        first = self.name()
        if self.next() == "->":
            self.take("->")
            second = self.name()
            graph.edges.append((first, second, self.attributes()))
        elif first in _KEYWORDS:
            self.attributes()
        else:
            graph.nodes[first] = self.attributes()
        self.take(";")

    def attributes(self) -> Attributes:
        found: Attributes = {}
        if self.next() == "[":
            self.take("[")
            while self.next() != "]":
                key = self.name()
                self.take("=")
                found[key] = self.name()
                if self.next() == ",":
                    self.take(",")
            self.take("]")
        return found
