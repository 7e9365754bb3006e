"""Guesses which encodings a file that is not UTF-8 may be written in, to name them in a sentence.

Nothing is decoded by a guess: an encoding of one byte a letter takes any bytes, and whoever reads
a hint knows what the file should say.
"""

import re
from collections.abc import Callable
from typing import Final

_MOST_NAMED: Final = 3
_LARGEST_SAMPLE: Final = 65_536
_LEAST_SHARE: Final = 0.95

_KANA: Final = re.compile("[\u3041-\u30ff]")
_JAPANESE: Final = re.compile("[\u3000-\u33ff\u4e00-\u9fff\uff01-\uff5e\u2010-\u203b\u2460-\u24ff]")
_CYRILLIC: Final = re.compile("[\u0400-\u045f\u0490\u0491«»№“”„–—…]")
# A capital amid small letters, or two alphabets in one word: the right bytes in a wrong table.
_CYRILLIC_JUMBLE: Final = re.compile(
    "[\u0430-\u045f][\u0400-\u042f]|[A-Za-z][\u0400-\u045f]|[\u0400-\u045f][A-Za-z]"
)
# Capitals within a word: whole words of them are rarer than a wrong table.
_AMID: Final = re.compile("[\u0400-\u045f](?=[\u0400-\u042f])")
_LATIN: Final = re.compile("[\u00c0-\u00ff\u0152\u0153\u0160\u0161\u017d\u017e‘’“”«»–—…€]")
_LATIN_JUMBLE: Final = re.compile("[\u00c0-\u00ff][\u00c0-\u00ff]")
_ESCAPES: Final = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I")


def fitting(content: bytes, start: int) -> tuple[str, ...]:
    """Name the encodings in which the text around a byte looks like a language, likely first."""
    sample = _sample(content, start)
    found = [name for name, looks in _CANDIDATES if _looks(sample, name, looks)]
    found.sort(key=lambda name: len(_AMID.findall(sample.decode(name))))
    if not found:
        found = [name for name in ("shift_jis", "euc_jp") if _looks(sample, name, _kanji)]
    return tuple(found[:_MOST_NAMED])


def looks_like_utf16(content: bytes) -> str | None:
    """Name the UTF-16 that a file without a mark is written in, by where its zero bytes are."""
    head = content[:20]
    if len(head) < 4 or not head.isascii():  # noqa: PLR2004 - two characters
        return None
    ends = head[1::2].count(0), head[::2].count(0)
    if ends[0] > len(head) * 0.4 and not ends[1]:
        return "utf-16-le"
    return "utf-16-be" if ends[1] > len(head) * 0.4 and not ends[0] else None


def iso2022_start(content: bytes) -> int | None:
    """Find where a file goes over to Japanese by an escape; such a file is plain ASCII in bytes."""
    if b"\x1b" not in content:
        return None
    found = [place for each in _ESCAPES if (place := content.find(each)) >= 0]
    return min(found, default=None)


def is_mostly_utf8(content: bytes, start: int) -> bool:
    """Say whether the text around a byte is UTF-8 with little damage."""
    text = content[max(0, start - _LARGEST_SAMPLE) : start + _LARGEST_SAMPLE].decode(
        "utf-8", "replace"
    )
    damaged = text.count("\ufffd")
    return sum(sign > "\x7f" for sign in text) - damaged > 4 * damaged


def _sample(content: bytes, start: int) -> bytes:
    # Cut at line ends: no second byte of a letter looks like one.
    first = content.rfind(b"\n", 0, start) + 1
    return (
        content[first : first + _LARGEST_SAMPLE].rpartition(b"\n")[0]
        or content[first:][:_LARGEST_SAMPLE]
    )


def _looks(sample: bytes, encoding: str, looks: Callable[[str, str], bool]) -> bool:
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return looks(text, "".join(sign for sign in text if sign > "\x7f"))


def _share(pattern: re.Pattern[str], signs: str) -> bool:
    return len(pattern.findall(signs)) >= _LEAST_SHARE * len(signs)


def _japanese(_text: str, signs: str) -> bool:
    return _share(_JAPANESE, signs) and _KANA.search(signs) is not None


def _kanji(_text: str, signs: str) -> bool:
    """Take names without kana, where nothing else fits: any two bytes may be such a sign."""
    return _share(_JAPANESE, signs) and _KANA.search(signs) is None


def _cyrillic(text: str, signs: str) -> bool:
    return _share(_CYRILLIC, signs) and len(_CYRILLIC_JUMBLE.findall(text)) * 10 <= len(signs)


def _latin(text: str, signs: str) -> bool:
    return _share(_LATIN, signs) and len(_LATIN_JUMBLE.findall(text)) * 10 <= len(signs)


_CANDIDATES: Final[tuple[tuple[str, Callable[[str, str], bool]], ...]] = (
    ("shift_jis", _japanese), ("cp932", _japanese), ("euc_jp", _japanese),
    ("cp1251", _cyrillic), ("koi8_r", _cyrillic), ("cp866", _cyrillic),
    ("cp1252", _latin),
)  # fmt: skip
