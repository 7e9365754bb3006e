"""Marks the sentences of forms for the catalogues; pages translate them when they show them."""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own mark for sentences translated later
    """Mark a sentence."""
    return sentence
