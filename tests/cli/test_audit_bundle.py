"""`summit audit` writes bundles, hands out receipts, and checks both with the log's key."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import make
from tests.cli.conftest import Type
from tests.sealed import with_key
from workflow.bootstrap import Runtime
from workflow.cli import summit
from workflow.cli.frame import run
from workflow.domain.identity import Caller
from workflow.log.keys import SigningKey
from workflow.services.log_keys import public_keys
from workflow.services.seal import seal

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def runtime(runtime: Runtime, tmp_path: Path) -> Runtime:
    """Give a log whose key is on this machine."""
    return with_key(runtime, tmp_path)


@pytest.fixture
def auditor(runtime: Runtime) -> Caller:
    return make.delegate(runtime, "s.auditor", "SECRETARIAT", "auditor")


@pytest.fixture
def vkey(runtime: Runtime, auditor: Caller, tmp_path: Path) -> str:
    """Give the file with the log's public key."""
    del auditor
    file = tmp_path / "log.vkey"
    file.write_text("\n".join(public_keys(runtime)) + "\n", "utf-8")
    return str(file)


@pytest.fixture
def bundle(runtime: Runtime, auditor: Caller, typed_as: Type, tmp_path: Path) -> Path:
    """Give a bundle of everything, with one agreed proposal in it."""
    make.agreed(runtime, make.proposal(runtime))
    path = tmp_path / "bundle"
    code, document = typed_as(auditor, "audit", "export", "--format", "bundle", "--out", str(path))
    assert (code, document["path"]) == (0, str(path))
    return path


@pytest.fixture
def say(runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> Say:
    """Give what types a command and returns its code, and what it printed and complained."""

    def type_(*words: str) -> tuple[int, str, str]:
        code = run(summit, words, runtime)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return type_


def test_bundle_verifies_in_one_line(bundle: Path, vkey: str, say: Say) -> None:
    code, out, err = say("audit", "verify", str(bundle), "--vkey", vkey, "--views")
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert out.startswith("OK: ")
    assert out.endswith(
        "views/events.csv and views/events.jsonl are what the leaves say, "
        "the workbook was not compared.\n"
    )


def test_a_bundle_is_not_judged_by_the_policy_in_it(bundle: Path, vkey: str, say: Say) -> None:
    own = str(bundle / "policy")
    code, out, err = say("audit", "verify", str(bundle), "--vkey", vkey, "--policy", own)
    assert (code, out) == (2, "")
    assert "lies in the bundle, where its host put it" in err
    copy = bundle.with_name("mine")
    shutil.copy(own, copy)
    code, out, _ = say("audit", "verify", str(bundle), "--vkey", vkey, "--policy", str(copy))
    assert code == 0
    assert out.endswith("; the policy asks for no witness.\n")


def test_bundle_verifies_for_scripts(bundle: Path, vkey: str, typed: Type) -> None:
    key = Path(vkey).read_text("utf-8").strip()
    code, document = typed("audit", "verify", str(bundle), "--vkey", key)
    size = int((bundle / "checkpoint").read_text("utf-8").split("\n")[1])
    assert code == 0
    assert document["ok"] is True
    assert document["entries"] == document["checkpoint"]["size"] == size
    assert document["checkpoint"]["origin"] == key.partition("+")[0]
    assert document["checkpoint"]["cosigned_by"] == []


def test_damage_is_named_with_code_three(bundle: Path, vkey: str, say: Say) -> None:
    (entries,) = (bundle / "tile" / "entries" / "000.p").iterdir()
    entries.write_bytes(entries.read_bytes().replace(b'"cli"', b'"web"', 1))
    code, out, _ = say("audit", "verify", str(bundle), "--vkey", vkey)
    assert code == 3
    assert out.startswith("Broken at leaf 1, proposal/")
    assert f"(tile/entries/000.p/{entries.name})" in out


def test_false_view_is_named_by_its_line(bundle: Path, vkey: str, say: Say) -> None:
    """A host that signs a table which its leaves do not bear out."""
    view = bundle / "views" / "events.jsonl"
    lines = view.read_bytes().splitlines(keepends=True)
    lines[2] = lines[2].replace(b'"via', b'"vib').replace(b'"kind":"', b'"kind":"x')
    view.write_bytes(b"".join(lines))
    code, out, _ = say("audit", "verify", str(bundle), "--vkey", vkey, "--views")
    assert (code, out) == (
        3, "Broken at views/events.jsonl: was changed: its digest is not the manifest's.\n"
    )  # fmt: skip


def test_what_was_kept_is_compared(
    runtime: Runtime, bundle: Path, vkey: str, typed_as: Type, auditor: Caller, say: Say,
    tmp_path: Path,
) -> None:  # fmt: skip
    entry = next((bundle / "views").glob("*.jsonl")).read_text("utf-8").splitlines()[3]
    receipt = tmp_path / "mine.tlog-proof"
    code, document = typed_as(
        auditor, "audit", "receipt", json.loads(entry)["leaf_hash"], "--out", str(receipt)
    )
    assert (code, document["leaf_index"]) == (0, 3)
    assert receipt.read_text("utf-8") == document["receipt"]
    assert say("audit", "verify", str(receipt), "--vkey", vkey)[1].startswith("OK: leaf 3, ")
    ignored = say("audit", "verify", str(receipt), "--vkey", vkey, "--since", str(receipt))
    assert (ignored[0], "A receipt proves its entry alone" in ignored[2]) == (2, True)
    later = tmp_path / "later"
    seal(runtime)
    typed_as(auditor, "audit", "export", "--format", "bundle", "--out", str(later))
    kept = ("--since", str(bundle / "checkpoint"), "--receipt", str(receipt))
    code, out, _ = say("audit", "verify", str(later), "--vkey", vkey, *kept)
    assert code == 0
    assert "that was kept; the receipt's entry is there." in out
    code, out, _ = say("audit", "verify", str(bundle), "--vkey", vkey, "--since",
                       str(later / "checkpoint"))  # fmt: skip
    assert code == 3
    assert "the log was rolled back" in out


def test_receipt_is_printed_where_no_file_is_named(
    bundle: Path, auditor: Caller, typed_as: Type, say: Say
) -> None:
    row = (bundle / "views" / "events.jsonl").read_text("utf-8").splitlines()[0]
    entry = json.loads(row)["leaf_hash"]
    document = typed_as(auditor, "audit", "receipt", entry)[1]
    code, out, _ = say("audit", "receipt", entry, "--as", auditor.login)
    assert (code, out) == (0, document["receipt"])
    assert say("audit", "receipt", entry[:12], "--as", auditor.login)[0] == 2
    assert say("audit", "receipt", "0" * 64, "--as", auditor.login)[0] == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "give the log's public key with --vkey"),
        (["--vkey", "nonsense"], "The verifier key of nonsense"),
        (["--vkey", "uz.example/w+1+AAAA"], "The verifier key of uz.example/w"),
        (["--since", "KEY"], "give it with --vkey"),
        (["--vkey", "KEY", "--since", "KEY"], "The checkpoint cannot be read"),
        (["--vkey", "KEY", "--receipt", "KEY"], "The proof has no empty line"),
        (["--vkey", "KEY", "--policy", "KEY"], "Line 1 of the policy"),
    ],
    ids=str,
)
def test_wrong_words_are_answered_with_what_to_do(
    bundle: Path, vkey: str, say: Say, words: list[str], sentence: str
) -> None:
    given = [vkey if word == "KEY" else word for word in words]
    code, _, err = say("audit", "verify", str(bundle), *given)
    assert code == 2
    assert sentence in err


