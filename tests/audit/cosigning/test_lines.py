"""The host keeps lines that fit a checkpoint of its own, and no others."""

from tests.audit.cosigning.parties import (
    JP,
    UZ,
    Type,
    codes,
    grown,
    named,
    request_bytes,
    vouching,
)
from tests.fakes import FakeClock
from workflow.bootstrap import Runtime
from workflow.domain.verdicts import Code, Refused
from workflow.log.checkpoint import parse_checkpoint
from workflow.log.witness_request import parse_request
from workflow.services.cosigning import add_lines, prepare_request


def test_line_of_an_older_checkpoint_is_kept_for_it(log: Runtime, party: Type) -> None:
    named(log)
    size = grown(log)
    _, signed = party(request_bytes(log))
    grown(log)
    assert add_lines(log, signed["lines"].encode()) == {UZ.name: size}
    assert add_lines(log, signed["lines"].encode()) == {UZ.name: size}
    request = prepare_request(log, UZ.name)
    assert not isinstance(request, Refused)
    assert (request.old_size, parse_checkpoint(request.checkpoint)[0].size) == (size, size + 3)


def test_whole_checkpoint_with_its_lines_is_read_as_well(log: Runtime, party: Type) -> None:
    named(log)
    size = grown(log)
    asked = request_bytes(log)
    _, signed = party(asked)
    note = parse_request(asked).checkpoint + signed["lines"].encode()
    assert add_lines(log, note) == {UZ.name: size}


def test_line_that_fits_nothing_is_refused(
    log: Runtime, fork: Runtime, party: Type, clock: FakeClock
) -> None:
    grown(log)
    _, signed = party(request_bytes(log))
    lines = signed["lines"].encode()
    assert codes(add_lines(log, lines)) == [Code.WITNESS_UNKNOWN]
    named(log)
    for content in (b"", b"\n", b"nothing\n", b"\xff", lines[:-10], lines + b"\nmore"):
        assert codes(add_lines(log, content)) == [Code.COSIGNATURE_MALFORMED]
    named(fork)
    grown(fork)
    assert codes(add_lines(fork, lines)) == [Code.COSIGNATURE_FALSE]
    clock.advance(hours=-2)
    assert codes(add_lines(log, lines)) == [Code.COSIGNATURE_FALSE]


def test_one_bad_line_keeps_all_of_a_file_out(log: Runtime, party: Type) -> None:
    named(log)
    grown(log)
    _, signed = party(request_bytes(log))
    stranger = signed["lines"].replace(UZ.name, JP.name)
    both = (signed["lines"] + stranger).encode()
    assert codes(add_lines(log, both)) == [Code.WITNESS_UNKNOWN]
    assert vouching(log)[1] == ()


def test_nothing_is_asked_before_a_checkpoint_is_signed(runtime: Runtime) -> None:
    assert codes(prepare_request(runtime)) == [Code.CHECKPOINT_MISSING]
    assert codes(prepare_request(runtime, "nobody")) == [Code.WITNESS_UNKNOWN]
