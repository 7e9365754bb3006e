"""The texts and logins beside the entries of a bundle: lines of JSON in the order of the leaves.

A line is {"disclosures":{name:[salt, name, value]},"leaf_index":number}; what was erased is not
there. Each must have its digest in its leaf. Source: SD-JWT (RFC 9901), 4.2.3, for the digest.
"""

from binascii import b2a_base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from typing import Any, Final, TypeAlias

import msgspec

from workflow.domain.canonical import CanonicalError
from workflow.domain.disclosure import digest_of
from workflow.log.bundle.folder import Folder
from workflow.log.leaf_form import UNREADABLE, LeafForm
from workflow.log.verdict import BrokenError

DISCLOSURES: Final = "disclosures.jsonl"

Parts: TypeAlias = tuple[str, str, Any]
"""Salt, name and value."""


class DisclosedLine(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What is kept beside one entry."""

    disclosures: dict[str, Parts]
    leaf_index: int


_decode = msgspec.json.Decoder(DisclosedLine).decode
_encode = msgspec.json.Encoder().encode
_URL_SAFE = bytes.maketrans(b"+/", b"-_")


@dataclass(slots=True)
class Disclosed:
    """The lines of a part of the file; `next_index` is the leaf that the next line is about."""

    lines: Iterator[bytes]
    next_index: int = -1
    _next: dict[str, Parts] = field(default_factory=dict)
    _people: dict[str, Parts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the first line. Raises: BrokenError."""
        self._advance()

    def check(self, form: LeafForm) -> None:
        """Compare the line of this leaf with its digests, and go on. Raises: BrokenError."""
        people = self._people
        for name, parts in self._next.items():
            # The same few people act in millions of entries.
            if name == "actor" and people.get(form.actor.pseudonym or "") == parts:
                continue
            if (what := _find_fault(form, name, parts)) is not None:
                raise BrokenError(what)
            if name == "actor" and form.actor.pseudonym:
                people[form.actor.pseudonym] = parts
        self._advance()

    def finish(self) -> None:
        """Refuse lines that are about no leaf that was read. Raises: BrokenError."""
        if self.next_index >= 0:
            raise _broken(self.next_index, "is not an entry of the bundle, or out of order")

    def _advance(self) -> None:
        line = next(self.lines, None)
        if line is None:
            self.next_index = -1
            return
        before = self.next_index
        try:
            read = _decode(line)
        except UNREADABLE as cause:
            raise BrokenError(
                f"a line after that of leaf {before} is malformed", DISCLOSURES
            ) from cause
        # A name that stands there twice would say one thing to us and another to others.
        if _encode(read) + b"\n" != line:
            raise _broken(read.leaf_index, "is not written as a bundle writes it")
        if read.leaf_index <= before:
            raise _broken(read.leaf_index, f"comes after leaf {before}")
        self.next_index, self._next = read.leaf_index, read.disclosures


def split_lines(folder: Folder, size: int, first_leaves: list[int]) -> list[tuple[int, int]]:
    """Return where in the file the lines for each stretch of leaves begin and end.

    `size` is the file's; stretches begin at `first_leaves`. Looks at a few lines only: whether
    the order holds everywhere is for those to say who read the stretches.
    """
    starts = [0, *(_find_line(folder, size, leaf) for leaf in first_leaves[1:]), size]
    return list(pairwise(starts))


def _find_line(folder: Folder, size: int, leaf: int) -> int:
    """Return the start of the first line about this leaf or a later one, by bisection."""
    low, high = 0, size
    with folder.open(DISCLOSURES) as file:
        while low < high:
            middle = (low + high) // 2
            file.seek(middle)
            if middle:
                file.seek(middle - 1)
                file.readline()
            start, line = file.tell(), file.readline()
            if start >= high or not line or _index_of(line) >= leaf:
                high = middle
            else:
                low = start + len(line)
        return low


def _index_of(line: bytes) -> int:
    try:
        return _decode(line).leaf_index
    except UNREADABLE:
        return 0


def _find_fault(form: LeafForm, name: str, parts: Parts) -> str | None:
    digest, label = _expected(form, name)
    if digest is None:
        return f"the leaf has no digest for {name}"
    if parts[1] != label or not _has_digest(parts, digest):
        return f"the disclosure of {name} does not match its digest in the leaf"
    return None


def _expected(form: LeafForm, name: str) -> tuple[str | None, str]:
    """Return the digest in the leaf and the name that the disclosure must carry."""
    if name == "actor":
        return form.actor.pseudonym, "login"
    if name == "on_behalf_of":
        return form.actor.on_behalf_of, "login"
    if name == "person":
        return form.object.person, "login"
    return (form.disclosures or {}).get(name), name


def _has_digest(parts: Parts, digest: str) -> bool:
    salt, label, value = parts
    if isinstance(value, str):
        # For texts this encoder writes what RFC 8785 asks for.
        encoded = b2a_base64(_encode(parts), newline=False).translate(_URL_SAFE).rstrip(b"=")
        hashed = b2a_base64(sha256(encoded).digest(), newline=False)
        return hashed.translate(_URL_SAFE).rstrip(b"=") == digest.encode()
    try:
        return digest_of(salt, label, value) == digest
    except CanonicalError:
        return False


def _broken(leaf: int, what: str) -> BrokenError:
    return BrokenError(f"leaf {leaf} {what}", DISCLOSURES)
