"""What people type: brought to NFC, and refused where it could deceive a reader."""

import re
import unicodedata
from collections.abc import Mapping

from workflow.domain.verdicts import Code, Refusal, refuse
from workflow.domain.vocabulary import LANGUAGES

TITLE_LENGTH = 300
TEXT_LENGTH = 20_000
NOTE_LENGTH = 4_000

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Zero-width joiners stay: some scripts need them. These are seen by nobody and needed by nobody.
_INVISIBLE = frozenset("\u200b\u2060\ufeff\u00ad\u180e\u2028\u2029")


def clean(text: str) -> str:
    """Give the text in NFC, line ends as LF, without white space around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", lines).strip()


def is_unsafe(text: str, *, lines: bool = False) -> bool:
    """Say whether a text holds control, bidirectional, invisible or unassigned characters."""
    return any(_is_unsafe(character, lines=lines) for character in text)


def _is_unsafe(character: str, *, lines: bool) -> bool:
    if character in "\n\t":
        return not lines
    if character in _BIDI or character in _INVISIBLE:
        return True
    return unicodedata.category(character) in {"Cc", "Cs", "Cn", "Co"}


def is_storable(text: str) -> bool:
    """Say whether a database takes the text: no NUL, and no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def judge_text(name: str, text: str, limit: int, *, lines: bool = False) -> list[Refusal]:
    """Give every reason against a text as the value of a field."""
    reasons = []
    if is_unsafe(text, lines=lines):
        reasons.append(refuse(Code.TEXT_UNSAFE, field=name))
    if len(text) > limit:
        reasons.append(refuse(Code.TEXT_TOO_LONG, field=name, limit=limit))
    return reasons


def judge_texts(
    name: str, texts: Mapping[str, str], limit: int, *, lines: bool = False
) -> list[Refusal]:
    """Give every reason against texts by language."""
    reasons = []
    for language, text in texts.items():
        if language not in LANGUAGES:
            reasons.append(refuse(Code.LANGUAGE_UNKNOWN, field=name, language=language))
        reasons += judge_text(f"{name}.{language}", text, limit, lines=lines)
    return reasons


def judge_reference(reference: str) -> list[Refusal]:
    """Refuse a reference that could not stand in an address or a file name."""
    if _REFERENCE.fullmatch(reference):
        return []
    return [refuse(Code.REFERENCE_MALFORMED, reference=reference[:80])]
