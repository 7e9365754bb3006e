"""An export of the whole log is compared with the tree that was signed, and says what was not."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.export.samples import KEY, checkpoint, sealed, whole, write_export
from workflow.export.tail import Scope
from workflow.export.verify import NotComparableError, Trust, verify_export
from workflow.log.cosignature import cosign
from workflow.log.keys import COSIGNATURE, SigningKey
from workflow.log.policy import Group, Peer, Policy
from workflow.log.verdict import Verified

OTHER = SigningKey.generate("localhost/log-1")
WITNESS = SigningKey.generate("uz.example/witness", COSIGNATURE)
TRUST = Trust(keys=(KEY.verifier,))


@pytest.fixture(params=["csv", "jsonl"])
def form(request: pytest.FixtureRequest) -> str:
    form: str = request.param
    return form


def what(result: Verified) -> str:
    assert result.fault is not None
    return result.fault.what


def test_whole_export_is_the_tree_that_the_log_signed(tmp_path: Path, form: str) -> None:
    result = verify_export(whole(tmp_path / "log", form, sealed(), 9), TRUST)
    assert result.sentence == (
        "OK: 9 entries in 3 chains; every chain is whole from its first entry; "
        "the tree of 9 is signed by localhost/log-1; the first 9 rows are that tree."
    )
    assert result.checkpoint is not None
    assert result.checkpoint.size == 9


def test_without_a_key_it_says_that_no_signature_was_checked(tmp_path: Path, form: str) -> None:
    result = verify_export(whole(tmp_path / "log", form, sealed(), 9))
    assert result.checkpoint is None
    assert result.sentence.endswith(
        "the first 9 rows are the tree of its checkpoint; "
        "whether the log signed it was not checked, which takes --vkey."
    )


def test_rows_after_the_checkpoint_may_wait_for_it(tmp_path: Path, form: str) -> None:
    result = verify_export(whole(tmp_path / "log", form, sealed(waiting=2), 6), TRUST)
    assert result.sentence.endswith(
        "the first 6 rows are that tree; nobody signed what follows, 3 of 9 rows."
    )


def test_rows_of_ones_own_under_an_old_checkpoint_are_told(tmp_path: Path, form: str) -> None:
    """Any checkpoint that the log ever signed can be put below rows that it never had."""
    early = checkpoint(sealed(), 0)
    path = write_export(tmp_path / "own", form, sealed(), Scope(whole=True, checkpoint=early))
    assert "nobody signed what follows, 9 of 9 rows" in verify_export(path, TRUST).sentence


def test_another_key_is_not_the_logs(tmp_path: Path, form: str) -> None:
    path = whole(tmp_path / "log", form, sealed(), 9)
    assert "no key that is trusted here signed it" in what(
        verify_export(path, Trust(keys=(OTHER.verifier,)))
    )


def test_export_without_a_checkpoint_is_not_vouched_for(tmp_path: Path, form: str) -> None:
    path = write_export(tmp_path / "log", form, sealed(), Scope(whole=True))
    assert verify_export(path).ok
    assert "no checkpoint is there" in what(verify_export(path, TRUST))


def test_another_history_under_a_true_checkpoint_is_found(tmp_path: Path, form: str) -> None:
    """Its chains hold, its last line fits, its checkpoint is signed: only the tree tells."""
    scope = Scope(whole=True, checkpoint=checkpoint(sealed(), 9))
    other = write_export(tmp_path / "other", form, sealed(), scope)
    assert what(verify_export(other, TRUST)) == (
        "the rows above are not the tree of 9 that was signed"
    )


def test_fewer_rows_than_were_signed_are_found(tmp_path: Path, form: str) -> None:
    records = sealed()
    scope = Scope(whole=True, checkpoint=checkpoint(records, 9))
    short = write_export(tmp_path / "short", form, records[:6], scope)
    assert "not the tree of 9" in what(verify_export(short, TRUST))


@pytest.mark.parametrize("size", [0, 1, 4, 9])
def test_kept_checkpoint_is_the_beginning_of_the_rows(tmp_path: Path, form: str, size: int) -> None:
    records = sealed()
    path = whole(tmp_path / "log", form, records, 9)
    since = checkpoint(records, size).encode()
    result = verify_export(path, replace(TRUST, since=since))
    assert result.sentence.endswith(f"it continues the checkpoint of {size} that was kept.")


def test_kept_checkpoint_exposes_a_rewritten_or_shorter_log(tmp_path: Path, form: str) -> None:
    kept = checkpoint(sealed(), 4).encode()
    path = whole(tmp_path / "log", form, sealed(), 9)
    assert "rewritten, or forked" in what(verify_export(path, replace(TRUST, since=kept)))
    later = checkpoint(sealed(4), 12).encode()
    assert "rolled back" in what(verify_export(path, replace(TRUST, since=later)))


def test_selection_is_not_compared_with_a_kept_checkpoint(tmp_path: Path, form: str) -> None:
    records = sealed()
    path = write_export(tmp_path / "log", form, records, Scope(checkpoint=checkpoint(records, 9)))
    with pytest.raises(NotComparableError):
        verify_export(path, replace(TRUST, since=checkpoint(records, 4).encode()))


def test_selection_says_that_only_a_bundle_proves_its_rows(tmp_path: Path, form: str) -> None:
    records = sealed()
    scope = Scope(partial=("*",), checkpoint=checkpoint(records, 9))
    result = verify_export(write_export(tmp_path / "log", form, records[2:5], scope), TRUST)
    assert result.checkpoint is None
    assert result.sentence.endswith(
        "the tree of 9 is signed by localhost/log-1, "
        "but that these rows are in it only a bundle proves."
    )


def test_policy_is_met_by_an_earlier_checkpoint_that_witnesses_cosigned(
    tmp_path: Path, form: str
) -> None:
    records = sealed()
    early = checkpoint(records, 4)
    line = cosign(WITNESS, early.partition("\n\n")[0] + "\n", 1_767_603_600).line
    path = whole(tmp_path / "log", form, records, 9, cosigned=f"{early}{line}\n")
    policy = Policy(
        witnesses={"uz": Peer(WITNESS.verifier)}, groups={"all": Group(1, ("uz",))}, quorum="all"
    )
    result = verify_export(path, replace(TRUST, policy=policy))
    assert result.sentence.endswith(
        "the tree of 4 is signed by localhost/log-1 and cosigned by uz; "
        "the policy of witnesses is met; the first 4 rows are that tree; "
        "the log alone signed what follows, up to 9."
    )
    bare = whole(tmp_path / "bare", form, records, 9)
    assert "too few witnesses" in what(verify_export(bare, replace(TRUST, policy=policy)))


@pytest.mark.parametrize("index", [0, 3, 5, 9, None, "4", True, -1, 4.0, 10**30])
def test_every_other_leaf_index_is_found(tmp_path: Path, index: object) -> None:
    path = whole(tmp_path / "log", "jsonl", sealed(), 9)
    lines = path.read_text("utf-8").splitlines()
    row = json.loads(lines[4])
    lines[4] = json.dumps(row | {"leaf_index": index}, ensure_ascii=False, separators=(",", ":"))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    fault = verify_export(path).fault
    assert fault is not None
    assert fault.line == (6 if index is None else 5)
    assert "leaf_index is" in fault.what


def test_another_leaf_index_in_a_selection_is_found_by_the_digest(tmp_path: Path) -> None:
    path = write_export(tmp_path / "log", "jsonl", sealed())
    path.write_text(path.read_text("utf-8").replace('"leaf_index":4', '"leaf_index":7'), "utf-8")
    assert what(verify_export(path)) == "the lines above do not have the SHA-256 of the last line"
