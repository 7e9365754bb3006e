"""How logins, codes and names are written, so that no two of them look alike.

Logins and codes are ASCII: what another script could imitate is refused before anything is
compared. Within ASCII some signs still pass for one another (l and 1, rn and m), so two names
are alike when their *skeletons* are equal. Source: Unicode UTS 39, section 4.
"""

import re
import unicodedata
from typing import Final

from workflow.domain.verdicts import Code, Refusal, refuse

LONGEST_NAME: Final = 200
"""In characters."""

LONGEST_ROLE: Final = 100

ERASED_NAME: Final = "(erased)"
"""What stands in place of an erased person's name; nobody alive can be called so."""

_ERASED_LOGIN: Final = "erased:"

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}", re.ASCII)
_ROLE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9][a-z0-9_]*)*", re.ASCII)
_PARTY = re.compile(r"[A-Z][A-Z0-9]{1,19}", re.ASCII)
_PAIRS: Final = (("rn", "m"), ("vv", "w"))
_ALIKE: Final = str.maketrans("10_-", "lo..")
_PARTY_ALIKE: Final = str.maketrans("1058", "IOSB")
# Separators other than a plain space, and everything that is not seen: controls, bidi marks,
# zero-width signs, private use, halves of surrogate pairs, unassigned code points.
_UNSAFE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_INVISIBLE_LETTERS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def judge_login(login: str) -> Refusal | None:
    """Refuse a login that is not 2 to 64 of a-z, 0-9, dot, underscore and hyphen."""
    if _LOGIN.fullmatch(login):
        return None
    return refuse(Code.LOGIN_MALFORMED, login=shown(login))


def judge_party_code(code: str) -> Refusal | None:
    """Refuse a party's code that is not 2 to 20 capital letters and digits, a letter first."""
    if _PARTY.fullmatch(code):
        return None
    return refuse(Code.PARTY_MALFORMED, party=shown(code))


def is_role(role: str) -> bool:
    """Say whether a role is written as one: words of a-z, 0-9 and _ with dots between."""
    return len(role) <= LONGEST_ROLE and _ROLE.fullmatch(role) is not None


def login_skeleton(login: str) -> str:
    """Return what is left of a login when alike signs are one: two equal ones look alike."""
    return _paired(login.lower().translate(_ALIKE))


def party_skeleton(code: str) -> str:
    """Return what is left of a party's code when alike signs are one."""
    return code.translate(_PARTY_ALIKE)


def tidy_name(name: str) -> str:
    """Return a name in NFC with single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split(" ")).strip()


def judge_name(name: str, field: str = "name") -> Refusal | None:
    """Refuse a name that is empty, too long, or holds what a reader would not see."""
    if not name.strip():
        return refuse(Code.TEXT_MISSING, field=field)
    if len(name) > LONGEST_NAME:
        return refuse(Code.TEXT_TOO_LONG, field=field, limit=LONGEST_NAME)
    if not is_safe_text(name) or name == ERASED_NAME:
        return refuse(Code.TEXT_UNSAFE, field=field)
    return None


def erased_login(number: int) -> str:
    """Return what stands in place of an erased person's login: no login is written so."""
    return f"{_ERASED_LOGIN}{number}"


def is_erased(login: str) -> bool:
    """Say whether this is what stands in place of an erased person's login."""
    return login.startswith(_ERASED_LOGIN)


def is_safe_text(text: str) -> bool:
    """Say whether every sign of a name is seen; joiners, which longer texts need, are not."""
    return not any(
        unicodedata.category(sign) in _UNSAFE or sign in _INVISIBLE_LETTERS for sign in text
    )


def shown(text: str, limit: int = 64) -> str:
    """Return a text fit for a sentence: short, and with its unseen signs spelt out."""
    short = text if len(text) <= limit else text[:limit] + "…"
    return "".join(sign if is_safe_text(sign) else f"\\u{{{ord(sign):x}}}" for sign in short)


def _paired(text: str) -> str:
    for pair, one in _PAIRS:
        text = text.replace(pair, one)
    return text
