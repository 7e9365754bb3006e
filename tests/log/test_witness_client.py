"""A log asks a witness over HTTP; whatever answers, it believes a signature and nothing else."""

import socket
import threading

import pytest

from tests.log import signed_log
from tests.log.signed_log import LOG, ORIGIN, OTHER_WITNESS, SECONDS, WITNESS, request, seen
from tests.log.witness_server import Kept, serving
from workflow.log.cosignature import cosign
from workflow.log.note import Note, SigningKey, parse_note, parse_signatures, verify
from workflow.log.witness import Seen, Witness
from workflow.log.witness_answers import Response
from workflow.log.witness_client import (
    AddressError,
    Ahead,
    Behind,
    Declined,
    Forked,
    Lines,
    Reply,
    Unreachable,
    ask,
    endpoint,
)
from workflow.log.witness_request import Request

TIMEOUT = 5.0


def keeper(remembered: int = 0) -> Kept:
    return Kept(Witness.of(WITNESS, LOG.verifier), seen(remembered))


def asked(url: str, wanted: Request) -> Reply:
    return ask(url, wanted, WITNESS.verifier, timeout_seconds=TIMEOUT)


def answered(response: Response, **headers: str) -> Reply:
    with serving(lambda _: response, headers) as url:
        return asked(url, request(3, 7))


def test_witness_cosigns_one_checkpoint_after_the_other() -> None:
    with serving(keeper().handle) as url:
        for old, new in ((0, 3), (3, 7), (7, 7), (7, 300)):
            reply = asked(f"{url}/", request(old, new))
            assert isinstance(reply, Lines)
            note = parse_note(signed_log.checkpoint(new))
            cosigned = Note(note.text, (*note.signatures, *parse_signatures(reply.lines)))
            assert WITNESS.verifier in verify(cosigned, [LOG.verifier, WITNESS.verifier])


def test_witness_that_stands_elsewhere_names_the_size_to_ask_from() -> None:
    with serving(keeper(3).handle) as url:
        assert asked(url, request(0, 7)) == Behind(3)
        assert asked(url, request(5, 7)) == Behind(3)
        assert isinstance(asked(url, request(3, 7)), Lines)
        assert asked(url, request(3, 7)) == Behind(7)
        assert isinstance(asked(url, request(7, 7)), Lines)


def test_witness_that_has_seen_more_than_we_have_is_ahead() -> None:
    with serving(keeper(9).handle) as url:
        assert asked(url, request(3, 7)) == Ahead(9)


def test_witness_that_has_seen_another_log_shows_a_fork() -> None:
    with serving(keeper(7).handle) as url:
        assert asked(url, request(7, 7, b"fork")) == Forked(7)
        assert asked(url, request(7, 9, b"fork")) == Forked(7)
        assert asked(url, request(3, 7, b"fork")) == Behind(7)


def test_witness_declines_a_log_that_it_does_not_watch() -> None:
    with serving(keeper().handle) as url:
        stranger = SigningKey("localhost/stranger", bytes(32))
        assert asked(url, request(0, 3, key=stranger)) == Declined(
            "it does not watch this log (HTTP 404)"
        )
        forger = asked(url, request(0, 3, key=SigningKey(ORIGIN, bytes(32))))
        assert isinstance(forger, Declined)
        assert "(HTTP 403)" in forger.sentence


def test_address_without_a_witness_is_declined() -> None:
    with serving(keeper().handle) as url:
        assert isinstance(asked(f"{url}/elsewhere", request(0, 3)), Declined)


@pytest.mark.parametrize(
    ("response", "sentence"),
    [
        (Response(200, "text/plain", b""), "no cosignature"),
        (Response(200, "text/html", b"<p>Welcome to the hotel's network</p>\n"), "no cosignature"),
        (Response(200, "text/plain", b"\xff\n"), "UTF-8"),
        (Response(200, "text/plain", b"x" * 70_000), "longer than 65536"),
        (Response(204, "text/plain", b""), "HTTP 204"),
        (Response(400, "text/plain", b""), "cannot read the request (HTTP 400)"),
        (Response(403, "text/plain", b""), "no signature of a key that it trusts"),
        (Response(429, "text/plain", b""), "asked too often"),
        (Response(500, "text/plain", b""), "does not answer as a witness (HTTP 500)"),
        (Response(409, "text/plain", b"7\n"), "text/x.tlog.size"),
        (Response(409, "text/x.tlog.size", b""), "no size"),
        (Response(409, "text/x.tlog.size", b"seven\n"), "no size"),
        (Response(409, "text/x.tlog.size", b"-7\n"), "no size"),
        (Response(409, "text/x.tlog.size", b"7\n\n"), "no size"),
        (Response(409, "text/x.tlog.size", "٧\n".encode()), "no size"),
    ],
)
def test_answer_that_is_none_is_declined(response: Response, sentence: str) -> None:
    reply = answered(response)
    assert isinstance(reply, Declined)
    assert sentence in reply.sentence


