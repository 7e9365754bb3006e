"""What is different between two revisions of a proposal."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from web import money, words
from workflow.domain.identity import Viewer
from workflow.persistence.unit_of_work import Tx
from workflow.queries.revisions import revisions


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed, as it was and as it is; '' where it was not there."""

    name: str
    before: str
    after: str


def differences(
    tx: Tx, viewer: Viewer, reference: str, before: int | None, after: int
) -> tuple[Difference, ...]:
    """Compare two revisions; nothing where one of them does not exist for the viewer."""
    if before is None:
        return ()
    found = revisions(tx, viewer, reference, (before, after))
    if found is None or not {before, after} <= found.contents.keys():
        return ()
    return compared(found.contents[before], found.contents[after], found.kind)


def compared(
    before: Mapping[str, Any], after: Mapping[str, Any], kind: str
) -> tuple[Difference, ...]:
    """Compare what two revisions of a proposal of a kind say."""
    old, new = (dict(_lines(each, kind)) for each in (before, after))
    names = dict.fromkeys((*old, *new))
    return tuple(
        Difference(name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    )


def _lines(document: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    for language, text in document.get("titles", {}).items():
        yield words.field(f"title.{language}"), text
    for language, text in document.get("summaries", {}).items():
        yield words.field(f"summary.{language}"), text
    taking_part = (f"{words.party(p)} ({words.capacity(c)})" for p, c in document["parties"])
    yield _("Parties"), "\n".join(taking_part)
    for name, value in document.get("fields", {}).items():
        yield words.field(name, kind), _value(value)


def _value(value: object) -> str:
    if isinstance(value, dict):
        return money.amount(value["minor_units"], value["currency"])
    return str(value)
