"""A bundle verifies offline, and whatever is changed in it is found and named."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.log.bundles import CHAINS, KEY, ORIGIN, Log, check, found, make_records
from workflow.domain.canonical import parse_canonical
from workflow.log.bundle import entries
from workflow.log.bundle.manifest import MANIFEST
from workflow.log.bundle.verify import Trust, verify_bundle
from workflow.log.keys import SigningKey

LOG = Log(make_records(600))
SMALL = Log(make_records(9))
PART = ("proposal/A-1", "party/UZ")
SEED = 20251220
SIGNED = f"the tree of 600 is signed by {ORIGIN}"


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    return LOG.write(tmp_path / "bundle", with_views=False)


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return LOG.write(tmp_path / "part", PART, with_views=False)


def test_whole_bundle_verifies(whole: Path) -> None:
    assert check(whole).sentence == (
        f"OK: 600 entries in 4 chains; every chain is whole from its first entry; {SIGNED}."
    )


def test_part_of_the_chains_verifies(part: Path) -> None:
    result = check(part)
    assert (result.ok, result.entries, result.chains) == (True, 300, 2)


HOSTS_WORD = "it is a part of the log, and that nothing more belongs to it is the host's word"


def test_bundle_with_single_entries_of_a_chain_says_so(tmp_path: Path) -> None:
    chosen = [each for index, each in enumerate(LOG.records) if index % 4 == 0 or index % 12 == 3]
    path = LOG.write(tmp_path / "b", (), records=chosen, partial=("log",), with_views=False)
    assert check(path).sentence == (
        "OK: 200 entries in 2 chains; every chain is whole from its first entry, but for log; "
        f"{SIGNED}; {HOSTS_WORD}."
    )


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 512])
def test_tree_of_every_shape_verifies(tmp_path: Path, size: int) -> None:
    log = Log(make_records(size))
    result = check(log.write(tmp_path / "b", with_views=False, old_sizes=()))
    assert (result.ok, result.entries) == (True, size)


def test_manifest_is_canonical(whole: Path) -> None:
    assert parse_canonical((whole / MANIFEST).read_bytes())


def test_key_of_another_log_is_not_taken(whole: Path) -> None:
    other = SigningKey(ORIGIN, bytes(32)).verifier
    assert found(whole, keys=(other,)) == (
        f"checkpoint: the checkpoint of {ORIGIN}: no key that is trusted here signed it"
    )


Damage = Callable[[Path], object]


def edit(name: str, change: Callable[[bytes], bytes]) -> Damage:
    return lambda path: (path / name).write_bytes(change((path / name).read_bytes()))


def flip(name: str, at: int) -> Damage:
    return edit(name, lambda c: c[:at] + bytes([c[at] ^ 1]) + c[at + 1 :])


def drop(name: str) -> Damage:
    return lambda path: (path / name).unlink()


def linked(name: str) -> Damage:
    def move_and_link(path: Path) -> None:
        (path / name).rename(path.parent / "elsewhere")
        (path / name).symlink_to(path.parent / "elsewhere")

    return move_and_link


def replaced(name: str, before: str, after: str) -> Damage:
    return edit(name, lambda c: c.replace(before.encode(), after.encode(), 1))


WHOLE: dict[str, tuple[Damage, str]] = {
    "leaf": (
        replaced("tile/entries/001", '"id":"e-300"', '"id":"e-301"'),
        "#76 (tile/entries/001): is not the entry whose hash stands in tile/0/001",
    ),
    "leaf's length": (
        flip("tile/entries/002.p/88", 0),
        "leaf 512 (tile/entries/002.p/88): is not the entry whose hash stands in tile/0/002.p/88",
    ),
    "leaves cut off": (
        edit("tile/entries/000", lambda c: c[:-500]),
        "leaf 254 (tile/entries/000): is not the entry whose hash stands in tile/0/000",
    ),
    "leaf too many": (
        edit("tile/entries/001", lambda c: c + b"\0\2{}"),
        "tile/entries/001: holds more than its 256 entries",
    ),
    "tile of the leaves": (
        flip("tile/0/001", 40),
        "tile/0/001: does not lead to the root that was signed",
    ),
    "tile at the edge": (
        flip("tile/0/002.p/88", 40),
        "tile/0/002.p/88: does not lead to the root that was signed",
    ),
    "tile above": (
        flip("tile/1/000.p/2", 3),
        "tile/1/000.p/2: does not hold the hashes of the tiles below it",
    ),
    "tile cut short": (
        edit("tile/0/000", lambda c: c[:-1]),
        "tile/0/000: does not hold 256 hashes of 32 bytes",
    ),
    "tile missing": (drop("tile/0/000"), "tile/0/000: is missing from the bundle"),
    "text": (
        replaced("disclosures.jsonl", "301", "999"),
        "party/UZ #76: the disclosure of note does not match its digest in the leaf",
    ),
    "login": (
        replaced("disclosures.jsonl", '"login","ada"', '"login","eve"'),
        "leaf 0, proposal/A-1 #1: the disclosure of actor does not match its digest in the leaf",
    ),
    "checkpoint": (replaced("checkpoint", "600", "601"), "does not fit the text"),
    "manifest": (
        replaced("manifest.json", '"entries":600', '"entries":601'),
        "manifest.json: was changed after the log's key signed its digest",
    ),
    "signature of the manifest": (flip("manifest.note", 70), "manifest.note: "),
    "rules": (
        replaced("workflows/forum-3.json", "steps", "stops"),
        "workflows/forum-3.json: was changed: its digest is not the manifest's",
    ),
    "proof of continuity": (flip("consistency/300.txt", 20), "consistency/300.txt: was changed"),
    "guide": (flip("VERIFY.md", 5), "VERIFY.md: was changed"),
    "file missing": (drop("VERIFY.md"), "VERIFY.md: is missing from the bundle"),
    "file more": (
        lambda path: (path / "tile" / "x").write_bytes(b""),
        "tile/x: stands in the bundle though the manifest does not name it",
    ),
    "link": (linked("VERIFY.md"), "VERIFY.md: is a link or a device, and no plain file"),
    "pipe": (lambda path: os.mkfifo(path / "pipe"), "pipe: is a link or a device"),
    "confusing name": (
        lambda path: (path / "a\x1b[2J\u202e").write_bytes(b""),
        "a\\x1b[2J\\u202e: stands in the bundle",
    ),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_damage_to_a_whole_bundle_is_named(whole: Path, kind: str) -> None:
    damage, expected = WHOLE[kind]
    damage(whole)
    assert expected in found(whole)


def test_changed_leaf_is_named_though_tile_and_root_were_made_to_fit(tmp_path: Path) -> None:
    """The next leaf of its chain gives it away, if the host signs a whole new tree."""
    records = make_records(20)
    records[4].leaf = records[4].leaf.replace(b'"web"', b'"cli"')
    assert found(Log(records).write(tmp_path / "b", with_views=False)) == (
        "leaf 8, proposal/A-1 #3: does not name the hash of the entry before"
    )


PARTS: dict[str, tuple[Damage, str]] = {
    "leaf": (
        replaced("entries.jsonl", "e-300", "e-301"),
        "leaf 300, proposal/A-1 #76: is not the entry that the tree has there",
    ),
    "index": (replaced("entries.jsonl", '"leaf_index":4}', '"leaf_index":8}'), "leaf 8"),
    "index beyond": (
        replaced("entries.jsonl", '"leaf_index":597}', '"leaf_index":999999}'),
        "leaf 999999",
    ),
    "line cut": (
        edit("entries.jsonl", lambda c: c[:-3]),
        "entries.jsonl: has a line that is cut short",
    ),
    "nested": (
        edit("entries.jsonl", lambda c: b'{"leaf":' + b"[" * 100_000 + b"\n" + c),
        "entries.jsonl: line 1 is malformed",
    ),
    "disclosure of another entry": (
        replaced("disclosures.jsonl", '"leaf_index":4}', '"leaf_index":3}'),
        "disclosures.jsonl: leaf 3 is not an entry of the bundle",
    ),
    "tile": (flip("tile/0/000", 77), "tile/0/000: does not lead"),
    "file missing": (drop("policy"), "policy: is missing"),
}


@pytest.mark.parametrize("kind", PARTS)
def test_damage_to_a_part_is_named(part: Path, kind: str) -> None:
    damage, expected = PARTS[kind]
    damage(part)
    assert found(part).startswith(expected)


@pytest.mark.parametrize("processes", [2, 3])
def test_several_processes_find_the_same(
    whole: Path, monkeypatch: pytest.MonkeyPatch, processes: int
) -> None:
    monkeypatch.setattr(entries, "ALONE_BELOW", 0)
    trust = Trust((KEY.verifier,))
    assert verify_bundle(whole, trust, processes) == check(whole)
    for kind in ("leaf", "tile of the leaves", "text", "leaf's length"):
        damage, expected = WHOLE[kind]
        kept = {each: each.read_bytes() for each in whole.rglob("*") if each.is_file()}
        damage(whole)
        fault = verify_bundle(whole, trust, processes).fault
        assert fault is not None
        assert expected in fault.sentence
        for each, content in kept.items():
            each.write_bytes(content)


def _mutations(path: Path, count: int) -> Iterator[tuple[Path, bytes]]:
    """Yield files with a byte flipped, taken out or put in, or cut off, seeded."""
    dice = random.Random(SEED)  # noqa: S311 - a sample that can be repeated, no secret
    names = sorted(each for each in path.rglob("*") if each.is_file() and each.stat().st_size)
    for _ in range(count):
        name = dice.choice(names)
        content = name.read_bytes()
        at = dice.randrange(len(content))
        yield name, dice.choice([
            content[:at] + bytes([content[at] ^ 1 << dice.randrange(8)]) + content[at + 1 :],
            content[:at] + content[at + 1 :],
            content[:at] + bytes([dice.randrange(256)]) + content[at:],
            content[:at],
        ])  # fmt: skip


@pytest.mark.parametrize("chains", [None, PART], ids=["whole", "part"])
def test_no_small_change_anywhere_goes_unnoticed(
    tmp_path: Path, chains: tuple[str, ...] | None
) -> None:
    path = SMALL.write(tmp_path / "b", chains, with_views=False)
    assert check(path).ok
    unnoticed = []
    for name, content in _mutations(path, 400):
        kept = name.read_bytes()
        name.write_bytes(content)
        if check(path).ok:
            unnoticed.append((name, content))
        name.write_bytes(kept)
    assert unnoticed == []


def test_chains_are_those_of_the_log() -> None:
    assert set(PART) < set(CHAINS)
