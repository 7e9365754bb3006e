"""Keeps signed-in browsers: a session ends when unused, when old, and when somebody ends it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, delete, insert, select, update

from workflow.persistence.people_tables import WebSession
from workflow.persistence.secrets import digest_of
from workflow.persistence.unit_of_work import Tx

IDLE: Final = timedelta(minutes=30)
ABSOLUTE: Final = timedelta(hours=12)
SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly the last use is kept: a write for every page would make reading slow."""

_KEPT_AFTER_END: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session that is in force."""

    id: int
    person_id: int
    content: Mapping[str, Any]
    created_at: datetime
    last_seen_at: datetime


def add_session(tx: Tx, person_id: int, content: Mapping[str, Any]) -> tuple[int, str]:
    """Make a session, and return its number and its secret; old ended ones are swept out."""
    tx.connection.execute(delete(WebSession).where(WebSession.expires_at < tx.at - _KEPT_AFTER_END))
    secret = tx.ids.token()
    number = tx.connection.scalar(
        insert(WebSession)
        .values(
            token_sha256=digest_of(secret),
            person_id=person_id,
            content=_written(content),
            created_at=tx.at,
            last_seen_at=tx.at,
            expires_at=tx.at + ABSOLUTE,
        )
        .returning(WebSession.id)
    )
    assert number is not None  # noqa: S101 - RETURNING of one inserted row
    return number, secret


def find_session_row(tx: Tx, secret: str) -> SessionRow | None:
    """Find a session that is in force."""
    row = tx.connection.execute(
        select(
            WebSession.id,
            WebSession.person_id,
            WebSession.content,
            WebSession.created_at,
            WebSession.last_seen_at,
        ).where(_is(tx, secret))
    ).one_or_none()
    if row is None:
        return None
    return SessionRow(
        row.id, row.person_id, json.loads(row.content), row.created_at, row.last_seen_at
    )


def mark_seen(tx: Tx, secret: str) -> None:
    """Keep that the session is in use."""
    tx.connection.execute(update(WebSession).where(_is(tx, secret)).values(last_seen_at=tx.at))


def write_content(tx: Tx, secret: str, content: Mapping[str, Any]) -> None:
    """Replace what the session remembers."""
    tx.connection.execute(
        update(WebSession).where(_is(tx, secret)).values(content=_written(content))
    )


def renew_secret(tx: Tx, secret: str) -> str | None:
    """Give a session another secret; None when there is no such session any more."""
    renewed = tx.ids.token()
    number = tx.connection.scalar(
        update(WebSession)
        .where(_is(tx, secret))
        .values(token_sha256=digest_of(renewed))
        .returning(WebSession.id)
    )
    return renewed if number is not None else None


def end_sessions(tx: Tx, *, secret: str | None = None, person_id: int | None = None) -> None:
    """End one session, or all sessions of a person."""
    whose = _is(tx, secret) if secret is not None else WebSession.person_id == person_id
    tx.connection.execute(
        update(WebSession).where(whose, WebSession.ended_at.is_(None)).values(ended_at=tx.at)
    )


def _is(tx: Tx, secret: str) -> ColumnElement[bool]:
    return (
        (WebSession.token_sha256 == digest_of(secret))
        & WebSession.ended_at.is_(None)
        & (WebSession.expires_at > tx.at)
        & (WebSession.last_seen_at > tx.at - IDLE)
    )


def _written(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))
