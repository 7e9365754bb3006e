"""A witness that we did not write cosigns our checkpoints, and refuses a log that shows two faces.

It is PyPI's aics-witness, in a process of its own, asked over HTTP by our client.
"""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.audit.cosigning.parties import administrator
from tests.fakes import FakeClock
from tests.independent.checkers import MissingError, aics_command
from tests.log import memory_tiles, signed_log
from tests.sealed import acts, record, with_key
from workflow.bootstrap import Runtime, now
from workflow.log.checkpoint import Checkpoint, write_body
from workflow.log.note import (
    Note,
    SigningKey,
    VerifierKey,
    parse_note,
    parse_signatures,
    sign_note,
    verify,
)
from workflow.log.proofs import consistency_proof
from workflow.log.witness_client import Ahead, Behind, Declined, Forked, Lines, Reply, ask
from workflow.log.witness_request import Request
from workflow.services.ask_witness import Alarm, Kept, ask_witness
from workflow.services.log_keys import public_keys
from workflow.services.seal import seal
from workflow.services.witnesses import Named, add_witness

NAME = "witness.example/jp"


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness that answers: its address and its key."""

    url: str
    key: VerifierKey

    def asked(self, request: Request) -> Reply:
        """Ask it for a cosignature."""
        return ask(self.url, request, self.key)


@contextmanager
def watching(log: VerifierKey, folder: Path) -> Iterator[Witness]:
    """Start a witness that watches a log, and has not seen it yet."""
    try:
        command = aics_command("aics-witness")
    except MissingError as reason:
        pytest.skip(f"{reason}")
    settings = ("--config", folder / "witness.json")
    key = command("init", *settings, "--name", NAME, "--listen", "127.0.0.1:0").stdout.strip()
    added = command("add-log", *settings, "--origin", log.name, "--vkey", log.text)
    assert added.returncode == 0, added.stderr
    with subprocess.Popen(
        [*command.command, "serve", *settings], stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stderr is not None
            said = (re.search(r"listening on (\S+)", line) for line in process.stderr)
            url = next(found[1] for found in said if found)
            yield Witness(url, VerifierKey.parse(key))
        finally:
            process.terminate()
            process.communicate()


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    """Give a witness of the small log that is made for tests."""
    with watching(signed_log.LOG.verifier, tmp_path) as started:
        yield started


def request(old: int, new: int) -> Request:
    """Return what our log asks when it has grown from one size to another."""
    proof = consistency_proof(memory_tiles.tree(new), old, new)
    return Request(old, tuple(proof), signed_log.checkpoint(new))


def test_a_witness_cosigns_a_log_that_grows(witness: Witness) -> None:
    for old, new in ((0, 1), (1, 3), (3, 7), (7, 8), (8, 300), (300, 300), (300, 513)):
        reply = witness.asked(request(old, new))
        assert isinstance(reply, Lines)
        note = parse_note(signed_log.checkpoint(new))
        cosigned = Note(note.text, (*note.signatures, *parse_signatures(reply.lines)))
        assert witness.key in verify(cosigned, [witness.key])


def test_a_witness_says_from_where_it_must_be_asked(witness: Witness) -> None:
    assert isinstance(witness.asked(request(0, 7)), Lines)
    assert witness.asked(request(3, 300)) == Behind(7)
    assert witness.asked(request(0, 3)) == Ahead(7)


def test_a_witness_refuses_a_log_that_shows_two_faces(witness: Witness) -> None:
    assert isinstance(witness.asked(request(0, 3)), Lines)
    assert witness.asked(signed_log.request(3, 7, fork=b"another ")) == Forked(3)
    assert witness.asked(signed_log.request(3, 3, fork=b"another ")) == Forked(3)


def test_a_witness_refuses_a_key_that_it_does_not_watch(witness: Witness) -> None:
    other = signed_log.request(0, 3, key=SigningKey(signed_log.ORIGIN, bytes(32)))
    assert isinstance(witness.asked(other), Declined)


def test_a_partys_witness_cosigns_the_products_log(
    runtime: Runtime, clock: FakeClock, tmp_path: Path
) -> None:
    clock.set(now())  # the witness signs by the real time
    log = with_key(runtime, tmp_path)
    (key,) = map(VerifierKey.parse, public_keys(log))
    with watching(key, tmp_path) as witness:
        named = add_witness(log, administrator(log), "UZ", witness.key.text)
        assert isinstance(named, Named)
        sizes = []
        for count in (1, 300, 0):
            record(log, *acts(count))
            seal(log)
            kept = ask_witness(log, NAME, witness.url)
            assert isinstance(kept, Kept)
            sizes.append(kept.size)
        assert sizes[0] + 300 == sizes[1] == sizes[2]


def test_a_partys_witness_gives_away_a_log_that_was_rolled_back(
    runtime: Runtime, clock: FakeClock, tmp_path: Path
) -> None:
    clock.set(now())
    log = with_key(runtime, tmp_path)
    (key,) = map(VerifierKey.parse, public_keys(log))
    with watching(key, tmp_path) as witness:
        assert isinstance(add_witness(log, administrator(log), "UZ", witness.key.text), Named)
        # What the witness saw, this database never held: it is another copy, or an old one.
        signer = with_key(runtime, tmp_path).read_log_key()
        assert signer is not None
        ahead = Checkpoint(key.name, 10_000, bytes(32))
        note = sign_note(write_body(ahead), *signer.signers())
        assert isinstance(witness.asked(Request(0, (), note.content)), Lines)
        seal(log)
        assert isinstance(ask_witness(log, NAME, witness.url), Alarm)
