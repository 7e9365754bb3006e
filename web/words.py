"""Codes as people say them: labels of definitions and vocabulary, names of parties, summits."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from flask import current_app, g
from flask_babel import gettext as _

from web import clock_faces
from web.act_words import act, amount_meaning, decision_meaning, ended, irregular, person, source
from web.current import runtime
from web.languages import language
from web.lists import any_of
from workflow.domain.definition import Definition
from workflow.domain.verdicts import Param
from workflow.domain.vocabulary import LANGUAGES, Labels, choose
from workflow.persistence import definitions, people
from workflow.persistence.unit_of_work import Tx
from workflow.queries.summits import summit_titles

__all__ = ["act", "amount_meaning", "decision_meaning", "ended", "irregular", "person", "source"]


def title(titles: Labels) -> str:
    """Return a text in the reader's language, else in English, else in any."""
    return choose(titles, language())


def title_language(titles: Labels) -> str:
    """Return the language that `title` fell back to, for the page to say so."""
    found = (code for code in (language(), "en", *titles) if titles.get(code))
    return next(found, language())


def state(code: str, kind: str | None = None) -> str:
    """Name a state."""
    return _label(kind, lambda each: each.states, code)


def step(code: str, kind: str | None = None) -> str:
    """Name a step."""
    return _label(kind, lambda each: {k: v.labels for k, v in each.steps.items()}, code)


def field(code: str, kind: str | None = None) -> str:
    """Name a field of a proposal."""
    common = {
        "titles": _("Title"),
        "title": _("Title"),
        "summary": _("Summary"),
        "summaries": _("Summary"),
        "parties": _("Parties"),
        "note": _("Reason or note"),
        "reason": _("Reason"),
        "file": _("File"),
        "link": _("Link"),
    }
    name, _dot, language_code = code.partition(".")
    if name in common:
        return f"{common[name]} ({language_code})" if language_code in LANGUAGES else common[name]
    return _label(kind, lambda each: {k: v.labels for k, v in each.fields.items()}, code)


def kind(code: str) -> str:
    """Name a kind of proposal."""
    found = kinds().get(code)
    return choose(found.labels, language()) if found else code


def role(code: str) -> str:
    """Name a role in full; a finer role without a label of its own is named by its head."""
    return _of_vocabulary("roles", code)


def role_short(code: str) -> str:
    """Name a role in the few letters that a narrow table has room for."""
    labels = runtime().vocabulary.groups.get("roles", {}).get(code, {})
    short: object = labels.get("short")  # a mapping of its own beside the languages
    return choose(short, language()) if isinstance(short, Mapping) else role(code)


def capacity(code: str) -> str:
    """Name a capacity."""
    return _of_vocabulary("capacities", code)


def capacities(codes: Iterable[str]) -> str:
    """Name capacities within a sentence: lead, host or member."""
    return any_of(_within(capacity(code)) for code in codes)


def stage(code: str) -> str:
    """Name a stage."""
    label = _of_vocabulary("stages", code)
    return label if label != code else code.replace("-", " ")


def evidence_type(code: str) -> str:
    """Name a type of evidence."""
    return _of_vocabulary("evidence", code)


def decision(code: str) -> str:
    """Name a decision."""
    # The vocabulary writes it without a hyphen, and words are never renamed there.
    return _of_vocabulary("decisions", "approve_ad_referendum" if code == "ad-referendum" else code)


def party(code: str) -> str:
    """Name a party."""
    names = _once("party_names", people.party_names).get(code)
    return choose(names, language()) if names else code


def office(role_code: str, party_code: str) -> str:
    """Name a role of a party."""
    if not role_code:
        return party(party_code)
    names = {"role": role(role_code), "party": party(party_code)}
    return _("%(role)s, %(party)s") % names


def summit(code: str) -> str:
    """Name a summit."""
    titles = _once("summit_titles", summit_titles).get(code)
    return choose(titles, language()) if titles else code


def parties() -> Mapping[str, Labels]:
    """Give every party's names."""
    found: Mapping[str, Labels] = _once("party_names", people.party_names)
    return found


def summits() -> Mapping[str, Labels]:
    """Give every summit's titles."""
    found: Mapping[str, Labels] = _once("summit_titles", summit_titles)
    return found


def kinds() -> Mapping[str, Definition]:
    """Give the newest definition of every kind."""
    found: Mapping[str, Definition] = _once("kinds", _newest)
    return found


def of_parameter(kind_of_proposal: str | None) -> Any:  # noqa: ANN401 - a function, see messages.NameOf
    """Return what names the parameters of a refusal."""
    say: dict[str, Callable[[str], str]] = {
        "party": party,
        "role": role,
        "type": evidence_type,
        "capacity": capacity,
        "kind": kind,
        "summit": summit,
        "step": lambda code: _quoted(step(code, kind_of_proposal)),
        "back": lambda code: _quoted(step(code, kind_of_proposal)),
        "state": lambda code: _quoted(state(code, kind_of_proposal)),
        "field": lambda code: _quoted(field(code, kind_of_proposal)),
        "roles": lambda codes: ", ".join(role(code) for code in codes.split(", ")),
        "capacities": lambda codes: capacities(codes.split(", ")),
        "states": lambda codes: any_of(
            _quoted(state(code, kind_of_proposal)) for code in codes.split(", ")
        ),
        "to": lambda code: _quoted(state(code, kind_of_proposal)),
        "stage": lambda code: _quoted(stage(code)),
        "place": clock_faces.place,
        "on": _day,
        "until": _day,
    }

    def name(parameter: str, value: Param) -> str:
        speak = say.get(parameter)
        return speak(value) if speak and isinstance(value, str) and value else str(value)

    return name


def _day(written: str) -> str:
    return clock_faces.day(date.fromisoformat(written), "long")


def _within(label: str) -> str:
    """Say a label in the middle of a sentence; an abbreviation keeps its capitals."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _quoted(name: str) -> str:
    return _("“%(name)s”") % {"name": name}


def _of_vocabulary(group: str, code: str) -> str:
    vocabulary = runtime().vocabulary
    known = code
    while known and not vocabulary.knows(group, known):
        known = known.rpartition(".")[0]
    label = vocabulary.label(group, known or code, language())
    rest = code[len(known) :].lstrip(".") if known else ""
    return f"{label} ({rest})" if rest else label


def _label(kind_of_proposal: str | None, table: Any, code: str) -> str:  # noqa: ANN401 - a function
    every = kinds()
    own = every.get(kind_of_proposal or "")
    for definition in (own,) if own else tuple(every.values()):
        if labels := table(definition).get(code):
            return choose(labels, language())
    return code


def _newest(tx: Tx) -> Mapping[str, Definition]:
    """Read the newest definitions; each edition is parsed once a process."""
    known: dict[str, Definition] = current_app.extensions.setdefault("definitions_by_digest", {})
    newest = definitions.newest_of_all(tx)
    for each, (_number, digest) in newest.items():
        if digest not in known and (found := definitions.newest(tx, each)):
            known[digest] = found[1]
    return {each: known[digest] for each, (_n, digest) in newest.items() if digest in known}


def _once(name: str, read: Any) -> Any:  # noqa: ANN401 - whatever is read
    """Read something at most once a request."""
    if name not in g:
        with runtime().uow.read() as tx:
            setattr(g, name, read(tx))
    return getattr(g, name)
