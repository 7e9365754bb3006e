"""Signed notes are those of Go's sumdb/note, byte for byte; whatever is touched fails."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log.public_notes import WITNESSES
from workflow.log.note import (
    COSIGNATURE,
    ED25519,
    Note,
    NoteError,
    SigningKey,
    VerifierKey,
    parse_note,
    sign_note,
    verify,
)

# The keys, text and signatures of golang.org/x/mod/sumdb/note's own documentation and tests.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETERS_LINE = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
ENOCHS_LINE = (
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
)
SIGNED = f"{TEXT}\n{PETERS_LINE}"

KEY = SigningKey("localhost/log", bytes(range(32)))


def opened(content: bytes, *keys: str) -> set[str]:
    known = [VerifierKey.parse(each) for each in keys]
    return {key.text for key in verify(parse_note(content), known)}


def test_signing_with_gos_key_gives_gos_note() -> None:
    assert sign_note(TEXT, SigningKey.parse(PETERS_SECRET)).content == SIGNED.encode()


def test_gos_private_key_has_gos_public_key() -> None:
    key = SigningKey.parse(PETERS_SECRET + "\n")
    assert (key.verifier.text, key.text) == (PETER, PETERS_SECRET)


def test_gos_note_verifies_with_the_keys_that_are_known() -> None:
    content = f"{TEXT}\n{PETERS_LINE}{ENOCHS_LINE}".encode()
    assert opened(content, PETER) == {PETER}
    assert opened(content, PETER, ENOCH) == {PETER, ENOCH}
    assert parse_note(content).content == content


@pytest.mark.parametrize("text", WITNESSES)
def test_keys_of_public_witnesses_are_read(text: str) -> None:
    assert (VerifierKey.parse(text).text, VerifierKey.parse(text).sort) == (text, COSIGNATURE)


@pytest.mark.parametrize("parse", [VerifierKey.parse, SigningKey.parse])
def test_part_of_a_key_is_no_key(parse: type) -> None:
    whole = PETER if parse == VerifierKey.parse else PETERS_SECRET
    pieces = {whole[a:b] for a in range(len(whole)) for b in range(a, len(whole) + 1)} - {whole}
    changed = {whole[:a] + chr(ord(sign) + 1) + whole[a + 1 :] for a, sign in enumerate(whole)}
    for text in pieces | changed:
        with pytest.raises(NoteError):
            parse(text)


@pytest.mark.parametrize(
    "text",
    [
        # too long, and of an unknown type, each with the id that would fit: from Go's tests
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER + "\n",
        "",
    ],
)
def test_malformed_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


@pytest.mark.parametrize(
    "content",
    [
        TEXT,
        f"{TEXT}\n",
        f"{TEXT}{PETERS_LINE}",
        SIGNED[:-1],
        f"\x01{SIGNED}",
        SIGNED.replace("\n", "\r\n"),
        f"{SIGNED}Unexpected line.\n",
        f"{SIGNED}\n",
        SIGNED.replace("PeterNeumann ", "Peter Neumann "),
        SIGNED.replace("— PeterNeumann ", "- PeterNeumann "),
        SIGNED.replace("— PeterNeumann ", "—  "),
        SIGNED.replace("BwJnAM=", "BwJnAN="),  # the same bytes in base64 that is not canonical
        SIGNED.replace("BwJnAM=", "BwJnAM"),
        f"{TEXT}\n— PeterNeumann x08goA==\n",
        f"{TEXT}\n— PeterNeumann \n",
        f"{TEXT}\n" + PETERS_LINE * 101,
        "x" * 1_000_000 + f"\n\n{PETERS_LINE}",
    ],
)
def test_malformed_note_is_refused(content: str) -> None:
    with pytest.raises(NoteError):
        opened(content.encode(), PETER)


def test_note_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(NoteError, match="UTF-8"):
        parse_note(b"\xff" + SIGNED.encode())


def test_hundred_signatures_are_read() -> None:
    assert opened(f"{TEXT}\n{PETERS_LINE * 100}".encode(), PETER) == {PETER}


def test_text_may_hold_blank_lines() -> None:
    note = sign_note("a\n\nb\n\n", KEY)
    assert parse_note(note.content) == note


def test_bad_signature_of_a_known_key_is_an_error_though_another_verifies() -> None:
    bad = ENOCHS_LINE[:60] + "ABCD" + ENOCHS_LINE[60:]
    content = f"{TEXT}\n{PETERS_LINE}{bad}".encode()
    assert opened(content, PETER) == {PETER}
    with pytest.raises(NoteError, match="EnochRoot does not fit"):
        opened(content, PETER, ENOCH)


def test_second_bad_signature_of_a_known_key_is_an_error() -> None:
    other = sign_note("another text\n", SigningKey.parse(PETERS_SECRET)).signatures[0].line
    with pytest.raises(NoteError, match="does not fit"):
        opened(f"{SIGNED}{other}\n".encode(), PETER)


def test_note_without_a_trusted_signature_is_an_error() -> None:
    with pytest.raises(NoteError, match="trusted"):
        opened(SIGNED.encode(), ENOCH)
    with pytest.raises(NoteError, match="trusted"):
        opened(SIGNED.encode())


def test_two_keys_of_one_name_and_id_are_an_error() -> None:
    class Colliding(VerifierKey):
        @property
        def id(self) -> bytes:
            return b"same"

    keys = [Colliding("x", bytes(32)), Colliding("x", bytes([1] * 32))]
    with pytest.raises(NoteError, match="two different keys"):
        verify(parse_note(SIGNED.encode()), keys)


def test_witness_key_signs_no_text() -> None:
    with pytest.raises(NoteError, match="witness"):
        sign_note(TEXT, SigningKey.generate("w", COSIGNATURE))


@pytest.mark.parametrize("text", ["", "abc", "a\x00\n", "a\t\n", "a\r\n", "\ud800\n"])
def test_text_that_no_note_can_hold_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        sign_note(text, KEY)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\u3000b", "a\nb", "\ud800"])
def test_key_needs_a_name_that_a_line_can_hold(name: str) -> None:
    with pytest.raises(NoteError):
        SigningKey.generate(name)


@pytest.mark.parametrize("sort", [ED25519, COSIGNATURE])
def test_generated_key_is_read_back(sort: int) -> None:
    key = SigningKey.generate("パーティ/証人", sort)
    assert SigningKey.parse(key.text + "\n") == key
    assert VerifierKey.parse(key.verifier.text) == key.verifier
    assert repr(key.seed) not in repr(key)


@given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"])))
def test_every_text_is_signed_and_read_back(line: str) -> None:
    note = sign_note(line + "\n", KEY)
    assert parse_note(note.content) == note
    assert verify(note, [KEY.verifier]) == {KEY.verifier: note.signatures[0]}


@given(st.binary())
def test_anything_else_is_a_note_error(content: bytes) -> None:
    with pytest.raises(NoteError):
        opened(content, PETER)


@given(st.integers(0, len(SIGNED.encode()) - 1), st.integers(1, 255))
def test_flipped_byte_of_a_signed_note_fails(place: int, change: int) -> None:
    content = bytearray(SIGNED.encode())
    content[place] ^= change
    with pytest.raises(NoteError):
        opened(bytes(content), PETER)


def test_every_flipped_bit_of_a_signed_note_fails() -> None:
    for bit in range(8 * len(SIGNED.encode())):
        content = bytearray(SIGNED.encode())
        content[bit // 8] ^= 1 << bit % 8
        with pytest.raises(NoteError):
            opened(bytes(content), PETER)


def test_notes_are_equal_by_text_and_lines() -> None:
    assert Note("a\n") == Note("a\n", ())
    assert sign_note("a\n", KEY) != Note("a\n")
