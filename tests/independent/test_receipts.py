"""Programs that we did not write find that a receipt's entry is in the log, and no other entry."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.independent.bundles import (
    ORIGIN,
    SPOILT_SIZE,
    Bundle,
    entries,
    key_of,
    write_receipt,
)
from tests.independent.checkers import Checker

INDEX = 300


@pytest.fixture
def leaf(tmp_path: Path) -> Path:
    """Give the file that holds the entry alone."""
    path = tmp_path / "leaf"
    path.write_bytes(entries(SPOILT_SIZE)[INDEX])
    return path


@pytest.fixture
def receipt_of_it(bundle: Bundle, tmp_path: Path) -> Path:
    """Give the entry's receipt."""
    return write_receipt(tmp_path / "receipt", bundle, INDEX, SPOILT_SIZE)


@pytest.mark.parametrize("size", [1, 2, 3, 256, 257, 70_000])
def test_a_receipt_is_accepted_at_every_size(
    receipt: Checker, bundle_of: Callable[[int], Bundle], tmp_path: Path, size: int
) -> None:
    bundle, leaves = bundle_of(size), entries(size)
    for index in {0, size // 2, size - 1}:
        (tmp_path / "leaf").write_bytes(leaves[index])
        path = write_receipt(tmp_path / "receipt", bundle, index, size)
        done = receipt(bundle.vkey, path, tmp_path / "leaf")
        assert done.stderr == ""
        assert done.stdout == f"entry {index} of the {size} of {ORIGIN}\n"


def test_a_receipt_of_another_entry_is_refused(
    receipt: Checker, bundle: Bundle, receipt_of_it: Path, leaf: Path
) -> None:
    leaf.write_bytes(leaf.read_bytes().replace(b"300", b"301"))
    assert receipt(bundle.vkey, receipt_of_it, leaf).returncode != 0


def test_a_receipt_with_another_index_is_refused(
    receipt: Checker, bundle: Bundle, receipt_of_it: Path, leaf: Path
) -> None:
    changed = receipt_of_it.read_bytes().replace(b"index 300\n", b"index 301\n")
    receipt_of_it.write_bytes(changed)
    assert receipt(bundle.vkey, receipt_of_it, leaf).returncode != 0


@pytest.mark.parametrize("line", range(2, 12))
def test_a_receipt_with_one_bit_of_a_hash_changed_is_refused(
    receipt: Checker, bundle: Bundle, receipt_of_it: Path, leaf: Path, line: int
) -> None:
    lines = receipt_of_it.read_text("utf-8").split("\n")
    spoilt = bytearray(base64.b64decode(lines[line], validate=True))
    assert len(spoilt) == 32
    spoilt[31] ^= 1
    lines[line] = base64.b64encode(spoilt).decode()
    receipt_of_it.write_text("\n".join(lines), "utf-8")
    assert receipt(bundle.vkey, receipt_of_it, leaf).returncode != 0


def test_a_receipt_with_a_hash_less_is_refused(
    receipt: Checker, bundle: Bundle, receipt_of_it: Path, leaf: Path
) -> None:
    lines = receipt_of_it.read_text("utf-8").split("\n")
    receipt_of_it.write_text("\n".join(lines[:2] + lines[3:]), "utf-8")
    assert receipt(bundle.vkey, receipt_of_it, leaf).returncode != 0


@pytest.mark.parametrize(
    ("before", "after"), [("\n600\n", "\n601\n"), (f"\n{ORIGIN}\n", "\nlocalhost/log-00000000\n")]
)
def test_a_receipt_whose_checkpoint_was_changed_is_refused(
    receipt: Checker, bundle: Bundle, receipt_of_it: Path, leaf: Path, before: str, after: str
) -> None:
    text = receipt_of_it.read_text("utf-8")
    assert before in text
    receipt_of_it.write_text(text.replace(before, after), "utf-8")
    assert receipt(bundle.vkey, receipt_of_it, leaf).returncode != 0


def test_a_receipt_under_another_key_of_the_same_name_is_refused(
    receipt: Checker, bundle: Bundle, receipt_of_it: Path, leaf: Path
) -> None:
    assert receipt(bundle.vkey, receipt_of_it, leaf).returncode == 0
    other = key_of(seed="another log").verifier.text
    assert receipt(other, receipt_of_it, leaf).returncode != 0
