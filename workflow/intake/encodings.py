"""Decodes a file in the encoding that its mark or its sender says, block by block.

Source: The Unicode Standard, 23.8 (byte order marks).
"""

import codecs
import re
from collections.abc import Iterator
from typing import Final

from workflow.intake.fitting import fitting, is_mostly_utf8, iso2022_start, looks_like_utf16
from workflow.intake.lines import UnreadableError

_BLOCK: Final = 1 << 20
_HEAD: Final = 64
_ANY_END: Final = re.compile(r"\r\n|\n|\r")
# The longer marks first: that of UTF-32 begins as that of UTF-16 does.
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Names of Python that are no encodings of files, or that run differently on each machine.
_NO_FILES: Final = frozenset(
    {
        "idna",
        "punycode",
        "undefined",
        "unicode-escape",
        "raw-unicode-escape",
        "utf-7",
        "mbcs",
        "oem",
    }
)
_LEAST_SEEN: Final = 6
"""Signs of UTF-8 past which a text in it is no coincidence, where a letter has two bytes."""


def decode(content: bytes, encoding: str | None = None) -> Iterator[str]:
    """Yield the text of a file in blocks, without its mark.

    Raises: UnreadableError naming the line of the first byte that is not of the encoding, with
    those that fit; LookupError when there is no such encoding.
    """
    name = _settle(content, encoding)
    decoder = codecs.getincrementaldecoder(name)()
    first = True
    for start in range(0, len(content), _BLOCK):
        end = start + _BLOCK
        try:
            text = decoder.decode(content[start:end], end >= len(content))
        except UnicodeDecodeError as error:
            at = max(0, min(end, len(content)) - len(error.object) + error.start)
            raise _not_of(content, at, name) from None
        yield text.lstrip("\ufeff") if first else text
        first = first and not text


def codec_name(encoding: str) -> str:
    """Give the one name of an encoding. Raises: LookupError."""
    name = codecs.lookup(encoding).name
    if name in _NO_FILES:
        raise LookupError(encoding)
    b"ab".decode(name, "replace")  # a codec that gives no text, such as base64, is a LookupError
    return name


def _settle(content: bytes, encoding: str | None) -> str:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if encoding is None:
        return marked or _unmarked(content)
    name = codec_name(encoding).removesuffix("-sig")
    if marked is not None and not name.startswith(marked):
        raise UnreadableError(1, f"its mark says {marked}, not {encoding}: leave --encoding out")
    if not name.startswith("utf"):
        _judge_legacy(content, encoding)
    if marked is None and name == "utf-8":
        return _unmarked(content)
    return (
        _wide(content, name) if marked is None and name.startswith(("utf-16", "utf-32")) else name
    )


def _wide(content: bytes, name: str) -> str:
    """Give the order of bytes of a file without a mark: what a header holds has zero bytes."""
    if content and b"\0" not in content[:_HEAD]:
        raise UnreadableError(1, f"it is not {name}: leave --encoding out")
    return {"utf-16": looks_like_utf16(content) or "utf-16-le", "utf-32": "utf-32-le"}.get(
        name, name
    )


def _unmarked(content: bytes) -> str:
    if found := looks_like_utf16(content):
        raise UnreadableError(1, f"it looks like {found} without a mark: give --encoding {found}")
    start = iso2022_start(content)
    if start is not None:
        line = _lines_in(content[:start].decode("ascii", "replace")) + 1
        raise UnreadableError(line, "it is iso2022_jp, not utf-8: give --encoding iso2022_jp")
    return "utf-8"


def _judge_legacy(content: bytes, encoding: str) -> None:
    """Refuse UTF-8 under another name: those bytes would pass, and say something else."""
    if content.isascii():
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return
    least = 1 if _has_one_byte_a_letter(encoding) else _LEAST_SEEN
    signs = len(content) - len(text)
    if signs >= least:
        start = next(place for place, sign in enumerate(text) if sign > "\x7f")
        line = _lines_in(text[:start]) + 1
        raise UnreadableError(line, f"it is utf-8, not {encoding}: leave --encoding out")


def _has_one_byte_a_letter(encoding: str) -> bool:
    return len(bytes(range(256)).decode(encoding, "replace")) == 256  # noqa: PLR2004 - all bytes


def _not_of(content: bytes, at: int, name: str) -> UnreadableError:
    line = _lines_in(content[:at].decode(name, "replace")) + 1
    return UnreadableError(line, f"it is not {name}{_hint(content, at, name)}")


def _hint(content: bytes, at: int, name: str) -> str:
    marked = any(content.startswith(mark) for mark, _ in _MARKS)
    if marked or (name == "utf-8" and is_mostly_utf8(content, at)):
        return ", though what is around it is: mend that line"
    fits = [each for each in fitting(content, at) if each != name]
    if not fits:
        return ": give --encoding"
    return f"; {' or '.join(fits)} fit{'' if fits[1:] else 's'}: give --encoding {fits[0]}"


def _lines_in(text: str) -> int:
    return len(_ANY_END.findall(text))
