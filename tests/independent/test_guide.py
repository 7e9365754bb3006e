"""Every command of the auditors' guide does what the guide says, and notices what was changed."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.independent import guide
from tests.independent.bundles import (
    SPOILT_CHECKPOINT,
    SPOILT_SIZE,
    SPOILT_TILES,
    Bundle,
    entries,
    key_of,
    write_receipt,
)
from tests.independent.checkers import MissingError
from tests.independent.guide import Block

BLOCKS = guide.blocks()


def missing(block: Block, folder: Path) -> str | None:
    """Return why a block cannot be run here."""
    try:
        for get in block.needs():
            get(folder)
    except MissingError as reason:
        return str(reason)
    return None


def commands(section: str) -> str:
    """Return the commands of a section; those of the first come before, for its file `text`."""
    wanted = {"1", section}
    return "".join(block.commands for block in BLOCKS if block.section in wanted)


@pytest.fixture
def desk(copied: Bundle, tmp_path: Path) -> Path:
    """Give a folder with all that an auditor has, whose bundle may be spoilt."""
    return lay(copied, tmp_path)


def lay(bundle: Bundle, folder: Path) -> Path:
    """Put beside a bundle what an auditor has beside it."""
    guide.prepare(folder)
    for name, text in {"log.vkey": bundle.vkey, "witness.vkey": bundle.witness}.items():
        (folder / name).write_text(f"{text}\n", "utf-8")
    (folder / "kept").write_bytes(bundle.older.read_bytes())
    (folder / "leaf").write_bytes(entries(SPOILT_SIZE)[299])
    write_receipt(folder / "receipt", bundle, 299, SPOILT_SIZE)
    return folder


@pytest.fixture(scope="module")
def answers(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give what each block answers when the guide is followed from its beginning to its end.

    A block that needs what cannot be had here is passed over; its answer is missing.
    """
    folder = tmp_path_factory.mktemp("desk")
    lay(bundle.copied(folder / "bundle"), folder)
    found = {}
    for block in BLOCKS:
        if missing(block, tmp_path_factory.mktemp("programs")) is None:
            done = guide.run(block.commands, folder)
            assert done.returncode == 0, f"{block.label}: {done.stdout}"
            found[block.label] = done.stdout
    return found


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.label)
def test_every_block_answers_as_the_guide_shows(
    block: Block, answers: Mapping[str, str], tmp_path: Path
) -> None:
    if reason := missing(block, tmp_path):
        pytest.skip(reason)
    assert guide.alike(answers[block.label]) == guide.alike(block.answer)


@pytest.mark.parametrize("section", ["1", "2"])
@pytest.mark.parametrize("spoil", SPOILT_CHECKPOINT.values(), ids=list(SPOILT_CHECKPOINT))
def test_openssl_refuses_a_changed_checkpoint(
    desk: Path, section: str, spoil: Callable[[Path], None]
) -> None:
    skip_without_openssl(desk)
    assert guide.run(commands(section), desk).returncode == 0
    spoil(desk / "bundle")
    assert guide.run(commands(section), desk).returncode != 0


@pytest.mark.parametrize(("section", "file"), [("1", "log.vkey"), ("2", "witness.vkey")])
def test_openssl_refuses_another_key_of_the_same_name(desk: Path, section: str, file: str) -> None:
    skip_without_openssl(desk)
    name = (desk / file).read_text("utf-8").partition("+")[0]
    (desk / file).write_text(f"{key_of(name, 'another').verifier.text}\n", "utf-8")
    assert guide.run(commands(section), desk).returncode != 0


def test_openssl_refuses_another_time_of_a_cosignature(desk: Path) -> None:
    skip_without_openssl(desk)
    changed = commands("2").replace(
        'cat seconds)"; cat text', 'expr 1 + $(cat seconds))"; cat text'
    )
    assert changed != commands("2")
    assert guide.run(changed, desk).returncode != 0


def skip_without_openssl(folder: Path) -> None:
    """Skip with the reason where there is no OpenSSL that will do."""
    if reason := missing(Block("1", 1, "openssl ", ""), folder):
        pytest.skip(reason)


@pytest.mark.parametrize("name", ["a bit of an entry", "two files of entries swapped",
                                  "the length of an entry",
                                  "the last byte of the last entry gone"])  # fmt: skip
def test_the_printed_program_refuses_changed_entries(desk: Path, name: str) -> None:
    assert guide.run("python3 root.py bundle", desk).returncode == 0
    SPOILT_TILES[name](desk / "bundle")
    assert guide.run("python3 root.py bundle", desk).returncode != 0


@pytest.mark.parametrize("path", ["tile/entries/000", "tile/0/000"])
def test_sha256sum_shows_that_the_first_entry_is_not_the_one_in_its_tile(
    desk: Path, path: str
) -> None:
    (block,) = [block for block in BLOCKS if block.section == "3"]
    assert len(set(guide.run(block.commands, desk).stdout.splitlines()[-2:])) == 1
    content = bytearray((desk / "bundle" / path).read_bytes())
    content[10] ^= 1
    (desk / "bundle" / path).write_bytes(content)
    assert len(set(guide.run(block.commands, desk).stdout.splitlines()[-2:])) == 2
