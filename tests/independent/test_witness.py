"""A witness that we did not write cosigns our checkpoints, and refuses a log that shows two faces.

It is PyPI's aics-witness, in a process of its own, asked over HTTP by our client.
"""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.independent.checkers import MissingError, aics_command
from tests.log import memory_tiles, signed_log
from workflow.log.note import Note, SigningKey, VerifierKey, parse_note, parse_signatures, verify
from workflow.log.proofs import consistency_proof
from workflow.log.witness_client import Ahead, Behind, Declined, Forked, Lines, Reply, ask
from workflow.log.witness_request import Request

NAME = "witness.example/jp"


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness that answers: its address and its key."""

    url: str
    key: VerifierKey

    def asked(self, request: Request) -> Reply:
        """Ask it for a cosignature."""
        return ask(self.url, request, self.key)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    """Start a witness that watches our log, and has not seen it yet."""
    try:
        command = aics_command("aics-witness")
    except MissingError as reason:
        pytest.skip(f"{reason}")
    settings = ("--config", tmp_path / "witness.json")
    key = command("init", *settings, "--name", NAME, "--listen", "127.0.0.1:0").stdout.strip()
    log = signed_log.LOG.verifier
    added = command("add-log", *settings, "--origin", log.name, "--vkey", log.text)
    assert added.returncode == 0, added.stderr
    with subprocess.Popen(
        [*command.command, "serve", *settings], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        said = (re.search(r"listening on (\S+)", line) for line in process.stderr)
        url = next(found[1] for found in said if found)
        yield Witness(url, VerifierKey.parse(key))
        process.terminate()
        process.stderr.read()


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
