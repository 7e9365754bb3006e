"""Where the real clock, real ids and the settings become a Runtime."""

import os
import secrets
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from config.settings import Settings
from workflow.domain.vocabulary import Labels
from workflow.persistence.unit_of_work import Ids, UnitOfWork, open_engine
from workflow.services.runtime import Clock, LogKey
from workflow.services.runtime import Runtime as ServiceRuntime


@dataclass(frozen=True, kw_only=True)
class Runtime(ServiceRuntime):
    """A use case's runtime, with the settings that the two faces read as well."""

    settings: Settings


class RealIds:
    """Identities and secrets from the operating system's generator."""

    def event_id(self) -> str:
        """Return a UUID of version 7: milliseconds, then random bits. Source: RFC 9562, 5.7."""
        milliseconds = time.time_ns() // 1_000_000
        bits = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
        bits = bits & ~(0xF << 76) | 0x7 << 76
        return str(uuid.UUID(int=bits & ~(0x3 << 62) | 0x2 << 62))

    def pseudonym(self) -> str:
        """Return 128 random bits in hex."""
        return secrets.token_hex(16)

    def salt(self) -> bytes:
        """Return 16 random bytes."""
        return os.urandom(16)

    def token(self) -> str:
        """Return 256 random bits, safe in an address."""
        return secrets.token_urlsafe(32)


def now() -> datetime:
    """Return the present instant in UTC."""
    return datetime.now(UTC)


def build_runtime(settings: Settings, *, clock: Clock = now, ids: Ids | None = None) -> Runtime:
    """Build the Runtime of these settings; tests pass a clock and ids of their own."""
    engine = open_engine(settings.database_url)
    ids = ids or RealIds()
    return Runtime(
        settings=settings,
        engine=engine,
        uow=UnitOfWork(engine, clock, ids),
        clock=clock,
        ids=ids,
        read_vocabulary=_read_vocabulary,
        read_log_key=lambda: _read_log_key(settings),
    )


def _read_log_key(settings: Settings) -> LogKey | None:
    from config.log_key import read_log_key  # noqa: PLC0415 - cryptography costs start-up time

    return read_log_key(settings)


def _read_vocabulary() -> Mapping[str, Mapping[str, Labels]]:
    from config.definitions import load_vocabulary  # noqa: PLC0415 - YAML costs start-up time

    return load_vocabulary()
