"""A definition as states and arrows with their texts: what every drawing of it is made from."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from workflow.domain.definition import PROPOSED, Definition, StepRule
from workflow.domain.vocabulary import choose
from workflow.export.definition_guards import guard_facts

_NO_TEXT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class DrawnState:
    """A state; `on_spine` where the main path passes it, `is_final` where no step leads out."""

    name: str
    label: str
    on_spine: bool
    is_final: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """A step from its sources, in the order of a life, to one state."""

    name: str
    label: str
    guard: tuple[str, ...]
    """What it asks for, a few words each."""
    sources: tuple[str, ...]
    to: str
    by_itself: bool
    side: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    """States and steps in the order of a proposal's life, labelled in one language."""

    kind: str
    title: str
    language: str
    states: tuple[DrawnState, ...]
    steps: tuple[DrawnStep, ...]

    @property
    def spine(self) -> tuple[DrawnState, ...]:
        """Give the states of the main path, first to last."""
        return tuple(state for state in self.states if state.on_spine)

    @property
    def current(self) -> DrawnState | None:
        """Give the state that is shown as the present one."""
        return next((state for state in self.states if state.is_current), None)


def diagram_of(definition: Definition, language: str, state: str | None = None) -> Diagram:
    """Arrange a definition for drawing; a state it does not have highlights nothing."""
    spine = main_path(definition)
    side = [name for name in definition.states if name not in spine]
    return Diagram(
        kind=plain(definition.kind),
        title=_said(choose(definition.labels, language), definition.kind),
        language=language,
        states=tuple(
            DrawnState(
                name=name,
                label=_said(choose(definition.states[name], language), name),
                on_spine=name in spine,
                is_final=not definition.open_steps(name),
                is_current=name == state,
            )
            for name in (*spine, *side)
        ),
        steps=tuple(_drawn(definition, step, language) for step in definition.steps.values()),
    )


def main_path(definition: Definition) -> tuple[str, ...]:
    """Follow the main steps from the first state, each state once."""
    return tuple(_walk(definition, PROPOSED))


def plain(text: str) -> str:
    """Return a text on one line that any format can hold: no control, no unpaired surrogate.

    Labels are somebody's text. XML has no form at all for most control characters.
    """
    return " ".join("".join(_shown(sign) for sign in text).split())


def _drawn(definition: Definition, step: StepRule, language: str) -> DrawnStep:
    return DrawnStep(
        name=step.name,
        label=_said(choose(step.labels, language), step.name),
        guard=guard_facts(step, language),
        sources=tuple(name for name in definition.states if name in step.sources),
        to=step.to,
        by_itself=step.fires_by_itself,
        side=step.side,
    )


def _said(label: str, name: str) -> str:
    """Return a label, or what else there is to say where it holds nothing that can be shown."""
    return plain(label) or plain(name) or _NO_TEXT


def _walk(definition: Definition, at: str) -> Iterator[str]:
    seen: set[str] = set()
    following: str | None = at
    while following is not None:
        seen.add(following)
        yield following
        main = (step.to for step in definition.open_steps(following) if not step.side)
        following = next((to for to in main if to not in seen), None)


def _shown(sign: str) -> str:
    if unicodedata.category(sign) == "Cc":
        return " "
    is_character = unicodedata.category(sign) != "Cs" and ord(sign) & 0xFFFE != 0xFFFE  # noqa: PLR2004 - U+FFFE and U+FFFF of each plane are no characters
    return sign if is_character else _NO_TEXT
