"""Definitions for drawing: whatever graph, whatever somebody wrote as a label."""

from typing import Any

from hypothesis import strategies as st

from tests import make_rules
from workflow.domain.definition import Definition
from workflow.domain.vocabulary import LANGUAGES

HOSTILE = (
    'a "q" <b>x</b> & --> [*]', "]]> <!-- -->", "%%{init: {}}%%", "c;d:e {f} #35; `g`", "\\N \\",
    "line\nbreak\ttab \x1b[31m", "end", "style x: #fff;", "&lt;&amp;", "---", "<<fork>>", "_x0041_",
    "_x_", "1st", "同意（仮）「」", "oʻz-oʻzidan", "Привет", "\ufffe\x7f\x85", "x" * 200,
)  # fmt: skip
"""Texts that mean something to one of the formats, or to a terminal."""

written = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
texts = st.sampled_from(HOSTILE) | written.filter(str.strip)  # a blank label is none
labels = st.fixed_dictionaries(dict.fromkeys(LANGUAGES, texts))


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    """Draw a definition with up to eight states and ten steps between them, main or side."""
    names = draw(st.lists(texts, max_size=7, unique=True))
    states = ["proposed", *(name for name in names if name != "proposed")]
    mapping = make_rules.rules(kind=draw(texts))
    plain = mapping["steps"]["implement"]
    mapping["labels"] = draw(labels)
    mapping["states"] = {name: draw(labels) for name in states}
    mapping["steps"] = {
        name: {**plain, **draw(_changes(states)), "labels": draw(labels)}
        for name in draw(st.lists(texts, max_size=10, unique=True))
    }
    return Definition.from_mapping(mapping)


def _changes(states: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    state = st.sampled_from(states)
    return st.fixed_dictionaries(
        {
            "from": st.lists(state, min_size=1, max_size=3, unique=True),
            "to": state,
            "side": st.booleans(),
        },
        optional={"fires": st.just("by-itself")},
    )


def hostile() -> Definition:
    """Return a definition whose every name and label is one of the hostile texts."""
    mapping = make_rules.rules()
    step = mapping["steps"]["implement"]
    for text in HOSTILE:
        mapping["states"][text] = make_rules.labels(text)
        mapping["steps"][text] = {**step, "to": text, "labels": make_rules.labels(text)}
    return Definition.from_mapping(mapping)
