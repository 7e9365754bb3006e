"""A bar for exports."""

import sys
from collections.abc import Callable, Iterable
from typing import TypeVar

from workflow.cli.frame import progress

T = TypeVar("T")


def watch(batches: Iterable[T], length: Callable[[], int]) -> Iterable[T]:
    """Show a bar while batches pass. Counting takes a while, and is for who sees the bar."""
    expected = length() if sys.stderr.isatty() else None
    return progress(batches, "Exporting", expected)
