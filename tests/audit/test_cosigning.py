"""Parties vouch for the log's size, by file and over HTTP; a rollback or a fork is shown."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config.log_key import LogKeyFile
from config.settings import Settings
from tests import databases, make
from tests.fakes import FakeClock, FakeIds
from tests.log.witness_server import Kept, serving
from tests.sealed import acts, record, with_key
from workflow.bootstrap import Runtime, build_runtime, now
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.domain.identity import Caller
from workflow.domain.verdicts import Code, Refused
from workflow.log.checkpoint import parse_checkpoint
from workflow.log.note import COSIGNATURE, SigningKey, VerifierKey, parse_note, verify
from workflow.log.policy import parse_policy
from workflow.log.witness import Witness
from workflow.log.witness_answers import Response
from workflow.log.witness_request import parse_request, write_request
from workflow.services.ask_witness import Alarm, ask_witness, read_alarm
from workflow.services.ask_witness import Kept as KeptLine
from workflow.services.checkpoints import read_newest
from workflow.services.cosigning import add_lines, prepare_request
from workflow.services.log_keys import public_keys
from workflow.services.seal import seal
from workflow.services.witnesses import (
    Named,
    add_witness,
    current_witnesses,
    remove_witness,
)

Type = Callable[..., tuple[int, Any]]

UZ = SigningKey("uz.example/witness", bytes([1] * 32), COSIGNATURE)
JP = SigningKey("jp.example/witness", bytes([2] * 32), COSIGNATURE)


@pytest.fixture
def log(runtime: Runtime, tmp_path: Path, clock: FakeClock) -> Runtime:
    """Give a log with its key; the clock is the real one's, by which parties sign."""
    clock.set(now())
    return with_key(runtime, tmp_path)


@pytest.fixture
def typed(log: Runtime, capsys: pytest.CaptureFixture[str]) -> Type:
    """Give what types a command with --json, and returns its exit code and document."""

    def type_(*arguments: object, on: Runtime | None = log) -> tuple[int, Any]:
        capsys.readouterr()
        code = run(summit, ["audit", *map(str, arguments), "--json"], on)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return type_


@pytest.fixture
def fork(log: Runtime, prepared_folder: Path, tmp_path: Path) -> Iterator[Runtime]:
    """Give another history under the same key, as a host that lies would keep it."""
    with databases.sqlite_copy(prepared_folder / "sqlite", tmp_path / "fork.sqlite") as url:
        other = build_runtime(Settings(database_url=url), clock=log.clock, ids=FakeIds())
        (tmp_path / "fork").mkdir()
        shutil.copy(tmp_path / "log.key", tmp_path / "fork" / "log.key")
        yield with_key(other, tmp_path / "fork")
        other.engine.dispose()


def administrator(runtime: Runtime, party: str = "UZ") -> Caller:
    return make.delegate(runtime, f"{party.lower()}.admin", party, "administrator")


def named(runtime: Runtime, key: SigningKey = UZ, party: str = "UZ") -> Named:
    done = add_witness(runtime, administrator(runtime, party), party, key.verifier.text)
    assert isinstance(done, Named), done
    return done


def keeper(runtime: Runtime, key: SigningKey = UZ) -> Kept:
    """Give a witness that watches the log, and has seen nothing yet."""
    return Kept(Witness.of(key, *map(VerifierKey.parse, public_keys(runtime))))


def grown(runtime: Runtime, entries: int = 3) -> int:
    record(runtime, *acts(entries))
    return seal(runtime).size


def codes(answer: object) -> list[Code]:
    assert isinstance(answer, Refused), answer
    return [each.code for each in answer.reasons]


# --- two parties, by file ------------------------------------------------------------------------


