"""What a check of a log says: how much was read, and the first thing that is wrong."""

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.log.chain import EVERY_CHAIN


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
        return f"{', '.join(where)}: {self.what}" if where else self.what


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of a check; `entries` were read before the fault, if there is one."""

    entries: int
    chains: int
    fault: Fault | None = None
    partial: Sequence[str] = ()

    @property
    def ok(self) -> bool:
        """Say whether nothing was found."""
        return self.fault is None

    @property
    def sentence(self) -> str:
        """Return the result in one line that says what was checked."""
        if self.fault is not None:
            return f"Broken at {self.fault.sentence}."
        return f"OK: {self.entries} entries in {self.chains} chains; {self._scope}."

    @property
    def _scope(self) -> str:
        if EVERY_CHAIN in self.partial:
            return "a selection, so entries left out between them cannot be noticed"
        if self.partial:
            return f"every chain is whole from its first entry, but for {', '.join(self.partial)}"
        return "every chain is whole from its first entry"
