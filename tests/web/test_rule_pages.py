"""The guide's pages of constructs say what the screens say, of rules that are shipped."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT
from tests.web.rule_pages import decision_meanings, said_in_every_language, shipped, speaking
from web import words
from web.current import runtime
from web.rule_words import step_text
from workflow.cli.tree import Names
from workflow.domain.commands import Decision
from workflow.domain.vocabulary import LANGUAGES
from workflow.readings import Voice, read_step

PAGES = ROOT / "docs" / "guides" / "rules"
NAMES = {"English": "en", "日本語": "ja", "Oʻzbekcha": "uz", "Русский": "ru"}

_ROW = re.compile(r"^\| (English|日本語|Oʻzbekcha|Русский) \| (.+) \|$", re.MULTILINE)
_EXAMPLE = re.compile(r"^```yaml\n# from (\S+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PLACE = re.compile(r"^The kind `([\w-]+)` has it in its step `([\w-]+)`", re.MULTILINE)


def readings(text: str) -> list[dict[str, str]]:
    """Give the readings of a page, each by language."""
    rows = [(NAMES[name], said) for name, said in _ROW.findall(text)]
    size = len(LANGUAGES)
    return [dict(rows[at : at + size]) for at in range(0, len(rows), size)]


def pages() -> list[Path]:
    """Give the pages of constructs that rules are made of."""
    return sorted(path for path in PAGES.glob("*.md") if path.name != "decisions.md")


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.stem)
def test_a_construct_reads_as_its_page_says(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    (place,) = _PLACE.findall(text)
    said = said_in_every_language(*place)
    assert readings(text)
    assert [each for each in readings(text) if each not in said] == []


@pytest.mark.parametrize("page", pages(), ids=lambda path: path.stem)
def test_an_example_stands_in_a_shipped_kind(page: Path) -> None:
    examples = _EXAMPLE.findall(page.read_text(encoding="utf-8"))
    assert len(examples) == 1
    for file, lines in examples:
        assert lines in (ROOT / "config" / "workflows" / file).read_text(encoding="utf-8")


def test_every_decision_reads_as_its_page_says() -> None:
    text = (PAGES / "decisions.md").read_text(encoding="utf-8")
    named = re.findall(r"^## `([\w-]+)`", text, re.MULTILINE)
    assert sorted(named) == sorted(each.value for each in Decision)
    assert readings(text) == [decision_meanings(each) for each in named]


@pytest.mark.parametrize("kind", sorted(shipped()))
def test_screens_and_terminal_say_the_same(kind: str) -> None:
    definition = shipped()[kind]
    with speaking("en"):
        voice = Voice(name_of=Names(runtime().vocabulary, definition, words.parties()))
        screen = {name: step_text(step, definition) for name, step in definition.steps.items()}
    assert screen == {
        name: read_step(step, definition, voice) for name, step in definition.steps.items()
    }
