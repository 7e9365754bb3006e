"""A small log with its key and a witness's, for tests: entries from the naive tree."""

from typing import Final

from tests.log import naive_tree
from workflow.log.checkpoint import Checkpoint, sign_checkpoint
from workflow.log.note import COSIGNATURE, SigningKey
from workflow.log.witness_answers import Seen
from workflow.log.witness_request import Request

ORIGIN: Final = "localhost/log-3f9a0c12"
LOG: Final = SigningKey(ORIGIN, bytes(range(32)))
WITNESS: Final = SigningKey("uz.example/witness", bytes(range(32, 64)), COSIGNATURE)
OTHER_WITNESS: Final = SigningKey("jp.example/witness", bytes(range(64, 96)), COSIGNATURE)

SECONDS: Final = 1_767_571_200
"""2026-01-05T00:00:00Z."""


def root(size: int, fork: bytes = b"") -> bytes:
    """Return the root over so many entries; those of a fork are others."""
    return naive_tree.root(_entries(size, fork))


def seen(size: int) -> dict[str, Seen]:
    """Return what a witness remembers that has cosigned so many entries."""
    return {ORIGIN: Seen(size, root(size))} if size else {}


def checkpoint(size: int, fork: bytes = b"", key: SigningKey = LOG) -> bytes:
    """Return a signed checkpoint over so many entries."""
    return sign_checkpoint(Checkpoint(key.name, size, root(size, fork)), key).content


def request(old: int, new: int, fork: bytes = b"", key: SigningKey = LOG) -> Request:
    """Return what the log asks of a witness."""
    proof = naive_tree.proof(old, _entries(new, fork)) if 0 < old < new else []
    return Request(old, tuple(proof), checkpoint(new, fork, key))


def _entries(size: int, fork: bytes) -> tuple[bytes, ...]:
    return tuple(fork + entry for entry in naive_tree.entries(size))
