"""The canonical form of a leaf: an RFC 8785 object of at most 65,535 bytes."""

from workflow.domain.canonical import CanonicalError, Json, canonical_bytes, parse_canonical
from workflow.domain.entry import MAX_LEAF_BYTES

__all__ = ["CanonicalError", "Json", "canonical_bytes", "parse_canonical", "parse_object"]


def parse_object(leaf: bytes) -> dict[str, Json]:
    """Return the object whose canonical form a leaf is.

    Raises: CanonicalError when it is too long, not canonical or not an object.
    """
    if len(leaf) > MAX_LEAF_BYTES:
        raise CanonicalError(f"longer than {MAX_LEAF_BYTES} bytes")
    value = parse_canonical(leaf)
    if not isinstance(value, dict):
        raise CanonicalError("not an object")
    return value
