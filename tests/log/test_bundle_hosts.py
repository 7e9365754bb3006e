"""What a dishonest host signs is found as well, and what witnesses signed is told as it is."""

from pathlib import Path

import pytest

from tests.log.bundles import KEY, ORIGIN, Log, check, found, make_records
from workflow.log.bundle.manifest import FileDigest
from workflow.log.bundle.verify import Trust
from workflow.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from workflow.log.cosignature import cosign
from workflow.log.keys import COSIGNATURE, SigningKey
from workflow.log.policy import Group, Peer, Policy
from workflow.log.receipt import verify_receipt
from workflow.log.tlog_proof import TlogProof, TlogProofError, parse_tlog_proof, write_tlog_proof

LOG = Log(make_records(60))
WITNESSES = {
    name: SigningKey(f"{name}.example/w", bytes([number] * 32), COSIGNATURE)
    for number, name in enumerate(("uz", "jp", "kz"), start=1)
}
POLICY = Policy(
    witnesses={name: Peer(key.verifier) for name, key in WITNESSES.items()},
    groups={"two": Group(2, tuple(WITNESSES))},
    quorum="two",
)


def cosigned(checkpoint: bytes, *names: str) -> bytes:
    """Return a checkpoint with the lines of witnesses."""
    _, note = parse_checkpoint(checkpoint)
    lines = [cosign(WITNESSES[name], note.text, 1_767_571_200).line for name in names]
    return checkpoint + "".join(f"{line}\n" for line in lines).encode()


def test_enough_witnesses_are_named(tmp_path: Path) -> None:
    note = cosigned(LOG.checkpoint(), "uz", "kz")
    path = LOG.write(tmp_path / "b", checkpoint=note, with_views=False)
    assert check(path, policy=POLICY).sentence == (
        "OK: 60 entries in 4 chains; every chain is whole from its first entry; the tree of 60 "
        f"is signed by {ORIGIN} and cosigned by kz, uz; the policy of witnesses is met."
    )
    assert not check(path).checkpoint.cosigned_by  # type: ignore[union-attr] # it is signed


def test_too_few_witnesses_are_a_fault(tmp_path: Path) -> None:
    path = LOG.write(tmp_path / "b", checkpoint=cosigned(LOG.checkpoint(), "uz"), with_views=False)
    assert found(path, policy=POLICY) == (
        "checkpoint: is not cosigned by as many witnesses as the policy wants"
    )


def test_older_tree_that_was_cosigned_counts_for_what_it_covers(tmp_path: Path) -> None:
    older = cosigned(LOG.checkpoint(40), "uz", "jp")
    path = LOG.write(tmp_path / "b", cosigned=older, with_views=False)
    result = check(path, policy=POLICY)
    assert result.checkpoint is not None
    assert (result.checkpoint.size, result.checkpoint.cosigned_by) == (40, ("jp", "uz"))
    assert result.also[-1] == "the log alone signed what follows, up to 60"


def test_older_tree_must_be_the_beginning_of_this_one(tmp_path: Path) -> None:
    fork = Log(make_records(40, fork="x"))
    path = LOG.write(tmp_path / "b", cosigned=fork.checkpoint(), with_views=False)
    assert found(path).startswith("cosigned: the tree does not begin with the 40 leaves")


def test_false_cosignature_is_a_fault(tmp_path: Path) -> None:
    note = cosigned(LOG.checkpoint(), "uz", "jp")
    wrong = note[: note.rindex(b" ") + 1] + cosigned(LOG.checkpoint(40), "jp").rsplit(b" ", 1)[1]
    path = LOG.write(tmp_path / "b", checkpoint=wrong, with_views=False)
    assert "the signature of jp.example/w does not fit the text" in found(path, policy=POLICY)