def test_key_of_another_log_breaks_the_bundle(bundle: Path, say: Say) -> None:
    other = SigningKey("other.example/log", bytes(32)).verifier.text
    code, out, _ = say("audit", "verify", str(bundle), "--vkey", other)
    assert code == 3
    assert "of which no key is given" in out


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_exports_and_databases_take_the_key_too(
    runtime: Runtime, bundle: Path, vkey: str, auditor: Caller, typed_as: Type, typed: Type,
    tmp_path: Path, form: str,
) -> None:  # fmt: skip
    path = tmp_path / f"log.{form}"
    typed_as(auditor, "audit", "export", "--format", form, "--out", str(path))
    kept = ("--since", str(bundle / "checkpoint"))
    code, document = typed("audit", "verify", str(path), "--vkey", vkey, *kept)
    assert (code, document["ok"]) == (0, True)
    seal(runtime)
    code, document = typed("audit", "verify", "--vkey", vkey, *kept)
    assert (code, document["ok"]) == (0, True)
    assert document["checkpoint"]["size"] == document["entries"]


def test_bundle_is_of_everything_or_of_one_proposal(
    bundle: Path, auditor: Caller, typed_as: Type, say: Say, vkey: str, tmp_path: Path
) -> None:
    row = json.loads((bundle / "views" / "events.jsonl").read_text("utf-8").splitlines()[-2])
    words = ("audit", "export", "--format", "bundle", "--out", str(tmp_path / "b"))
    assert typed_as(auditor, *words, "--party", "UZ")[0] == 2
    assert not (tmp_path / "b").exists()
    assert typed_as(auditor, *words, "--proposal", row["reference"])[0] == 0
    code, out, _ = say("audit", "verify", str(tmp_path / "b"), "--vkey", vkey, "--views")
    assert code == 0
    assert "in 1 chain;" in out
    code, _, err = say(*words, "--as", auditor.login)
    assert code == 2
    assert "exists already: choose another name" in err


def test_bundle_is_read_from_a_folder_that_cannot_be_written(
    bundle: Path, vkey: str, say: Say
) -> None:
    for each in (*bundle.rglob("*"), bundle):
        each.chmod(0o500 if each.is_dir() else 0o400)
    assert say("audit", "verify", str(bundle), "--vkey", vkey)[0] == 0
    for each in (bundle, *bundle.rglob("*")):
        each.chmod(0o700)
    shutil.rmtree(bundle / "tile" / "0")
    assert "is missing from the bundle" in say("audit", "verify", str(bundle), "--vkey", vkey)[1]