def test_status_422_means_that_the_witness_has_seen_another_log() -> None:
    assert answered(Response(422, "text/plain", b"no\n")) == Forked(3)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_not_followed(status: int) -> None:
    with serving(keeper(3).handle) as url:
        reply = answered(Response(status, "text/plain", b""), Location=f"{url}/add-checkpoint")
    assert reply == Declined("it sends us elsewhere, where we do not follow")


def test_packed_answer_is_not_unpacked() -> None:
    body = b"\x1f\x8b\x08\x00" + bytes(100)
    reply = answered(Response(200, "text/plain", body), **{"Content-Encoding": "gzip"})
    assert isinstance(reply, Declined)


def lines_of(*keys: SigningKey, size: int = 7) -> bytes:
    text = parse_note(signed_log.checkpoint(size)).text
    return "".join(f"{cosign(key, text, SECONDS).line}\n" for key in keys).encode()


def test_lines_of_other_witnesses_are_left_out() -> None:
    reply = answered(Response(200, "text/plain", lines_of(OTHER_WITNESS, WITNESS)))
    assert reply == Lines(lines_of(WITNESS).decode())


@pytest.mark.parametrize("body", [lines_of(OTHER_WITNESS), lines_of(WITNESS, size=8)])
def test_cosignature_by_another_or_of_another_checkpoint_is_declined(body: bytes) -> None:
    reply = answered(Response(200, "text/plain", body))
    assert isinstance(reply, Declined)
    assert "no cosignature of uz.example/witness" in reply.sentence


def test_machine_that_does_not_listen_is_unreachable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        assert isinstance(asked(url, request(0, 3)), Unreachable)


def test_machine_that_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        reply = ask(url, request(0, 3), WITNESS.verifier, timeout_seconds=0.2)
    assert reply == Unreachable("it did not answer within 0.2 seconds")


def test_machine_that_hangs_up_is_unreachable() -> None:
    def hang_up(server: socket.socket) -> None:
        server.accept()[0].close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=hang_up, args=(server,))
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        assert isinstance(asked(url, request(0, 3)), Unreachable)
        thread.join()


def test_answer_that_trickles_is_given_up() -> None:
    stop = threading.Event()

    def trickle(server: socket.socket) -> None:
        with server.accept()[0] as connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            while not stop.wait(0.02):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=trickle, args=(server,))
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        reply = ask(url, request(0, 3), WITNESS.verifier, timeout_seconds=0.3)
        stop.set()
        thread.join()
    assert isinstance(reply, Unreachable)


@pytest.mark.parametrize(
    "url",
    [
        "https://w.example",
        "https://w.example:8443/prefix/",
        "http://localhost:9000",
        "http://127.0.0.1/w",
        "http://[::1]:1/",
    ],
)
def test_address_may_be_https_or_on_this_machine(url: str) -> None:
    assert endpoint(url) == f"{url.rstrip('/')}/add-checkpoint"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "w.example",
        "http://w.example",
        "http://localhost.w.example",
        "http://127.0.0.1.w.example",
        "http://169.254.169.254/",
        "https://",
        "https://user@w.example",
        "https://w.example/?a=b",
        "https://w.example/#a",
        "https://w.example:port",
        "https://[::1",
        "file:///etc/passwd",
        "ftp://w.example",
    ],
)
def test_other_address_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(AddressError):
        ask(url, request(0, 3), WITNESS.verifier)


def test_memory_of_the_server_grows_with_what_it_cosigned() -> None:
    kept = keeper()
    with serving(kept.handle) as url:
        asked(url, request(0, 3))
    assert kept.seen == {ORIGIN: Seen(3, signed_log.root(3))}
