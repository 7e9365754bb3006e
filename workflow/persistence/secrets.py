"""Keeps access tokens and one-time links by their SHA-256: the secrets themselves are not here."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, select, update

from workflow.persistence.people_tables import AccessToken, OneTimeLink
from workflow.persistence.unit_of_work import Tx


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret of 256 random bits; such a one needs no slow hash."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def add_token(tx: Tx, person_id: int, expires_at: datetime) -> tuple[int, str]:
    """Make an access token, and return its number and its secret."""
    secret = tx.ids.token()
    number = tx.connection.scalar(
        insert(AccessToken)
        .values(
            token_sha256=digest_of(secret),
            person_id=person_id,
            created_at=tx.at,
            expires_at=expires_at,
        )
        .returning(AccessToken.id)
    )
    assert number is not None  # noqa: S101 - RETURNING of one inserted row
    return number, secret


def find_token(tx: Tx, secret: str) -> tuple[int, int] | None:
    """Find the number and the person of a token that is still good."""
    row = tx.connection.execute(
        select(AccessToken.id, AccessToken.person_id).where(
            AccessToken.token_sha256 == digest_of(secret),
            AccessToken.expires_at > tx.at,
            AccessToken.revoked_at.is_(None),
        )
    ).one_or_none()
    return (row.id, row.person_id) if row is not None else None


def revoke_tokens(tx: Tx, person_id: int) -> None:
    """End every token of a person."""
    tx.connection.execute(
        update(AccessToken)
        .where(AccessToken.person_id == person_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=tx.at)
    )


def add_link(tx: Tx, person_id: int, purpose: str, expires_at: datetime) -> str:
    """Make a one-time link, void the person's older ones, and return its secret."""
    void_links(tx, person_id)
    secret = tx.ids.token()
    tx.connection.execute(
        insert(OneTimeLink).values(
            token_sha256=digest_of(secret),
            person_id=person_id,
            purpose=purpose,
            expires_at=expires_at,
        )
    )
    return secret


def find_link(tx: Tx, secret: str) -> int | None:
    """Find whose password a link that is still good may set."""
    return tx.connection.scalar(
        select(OneTimeLink.person_id).where(
            OneTimeLink.token_sha256 == digest_of(secret),
            OneTimeLink.expires_at > tx.at,
            OneTimeLink.used_at.is_(None),
        )
    )


def use_link(tx: Tx, secret: str) -> int | None:
    """Use a link up, and say whose it was; of two that try at once one gets None."""
    return tx.connection.scalar(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_sha256 == digest_of(secret),
            OneTimeLink.expires_at > tx.at,
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=tx.at)
        .returning(OneTimeLink.person_id)
    )


def void_links(tx: Tx, person_id: int) -> None:
    """Use up every link of a person."""
    tx.connection.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
        .values(used_at=tx.at)
    )