def test_two_parties_cosign_by_file(log: Runtime, typed: Type, tmp_path: Path) -> None:
    """Each party makes a key, is asked, signs and answers, twice; nothing passes but files."""
    log_key = tmp_path / "log.vkey"
    log_key.write_text("\n".join(public_keys(log)))
    vkeys: dict[str, str] = {}
    for party in ("UZ", "JP"):
        key = tmp_path / f"{party}.key"
        name = f"{party.lower()}.example/witness"
        code, made = typed("cosign", "key", "--name", name, "--out", key, on=None)
        assert (code, key.stat().st_mode & 0o777) == (0, 0o600)
        vkeys[party] = made["vkey"]
        done = add_witness(log, administrator(log, party), party, made["vkey"])
        assert isinstance(done, Named)
    size = 0
    for entries in (2, 300):
        record(log, *acts(entries))
        for party in ("UZ", "JP"):
            asked, reply = tmp_path / "request", tmp_path / "reply"
            wanted = ("--witness", f"{party.lower()}.example/witness", "--out", asked)
            code, request = typed("cosign", "request", *wanted)
            assert code == 0
            size = request["size"]
            key = tmp_path / f"{party}.key"
            code, signed = typed("cosign", "sign", asked, "--key", key, "--log", log_key, on=None)
            assert (code, signed["size"]) == (0, size)
            reply.write_text(signed["lines"])
            code, added = typed("cosign", "add", reply)
            assert (code, added) == (
                0,
                [{"witness": f"{party.lower()}.example/witness", "size": size}],
            )
        newest = read_newest(log)
        assert newest is not None
        assert (newest.size, newest.cosigned_by) == (
            size,
            ("jp.example/witness", "uz.example/witness"),
        )
        keys = [VerifierKey.parse(text) for text in (*vkeys.values(), *public_keys(log))]
        assert set(verify(parse_note(newest.note.encode()), keys)) == set(keys)
    code, listed = typed("witness", "list")
    assert (code, listed["alarm"]) == (0, None)
    assert [(each["party"], each["size"]) for each in listed["witnesses"]] == [
        ("JP", size),
        ("UZ", size),
    ]


@pytest.fixture
def party(log: Runtime, tmp_path: Path, typed: Type) -> Type:
    """Give what signs a request as a party that keeps its key and memory in files."""
    key = tmp_path / "uz.key"
    key.write_text(UZ.text)

    def sign(request: bytes) -> tuple[int, Any]:
        asked = tmp_path / "asked"
        asked.write_bytes(request)
        return typed("cosign", "sign", asked, "--key", key, "--log", public_keys(log)[0], on=None)

    return sign


def request_bytes(runtime: Runtime, old_size: int | None = None) -> bytes:
    request = prepare_request(runtime, None, old_size)
    assert not isinstance(request, Refused)
    return write_request(request)


def refusal(answer: tuple[int, Any]) -> tuple[int, str]:
    code, document = answer
    (reason,) = document["reasons"]
    return code, reason["code"]


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


# --- what the host keeps -------------------------------------------------------------------------


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
    newest = read_newest(log)
    assert newest is not None
    assert newest.cosigned_by == ()


def test_nothing_is_asked_before_a_checkpoint_is_signed(runtime: Runtime) -> None:
    assert codes(prepare_request(runtime)) == [Code.CHECKPOINT_MISSING]
    assert codes(prepare_request(runtime, "nobody")) == [Code.WITNESS_UNKNOWN]


# --- who is a witness ----------------------------------------------------------------------------


def test_witness_is_named_by_its_partys_administrator_alone(log: Runtime) -> None:
    japan = administrator(log, "JP")
    make.party(log, "UZ")
    assert codes(add_witness(log, japan, "UZ", UZ.verifier.text)) == [Code.NOT_ADMINISTRATOR]
    assert codes(add_witness(log, japan, "XX", UZ.verifier.text)) == [Code.PARTY_UNKNOWN]
    named(log)
    assert codes(remove_witness(log, japan, UZ.name)) == [Code.NOT_ADMINISTRATOR]


