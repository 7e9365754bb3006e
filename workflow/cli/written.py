"""Reads options that are written as pairs, such as `en=Text` and `UZ:lead`."""

from collections.abc import Sequence

import click


def pairs(texts: Sequence[str], sign: str, example: str) -> list[tuple[str, str]]:
    """Read 'name<sign>value' texts. Raises: UsageError with the example."""
    found = []
    for text in texts:
        name, between, value = text.partition(sign)
        if not name.strip() or not between:
            raise click.UsageError(f"{text!r} cannot be read: write it as {example}.")
        found.append((name.strip(), value.strip()))
    return found


def by_name(texts: Sequence[str], example: str) -> dict[str, str]:
    """Read 'name=value' texts, each name once. Raises: UsageError."""
    found = pairs(texts, "=", example)
    names = [name for name, _ in found]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled is not None:
        raise click.UsageError(f"{doubled!r} is given twice.")
    return dict(found)


TITLE, PARTY, FIELD = "en='A title'", "UZ:lead", "amount='1200 USD'"
"""How each option is written."""
