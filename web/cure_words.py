"""Who can take a reason away, in words: names while they are few, else the parties' officials."""

from collections.abc import Iterable, Sequence

from flask import g
from flask_babel import gettext as _

from web import words
from web.lists import any_of

FEW = 4
"""So many names are read; more are a wall."""


def who_can(names: Sequence[str]) -> str:
    """Say who can; `names` are those of `Reason.who_can_cure`: logins, `PARTY:role` or `PARTY`."""
    if any(name in words.parties() for name in names):
        return _("any official of %(parties)s") % {"parties": any_of(_parties(names))}
    roles = {name.partition(":")[2] for name in names} - {""}
    has_login = any(":" not in name for name in names)
    if len(roles) == 1 and len(names) > 1 and (len(names) > FEW or not has_login):
        named = {"role": words.role(roles.pop()), "parties": any_of(_parties(names))}
        return _("%(role)s: %(parties)s") % named
    if len(names) <= FEW:
        return "; ".join(_one(name) for name in names)
    return any_of(_parties(names))


def _one(name: str) -> str:
    party, is_office, role = name.partition(":")
    return words.office(role, party) if is_office else name


def _parties(names: Iterable[str]) -> list[str]:
    codes = {name.partition(":")[0] for name in names}
    known = codes & set(words.parties())
    # A login is somebody of the reader's own party.
    own = frozenset(g.viewer.parties) if codes - known else frozenset()
    return [words.party(code) for code in [*sorted(own), *sorted(known - own)]]
