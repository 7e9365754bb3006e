"""What was measured, as a table for people and as JSON for programs."""

import json
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured value; `goal` is the most it should be at the size that `at` names."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    at: str = ""

    @property
    def verdict(self) -> str:
        """Say how the value stands to its goal."""
        if self.goal is None:
            return ""
        return f"{'meets' if self.value <= self.goal else 'misses'} {self.goal:g}{self.at}"


@dataclass(frozen=True)
class Took:
    """How long some work took by the clock, and how long processors worked for it, in seconds.

    The second says more where others are busy on the machine.
    """

    clock: float
    processors: float


def took(work: Callable[[], object]) -> Took:
    """Measure some work, with that of the processes which it started and waited for."""
    started, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    return Took(time.perf_counter() - started, sum(after[:4]) - sum(before[:4]))


def interleaved(rounds: int, *works: Callable[[], Took]) -> list[Took]:
    """Return the medians of each work when all take turns.

    What disturbs the machine for a while disturbs all of them.
    """
    measured = [[work() for work in works] for _ in range(rounds)]
    return [
        Took(
            statistics.median(each.clock for each in column),
            statistics.median(each.processors for each in column),
        )
        for column in zip(*measured, strict=True)
    ]


def show(figures: Sequence[Figure]) -> str:
    """Return a table."""
    rows = [(f.what, f"{f.value:,.2f}", f.unit, f.verdict) for f in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        f"{what:<{widths[0]}}  {value:>{widths[1]}} {unit:<{widths[2]}}  {verdict}".rstrip()
        for what, value, unit, verdict in rows
    )


def write(path: Path, size: int, figures: Sequence[Figure]) -> None:
    """Write a run as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {"size": size, "figures": [asdict(figure) for figure in figures]}
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
