"""A policy says whom to believe: which logs, and how many of which witnesses."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.log import signed_log
from tests.log.public_notes import PUBLIC, PUBLIC_KEY, WITNESSES
from tests.log.signed_log import LOG, OTHER_WITNESS, SECONDS, WITNESS
from workflow.log.checkpoint import CheckpointError
from workflow.log.cosignature import cosign
from workflow.log.note import COSIGNATURE, Note, SigningKey, VerifierKey, parse_note
from workflow.log.policy import (
    Group,
    Peer,
    Policy,
    PolicyError,
    judge_checkpoint,
    parse_policy,
    write_policy,
)

LOG_LINE = f"log {LOG.verifier.text}\n"


def witness_key(number: int) -> str:
    return SigningKey(f"w{number}.example", bytes([number] * 32), COSIGNATURE).verifier.text


def witness_lines(*names: str) -> str:
    lines = (f"witness {name} {witness_key(number)}\n" for number, name in enumerate(names))
    return "".join(lines)


# The example of C2SP tlog-policy, with keys.
EXAMPLE = (
    f"{LOG_LINE}\n{witness_lines('X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3')}\n"
    "group X-witnesses 2 X1 X2 X3\n"
    "group Y-witnesses any Y1 Y2 Y3\n"
    "group X-and-Y all X-witnesses Y-witnesses\n"
    "quorum X-and-Y\n"
)


@pytest.mark.parametrize("count", range(7))
def test_example_of_the_specification_wants_two_of_x_and_one_of_y(count: int) -> None:
    policy = parse_policy(EXAMPLE.encode())
    for chosen in combinations(("X1", "X2", "X3", "Y1", "Y2", "Y3"), count):
        by_first = [sum(name[0] == letter for name in chosen) for letter in "XY"]
        assert policy.satisfied_by(set(chosen)) is (by_first[0] >= 2 and by_first[1] >= 1)


def test_names_of_groups_and_strangers_do_not_count_as_witnesses() -> None:
    policy = parse_policy(EXAMPLE.encode())
    assert not policy.satisfied_by({"X-and-Y", "X-witnesses", "Y-witnesses", "Z"})


def test_quorum_may_be_one_witness_or_none() -> None:
    one = parse_policy(f"{witness_lines('A', 'B')}quorum B\n".encode())
    assert (one.satisfied_by({"A"}), one.satisfied_by({"B"})) == (False, True)
    assert parse_policy(b"quorum none\n") == Policy()
    assert Policy().satisfied_by(set())


def test_spaces_tabs_and_comments_are_passed_over() -> None:
    content = f"# a policy\n\n \t \n  # кириллица\n\t log \t{LOG.verifier.text}  \nquorum none"
    assert parse_policy(f"{content}\n".encode()) == Policy((Peer(LOG.verifier),))


def test_addresses_are_kept() -> None:
    content = f"log {LOG.verifier.text} https://log.example/\nquorum none\n".encode()
    assert parse_policy(content).logs == (Peer(LOG.verifier, "https://log.example/"),)
    assert write_policy(parse_policy(content)) == content


def test_whole_policy_is_read_as_written() -> None:
    policy = parse_policy(EXAMPLE.encode())
    assert policy.groups["X-witnesses"] == Group(2, ("X1", "X2", "X3"))
    assert parse_policy(write_policy(policy)) == policy


def test_names_are_octets() -> None:
    kelvin, latin = "\u212a".encode(), b"\xe9"
    lines = witness_lines("K", "kelvin", "latin").encode()
    content = lines.replace(b"kelvin", kelvin).replace(b"latin", latin) + b"quorum " + latin + b"\n"
    policy = parse_policy(content)
    assert list(policy.witnesses) == ["K", "\u212a", "\udce9"]
    assert write_policy(policy) == content


def test_log_key_may_be_named_once_whatever_its_name() -> None:
    other = SigningKey("localhost/other", LOG.seed).verifier.text
    with pytest.raises(PolicyError, match=r"line 2 .*stands in a line before"):
        parse_policy(f"{LOG_LINE}log {other}\nquorum none\n".encode())


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "no quorum line"),
        (LOG_LINE, "no quorum line"),
        ("quorum none", "line 1 .*newline"),
        ("quorum none\r\n", "line 1 .*control characters"),
        ("quorum none\x7f\n", "line 1 .*control characters"),
        ("quorum none\nquorum none\n", "line 2 .*the second"),
        ("quorum\n", "line 1 .*wants 1 word, not 0"),
        ("quorum none none\n", "line 1 .*wants 1 word, not 2"),
        ("quorum A\n", "line 1 .*no line before this one defines A"),
        ("quorum any\n", "line 1 .*defines any"),
        ("Quorum none\n", "line 1 .*begins with none of"),
        ("log\nquorum none\n", "line 1 .*wants 1 to 2 words"),
        ("log nonsense\nquorum none\n", "line 1 .*verifier key"),
        (f"log {witness_key(0)}\nquorum none\n", "line 1 .*a witness's, not a log's"),
        (f"witness A {LOG.verifier.text}\nquorum A\n", "line 1 .*a log's, not a witness's"),
        (f"witness none {witness_key(0)}\nquorum none\n", "line 1 .*taken"),
        (f"witness A {witness_key(0)} https://a b\nquorum A\n", "line 1 .*2 to 3 words, not 4"),
        (witness_lines("A", "A") + "quorum A\n", "line 2 .*taken"),
        (f"{witness_lines('A')}witness B {witness_key(0)}\nquorum A\n", "line 2 .*before"),
        (f"{witness_lines('A')}group A any A\nquorum A\n", "line 2 .*taken"),
        (f"{witness_lines('A')}group none any A\nquorum A\n", "line 2 .*taken"),
        (f"{witness_lines('A')}group g any\nquorum A\n", "line 2 .*3 words or more"),
        (f"{witness_lines('A')}group g any none\nquorum A\n", "line 2 .*defines none"),
        (f"{witness_lines('A')}group g any g\nquorum A\n", "line 2 .*defines g"),
        (f"{witness_lines('A')}group g 1 A A\nquorum A\n", "line 2 .*already"),
        (f"{witness_lines('A')}group g 0 A\nquorum A\n", "line 2 .*0 of 1"),
        (f"{witness_lines('A')}group g 2 A\nquorum A\n", "line 2 .*2 of 1"),
        (f"{witness_lines('A')}group g 01 A\nquorum A\n", "line 2 .*all, any or a number"),
        (f"{witness_lines('A')}group g most A\nquorum A\n", "line 2 .*all, any or a number"),
        (f"{witness_lines('A')}group g any A\ngroup h any A g\nquorum h\n", "line 3 .*already"),
        (f"group g any A\n{witness_lines('A')}quorum g\n", "line 1 .*defines A"),
    ],
)
def test_fault_is_named_with_its_line(content: str, fault: str) -> None:
    with pytest.raises(PolicyError, match=fault):
        parse_policy(content.encode())


def test_policy_beyond_its_limits_is_refused() -> None:
    names = (f"w{number}" for number in range(1_001))
    keys = (SigningKey("w", number.to_bytes(32), COSIGNATURE) for number in range(1_001))
    lines = (f"witness {name} {key.verifier.text}\n" for name, key in zip(names, keys, strict=True))
    with pytest.raises(PolicyError, match=r"line 1001 .*at most"):
        parse_policy(f"{''.join(lines)}quorum none\n".encode())
    with pytest.raises(PolicyError, match="longer"):
        parse_policy(b"\n" * 1_000_001)


@given(st.binary())
def test_anything_else_is_a_policy_error(content: bytes) -> None:
    with pytest.raises(PolicyError):
        parse_policy(content)


def test_public_checkpoint_is_judged_by_its_witnesses() -> None:
    lines = "".join(f"witness W{n} {key}\n" for n, key in enumerate(WITNESSES))
    content = f"log {PUBLIC_KEY}\n{lines}group both all W0 W1\nquorum both\n"
    judged = judge_checkpoint(parse_policy(content.encode()), PUBLIC.encode())
    assert (judged.checkpoint.size, judged.enough) == (1432088532, True)
    assert judged.witnesses == {"W0": 0x6A122120, "W1": 0x6A122120}


def cosigned(*keys: SigningKey) -> bytes:
    note = parse_note(signed_log.checkpoint(3))
    lines = (cosign(key, note.text, SECONDS) for key in keys)
    return Note(note.text, (*note.signatures, *lines)).content


def test_checkpoint_with_too_few_witnesses_is_not_enough() -> None:
    witnesses = {"uz": Peer(WITNESS.verifier), "jp": Peer(OTHER_WITNESS.verifier)}
    policy = Policy((Peer(LOG.verifier),), witnesses, {"all": Group(2, ("uz", "jp"))}, "all")
    judged = [judge_checkpoint(policy, cosigned(*keys)) for keys in (
        (), (WITNESS,), (WITNESS, OTHER_WITNESS),
    )]  # fmt: skip
    assert [sorted(each.witnesses) for each in judged] == [[], ["uz"], ["jp", "uz"]]
    assert [each.enough for each in judged] == [False, False, True]


def test_bad_cosignature_of_a_witness_of_the_policy_is_an_error() -> None:
    policy = Policy((Peer(LOG.verifier),), {"uz": Peer(WITNESS.verifier)}, {}, "uz")
    content = cosigned(WITNESS).replace(b"\n3\n", b"\n4\n")
    with pytest.raises(CheckpointError):
        judge_checkpoint(policy, content)
    forged = parse_note(cosigned(SigningKey(WITNESS.name, bytes(32), COSIGNATURE)))
    line = forged.signatures[1]
    renamed = type(line)(line.name, WITNESS.verifier.id, line.content)
    with pytest.raises(CheckpointError, match="does not fit"):
        judge_checkpoint(policy, Note(forged.text, (forged.signatures[0], renamed)).content)


def test_policy_without_logs_takes_the_keys_it_is_given() -> None:
    policy = Policy((), {"uz": Peer(WITNESS.verifier)}, {}, "uz")
    assert judge_checkpoint(policy, cosigned(WITNESS), LOG.verifier).enough
    with pytest.raises(CheckpointError, match="no key is given"):
        judge_checkpoint(policy, cosigned(WITNESS))


def test_log_that_is_not_in_the_policy_is_not_believed() -> None:
    policy = Policy((Peer(VerifierKey.parse(PUBLIC_KEY)),))
    with pytest.raises(CheckpointError, match="no key is given"):
        judge_checkpoint(policy, cosigned(), LOG.verifier)
