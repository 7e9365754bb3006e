"""Rules and verdicts in words: each node of a tree as one line."""

from typing import Any

from flask_babel import gettext as _

from web import words
from workflow.domain.explain import Node, Word


def node_line(node: Node, kind: str | None = None) -> str:
    """Say what a node asks for, and how far it has come where it has been counted."""
    line = _lines(node, kind)
    named = node.named
    if "have" in named and not isinstance(named["have"], str):
        return f"{line} ({named['have']}/{named['need']})"
    return line


def _lines(node: Node, kind: str | None) -> str:
    named: dict[str, Any] = node.named
    match node.code:
        case Word.SIGNOFFS:
            return _signoffs(named)
        case Word.SIGNOFF:
            return _("%(party)s signs: %(role)s") % _said(named, kind)
        case Word.EVIDENCE:
            return _evidence(named, kind)
        case Word.FIELD:
            return _("Filled in: %(field)s") % {"field": words.field(named["field"], kind)}
        case Word.STAGE:
            return _("Stage: %(stage)s") % {"stage": stage(str(named["stage"]))}
        case _:
            return _whole_step(node.code, named, kind)


def _whole_step(code: Word, named: dict[str, Any], kind: str | None) -> str:
    if code is Word.STEP:
        step, to = words.step(named["step"], kind), words.state(named["to"], kind)
        return _("%(step)s: becomes “%(state)s”") % {"step": step, "state": to}
    said = {
        Word.OPEN_HERE: _("The step starts from the present state"),
        Word.REVISION_PRESENT: _("The text is not waiting for a new revision"),
        Word.NO_OBJECTION: _("Nobody objects"),
        Word.SOMEBODY_CAN_SIGN: _("Somebody is there who could sign"),
        Word.ALL: _("All of these"),
    }
    return said.get(code) or _seat(code, named)


def _seat(code: Word, named: dict[str, Any]) -> str:
    said = {
        Word.SEAT_SIGNED: _("signed"),
        Word.SEAT_OBJECTED: _("objects"),
        Word.SEAT_WAITING: _("is waited for"),
        Word.SEAT_NOT_OPEN: _("cannot sign yet"),
        Word.SEAT_NOT_NEEDED: _("need not sign any more"),
    }.get(code, "")
    return f"{words.party(str(named.get('party', '')))}: {said}"


def _signoffs(named: dict[str, Any]) -> str:
    capacities = [words.capacity(each) for each in str(named["capacities"]).split(", ")]
    facts = {
        "role": words.role(str(named["role"])),
        "capacities": ", ".join(capacities),
        "number": named.get("need", ""),
    }
    if named.get("everyone"):
        line = _("%(role)s of every party that is: %(capacities)s") % facts
    else:
        line = _("%(role)s of at least %(number)s parties that are: %(capacities)s") % facts
    only = {"state": _("states only"), "organisation": _("organisations only")}
    sort = only.get(str(named.get("sort", "")))
    return f"{line} ({sort})" if sort else line


def _evidence(named: dict[str, Any], kind: str | None) -> str:
    facts = _said(named, kind) | {"number": named["need"]}
    if named.get("verified"):
        return _("Evidence, verified: %(type)s × %(number)s") % facts
    return _("Evidence: %(type)s × %(number)s") % facts


def stage(code: str) -> str:
    """Name a stage; one that a deployment adds is said as it is written."""
    known = {
        "ministries": _("ministries"),
        "legal": _("legal services"),
        "heads": _("heads of delegation"),
        "contributors": _("contributors"),
        "regions": _("host regions"),
        "agencies": _("agencies"),
        "builders-and-lenders": _("builders and lenders"),
        "acceptances": _("acceptances"),
        "foreign-ministries": _("foreign ministries"),
        "invitation": _("invitation"),
        "loan": _("loan"),
        "notes": _("exchange of notes"),
        "signature": _("signature"),
        "universities": _("universities"),
    }
    return known.get(code, code.replace("-", " "))


def _said(named: dict[str, Any], kind: str | None) -> dict[str, str]:
    name = words.of_parameter(kind)
    return {key: name(key, value) for key, value in named.items()}
