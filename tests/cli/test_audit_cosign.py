"""`summit audit cosign` and `witness`, as typed: keys stay with parties, errors are sentences."""

from pathlib import Path

import pytest

from tests import make
from tests.cli.conftest import Type
from tests.log.signed_log import LOG, OTHER_WITNESS, WITNESS, request
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.log.note import COSIGNATURE, SigningKey, VerifierKey
from workflow.log.witness_request import write_request

Out = pytest.CaptureFixture[str]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "uz.key"
    path.write_text(f"{WITNESS.text}\n")
    return path


def asked(folder: Path, old: int, new: int, fork: bytes = b"") -> str:
    path = folder / f"ask-{old}-{new}"
    path.write_bytes(write_request(request(old, new, fork)))
    return str(path)


def sign(path: str, key: Path, log: str = LOG.verifier.text) -> int:
    return run(summit, ["audit", "cosign", "sign", path, "--key", str(key), "--log", log])


def test_key_is_made_once_and_for_its_owner_alone(tmp_path: Path, capsys: Out) -> None:
    path = tmp_path / "uz.key"
    typed = ["audit", "cosign", "key", "--name", "uz.example/witness", "--out", str(path)]
    assert run(summit, typed) == 0
    made = SigningKey.parse(path.read_text())
    assert capsys.readouterr().out == f"{made.verifier.text}\n"
    assert (made.sort, path.stat().st_mode & 0o777) == (COSIGNATURE, 0o600)
    assert run(summit, typed) == 2
    assert "exists already" in capsys.readouterr().err
    assert SigningKey.parse(path.read_text()) == made


def test_key_needs_a_name_that_a_line_can_hold(tmp_path: Path, capsys: Out) -> None:
    typed = ["audit", "cosign", "key", "--name", "a b", "--out", str(tmp_path / "x")]
    assert run(summit, typed) == 2
    assert "neither spaces nor plus signs" in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_line_alone_is_printed_and_the_rest_said_beside_it(
    tmp_path: Path, key: Path, capsys: Out
) -> None:
    assert sign(asked(tmp_path, 0, 3), key) == 0
    first = capsys.readouterr()
    assert first.out.startswith(f"— {WITNESS.name} ")
    assert first.out.count("\n") == 1
    assert first.err == f"The log {LOG.name} has 3 entries and is new to you.\n"
    assert sign(asked(tmp_path, 3, 7), key) == 0
    assert "has 7 entries and continues what you knew" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "fork", "sentence"),
    [
        (0, 5, b"", "the log has 5 entries now, and had 7: it was rolled back"),
        (7, 7, b"fork", "the log shows another tree of 7 entries than before: it has forked"),
        (7, 9, b"fork", "the log of 9 entries is not shown to continue the one of 7"),
        (3, 9, b"", "Ask the host for one from there: 'audit cosign request --from 7'"),
    ],
)
def test_what_speaks_against_signing_is_a_sentence(
    tmp_path: Path, key: Path, capsys: Out, *, old: int, new: int, fork: bytes, sentence: str
) -> None:
    assert sign(asked(tmp_path, 0, 7), key) == 0
    capsys.readouterr()
    assert sign(asked(tmp_path, old, new, fork), key) == 1
    said = capsys.readouterr()
    assert said.out.startswith("Not signed: ")
    assert sentence in said.out
    assert "—" not in said.out


def test_memory_may_be_kept_elsewhere(tmp_path: Path, key: Path) -> None:
    seen = tmp_path / "memory"
    typed = ["--key", str(key), "--log", LOG.verifier.text, "--state", str(seen)]
    assert run(summit, ["audit", "cosign", "sign", asked(tmp_path, 0, 3), *typed]) == 0
    assert seen.read_text().startswith(f"{LOG.name} 3 ")
    assert not key.with_name("uz.key.seen").exists()


def test_log_key_may_stand_in_a_file_beside_others(tmp_path: Path, key: Path) -> None:
    keys = tmp_path / "log.vkey"
    keys.write_text(f"{SigningKey.generate(LOG.name).verifier.text}\n{LOG.verifier.text}\n")
    assert sign(asked(tmp_path, 0, 3), key, str(keys)) == 0


@pytest.mark.parametrize("wrong", ["key", "log", "request", "memory", "nothing"])
def test_wrong_file_is_said_in_a_sentence(
    tmp_path: Path, key: Path, capsys: Out, wrong: str
) -> None:
    path, log = asked(tmp_path, 0, 3), LOG.verifier.text
    if wrong == "key":
        key.write_text(LOG.text)
    elif wrong == "log":
        log = "nonsense"
    elif wrong == "request":
        Path(path).write_bytes(b"\xff")
    elif wrong == "memory":
        key.with_name("uz.key.seen").write_text("nonsense\n")
    else:
        path = str(tmp_path / "nowhere")
    assert sign(path, key, log) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


def test_witness_is_named_listed_and_withdrawn(runtime: Runtime, typed_as: Type) -> None:
    admin = make.delegate(runtime, "uz.admin", "UZ", "administrator")
    code, named = typed_as(admin, "audit", "witness", "add", WITNESS.verifier.text, "--party", "UZ")
    assert code == 0
    assert (named["party"], named["name"]) == ("UZ", WITNESS.name)
    code, gone = typed_as(admin, "audit", "witness", "remove", WITNESS.name)
    assert (code, VerifierKey.parse(gone["vkey"])) == (0, WITNESS.verifier)


def test_witnesses_are_listed_for_people_and_scripts(
    runtime: Runtime, typed: Type, typed_as: Type, capsys: Out
) -> None:
    assert typed("audit", "witness", "list") == (0, {"witnesses": [], "alarm": None})
    admin = make.delegate(runtime, "jp.admin", "JP", "administrator")
    typed_as(admin, "audit", "witness", "add", OTHER_WITNESS.verifier.text, "--party", "JP")
    _, listed = typed("audit", "witness", "list")
    (witness,) = listed["witnesses"]
    assert (witness["party"], witness["size"], witness["cosigned_at"]) == ("JP", 0, None)
    assert run(summit, ["audit", "witness", "list"], runtime) == 0
    assert f"JP     {OTHER_WITNESS.name}  0         never" in capsys.readouterr().out
