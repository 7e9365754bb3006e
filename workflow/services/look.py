"""Strangers may ask whether an entry is in the log, but not without end: each question scans it."""

from workflow.services.runtime import Runtime
from workflow.services.throttle import count_look


def seconds_to_wait(runtime: Runtime, address: str) -> int:
    """Count a question from an address; 0 if it may be answered now."""
    with runtime.uow.write() as tx:
        return count_look(tx, address)
