"""What a step asks for, in the few words that fit beside an arrow."""

from collections.abc import Iterable, Iterator

from workflow.domain.deadlines import Span
from workflow.domain.definition import StepRule
from workflow.domain.requirement import Group, Part, Silence, leaves, time_leaves
from workflow.export.definition_words import counted, word


def guard_facts(step: StepRule, language: str) -> tuple[str, ...]:
    """Summarise a step's guard: what fires it, how much it needs, when it takes effect."""
    return tuple(_facts(step, language))


def guard_text(facts: Iterable[str], language: str) -> str:
    """Say a guard's facts on one line."""
    return word("comma", language).join(facts)


def _facts(step: StepRule, language: str) -> Iterator[str]:
    if step.fires_by_itself:
        yield word("by_itself", language)
    yield counted("parts", sum(1 for _ in leaves(step.needs)), language)
    if stages := sum(1 for _ in _stages(step.needs)):
        yield counted("stages", stages, language)
    for _, leaf in time_leaves(step.needs):
        if isinstance(leaf, Silence):
            yield _span("silence", leaf.span, language)
    if step.delay is not None:
        yield _span("delay", step.delay.span, language)
    if step.block_at is not None:
        yield counted("veto", step.block_at, language)


def _stages(part: Part) -> Iterator[str]:
    """Give the names of the stages of a rule, in reading order."""
    if isinstance(part, Group):
        if part.stage is not None:
            yield part.stage
        for each in part.parts:
            yield from _stages(each)


def _span(name: str, span: Span, language: str) -> str:
    if span.months:
        return counted(f"{name}_months", span.months, language)
    return counted(f"{name}_days", span.days, language)
