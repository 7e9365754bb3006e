"""Changes to leaves as an owner of the log would make them: each is a leaf as good as any."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from workflow.domain.canonical import canonical_bytes
from workflow.domain.entry import leaf_hash


def altered(random: Random, leaf: bytes) -> bytes:
    """Return the leaf with another time, decision, party or sort of act."""
    body = json.loads(leaf)
    random.choice([_at, _via, _kind, _party, _fact])(random, body)
    changed = canonical_bytes(body)
    return changed if changed != leaf else altered(random, leaf)


def _at(random: Random, body: dict[str, Any]) -> None:
    body["at"] = f"2026-01-{random.randint(1, 28):02d}{body['at'][10:]}"


def _via(random: Random, body: dict[str, Any]) -> None:
    body["via"] = random.choice(["web", "cli", "api"])


def _kind(random: Random, body: dict[str, Any]) -> None:
    body["kind"] = random.choice(["sign", "step", "grant", "revoke"])


def _party(random: Random, body: dict[str, Any]) -> None:
    body["actor"]["party"] = random.choice(["UZ", "JP", "KZ"])


def _fact(random: Random, body: dict[str, Any]) -> None:
    body.setdefault("facts", {})["decision"] = random.choice(["approve", "object"])


def relinked(leaves: Sequence[bytes]) -> list[bytes]:
    """Return leaves whose numbers and hashes link again, chain by chain."""
    ends: dict[str, tuple[int, str | None]] = {}
    linked: list[bytes] = []
    for leaf in leaves:
        body = json.loads(leaf)
        about = body["object"]
        sequence, head = ends.get(about["chain"], (0, None))
        about["sequence"], about["prev"] = sequence + 1, head
        linked.append(canonical_bytes(body))
        ends[about["chain"]] = sequence + 1, leaf_hash(linked[-1]).hex()
    return linked


def flipped(random: Random, content: bytes) -> bytes:
    """Return the bytes with one of them changed."""
    at = random.randrange(len(content))
    return content[:at] + bytes([content[at] ^ random.randint(1, 255)]) + content[at + 1 :]


def edited_list(random: Random, items: Sequence[bytes]) -> list[bytes]:
    """Return the items with one dropped, doubled or moved, or two exchanged."""
    found = list(items)
    at, other = random.randrange(len(found)), random.randrange(len(found))
    ways: list[Callable[[], object]] = [
        lambda: found.pop(at),
        lambda: found.insert(other, found[at]),
        lambda: found.insert(other, found.pop(at)),
        lambda: found.__setitem__(slice(None), _exchanged(found, at, other)),
    ]
    random.choice(ways)()
    return found


def _exchanged(items: list[bytes], at: int, other: int) -> list[bytes]:
    found = list(items)
    found[at], found[other] = found[other], found[at]
    return found
