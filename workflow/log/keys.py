"""Keys of signed notes, and signatures as they stand in a note's lines.

Source: C2SP signed-note, 'Signatures' and 'Verifier keys'; the private form is that of Go's
golang.org/x/mod/sumdb/note, so that its tools can sign with our keys and we with theirs.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from workflow.log.strict import FormatError, read_base64, write_base64

ED25519: Final = 0x01
"""Signs a note's text. Source: C2SP signed-note, 'Signature types'."""

COSIGNATURE: Final = 0x04
"""Signs a checkpoint at a time, as witnesses do. Source: C2SP tlog-cosignature."""

EM_DASH: Final = "\u2014 "
"""What a signature line begins with. Source: C2SP signed-note, 'Format'."""

_SORTS = (ED25519, COSIGNATURE)
_ID_BYTES = 4
_KEY_BYTES = 32
_PRIVATE = ("PRIVATE", "KEY")
_FIRST_PRINTABLE = " "


class NoteError(FormatError):
    """A note, a key or a signature is malformed, or does not verify."""


class KeyFileError(Exception):
    """The file with a log's private keys cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note: whose, by which key, and the bytes after the key's id."""

    name: str
    key_id: bytes
    content: bytes

    @classmethod
    def parse(cls, line: str) -> Self:
        """Read a line without its newline. Raises: NoteError.

        Source: C2SP signed-note, 'Format': em dash, space, name, space, base64(id || signature).
        """
        name, _, encoded = line.removeprefix(EM_DASH).partition(" ")
        if not line.startswith(EM_DASH) or not is_name(name):
            raise NoteError("a signature line is not an em dash, a name and base64")
        content = _decoded(encoded, f"the signature of {name}")
        if len(content) <= _ID_BYTES:
            raise NoteError(f"the signature of {name} is too short")
        return cls(name, content[:_ID_BYTES], content[_ID_BYTES:])

    @property
    def line(self) -> str:
        """Return the line without its newline."""
        return f"{EM_DASH}{self.name} {write_base64(self.key_id + self.content)}"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public Ed25519 key under a name; `sort` is its signature type."""

    name: str
    public: bytes
    sort: int = ED25519

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read NAME+ID+KEY. Raises: NoteError.

        Source: C2SP signed-note, 'Verifier keys': the id in hexadecimal, the key as
        base64(type || public key).
        """
        name, _, rest = text.partition("+")
        written_id, _, encoded = rest.partition("+")
        sort, public = _read_key(name, encoded, "the verifier key")
        key = cls(name, public, sort)
        if written_id != key.id.hex():
            raise NoteError(f"the verifier key of {name} does not match its id")
        return key

    @property
    def id(self) -> bytes:
        """Return the key's id. Source: as above: SHA-256(name || 0x0A || type || key)[:4]."""
        named = self.name.encode() + b"\n" + bytes([self.sort]) + self.public
        return sha256(named).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """Return the key as people exchange it."""
        encoded = write_base64(bytes([self.sort]) + self.public)
        return f"{self.name}+{self.id.hex()}+{encoded}"

    def made(self, signature: Signature) -> bool:
        """Say whether a line claims to be by this key: its name and its id are the key's."""
        return (signature.name, signature.key_id) == (self.name, self.id)

    def checks(self, message: bytes, signature: bytes) -> bool:
        """Say whether an Ed25519 signature of 64 bytes is by this key. Source: RFC 8032, 5.1.7."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private Ed25519 key under a name; whoever has the seed signs as the name."""

    name: str
    seed: bytes = field(repr=False)
    sort: int = ED25519

    @classmethod
    def generate(cls, name: str, sort: int = ED25519) -> Self:
        """Make a key from the operating system's generator. Raises: NoteError for the name."""
        if not is_name(name):
            raise NoteError("a key's name has neither spaces nor plus signs, and is not empty")
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), sort)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read PRIVATE+KEY+NAME+ID+SEED as it stands in a file. Raises: NoteError."""
        first, second, name, written_id, encoded = (*text.strip().split("+", 4), *[""] * 5)[:5]
        if (first, second) != _PRIVATE:
            raise NoteError("this is not a private key: it does not begin with PRIVATE+KEY+")
        sort, seed = _read_key(name, encoded, "the private key")
        key = cls(name, seed, sort)
        if written_id != key.verifier.id.hex():
            raise NoteError(f"the private key of {name} does not match its id")
        return key

    @property
    def text(self) -> str:
        """Return the key as it is kept in a file, without a newline."""
        encoded = write_base64(bytes([self.sort]) + self.seed)
        return "+".join((*_PRIVATE, self.name, self.verifier.id.hex(), encoded))

    @property
    def verifier(self) -> VerifierKey:
        """Return the public key."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return VerifierKey(self.name, public.public_bytes_raw(), self.sort)

    def sign(self, text: str) -> Signature:
        """Sign a note's text. Source: C2SP signed-note, 'Ed25519 signatures'.

        Raises: NoteError when the key is a witness's, whose signatures carry a time.
        """
        if self.sort != ED25519:
            raise NoteError(f"{self.name} is a witness's key, and signs checkpoints only")
        return Signature(self.name, self.verifier.id, self.sign_bytes(text.encode()))

    def sign_bytes(self, message: bytes) -> bytes:
        """Return the 64 bytes of an Ed25519 signature. Source: RFC 8032, 5.1.6."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def is_name(name: str) -> bool:
    """Say whether a key may have this name. Source: C2SP signed-note, 'Format'."""
    if not name or "+" in name or any(sign.isspace() or sign < _FIRST_PRINTABLE for sign in name):
        return False
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def _read_key(name: str, encoded: str, what: str) -> tuple[int, bytes]:
    """Return a key's signature type and its 32 bytes. Raises: NoteError."""
    if not is_name(name):
        raise NoteError(f"{what} has no name")
    content = _decoded(encoded, f"{what} of {name}")
    if not content or content[0] not in _SORTS:
        raise NoteError(f"{what} of {name} is of a type that is not known here")
    if len(content) != 1 + _KEY_BYTES:
        raise NoteError(f"{what} of {name} does not have 32 bytes")
    return content[0], content[1:]


def _decoded(encoded: str, what: str) -> bytes:
    try:
        return read_base64(encoded)
    except FormatError as cause:
        raise NoteError(f"{what} cannot be read: {cause}") from cause
