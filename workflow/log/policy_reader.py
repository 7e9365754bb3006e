"""The lines of a policy file: words between spaces and tabs, and errors that name the line.

Source: C2SP tlog-policy, 'Structure' and 'Character set'.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

from workflow.log.keys import NoteError, VerifierKey
from workflow.log.strict import FormatError, read_number

MAX_POLICY_BYTES: Final = 1_000_000

_SORTS = {1: "a log's", 4: "a witness's"}
_FORBIDDEN = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_SPACE = re.compile(r"[ \t]+")


class PolicyError(FormatError):
    """A policy file is malformed; `line` counts from 1."""

    def __init__(self, what: str, line: int | None = None) -> None:
        """Keep the line."""
        super().__init__(what if line is None else f"line {line} of the policy: {what}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Line:
    """A line that says something: its number, its first word and the others."""

    number: int
    word: str
    others: tuple[str, ...]

    @classmethod
    def parse(cls, number: int, text: str) -> Self | None:
        """Read a line; None for a comment or nothing."""
        words = [word for word in _SPACE.split(text) if word]
        if not words or words[0].startswith("#"):
            return None
        return cls(number, words[0], tuple(words[1:]))

    def error(self, what: str) -> PolicyError:
        """Return an error that names this line."""
        return PolicyError(what, self.number)

    def take(self, least: int, most: int) -> tuple[str, ...]:
        """Return the words after the first, as many as `most`, with '' for those left out.

        Raises: PolicyError.
        """
        if not least <= len(self.others) <= most:
            raise self.error(f"{self.word} wants {_counted(least, most)}, not {len(self.others)}")
        return (*self.others, *[""] * (most - len(self.others)))

    def take_many(self, least: int) -> tuple[str, ...]:
        """Return the words after the first, of which there must be some. Raises: PolicyError."""
        if len(self.others) < least:
            raise self.error(f"{self.word} wants {least} words or more, not {len(self.others)}")
        return self.others

    def key(self, text: str, sort: int) -> VerifierKey:
        """Read a verifier key of a signature type. Raises: PolicyError.

        Source: C2SP tlog-policy, 'Public key representation'.
        """
        try:
            key = VerifierKey.parse(text)
        except NoteError as cause:
            raise self.error(str(cause)) from cause
        if key.sort != sort:
            raise self.error(f"the key of {key.name} is {_SORTS[key.sort]}, not {_SORTS[sort]}")
        return key

    def threshold(self, text: str, members: int) -> int:
        """Read all, any or k of n. Raises: PolicyError.

        Source: C2SP tlog-policy, 'Defining a witness group'.
        """
        if text in ("all", "any"):
            return members if text == "all" else 1
        try:
            count = read_number(text)
        except FormatError as cause:
            raise self.error("a group wants all, any or a number after its name") from cause
        if not 1 <= count <= members:
            raise self.error(f"{count} of {members} is no threshold")
        return count


def read_lines(content: bytes) -> Iterator[Line]:
    """Yield the lines of a file that say something. Raises: PolicyError."""
    if len(content) > MAX_POLICY_BYTES:
        raise PolicyError(f"the policy is longer than {MAX_POLICY_BYTES} bytes")
    *lines, rest = content.split(b"\n")
    for number, each in enumerate(lines, 1):
        if _FORBIDDEN.search(each):
            raise PolicyError("it holds control characters", number)
        line = Line.parse(number, each.decode("utf-8", "surrogateescape"))
        if line is not None:
            yield line
    if rest:
        raise PolicyError("it does not end with a newline", len(lines) + 1)


def _counted(least: int, most: int) -> str:
    words = "word" if most == 1 else "words"
    return f"{least} {words}" if least == most else f"{least} to {most} {words}"