def test_naming_and_withdrawing_are_entries_of_the_party(log: Runtime) -> None:
    done = named(log)
    gone = remove_witness(log, administrator(log), UZ.name)
    assert isinstance(gone, Named)
    assert (gone.party, gone.vkey) == ("UZ", done.vkey)
    with log.uow.read() as tx:
        assert current_witnesses(tx) == []
        rows = tx.connection.exec_driver_sql(
            "SELECT kind, leaf FROM audit_entry WHERE chain = 'party/UZ' ORDER BY id"
        ).all()
    kinds = [kind for kind, _ in rows][-2:]
    facts = [json.loads(bytes(leaf))["facts"] for _, leaf in rows][-2:]
    assert kinds == ["witness-add", "witness-remove"]
    assert facts == [{"vkey": done.vkey}, {"vkey": done.vkey}]
    assert codes(remove_witness(log, administrator(log), UZ.name)) == [Code.WITNESS_UNKNOWN]


def test_key_and_name_are_taken_once(log: Runtime, tmp_path: Path) -> None:
    named(log)
    japan = administrator(log, "JP")
    (log_key,) = LogKeyFile(tmp_path / "log.key").signers()
    for key in (
        UZ,
        SigningKey("jp.example/witness", UZ.seed, COSIGNATURE),
        SigningKey(UZ.name, JP.seed, COSIGNATURE),
        SigningKey(log_key.name, JP.seed, COSIGNATURE),
        SigningKey(JP.name, log_key.seed, COSIGNATURE),
    ):
        assert codes(add_witness(log, japan, "JP", key.verifier.text)) == [Code.WITNESS_TAKEN]


def test_withdrawn_key_is_never_named_again_but_its_name_is(log: Runtime) -> None:
    named(log)
    uzbek = administrator(log)
    remove_witness(log, uzbek, UZ.verifier.text)
    assert codes(add_witness(log, uzbek, "UZ", UZ.verifier.text)) == [Code.WITNESS_TAKEN]
    fresh = SigningKey(UZ.name, bytes([9] * 32), COSIGNATURE)
    assert isinstance(add_witness(log, uzbek, "UZ", fresh.verifier.text), Named)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "nonsense",
        UZ.verifier.text[:-1],
        SigningKey(UZ.name, UZ.seed).verifier.text,
        SigningKey("証人", UZ.seed, COSIGNATURE).verifier.text,
        SigningKey("x" * 101, UZ.seed, COSIGNATURE).verifier.text,
        SigningKey("<b>bold</b>", UZ.seed, COSIGNATURE).verifier.text,
        SigningKey("none", UZ.seed, COSIGNATURE).verifier.text,
    ],
)
def test_key_that_is_no_witnesss_is_refused(log: Runtime, vkey: str) -> None:
    answer = add_witness(log, administrator(log), "UZ", vkey)
    assert codes(answer) == [Code.WITNESS_KEY_MALFORMED]


def test_suggested_policy_counts_parties(log: Runtime, typed: Type) -> None:
    assert typed("witness", "policy")[1]["policy"].endswith("quorum none\n")
    named(log)
    named(log, SigningKey("uz.example/other", bytes([3] * 32), COSIGNATURE))
    named(log, JP, "JP")
    code, document = typed("witness", "policy")
    policy = parse_policy(document["policy"].encode())
    assert (code, document["witnesses"]) == (0, 3)
    assert [each.key.text for each in policy.logs] == public_keys(log)
    assert not policy.satisfied_by({"uz.example/other", UZ.name})
    assert policy.satisfied_by({UZ.name, JP.name})
    one = parse_policy(typed("witness", "policy", "--at-least", 1)[1]["policy"].encode())
    assert one.satisfied_by({JP.name})
    assert typed("witness", "policy", "--at-least", 3)[0] == 2


# --- over HTTP -----------------------------------------------------------------------------------


