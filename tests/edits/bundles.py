"""Random edits of a bundle: by hand, with what follows from them made to fit, and signed anew.

Whoever wrote the bundle has the log's key. Against such an owner nothing helps but the checkpoint
that somebody kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from shutil import rmtree

from tests.edits.leaves import altered, edited_list, flipped, relinked
from tests.log.bundles import Log, make_records
from workflow.log.bundle.verify import Trust, verify_bundle
from workflow.log.growth import grow
from workflow.log.merkle import HASH_BYTES, hash_leaf
from workflow.log.tiles import pack_entries, unpack_entries
from workflow.log.verdict import Verified

Files = Mapping[str, bytes]
Changes = dict[str, bytes | None]
"""New contents by name; None takes a file away."""

ENTRIES = "tile/entries/"
TILES = "tile/"


@dataclass(frozen=True)
class Bundle:
    """A bundle in a folder, its files as they were, and what somebody kept of its log."""

    folder: Path
    log: Log
    files: Files
    trust: Trust
    chains: tuple[str, ...] | None

    @classmethod
    def made(cls, folder: Path, size: int, chains: tuple[str, ...] | None = None) -> "Bundle":
        """Write a bundle, whole or of some chains; somebody keeps its checkpoint."""
        log = Log(make_records(size))
        log.write(folder / "bundle", chains)
        trust = Trust((log.key.verifier,), since=log.checkpoint())
        return cls(folder, log, _read(folder / "bundle"), trust, chains)

    def judge(self, changes: Changes) -> Verified:
        """Verify the bundle with these changes, and take them back."""
        path = self.folder / "bundle"
        try:
            for name, content in changes.items():
                _write(path / name, content)
            return verify_bundle(path, self.trust, processes=1)
        finally:
            for name in changes:
                _write(path / name, self.files.get(name))

    def signed_anew(self, log: Log) -> Changes:
        """Return what makes this the bundle of another history under the same key."""
        path = self.folder / "other"
        log.write(path, self.chains)
        other = _read(path)
        rmtree(path)
        return {
            name: other.get(name)
            for name in {*self.files, *other}
            if self.files.get(name) != other.get(name)
        }


Edit = Callable[[Random, Bundle], Changes]


def draw(random: Random, bundle: Bundle) -> tuple[str, Changes]:
    """Return a random edit's name and what it changes, which is something."""
    while True:
        name = random.choice(list(EDITS))
        changes = {
            file: content
            for file, content in EDITS[name](random, bundle).items()
            if bundle.files.get(file) != content
        }
        if changes:
            return name, changes


# --- by hand -------------------------------------------------------------------------------------


def flip_a_byte(random: Random, bundle: Bundle) -> Changes:
    """Change one byte of any file."""
    name = _any_file(random, bundle)
    return {name: flipped(random, bundle.files[name])}


def flip_a_byte_of_the_log(random: Random, bundle: Bundle) -> Changes:
    """Change one byte of what the tree covers, or of what is signed."""
    name = random.choice([n for n in bundle.files if n.startswith((TILES, "check", "manifest"))])
    return {name: flipped(random, bundle.files[name])}


def truncate(random: Random, bundle: Bundle) -> Changes:
    """Cut a file short."""
    name = _any_file(random, bundle)
    return {name: bundle.files[name][: random.randrange(len(bundle.files[name]))]}


def lengthen(random: Random, bundle: Bundle) -> Changes:
    """Put something at a file's end."""
    name = _any_file(random, bundle)
    return {name: bundle.files[name] + random.choice([b"\n", b"{}\n", b"\0", bytes(HASH_BYTES)])}


def delete_a_file(random: Random, bundle: Bundle) -> Changes:
    """Take a file away."""
    return {_any_file(random, bundle): None}


def exchange_two_files(random: Random, bundle: Bundle) -> Changes:
    """Give two files each other's content."""
    one, two = _any_file(random, bundle), _any_file(random, bundle)
    return {one: bundle.files[two], two: bundle.files[one]}


def rename_a_file(random: Random, bundle: Bundle) -> Changes:
    """Let a file stand under another name, or a copy of it."""
    name = _any_file(random, bundle)
    other = random.choice([f"{name}.old", "tile/0/003", "tile/2/000.p/1", "extra.txt"])
    return {other: bundle.files[name]} | random.choice([{}, {name: None}])


