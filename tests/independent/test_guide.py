"""Every command of the auditors' guide does what the guide says, and notices what was changed."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import rfc8785

from tests.independent import guide
from tests.independent.bundles import (
    SPOILT_CHECKPOINT,
    Spoil,
    change,
    cut,
    drop_line,
    flip,
    key_of,
    replace,
)
from tests.independent.checkers import Checker, MissingError
from tests.independent.guide import Block
from tests.independent.real import lay_desk

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


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with all that an auditor has, from the command; it is not to be changed."""
    desk = lay_desk(tmp_path_factory.mktemp("auditor"))
    guide.prepare(desk)
    return desk


@pytest.fixture
def desk(laid: Path, tmp_path: Path) -> Path:
    """Give a copy of that folder which may be spoilt."""
    return Path(shutil.copytree(laid, tmp_path / "desk", symlinks=True))


@pytest.fixture(scope="module")
def answers(laid: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Give what each block answers when the guide is followed from its beginning to its end.

    A block that needs what cannot be had here is passed over; its answer is missing.
    """
    folder = Path(shutil.copytree(laid, tmp_path_factory.mktemp("read") / "desk", symlinks=True))
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
def test_openssl_refuses_a_changed_checkpoint(desk: Path, section: str, spoil: Spoil) -> None:
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


@pytest.mark.parametrize(
    "spoil",
    [
        flip("tile/entries/000", 40),
        flip("tile/entries/000", 1),
        cut("tile/entries/000"),
        replace("checkpoint", 2, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    ],
    ids=["a bit of an entry", "an entry's length", "the last byte gone", "another root"],
)
def test_the_printed_program_refuses_what_was_not_signed(desk: Path, spoil: Spoil) -> None:
    assert guide.run("python3 root.py bundle", desk).returncode == 0
    spoil(desk / "bundle")
    assert guide.run("python3 root.py bundle", desk).returncode != 0


@pytest.mark.parametrize(
    "spoil",
    [
        drop_line("entries.jsonl", b"party/UZ", 0),
        drop_line("entries.jsonl", b"party/UZ", 7),
        drop_line("entries.jsonl", b"party/UZ", -1),
    ],
    ids=["the first entry gone", "the eighth entry gone", "the last entry gone"],
)
def test_the_printed_program_refuses_a_part_whose_chain_lacks_an_entry(
    desk: Path, spoil: Spoil
) -> None:
    assert guide.run("python3 chains.py part", desk).returncode == 0
    spoil(desk / "part")
    assert guide.run("python3 chains.py part", desk).returncode != 0


@pytest.mark.parametrize(
    "spoil",
    [
        change("entries.jsonl", lambda old: old.replace(b'"kind\\":\\"', b'"kind\\":\\"x', 1)),
        change("entries.jsonl", lambda old: old.replace(b'"leaf_index":9}', b'"leaf_index":8}', 1)),
        flip("tile/0/000", 40),
    ],
    ids=["an entry changed", "an entry at another place", "a bit of a tile"],
)
def test_programs_of_others_refuse_a_part_that_was_changed(
    whole: Checker, desk: Path, spoil: Spoil
) -> None:
    key = (desk / "log.vkey").read_text("utf-8")
    assert whole(key, desk / "part").returncode == 0
    spoil(desk / "part")
    assert whole(key, desk / "part").returncode != 0


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


def test_every_leaf_of_the_bundle_has_the_bytes_of_another_encoder(laid: Path) -> None:
    leaves = [leaf for path in entries_of(laid / "bundle") for leaf in cut_up(path.read_bytes())]
    assert len(leaves) == int((laid / "bundle" / "checkpoint").read_text("utf-8").split("\n")[1])
    assert [leaf for leaf in leaves if rfc8785.dumps(json.loads(leaf)) != leaf] == []


def entries_of(bundle: Path) -> Iterator[Path]:
    """Yield the files that hold a bundle's entries."""
    return (path for path in sorted(bundle.glob("tile/entries/**/*")) if path.is_file())


def cut_up(content: bytes) -> Iterator[bytes]:
    """Yield entries, each of which stands after its length in two bytes."""
    while content:
        end = 2 + int.from_bytes(content[:2])
        yield content[2:end]
        content = content[end:]
