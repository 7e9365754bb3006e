"""What a witness answers, and how it says so over HTTP.

Source: C2SP tlog-witness, 'add-checkpoint'.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

SIZE_TYPE: Final = "text/x.tlog.size"
"""The media type of a conflict's answer: a size in decimal, and a newline."""

_TEXT_TYPE = "text/plain; charset=utf-8"
_CONFLICT = 409


class Ground(Enum):
    """Why a witness refuses; the first of each value is the HTTP status."""

    MALFORMED = (400, "malformed")
    UNSIGNED = (403, "unsigned")
    UNKNOWN_LOG = (404, "unknown-log")
    ROLLBACK = (409, "rollback")
    FORK = (409, "fork")
    INCONSISTENT = (422, "inconsistent")

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return self.value[0]

    @property
    def word(self) -> str:
        """Return the word that stands for it in JSON."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Seen:
    """The last checkpoint that a witness cosigned for a log."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Cosigned:
    """The witness signed: lines to add to the checkpoint, and what it must remember first.

    `before` is the size that it had signed before, 0 when it never had.
    """

    lines: str
    origin: str
    seen: Seen
    before: int = 0


@dataclass(frozen=True, slots=True)
class Conflict:
    """The request begins at another size than the last one that the witness cosigned."""

    size: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The witness does not sign; `size` is what it remembers where the log shrank or forked."""

    ground: Ground
    sentence: str
    size: int | None = None


Answer = Cosigned | Conflict | Refused


@dataclass(frozen=True, slots=True)
class Response:
    """An answer over HTTP: status, media type and body."""

    status: int
    content_type: str
    body: bytes


def respond(answer: Answer) -> Response:
    """Return an answer as HTTP says it."""
    if isinstance(answer, Cosigned):
        return Response(200, _TEXT_TYPE, answer.lines.encode())
    if isinstance(answer, Conflict):
        return Response(_CONFLICT, SIZE_TYPE, f"{answer.size}\n".encode())
    if answer.size is not None:
        return Response(answer.ground.status, SIZE_TYPE, f"{answer.size}\n".encode())
    return Response(answer.ground.status, _TEXT_TYPE, f"{answer.sentence}\n".encode())
