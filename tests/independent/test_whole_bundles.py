"""Programs that we did not write find whole bundles whole, and notice whatever is changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.independent.bundles import (
    ORIGIN,
    SPOILT_CHECKPOINT,
    SPOILT_TILES,
    Bundle,
    key_of,
    write_fork,
)
from tests.independent.checkers import Checker

SPOILT = SPOILT_CHECKPOINT | SPOILT_TILES


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 600, 70_000])
def test_a_whole_bundle_is_accepted_at_every_size(
    whole: Checker, bundle_of: Callable[[int], Bundle], size: int
) -> None:
    bundle = bundle_of(size)
    before = bundle.older.read_text("utf-8").split("\n")[1]
    done = whole(bundle.vkey, bundle.folder, bundle.older)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{size} of {size} entries of {ORIGIN}")
    assert f"its first {before} entries are those of the older checkpoint\n" in done.stdout


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=list(SPOILT))
def test_a_spoilt_bundle_is_refused(
    whole: Checker, copied: Bundle, spoil: Callable[[Path], None]
) -> None:
    spoil(copied.folder)
    assert whole(copied.vkey, copied.folder).returncode != 0


def test_another_key_of_the_same_name_is_refused(whole: Checker, bundle: Bundle) -> None:
    other = key_of(seed="another log").verifier.text
    assert whole(other, bundle.folder).returncode != 0


def test_an_older_checkpoint_of_another_history_is_refused(
    whole: Checker, bundle: Bundle, tmp_path: Path
) -> None:
    fork = write_fork(tmp_path / "fork", bundle, 300)
    assert whole(bundle.vkey, bundle.folder).returncode == 0
    assert whole(bundle.vkey, bundle.folder, fork).returncode != 0