def test_witness_is_asked_over_http_as_the_log_grows(log: Runtime) -> None:
    named(log)
    with serving(keeper(log).handle) as url:
        for _ in range(3):
            size = grown(log)
            assert ask_witness(log, UZ.name, url) == KeptLine(UZ.name, size)
            assert ask_witness(log, UZ.name, url) == KeptLine(UZ.name, size)


def test_witness_that_cosigned_by_another_road_names_where_it_stands(log: Runtime) -> None:
    named(log)
    kept = keeper(log)
    grown(log)
    kept.handle(request_bytes(log))
    size = grown(log)
    with serving(kept.handle) as url:
        assert ask_witness(log, UZ.name, url) == KeptLine(UZ.name, size)


def test_witness_that_has_seen_more_raises_an_alarm(
    log: Runtime, fork: Runtime, typed: Type
) -> None:
    named(log)
    size = grown(log)
    kept = keeper(log)
    grown(fork, size + 5)
    kept.handle(request_bytes(fork))
    seen = seal(fork).size
    with serving(kept.handle) as url:
        assert ask_witness(log, UZ.name, url) == Alarm(UZ.name, seen, size)
        code, document = typed("cosign", "ask", UZ.name, "--url", url)
    assert (code, document["alarm"], document["seen"]) == (3, "rollback", seen)
    assert "was rolled back" in document["text"]
    assert typed("witness", "list")[1]["alarm"] == f"{UZ.name} {seen} {size}"


def test_witness_that_has_seen_another_log_raises_an_alarm(
    log: Runtime, fork: Runtime, typed: Type
) -> None:
    named(log)
    kept = keeper(log)
    grown(fork, 2)
    kept.handle(request_bytes(fork))
    size = grown(log, 9)
    with serving(kept.handle) as url:
        code, document = typed("cosign", "ask", UZ.name, "--url", url)
    assert (code, document["alarm"], document["size"]) == (3, "fork", size)
    assert "has forked" in document["text"]
    with log.uow.read() as tx:
        assert read_alarm(tx) == f"{UZ.name} {seal(fork).size} {size}"
    newest = read_newest(log)
    assert newest is not None
    assert newest.cosigned_by == ()


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (Response(404, "text/plain", b""), "does not watch this log"),
        (Response(200, "text/html", b"<p>Welcome</p>\n"), "no cosignature"),
        (Response(409, "text/x.tlog.size", b"1\n"), "another size each time"),
    ],
)
def test_witness_that_does_not_sign_raises_no_alarm(
    log: Runtime, response: Response, why: str
) -> None:
    named(log)
    grown(log)
    turns = iter((response, Response(409, "text/x.tlog.size", b"2\n"), response))
    with serving(lambda _: next(turns) if response.status == 409 else response) as url:
        answer = ask_witness(log, UZ.name, url)
    assert isinstance(answer, Refused)
    assert [each.code for each in answer.reasons] == [Code.WITNESS_DECLINED]
    assert why in str(dict(answer.reasons[0].params)["why"])
    with log.uow.read() as tx:
        assert read_alarm(tx) is None


def test_witness_that_is_away_or_unknown_is_said_in_a_sentence(log: Runtime, typed: Type) -> None:
    named(log)
    grown(log)
    assert typed("cosign", "ask", UZ.name, "--url", "http://127.0.0.1:1/")[0] == 4
    assert typed("cosign", "ask", UZ.name, "--url", "http://witness.example/")[0] == 2
    assert refusal(typed("cosign", "ask", "nobody", "--url", "https://w.example")) == (
        1,
        "witness_unknown",
    )


def test_two_who_ask_at_once_keep_one_line(log: Runtime) -> None:
    named(log)
    size = grown(log)
    answers: list[object] = []
    with serving(keeper(log).handle) as url:
        threads = [
            threading.Thread(target=lambda: answers.append(ask_witness(log, UZ.name, url)))
            for _ in range(4)
        ]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert answers == [KeptLine(UZ.name, size)] * 4
    newest = read_newest(log)
    assert newest is not None
    assert newest.cosigned_by == (UZ.name,)
