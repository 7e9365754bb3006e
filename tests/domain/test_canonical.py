"""The canonical form is RFC 8785's, and nothing else is accepted back."""

from types import MappingProxyType

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.canonical import (
    MAX_INTEGER,
    CanonicalError,
    Json,
    canonical_bytes,
    parse_canonical,
)

NAMES = st.text(st.characters(max_codepoint=127))
SCALARS = (
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | st.text(st.characters())
)
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(NAMES, inner), max_leaves=20
)


@given(VALUES)
def test_canonical_bytes_equal_those_of_an_independent_encoder(value: Json) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(VALUES)
def test_parse_canonical_returns_what_was_written(value: Json) -> None:
    assert parse_canonical(canonical_bytes(value)) == value


def test_canonical_bytes_escape_as_the_standard_says() -> None:
    controls = "".join(map(chr, range(0x20))) + '"\\/\x7f\u2028€😀'
    assert canonical_bytes(controls) == rfc8785.dumps(controls)


@pytest.mark.parametrize(
    "value",
    [1.5, 2**53, -(2**53), "\ud800", {"é": 1}, {1: 2}, {"a": {"b": [0.0]}}, b"bytes", {1, 2}],
)
def test_canonical_bytes_refuse_what_readers_differ_about(value: Json) -> None:
    with pytest.raises(CanonicalError):
        canonical_bytes(value)


def test_canonical_bytes_take_any_mapping() -> None:
    titles = MappingProxyType({"uz": "Jamgʻarma", "en": "Fund"})
    assert canonical_bytes({"titles": titles}) == canonical_bytes({"titles": dict(titles)})


def test_canonical_bytes_refuse_endless_nesting() -> None:
    nested: Json = None
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(CanonicalError):
        canonical_bytes(nested)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" 1",
        b"1 ",
        b"01",
        b"-0",
        b"1.0",
        b"1e3",
        b"NaN",
        b"9007199254740992",
        b'{"b":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"a": 1}',
        b'"\\u0041"',
        b'"\\/"',
        b'"\\ud800"',
        b'"\xff"',
        b"\xef\xbb\xbf1",
        b"[" * 100_000,
        b"9" * 5_000,
    ],
)
def test_parse_canonical_refuses_every_other_form(content: bytes) -> None:
    with pytest.raises(CanonicalError):
        parse_canonical(content)
