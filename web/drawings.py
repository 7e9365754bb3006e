"""A definition as a picture within a page, in the reader's language."""

from markupsafe import Markup

from web.languages import language
from workflow.domain.definition import Definition
from workflow.export.definition_svg import write_inline_svg

_drawn: dict[tuple[str, str, str | None], Markup] = {}
"""Pictures by edition, language and state; editions are immutable, so none grows stale."""


def drawing(definition: Definition, state: str | None = None) -> Markup:
    """Draw a definition, with the state that a proposal is in, if it is about one."""
    key = (definition.digest, language(), state)
    if key not in _drawn:
        # An XML writer wrote it: whatever a label says, it is text in there.
        _drawn[key] = Markup(write_inline_svg(definition, language(), state))  # noqa: S704 - as the line above
    return _drawn[key]
