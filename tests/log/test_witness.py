"""A witness signs a log that only grew, and nothing else."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log import signed_log
from tests.log.signed_log import LOG, ORIGIN, SECONDS, WITNESS, request, seen
from workflow.log.cosignature import cosigned_at
from workflow.log.merkle import EMPTY_ROOT
from workflow.log.note import (
    Note,
    NoteError,
    SigningKey,
    parse_note,
    parse_signatures,
    verify,
)
from workflow.log.witness import Answer, Conflict, Cosigned, Ground, Refused, Request, Seen, Witness
from workflow.log.witness_answers import respond
from workflow.log.witness_request import RequestError, parse_request, write_request
from workflow.log.witness_state import StateError, held, keep, parse_states, write_states

KEEPER = Witness.of(WITNESS, LOG.verifier)

# The example of C2SP tlog-witness.
EXAMPLE = """\
old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa \
opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
"""


def judged(asked: Request, remembered: int) -> Answer:
    return KEEPER.judge(asked, seen(remembered), SECONDS)


def ground(answer: Answer) -> Ground:
    assert isinstance(answer, Refused)
    return answer.ground


def test_example_of_the_specification_is_read_and_written() -> None:
    asked = parse_request(EXAMPLE.encode())
    assert (asked.old_size, len(asked.proof)) == (20852014, 4)
    assert parse_note(asked.checkpoint).signatures[1].key_id.hex() == "a292ea05"
    assert write_request(asked) == EXAMPLE.encode()


@pytest.mark.parametrize(
    ("old", "new"), [(0, 0), (0, 1), (0, 7), (1, 2), (3, 7), (4, 8), (7, 7), (8, 300)]
)
def test_log_that_grew_is_cosigned_and_remembered(old: int, new: int) -> None:
    answer = judged(request(old, new), old)
    assert isinstance(answer, Cosigned)
    assert (answer.origin, answer.seen) == (ORIGIN, Seen(new, signed_log.root(new)))
    note = parse_note(signed_log.checkpoint(new))
    (line,) = parse_signatures(answer.lines)
    signed = verify(Note(note.text, (*note.signatures, line)), [WITNESS.verifier])
    assert [cosigned_at(each) for each in signed.values()] == [SECONDS]


@pytest.mark.parametrize(("asked", "remembered"), [(0, 3), (2, 3), (4, 3), (3, 0)])
def test_request_from_another_size_is_told_the_size(asked: int, remembered: int) -> None:
    assert judged(request(asked, 7), remembered) == Conflict(remembered)


@pytest.mark.parametrize("asked", [0, 3, 5])
def test_rollback_is_refused_from_whatever_size_it_asks(asked: int) -> None:
    answer = judged(request(asked, 5), 7)
    assert (ground(answer), answer.size if isinstance(answer, Refused) else None) == (
        Ground.ROLLBACK, 7,
    )  # fmt: skip


@pytest.mark.parametrize("asked", [0, 3, 7])
def test_other_tree_of_the_same_size_is_refused(asked: int) -> None:
    assert ground(judged(request(asked, 7, b"fork"), 7)) == Ground.FORK


def test_longer_tree_that_is_no_continuation_is_refused() -> None:
    forked = request(3, 7, b"fork")
    assert ground(judged(forked, 3)) == Ground.INCONSISTENT
    honest = request(3, 7)
    assert ground(judged(replace(honest, proof=honest.proof[:-1]), 3)) == Ground.INCONSISTENT
    assert ground(judged(replace(honest, proof=()), 3)) == Ground.INCONSISTENT


def test_proof_from_nothing_must_be_empty() -> None:
    assert ground(judged(replace(request(0, 7), proof=(bytes(32),)), 0)) == Ground.INCONSISTENT


def test_request_that_leads_backwards_is_malformed() -> None:
    assert ground(judged(replace(request(0, 3), old_size=4), 4)) == Ground.MALFORMED


def test_log_that_is_not_watched_is_refused() -> None:
    stranger = SigningKey("localhost/stranger", bytes(32))
    assert ground(judged(request(0, 3, key=stranger), 0)) == Ground.UNKNOWN_LOG


def test_checkpoint_that_the_log_did_not_sign_is_refused() -> None:
    forger = SigningKey(ORIGIN, bytes(32))
    assert ground(judged(request(0, 3, key=forger), 0)) == Ground.UNSIGNED
    tampered = replace(
        request(0, 3), checkpoint=signed_log.checkpoint(3).replace(b"\n3\n", b"\n4\n")
    )
    assert ground(judged(tampered, 0)) == Ground.UNSIGNED


def test_log_is_watched_under_its_new_key_as_well() -> None:
    new = SigningKey(ORIGIN, bytes(32))
    keeper = Witness.of(WITNESS, LOG.verifier, new.verifier)
    assert isinstance(keeper.judge(request(3, 7, key=new), seen(3), SECONDS), Cosigned)


def test_witness_signs_with_a_witness_key_alone() -> None:
    with pytest.raises(NoteError, match="not a witness"):
        Witness.of(LOG, LOG.verifier)


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.sampled_from([b"", b"fork"]))
def test_only_what_continues_the_remembered_tree_is_signed(
    remembered: int, old: int, new: int, fork: bytes
) -> None:
    answer = judged(request(old, new, fork), remembered)
    honest = not fork or new == 0 or remembered == 0
    assert isinstance(answer, Cosigned) is (old == remembered <= new and honest)


@pytest.mark.parametrize(
    ("answer", "status", "kind", "body"),
    [
        (Cosigned("— w AAAAAAA=\n", ORIGIN, Seen(0, EMPTY_ROOT)), 200, "text/plain", "— w"),
        (Conflict(7), 409, "text/x.tlog.size", "7\n"),
        (Refused(Ground.ROLLBACK, "no", 7), 409, "text/x.tlog.size", "7\n"),
        (Refused(Ground.FORK, "no", 7), 409, "text/x.tlog.size", "7\n"),
        (Refused(Ground.MALFORMED, "no"), 400, "text/plain", "no\n"),
        (Refused(Ground.UNSIGNED, "no"), 403, "text/plain", "no\n"),
        (Refused(Ground.UNKNOWN_LOG, "no"), 404, "text/plain", "no\n"),
        (Refused(Ground.INCONSISTENT, "no"), 422, "text/plain", "no\n"),
    ],
)
def test_answer_over_http_is_as_the_protocol_says(
    answer: Answer, status: int, kind: str, body: str
) -> None:
    response = respond(answer)
    assert (response.status, response.content_type.partition(";")[0]) == (status, kind)
    assert response.body.decode().startswith(body)


@pytest.mark.parametrize(
    "change",
    [
        ("old 20852014\n", ""),
        ("old 20852014", "old 020852014"),
        ("old 20852014", "old -1"),
        ("old 20852014", "old  20852014"),
        ("old 20852014", "new 20852014"),
        ("kaw=\n", "kaw\n"),
        ("kaw=\n", "kax=\n"),
        ("kaw=\n", "kaw=\r\n"),
        ("kaw=\n", "kaw=\n\n"),
        ("j/0=\n\n", "j/0=\n"),
        ("kaw=\n", "kaw=\n" + "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 60),
        ("\n20852163\n", "\n020852163\n"),
        ("YQ8=\n", "YQ8=\n\n"),
    ],
)
def test_malformed_request_is_refused(change: tuple[str, str]) -> None:
    assert change[0] in EXAMPLE
    with pytest.raises(RequestError):
        parse_request(EXAMPLE.replace(*change).encode())


def test_request_beyond_its_limits_is_refused() -> None:
    with pytest.raises(RequestError, match="longer"):
        parse_request(bytes(2_000_001))
    with pytest.raises(RequestError, match="63"):
        write_request(replace(request(0, 3), proof=(bytes(32),) * 64))


@given(st.binary())
def test_anything_else_is_a_request_error(content: bytes) -> None:
    with pytest.raises(RequestError):
        parse_request(content)


def test_malformed_checkpoint_is_refused_by_the_witness_itself() -> None:
    assert ground(judged(Request(0, (), b"nothing"), 0)) == Ground.MALFORMED


def test_memory_is_a_line_a_log() -> None:
    states = {ORIGIN: Seen(7, bytes(32)), "a log with spaces": Seen(0, EMPTY_ROOT)}
    assert write_states(states).splitlines()[0] == f"{ORIGIN} 7 {'A' * 43}="
    assert parse_states(write_states(states)) == states
    assert parse_states("") == {}


@pytest.mark.parametrize(
    "text", ["\n", "x\n", "x 1\n", "x 01 A=\n", f" 1 {'A' * 43}=\n", f"x 1 {'A' * 43}=\n" * 2]
)
def test_damaged_memory_is_an_error_that_names_the_line(text: str) -> None:
    with pytest.raises(StateError, match=r"line [12]"):
        parse_states(text)


def test_memory_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "seen"
    with held(path) as states:
        assert states == {}
        keep(path, {ORIGIN: Seen(7, bytes(32))})
    with held(path) as states:
        assert states == {ORIGIN: Seen(7, bytes(32))}
    assert sorted(each.name for each in tmp_path.iterdir()) == ["seen", "seen.lock"]


def test_two_at_once_do_not_forget_what_the_other_saw(tmp_path: Path) -> None:
    path = tmp_path / "seen"

    def add(name: str) -> None:
        for size in range(20):
            with held(path) as states:
                keep(path, {**states, f"{name}{size}": Seen(size, bytes(32))})

    threads = [threading.Thread(target=add, args=(name,)) for name in "ab"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(parse_states(path.read_text())) == 40
