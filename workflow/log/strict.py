"""The words that the log's text formats share: base64, hashes and numbers, each in one form.

What could be written in two ways could be changed without changing what it says; so a second
way of writing a value is refused.
"""

import re
from base64 import b64decode, b64encode
from typing import Final

MAX_NUMBER: Final = 2**63 - 1
"""The largest size, index or time: a signed integer of 64 bits."""

_HASH_BYTES = 32
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class FormatError(ValueError):
    """Bytes are not of the format that they should be of."""


def write_base64(content: bytes) -> str:
    """Return bytes as base64 with padding. Source: RFC 4648, section 4."""
    return b64encode(content).decode()


def read_base64(text: str) -> bytes:
    """Return what base64 stands for. Source: RFC 4648, sections 4 and 3.5 (canonical).

    Raises: FormatError.
    """
    try:
        content = b64decode(text, validate=True)
    except ValueError as cause:
        raise FormatError("it is not base64") from cause
    if write_base64(content) != text:
        raise FormatError("its base64 is not canonical")
    return content


def read_hash(text: str) -> bytes:
    """Return the 32 bytes of a SHA-256 hash in base64. Raises: FormatError."""
    content = read_base64(text)
    if len(content) != _HASH_BYTES:
        raise FormatError(f"a hash has 32 bytes, not {len(content)}")
    return content


def read_number(text: str) -> int:
    """Return a number of ASCII digits without leading zeros, at most 2^63-1. Raises: FormatError.

    Source: C2SP tlog-checkpoint, 'Note text', 2.
    """
    if not _NUMBER.fullmatch(text) or int(text) > MAX_NUMBER:
        raise FormatError("it is not a number without leading zeros, of at most 2^63-1")
    return int(text)
