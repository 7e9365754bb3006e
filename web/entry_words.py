"""What an entry of the log changed, as lines of before and after, and whom it names."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from flask_babel import gettext as _

from web import words
from web.clock_faces import happened
from web.differences import Difference, compared
from web.money import amount, number
from workflow.domain.canonical import Json
from workflow.queries.audit import AuditRow, Who

_SHORT: Final = 8
_DIGEST: Final = 12

_Facts = Mapping[str, Json]


def changed(row: AuditRow) -> tuple[Difference, ...]:
    """Say what is different since an entry; nothing where it changed no more than its act says."""
    return tuple(_differences(row))


def who(person: Who) -> str:
    """Name a person of an entry; once erased, by the beginning of the pseudonym."""
    if person.name or person.login:
        return person.name or person.login or ""
    return _("erased person %(pseudonym)s") % {"pseudonym": person.pseudonym[:_SHORT]}


def text(value: Json) -> str:
    """Return a text of an entry as it was written; one that has parts, as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def fact(value: Json) -> str:
    """Return a code, number or flag as the entry writes it."""
    return value if isinstance(value, str) else json.dumps(value)


def _differences(row: AuditRow) -> Iterator[Difference]:
    if row.from_state and row.to_state and row.from_state != row.to_state:
        yield Difference(_("State"), words.state(row.from_state), words.state(row.to_state))
    if row.kind == "sign" and isinstance(row.facts.get("decision"), str):
        yield Difference(_("Decision"), "", _decision(row))
    if row.change is not None:
        yield from compared(row.change.before, row.change.after, row.change.kind)
    tell = _OF_KIND.get(row.kind)
    if tell is not None:
        yield from tell(row)


def _decision(row: AuditRow) -> str:
    said = words.decision(str(row.facts["decision"]))
    if row.revision is None:
        return said
    on = _("Revision %(number)s") % {"number": row.revision}
    return f"{said}: {on}"


def _mandate_given(row: AuditRow) -> Iterator[Difference]:
    for name, value in _mandate(row.facts):
        yield Difference(name, "", value)


def _mandate_taken(row: AuditRow) -> Iterator[Difference]:
    for name, value in _mandate(row.facts):
        yield Difference(name, value, "")


def _mandate(facts: _Facts) -> Iterator[tuple[str, str]]:
    role, party = facts.get("role"), facts.get("party")
    if isinstance(role, str) and isinstance(party, str):
        yield _("Mandate"), words.office(role, party)
    if isinstance(summit := facts.get("summit"), str):
        yield _("Summit"), words.summit(summit)
    for name, label in (("from", _("From")), ("until", _("Until"))):
        if isinstance(day := facts.get(name), str):
            yield label, happened(day)


def _rules(row: AuditRow) -> Iterator[Difference]:
    kind, edition = row.facts.get("kind"), row.facts.get("number")
    if isinstance(kind, str) and isinstance(edition, int):
        named = _("%(kind)s, edition %(number)s") % {"kind": words.kind(kind), "number": edition}
        yield Difference(_("Rules"), "", named)
    if row.definition:
        yield Difference(_("Hash of the rules"), "", row.definition)


def _migration(row: AuditRow) -> Iterator[Difference]:
    before = str(row.facts.get("from_definition", ""))
    yield Difference(_("Hash of the rules"), before[:_DIGEST], (row.definition or "")[:_DIGEST])


def _day_set(row: AuditRow) -> Iterator[Difference]:
    if isinstance(day := row.facts.get("effective_on"), str):
        yield Difference(_("Day of effect"), "", happened(day))


def _document(row: AuditRow) -> Iterator[Difference]:
    if isinstance(sort := row.facts.get("type"), str):
        told = words.evidence_type(sort)
        title = row.texts.get("title")
        yield Difference(_("Evidence"), "", f"{told}: {title}" if title else told)


def _claim(row: AuditRow) -> Iterator[Difference]:
    units, currency = row.facts.get("minor_units"), row.facts.get("currency")
    if isinstance(units, int) and isinstance(currency, str):
        meaning = words.amount_meaning(str(row.facts.get("meaning", "amount")))
        yield Difference(_("Amount"), "", f"{amount(units, currency)} ({meaning})")


def _given_out(row: AuditRow) -> Iterator[Difference]:
    if isinstance(count := row.facts.get("entries"), int):
        form = str(row.facts.get("format", "")).upper()
        told = _("%(count)s entries as %(format)s") % {"count": number(count), "format": form}
        yield Difference(_("Exported"), "", told)


_OF_KIND: Final[Mapping[str, Callable[[AuditRow], Iterator[Difference]]]] = {
    "grant": _mandate_given,
    "delegate": _mandate_given,
    "bootstrap": _mandate_given,
    "revoke": _mandate_taken,
    "undelegate": _mandate_taken,
    "publish": _rules,
    "migrate": _migration,
    "schedule": _day_set,
    "evidence": _document,
    "verify": _document,
    "claim": _claim,
    "export": _given_out,
}
