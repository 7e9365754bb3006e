"""A disclosure's digest can be computed by anyone who holds salt and value, and by nobody else."""

import base64
import hashlib
import json

import pytest

from workflow.domain.disclosure import disclose, make_subject

SALT = bytes(range(16))


def test_digest_is_that_of_sd_jwt() -> None:
    """The layout of the source's section 4.2.1, computed here without our encoder."""
    disclosure = disclose("reason", "the note of 20 December", SALT)
    array = '["AAECAwQFBgcICQoLDA0ODw","reason","the note of 20 December"]'
    encoded = base64.urlsafe_b64encode(array.encode()).rstrip(b"=")
    digest = base64.urlsafe_b64encode(hashlib.sha256(encoded).digest()).rstrip(b"=").decode()
    assert disclosure.digest == digest


def test_digest_reproduces_the_example_of_the_specification() -> None:
    """Source: RFC 9901, 4.2.3: the hash of a disclosure as encoded there."""
    encoded = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert json.loads(base64.urlsafe_b64decode(encoded + "=")) == [
        "_26bc4LT-ac6q2KI6cBW5es",
        "family_name",
        "Möbius",
    ]
    digest = base64.urlsafe_b64encode(hashlib.sha256(encoded.encode()).digest()).rstrip(b"=")
    assert digest == b"X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"


def test_same_text_under_another_salt_has_another_digest() -> None:
    assert disclose("reason", "yes", SALT).digest != disclose("reason", "yes", SALT[::-1]).digest


def test_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        disclose("reason", "yes", b"short")


def test_pseudonym_is_the_digest_of_the_login() -> None:
    ada = make_subject("ada", "Ada L.", SALT)
    assert ada.pseudonym == disclose("login", "ada", SALT).digest
