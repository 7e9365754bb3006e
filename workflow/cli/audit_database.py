"""The log in a database, as `summit audit verify` is pointed at it."""

import os

import click

from config import settings
from workflow.bootstrap import Runtime, build_runtime
from workflow.cli.failures import require_ready
from workflow.cli.frame import reading
from workflow.log.bundle.verify import Trust
from workflow.log.verdict import Verified
from workflow.services.audit_check import verify_database


def verify_own(trust: Trust | None) -> Verified:
    """Check the database of the settings."""
    found: list[Verified] = []
    _verify_own(trust, found)
    return found[0]


@reading
def _verify_own(runtime: Runtime, /, trust: Trust | None, found: list[Verified]) -> None:
    found.append(_verify_database(runtime, trust))


def verify_url(url: str, trust: Trust | None) -> Verified:
    """Check a database by its address."""
    runtime = build_runtime(settings.read({**os.environ, "SUMMIT_DATABASE_URL": url}))
    try:
        require_ready(runtime)
        return _verify_database(runtime, trust)
    finally:
        runtime.engine.dispose()


def _verify_database(runtime: Runtime, trust: Trust | None) -> Verified:
    if trust is not None and trust.receipt is not None:
        raise click.UsageError("A receipt is compared with a bundle: export one, and name it here.")
    return verify_database(runtime.uow, trust)
