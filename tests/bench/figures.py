"""What was measured, as a table for people and as JSON for programs."""

import json
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


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def interleaved(rounds: int, *works: Callable[[], float]) -> list[float]:
    """Return the median that each work measures when all take turns.

    What disturbs the machine for a while disturbs all of them.
    """
    measured = [[work() for work in works] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*measured, strict=True)]


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
