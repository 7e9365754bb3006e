"""Ask a witness over HTTP for its cosignature. Source: C2SP tlog-witness, 'add-checkpoint'.

A witness is a stranger's machine: what it says is believed only as far as its signature goes.
"""

import time
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import httpx

from workflow.log.checkpoint import parse_checkpoint
from workflow.log.keys import NoteError, VerifierKey
from workflow.log.note import Note, parse_signatures, verify
from workflow.log.strict import FormatError, read_number
from workflow.log.witness_answers import SIZE_TYPE
from workflow.log.witness_request import Request, write_request

MAX_BODY_BYTES: Final = 64 * 1024
TIMEOUT_SECONDS: Final = 10.0

# As it is sent: what is unpacked could be far longer than what was sent.
_HEADERS = {"Accept-Encoding": "identity"}
_SUCCESS = 200
_CONFLICT = 409
_INCONSISTENT = 422
_WHERE = "a witness's address begins with https://, or with http:// on this machine"
_WHAT = "a witness's address is a host and a path, without a user, ? or #"
_MEANINGS = {
    400: "cannot read the request",
    403: "finds no signature of a key that it trusts for this log",
    404: "does not watch this log",
    429: "has been asked too often",
}


@dataclass(frozen=True, slots=True)
class Lines:
    """The witness cosigned: signature lines, each with its newline, that its key has made."""

    lines: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The witness last cosigned another, smaller size: ask again from there."""

    size: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """The witness has cosigned a larger tree than ours: it has seen entries that we do not have."""

    size: int


@dataclass(frozen=True, slots=True)
class Forked:
    """The witness has cosigned a tree of `size` that ours does not continue."""

    size: int


@dataclass(frozen=True, slots=True)
class Declined:
    """The witness does not sign, or does not answer as a witness should."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The witness could not be asked."""

    sentence: str


Reply = Lines | Behind | Ahead | Forked | Declined | Unreachable


@dataclass(frozen=True, slots=True)
class _Received:
    status: int
    content_type: str
    body: bytes

    @property
    def is_redirect(self) -> bool:
        return 300 <= self.status < 400  # noqa: PLR2004 - HTTP's own class of statuses


class AddressError(FormatError):
    """An address is none that a witness may be asked at."""


def ask(
    url: str, request: Request, key: VerifierKey, *, timeout_seconds: float = TIMEOUT_SECONDS
) -> Reply:
    """Ask the witness of a key, whose submission prefix is the address. Raises: AddressError."""
    address = endpoint(url)
    body = write_request(request)
    try:
        received = _post(address, body, timeout_seconds)
    except httpx.TimeoutException:
        return Unreachable(f"it did not answer within {timeout_seconds:g} seconds")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Unreachable(f"it cannot be reached ({type(error).__name__})")
    if received is None:
        return Declined(f"its answer is longer than {MAX_BODY_BYTES} bytes")
    return _reply(received, request, key)


def endpoint(url: str) -> str:
    """Return where requests are posted: https, or http on this machine. Raises: AddressError."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as cause:
        raise AddressError("this is no address of a witness") from cause
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise AddressError(_WHERE)
    if not host or parts.username is not None or parts.query or parts.fragment:
        raise AddressError(_WHAT)
    return f"{url.rstrip('/')}/add-checkpoint"


def _post(address: str, body: bytes, timeout_seconds: float) -> _Received | None:
    """Post a request, without following redirects; None when the answer is too long."""
    # Proxies are for the world outside; they would not find this machine's own services.
    outside = not _is_loopback(httpx.URL(address).host)
    ends = time.monotonic() + timeout_seconds
    with (
        httpx.Client(timeout=timeout_seconds, follow_redirects=False, trust_env=outside) as client,
        client.stream("POST", address, content=body, headers=_HEADERS) as response,
    ):
        content = b""
        for chunk in response.iter_raw():
            content += chunk
            if len(content) > MAX_BODY_BYTES:
                return None
            if time.monotonic() > ends:
                raise httpx.ReadTimeout("the answer trickles")
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return _Received(response.status_code, kind, content)


def _reply(received: _Received, request: Request, key: VerifierKey) -> Reply:
    if received.status == _SUCCESS:
        return _lines(received.body, request, key)
    if received.status == _CONFLICT:
        return _conflict(received, request)
    if received.status == _INCONSISTENT:
        return Forked(request.old_size)
    if received.is_redirect:
        return Declined("it sends us elsewhere, where we do not follow")
    meaning = _MEANINGS.get(received.status, "does not answer as a witness")
    return Declined(f"it {meaning} (HTTP {received.status})")


def _lines(body: bytes, request: Request, key: VerifierKey) -> Reply:
    """Keep the lines of the witness's own key; others it may send as well.

    Source: C2SP tlog-witness: the client MUST ignore any cosignatures from unknown keys.
    """
    _, note = parse_checkpoint(request.checkpoint)
    try:
        own = tuple(each for each in parse_signatures(body.decode()) if key.made(each))
        verify(Note(note.text, own), [key])
    except (NoteError, UnicodeDecodeError) as error:
        reason = error if isinstance(error, NoteError) else "it is not UTF-8"
        return Declined(f"its answer is no cosignature of {key.name}: {reason}")
    return Lines("".join(f"{each.line}\n" for each in own))


def _conflict(received: _Received, request: Request) -> Reply:
    """Tell a witness that stands elsewhere from one that has seen another log."""
    checkpoint, _ = parse_checkpoint(request.checkpoint)
    try:
        size = read_number(received.body.decode("ascii").removesuffix("\n"))
    except (FormatError, UnicodeDecodeError):
        return Declined("it names a conflict and no size")
    if received.content_type != SIZE_TYPE:
        return Declined(f"it names a conflict, and not as {SIZE_TYPE}")
    if size > checkpoint.size:
        return Ahead(size)
    return Forked(size) if size == request.old_size else Behind(size)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
