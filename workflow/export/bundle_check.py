"""Write the views of a bundle again from its leaves, and compare them byte by byte.

Only for a bundle that `workflow.log.bundle` found whole: what it checked is not checked again.
The workbook is for people; its digest is all that is compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from workflow.domain.disclosure import Disclosure
from workflow.domain.entry import leaf_hash
from workflow.export.bundle_views import view_name
from workflow.export.row import Record, quick_form
from workflow.export.tail import Scope
from workflow.export.write import LAYOUTS, XLSX, Writer
from workflow.log.bundle.beside import CHECKPOINT, COSIGNED
from workflow.log.bundle.disclosed import DISCLOSURES, DisclosedLine
from workflow.log.bundle.entries import read_entry_lines
from workflow.log.bundle.folder import Folder
from workflow.log.bundle.manifest import MANIFEST, MANIFEST_BYTES, Manifest
from workflow.log.note import MAX_NOTE_BYTES
from workflow.log.tiles import TILE_WIDTH, tiles_of, unpack_entries
from workflow.log.verdict import Fault

_decode = msgspec.json.Decoder(DisclosedLine).decode


def tell_views(path: Path) -> str:
    """Say which views were compared once `find_false_view` found none false. Raises: OSError."""
    manifest = _read_manifest(Folder(path))
    held = {each.name for each in manifest.files}
    compared = [view_name(form) for form in LAYOUTS if view_name(form) in held]
    if not compared:
        return "there are no tables in views/ to compare"
    workbook = ", the workbook was not compared" if view_name(XLSX) in held else ""
    return f"{' and '.join(compared)} are what the leaves say{workbook}"


def find_false_view(path: Path) -> Fault | None:
    """Return the first line of a view that does not follow from the leaves. Raises: OSError."""
    folder = Folder(path)
    manifest = _read_manifest(folder)
    held = {each.name for each in manifest.files}
    for form in LAYOUTS:
        if view_name(form) in held and (fault := _compare(folder, manifest, held, form)):
            return fault
    return None


def _read_manifest(folder: Folder) -> Manifest:
    return msgspec.json.decode(folder.read(MANIFEST, MANIFEST_BYTES), type=Manifest)


def _compare(folder: Folder, manifest: Manifest, held: set[str], form: str) -> Fault | None:
    name = view_name(form)
    heads: dict[str, str] = {}
    writer = Writer(LAYOUTS[form](), _scope(folder, manifest, held))
    line = 1
    with folder.open(name) as file:
        for expected in writer.write(_read(folder, manifest, held, heads), _Heads(heads)):
            found = file.read(len(expected))
            if found != expected:
                line += _lines_before_difference(found, expected)
                return Fault("is not what the leaves say", name, line)
            line += expected.count(b"\n")
        if file.read(1):
            return Fault("goes on after its end", name, line)
    return None


def _scope(folder: Folder, manifest: Manifest, held: set[str]) -> Scope:
    cosigned = folder.read(COSIGNED, MAX_NOTE_BYTES).decode() if COSIGNED in held else None
    return Scope(
        partial=manifest.partial,
        whole=manifest.is_whole,
        checkpoint=folder.read(CHECKPOINT, MAX_NOTE_BYTES).decode(),
        cosigned=cosigned,
    )


@dataclass(frozen=True, slots=True)
class _Heads:
    """Each chain's last hash, once all leaves have passed."""

    heads: dict[str, str]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(sorted(self.heads.items()))


def _read(
    folder: Folder, manifest: Manifest, held: set[str], heads: dict[str, str]
) -> Iterator[Record]:
    """Yield the bundle's records, and keep where the chains end."""
    lines = map(_decode, folder.read_lines(DISCLOSURES)) if DISCLOSURES in held else iter(())
    line = next(lines, None)
    for index, leaf in _leaves(folder, manifest):
        texts: dict[str, Disclosure] = {}
        if line is not None and line.leaf_index == index:
            for name, (salt, label, value) in line.disclosures.items():
                texts[name] = Disclosure(label, salt, value)
            line = next(lines, None)
        form, hashed = quick_form(leaf), leaf_hash(leaf)
        heads[form.object.chain] = hashed.hex()
        yield Record(leaf, texts, index, form, hashed)


def _leaves(folder: Folder, manifest: Manifest) -> Iterator[tuple[int, bytes]]:
    if not manifest.is_whole:
        yield from read_entry_lines(folder)
        return
    for name in tiles_of(manifest.size):
        if name.level == 0:
            leaves = unpack_entries(folder.read_entries(name))
            yield from enumerate(leaves, start=name.number * TILE_WIDTH)


def _lines_before_difference(found: bytes, expected: bytes) -> int:
    at = next((n for n, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), None)
    return expected[: len(found) if at is None else at].count(b"\n")