def edit_lines(random: Random, bundle: Bundle) -> Changes:
    """Drop, double, move or exchange lines of a text."""
    name = random.choice(
        [n for n in bundle.files if n.endswith((".jsonl", ".csv", ".json", ".md"))]
    )
    return {name: b"".join(edited_list(random, bundle.files[name].splitlines(keepends=True)))}


def edit_entries(random: Random, bundle: Bundle) -> Changes:
    """Drop, double, move or exchange leaves in one of their files."""
    return _in_entries(random, bundle, edited_list)


def alter_an_entry(random: Random, bundle: Bundle) -> Changes:
    """Put another leaf in one's place."""
    return _in_entries(random, bundle, _one_altered)


def edit_hashes(random: Random, bundle: Bundle) -> Changes:
    """Drop, double, move or exchange hashes of a tile."""
    name = random.choice(_tiles(bundle))
    hashes = bundle.files[name]
    pieces = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    return {name: b"".join(edited_list(random, pieces))}


# --- made to fit ---------------------------------------------------------------------------------


def alter_an_entry_and_its_tiles(random: Random, bundle: Bundle) -> Changes:
    """Put another leaf in one's place and compute all tiles anew, without the log's key."""
    if not _entries(bundle):
        return {}
    leaves = [record.leaf for record in bundle.log.records]
    changed = relinked(_one_altered(random, leaves))
    grown = grow(0, {}, b"".join(map(hash_leaf, changed)))
    changes: Changes = {name.path: tile for name, tile in grown.tiles.items()}
    for name in grown.tiles:
        if name.level == 0:
            part = changed[256 * name.number : 256 * name.number + name.width]
            changes[name.entries_path] = pack_entries(part)
    return changes


# --- signed anew ---------------------------------------------------------------------------------


def rewrite_and_sign(random: Random, bundle: Bundle) -> Changes:
    """Alter an entry and everything after it, and sign the result with the log's key."""
    records = bundle.log.records
    leaves = relinked(_one_altered(random, [record.leaf for record in records]))
    pairs = zip(records, leaves, strict=True)
    return bundle.signed_anew(Log([replace(record, leaf=leaf) for record, leaf in pairs]))


def drop_or_move_and_sign(random: Random, bundle: Bundle) -> Changes:
    """Leave an entry out, or let two change places, and sign the result."""
    records = list(bundle.log.records)
    one, two = random.sample(range(len(records)), 2)
    if random.random() < 0.5:
        del records[one]
    else:
        records[one], records[two] = records[two], records[one]
    leaves = relinked([record.leaf for record in records])
    return bundle.signed_anew(
        Log([
            replace(record, leaf=leaf, leaf_index=index)
            for index, (record, leaf) in enumerate(zip(records, leaves, strict=True))
        ])
    )  # fmt: skip


def roll_back_and_sign(random: Random, bundle: Bundle) -> Changes:
    """Leave the newest entries out, and sign the result."""
    records = bundle.log.records
    return bundle.signed_anew(Log(records[: random.randrange(4, len(records))]))


OWNERS_EDITS: dict[str, Edit] = {
    each.__name__: each for each in (rewrite_and_sign, drop_or_move_and_sign, roll_back_and_sign)
}

EDITS: dict[str, Edit] = OWNERS_EDITS | {
    each.__name__: each
    for each in (
        flip_a_byte, flip_a_byte_of_the_log, truncate, lengthen, delete_a_file,
        exchange_two_files, rename_a_file, edit_lines, edit_entries, alter_an_entry, edit_hashes,
        alter_an_entry_and_its_tiles,
    )
}  # fmt: skip


def _any_file(random: Random, bundle: Bundle) -> str:
    return random.choice(sorted(bundle.files))


def _tiles(bundle: Bundle) -> list[str]:
    return [n for n in sorted(bundle.files) if n.startswith(TILES) and not n.startswith(ENTRIES)]


def _entries(bundle: Bundle) -> list[str]:
    return [name for name in sorted(bundle.files) if name.startswith(ENTRIES)]


def _in_entries(
    random: Random, bundle: Bundle, edit: Callable[[Random, list[bytes]], list[bytes]]
) -> Changes:
    if not (names := _entries(bundle)):
        return {}
    name = random.choice(names)
    return {name: pack_entries(edit(random, unpack_entries(bundle.files[name])))}


def _one_altered(random: Random, leaves: list[bytes]) -> list[bytes]:
    at = random.randrange(len(leaves))
    return [*leaves[:at], altered(random, leaves[at]), *leaves[at + 1 :]]


def _read(folder: Path) -> Files:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def _write(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
