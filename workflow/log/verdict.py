"""What a check of a log says: how much was read, and the first thing that is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from workflow.domain.canonical import Json
from workflow.log.chain import EVERY_CHAIN
from workflow.log.counted import counted

_IN_NAMES: Final = "/._-:"
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class Fault:
    """The first broken entry: its line in a file, its chain and number where known, and why."""

    what: str
    place: str | None = None
    line: int | None = None

    @property
    def sentence(self) -> str:
        """Return the fault in one line."""
        where = [f"line {self.line}"] if self.line is not None else []
        where += [self.place] if self.place is not None else []
        return _in_one_line(f"{', '.join(where)}: {self.what}" if where else self.what)


class BrokenError(Exception):
    """A check found its first fault, and need not look further."""

    def __init__(self, what: str, place: str | None = None, line: int | None = None) -> None:
        """Keep the fault."""
        # The arguments as they came, so that it can be sent from one process to another.
        super().__init__(what, place, line)
        self.fault = Fault(what, place, line)


@dataclass(frozen=True, slots=True)
class SignedTree:
    """The tree that a log's key signed, and the witnesses who signed the same."""

    origin: str
    size: int
    root: bytes
    cosigned_by: Sequence[str] = ()

    @property
    def document(self) -> dict[str, Json]:
        """Return what `--json` prints."""
        return {
            "origin": self.origin,
            "size": self.size,
            "root": self.root.hex(),
            "cosigned_by": list(self.cosigned_by),
        }

    @property
    def sentence(self) -> str:
        """Return whose signatures were checked."""
        witnesses = ", ".join(self.cosigned_by)
        return (
            f"the tree of {self.size} is signed by {self.origin}"
            f"{f' and cosigned by {witnesses}' if witnesses else ''}"
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of a check; `entries` were read before the fault, if there is one.

    `checkpoint` is None where no signature was checked; `also` are further things that were.
    `subject` says what was checked where that is no chain.
    """

    entries: int
    chains: int
    fault: Fault | None = None
    partial: Sequence[str] = ()
    checkpoint: SignedTree | None = None
    also: Sequence[str] = ()
    subject: str | None = None

    @property
    def ok(self) -> bool:
        """Say whether nothing was found."""
        return self.fault is None

    def with_more(self, fault: Fault | None, checked: str) -> "Verified":
        """Return the result after one more check, which found a fault or none."""
        if fault is not None:
            return replace(self, fault=fault)
        return replace(self, also=(*self.also, checked))

    @property
    def sentence(self) -> str:
        """Return the result in one line that says what was checked."""
        if self.fault is not None:
            return f"Broken at {self.fault.sentence}."
        signed = [self.checkpoint.sentence] if self.checkpoint else []
        if self.subject is not None:
            return _in_one_line(f"OK: {'; '.join((self.subject, *signed, *self.also))}.")
        checked = "; ".join((self._scope, *signed, *self.also))
        return _in_one_line(f"OK: {self._read}; {checked}.")

    @property
    def _read(self) -> str:
        return f"{counted(self.entries, 'entry')} in {counted(self.chains, 'chain')}"

    @property
    def _scope(self) -> str:
        if EVERY_CHAIN in self.partial:
            return "a selection, so entries left out between them cannot be noticed"
        if self.partial:
            names = ", ".join(map(show_chain, self.partial))
            return f"every chain is whole from its first entry, but for {names}"
        return "every chain is whole from its first entry"


def show_chain(name: str) -> str:
    """Return a chain's name without what could pass for words of ours: a stranger wrote it."""
    shown = "".join(sign if sign.isalnum() or sign in _IN_NAMES else "?" for sign in name)
    return shown if len(shown) <= _LONGEST_NAME else f"{shown[:_LONGEST_NAME]}…"


def _in_one_line(sentence: str) -> str:
    """Return a sentence in printable signs: what it quotes may hold line breaks and more."""
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in sentence)
