"""Two parties cosign by files that go to and fro; a rollback and a fork are refused."""

from pathlib import Path

from tests.audit.cosigning.parties import (
    JP,
    UZ,
    Type,
    administrator,
    grown,
    named,
    refusal,
    request_bytes,
)
from tests.sealed import acts, record
from workflow.bootstrap import Runtime
from workflow.log.note import SigningKey, VerifierKey, parse_note, verify
from workflow.services.checkpoints import read_newest
from workflow.services.log_keys import public_keys
from workflow.services.seal import seal
from workflow.services.witnesses import (
    Named,
    add_witness,
)


def named_by_file(typed: Type, log: Runtime, folder: Path, party: str) -> VerifierKey:
    """Let a party make its key in a folder of its own, and its administrator name it."""
    key = folder / f"{party}.key"
    name = f"{party.lower()}.example/witness"
    code, made = typed("cosign", "key", "--name", name, "--out", key, on=None)
    assert (code, key.stat().st_mode & 0o777) == (0, 0o600)
    assert isinstance(add_witness(log, administrator(log, party), party, made["vkey"]), Named)
    return VerifierKey.parse(made["vkey"])


def cosigned_by_file(typed: Type, folder: Path, party: str) -> int:
    """Ask a party, let it sign and answer; nothing passes but files."""
    asked, reply = folder / "ask.txt", folder / "reply.txt"
    name = f"{party.lower()}.example/witness"
    code, request = typed("cosign", "request", "--witness", name, "--out", asked)
    assert code == 0
    own = ("--key", folder / f"{party}.key", "--log", folder / "log.vkey")
    code, signed = typed("cosign", "sign", asked, *own, on=None)
    assert (code, signed["size"]) == (0, request["size"])
    reply.write_text(signed["lines"])
    added = [{"witness": name, "size": request["size"]}]
    assert typed("cosign", "add", reply) == (0, added)
    size: int = request["size"]
    return size


def test_two_parties_cosign_by_file(log: Runtime, typed: Type, tmp_path: Path) -> None:
    (tmp_path / "log.vkey").write_text("\n".join(public_keys(log)))
    own = {named_by_file(typed, log, tmp_path, party) for party in ("UZ", "JP")}
    keys = own | set(map(VerifierKey.parse, public_keys(log)))
    for entries in (2, 300):
        record(log, *acts(entries))
        sizes = {cosigned_by_file(typed, tmp_path, party) for party in ("UZ", "JP")}
        newest = read_newest(log)
        assert newest is not None
        assert sizes == {newest.size}
        assert newest.cosigned_by == (JP.name, UZ.name)
        assert set(verify(parse_note(newest.note.encode()), keys)) == keys
    code, listed = typed("witness", "list")
    assert (code, listed["alarm"]) == (0, None)
    assert {each["party"]: each["size"] for each in listed["witnesses"]} == dict.fromkeys(
        ("UZ", "JP"), seal(log).size
    )


def test_party_refuses_a_log_that_was_rolled_back(log: Runtime, party: Type) -> None:
    grown(log)
    before = request_bytes(log)
    grown(log)
    assert party(request_bytes(log))[0] == 0
    assert refusal(party(before)) == (1, "rollback")


def test_party_refuses_a_log_that_has_forked(log: Runtime, fork: Runtime, party: Type) -> None:
    size = grown(log)
    assert party(request_bytes(log))[0] == 0
    record(fork, *acts(size - 1, "party/JP"))
    assert seal(fork).size == size
    assert refusal(party(request_bytes(fork))) == (1, "fork")
    grown(fork)
    assert refusal(party(request_bytes(fork, size))) == (1, "inconsistent")
    assert refusal(party(request_bytes(fork))) == (1, "conflict")


def test_party_that_lost_its_memory_is_not_led_on(
    log: Runtime, party: Type, tmp_path: Path
) -> None:
    size = grown(log)
    assert party(request_bytes(log))[0] == 0
    (tmp_path / "uz.key.seen").unlink()
    grown(log)
    assert refusal(party(request_bytes(log, size))) == (1, "conflict")


def test_newlines_that_mail_has_changed_do_no_harm(
    log: Runtime, party: Type, typed: Type, tmp_path: Path
) -> None:
    named(log)
    size = grown(log)
    code, signed = party(request_bytes(log).replace(b"\n", b"\r\n"))
    assert code == 0
    reply = tmp_path / "reply"
    reply.write_bytes(b"\r\n" + signed["lines"].encode().replace(b"\n", b"\r\n") + b"\r\n")
    assert typed("cosign", "add", reply) == (0, [{"witness": UZ.name, "size": size}])


def test_party_refuses_a_stranger_and_a_forger(log: Runtime, typed: Type, tmp_path: Path) -> None:
    grown(log)
    key, asked = tmp_path / "uz.key", tmp_path / "asked"
    key.write_text(UZ.text)
    asked.write_bytes(request_bytes(log))
    origin = VerifierKey.parse(public_keys(log)[0]).name
    for name, ground in (("localhost/another", "unknown-log"), (origin, "unsigned")):
        other = SigningKey.generate(name).verifier.text
        answer = typed("cosign", "sign", asked, "--key", key, "--log", other, on=None)
        assert refusal(answer) == (1, ground)
    assert not (tmp_path / "uz.key.seen").exists()


def test_party_whose_line_was_lost_is_asked_from_where_it_stands(
    log: Runtime, party: Type, typed: Type, tmp_path: Path
) -> None:
    named(log)
    size = grown(log)
    assert party(request_bytes(log))[0] == 0
    grown(log)
    wanted = ("--witness", UZ.name, "--out", tmp_path / "request")
    assert typed("cosign", "request", *wanted)[1]["old_size"] == 0
    assert refusal(party((tmp_path / "request").read_bytes())) == (1, "conflict")
    assert typed("cosign", "request", *wanted, "--from", size)[1]["old_size"] == size
    assert party((tmp_path / "request").read_bytes())[0] == 0


def test_party_that_stands_beyond_the_log_is_told_so(
    log: Runtime, typed: Type, tmp_path: Path
) -> None:
    size = grown(log)
    answer = typed("cosign", "request", "--from", size + 1, "--out", tmp_path / "request")
    assert refusal(answer) == (1, "checkpoint_smaller")
    assert not (tmp_path / "request").exists()
