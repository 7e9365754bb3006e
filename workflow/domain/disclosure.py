"""Salted digests that stand in an entry for texts and people, so that these can be erased.

The digest proves the text to whoever holds text and salt. Without the salt nothing can be
learnt from it, not even by guessing: deleting salt and text erases it for good.

Source: SD-JWT (RFC 9901), sections 4.2.1 (disclosures) and 4.2.3 (hashing disclosures).
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from workflow.domain.canonical import Json, canonical_bytes

SALT_BYTES = 16
"""128 bits, as the source recommends."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A value kept beside an entry: `field` names its place there, the salt hides it."""

    field: str
    salt: str
    value: Json

    @property
    def digest(self) -> str:
        """Return what the entry holds in the value's place."""
        return digest_of(self.salt, self.field, self.value)


@dataclass(frozen=True, slots=True)
class Subject:
    """A person behind a pseudonym; erasing this row leaves the pseudonym empty.

    With the salt of `make_subject` an export can prove the login; without one (a random
    pseudonym) it can only show the pseudonym.
    """

    pseudonym: str
    login: str
    name: str
    salt: str | None = None


def disclose(field: str, value: Json, salt: bytes) -> Disclosure:
    """Return the disclosure of a value under a fresh salt of 16 bytes."""
    return Disclosure(field, salt_text(salt), value)


def make_subject(login: str, name: str, salt: bytes) -> Subject:
    """Return a person with the pseudonym that stands for them in every entry.

    The pseudonym is the digest of the login, so an export can prove who acted.
    """
    text = salt_text(salt)
    return Subject(digest_of(text, "login", login), login, name, text)


def digest_of(salt: str, field: str, value: Json) -> str:
    """Return base64url(SHA-256(base64url([salt, field, value]))) without padding."""
    encoded = base64url(canonical_bytes([salt, field, value]))
    return base64url(sha256(encoded.encode("ascii")).digest())


def salt_text(salt: bytes) -> str:
    """Return a salt as it is written. Raises: ValueError unless it has 128 bits."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return base64url(salt)


def base64url(content: bytes) -> str:
    """Return the URL-safe alphabet without padding. Source: RFC 7515, appendix C."""
    return urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
