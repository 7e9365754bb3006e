"""Rules and verdicts in the reader's language: a thin skin over `workflow.readings`."""

from flask_babel import get_domain, gettext

from web import words
from workflow.domain.definition import Definition, StepRule
from workflow.domain.explain import Node
from workflow.readings import Voice, clauses, read_node, read_step


def node_line(node: Node, kind: str | None = None) -> str:
    """Say what a node asks for, and how far it has come where it has been judged."""
    return _voice(kind).say(read_node(node))


def clause_lines(step: StepRule, definition: Definition) -> list[str]:
    """Say what a step says beside what it needs."""
    voice = _voice(definition.kind)
    return [voice.say(each) for each in clauses(step, definition)]


def step_text(step: StepRule, definition: Definition) -> str:
    """Say a whole step as one paragraph."""
    return read_step(step, definition, _voice(definition.kind))


def _voice(kind: str | None) -> Voice:
    return Voice(gettext, _plural, words.of_parameter(kind))


def _plural(one: str, many: str, number: int) -> str:
    # Not flask_babel.ngettext: it fills in `num` by itself, and our sentences name other things.
    said: str = get_domain().get_translations().ungettext(one, many, number)
    return said
