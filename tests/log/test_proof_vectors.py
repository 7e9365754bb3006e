"""The proofs of transparency-dev's collection, good and bad, are judged as it says.

A folder `vectors/merkle` of JSON files beside the project, under `shared`, is read where it is;
the other tests say the same of proofs of our own.
"""

import json
from base64 import b64decode
from pathlib import Path

import pytest

from workflow.log.proofs import ProofError, verify_consistency, verify_inclusion

FOLDER = Path(__file__).parents[3] / "shared" / "vectors" / "merkle" / "testdata"
NUMBER = 196

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(),
    reason="no folder shared/vectors/merkle of proofs stands beside the project",
)


def cases(sort: str) -> list[Path]:
    return sorted((FOLDER / sort).rglob("*.json"))


def name(path: object) -> str:
    return str(path.relative_to(FOLDER)) if isinstance(path, Path) else str(path)


def read(path: Path) -> tuple[dict[str, int], dict[str, bytes], list[bytes], bool]:
    """Give a case's numbers, its hashes, its proof and whether it is good."""
    case = json.loads(path.read_text(encoding="utf-8"))
    numbers = {key: value for key, value in case.items() if type(value) is int}
    hashes = {
        key: b64decode(case[key]) for key in ("root", "root1", "root2", "leafHash") if key in case
    }
    return numbers, hashes, [b64decode(each) for each in case["proof"] or []], not case["wantErr"]


@pytest.mark.parametrize("path", cases("inclusion"), ids=name)
def test_inclusion_is_judged_as_others_judge_it(path: Path) -> None:
    numbers, hashes, proof, good = read(path)
    claim = hashes["leafHash"], numbers["leafIdx"], numbers["treeSize"], proof, hashes["root"]
    if good:
        verify_inclusion(*claim)
    else:
        with pytest.raises(ProofError):
            verify_inclusion(*claim)


@pytest.mark.parametrize("path", cases("consistency"), ids=name)
def test_consistency_is_judged_as_others_judge_it(path: Path) -> None:
    numbers, hashes, proof, good = read(path)
    claim = numbers["size1"], hashes["root1"], numbers["size2"], hashes["root2"], proof
    if good:
        verify_consistency(*claim)
    else:
        with pytest.raises(ProofError):
            verify_consistency(*claim)


def test_the_collection_is_whole() -> None:
    assert len(cases("inclusion")) + len(cases("consistency")) == NUMBER
    assert len([path for path in FOLDER.rglob("*.json") if read(path)[3]]) > 5