@pytest.mark.parametrize(
    ("forged", "expected"),
    [
        ({"partial": ("log",)}, "says of a chain that it is whole, and that it is not"),
        ({"entries": 61}, "says that there are 61 entries, and 60 were found"),
        ({"chains": ()}, "log: is not named in the manifest"),
        ({"root": "00" * 32}, "is of another tree than the checkpoint"),
        ({"size": 10**15}, "is of another tree than the checkpoint"),
        ({"scope": "part"}, "tile/entries/000.p/60: stands in the bundle though"),
    ],
)
def test_manifest_that_contradicts_the_bundle_is_found(
    tmp_path: Path, forged: dict[str, object], expected: str
) -> None:
    path = LOG.write(tmp_path / "b", with_views=False)
    text = (path / "checkpoint").read_bytes()
    LOG.sign_again(path, **forged)
    assert (path / "checkpoint").read_bytes() == text
    assert expected in found(path)


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "VERIFY.md", "tile/0/000.p/60"])
def test_manifest_leads_nowhere_outside_and_names_nothing_twice(tmp_path: Path, name: str) -> None:
    path = LOG.write(tmp_path / "b", with_views=False)
    (tmp_path / "outside").write_bytes(b"")
    LOG.sign_again(path, more=(FileDigest(name=name, sha256="0" * 64),))
    assert found(path) in {
        f"{name}: is missing from the bundle",
        f"manifest.json: names {name} twice",
    }


def test_size_that_no_bundle_can_hold_is_answered_at_once(tmp_path: Path) -> None:
    """The log signs a tree of 2^62 leaves; nobody lists its tiles."""
    path = LOG.write(tmp_path / "b", with_views=False)
    huge = Checkpoint(ORIGIN, 2**62, bytes(32))
    (path / "checkpoint").write_bytes(sign_checkpoint(huge, KEY).content)
    LOG.sign_again(path, size=huge.size, root=huge.root.hex())
    assert found(path) == "tile/0/000: is missing from the bundle"


def test_rules_that_leaves_name_must_be_there(tmp_path: Path) -> None:
    path = LOG.write(tmp_path / "b", rules=lambda _: [], with_views=False)
    assert found(path).startswith("workflows/: lacks the rules with the digest ")


def test_proof_about_another_tree_is_found(tmp_path: Path) -> None:
    path = LOG.write(tmp_path / "b", ["log"], with_views=False)
    (proof,) = (path / "proofs").iterdir()
    proof.write_bytes(LOG.receipt(3))
    LOG.sign_again(path)
    assert found(path).startswith(f"proofs/{proof.name}: the proof leads to another root")
    proof.write_bytes(LOG.receipt(3, 50))
    LOG.sign_again(path)
    assert found(path) == f"proofs/{proof.name}: is about another checkpoint than the bundle's"


TRUST = Trust((KEY.verifier,))


def test_receipt_verifies_by_itself() -> None:
    assert verify_receipt(LOG.receipt(8), TRUST).sentence == (
        f"OK: leaf 8, proposal/A-1 #3, is in the log; the tree of 60 is signed by {ORIGIN}."
    )


def test_receipt_of_another_entry_is_broken() -> None:
    proof = parse_tlog_proof(LOG.receipt(8))
    forged = TlogProof(proof.index, proof.hashes, proof.checkpoint, LOG.records[9].leaf)
    fault = verify_receipt(write_tlog_proof(forged), TRUST).fault
    assert fault is not None
    assert "the entry is not shown to be in the log" in fault.sentence


def test_receipt_without_its_entry_needs_the_hash_as_a_name() -> None:
    proof = parse_tlog_proof(LOG.receipt(8))
    bare = write_tlog_proof(TlogProof(proof.index, proof.hashes, proof.checkpoint))
    from_name = LOG.hash_of(8)
    assert verify_receipt(bare, TRUST, from_name).ok
    assert not verify_receipt(bare, TRUST, LOG.hash_of(9)).ok
    with pytest.raises(TlogProofError, match="does not hold its entry"):
        verify_receipt(bare, TRUST)


def test_receipt_is_judged_by_the_policy() -> None:
    proof = parse_tlog_proof(LOG.receipt(8))
    for names, ok in ((("uz", "jp"), True), (("uz",), False)):
        note = cosigned(proof.checkpoint, *names)
        content = write_tlog_proof(TlogProof(proof.index, proof.hashes, note, proof.extra))
        assert verify_receipt(content, Trust((KEY.verifier,), POLICY)).ok == ok
