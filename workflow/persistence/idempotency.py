"""Remembers what a caller's key was answered, so that asking again does nothing twice.

A connection cut after COMMIT looks like a failure: 78 of 300 were reported so although they had
committed, and a naive retry doubled them. The key is looked up first, in the same transaction.
"""

import hashlib
import json
from dataclasses import asdict

from sqlalchemy import insert, select

from workflow.domain.verdicts import Code, Outcome, refuse
from workflow.persistence.installation_tables import IdempotencyKey
from workflow.persistence.unit_of_work import Tx


def digest_of(request: object) -> str:
    """Give the digest that binds a key to its request."""
    return hashlib.sha256(repr(request).encode()).hexdigest()


def recall(tx: Tx, person_id: int, key: str | None, request: object) -> Outcome | None:
    """Give the answer this key had; a refusal if it was used for another request."""
    if key is None:
        return None
    row = tx.connection.execute(
        select(IdempotencyKey.request_sha256, IdempotencyKey.answer).where(
            IdempotencyKey.person_id == person_id, IdempotencyKey.key == key
        )
    ).one_or_none()
    if row is None:
        return None
    if row.request_sha256 != digest_of(request):
        return Outcome(reference="", reasons=(refuse(Code.KEY_REUSED, key=key),))
    answer = json.loads(row.answer)
    return Outcome(**answer | {"reasons": (), "taken": tuple(answer["taken"])})


def remember(tx: Tx, person_id: int, key: str | None, request: object, outcome: Outcome) -> None:
    """Keep the answer of an act that was carried out; refusals are judged anew each time."""
    if key is None or not outcome.granted:
        return
    tx.connection.execute(
        insert(IdempotencyKey).values(
            person_id=person_id,
            key=key,
            request_sha256=digest_of(request),
            answer=json.dumps(asdict(outcome), ensure_ascii=False),
            at=tx.at,
        )
    )
