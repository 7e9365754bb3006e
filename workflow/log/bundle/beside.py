"""Check what lies beside the tree in a bundle: which files there are, their digests, the rules."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from workflow.log.bundle.folder import Folder, show_name
from workflow.log.bundle.manifest import MANIFEST, NOTE, Manifest
from workflow.log.tiles import tiles_of
from workflow.log.verdict import BrokenError

CHECKPOINT: Final = "checkpoint"
COSIGNED: Final = "cosigned"
"""The checkpoint of an older tree, if more witnesses cosigned that one."""
WORKFLOWS: Final = "workflows/"
VIEWS: Final = "views/"
SCHEMA: Final = "schema/"
POLICY: Final = "policy"
GUIDE: Final = "VERIFY.md"


def check_names(found: AbstractSet[str], manifest: Manifest) -> None:
    """Refuse a bundle in which a file is missing, or one more stands. Raises: BrokenError."""
    more = set(found)
    # One after the other: a forged size names more tiles than fit into memory.
    for name in _expected_names(manifest):
        if name not in found:
            raise BrokenError("is missing from the bundle", show_name(name))
        if name not in more:
            raise BrokenError(f"names {show_name(name)} twice", MANIFEST)
        more.discard(name)
    if more:
        what = "stands in the bundle though the manifest does not name it"
        raise BrokenError(what, show_name(min(more)))


def check_digests(folder: Folder, manifest: Manifest) -> None:
    """Compare the files that no tree covers with their digests. Raises: BrokenError."""
    for each in manifest.files:
        if folder.digest(each.name) != each.sha256:
            raise BrokenError("was changed: its digest is not the manifest's", each.name)


def check_definitions(named: AbstractSet[str | None], manifest: Manifest) -> None:
    """Require the rules that leaves name by their digests. Raises: BrokenError."""
    held = {each.sha256 for each in manifest.files if each.name.startswith(WORKFLOWS)}
    if missing := {digest for digest in named if digest is not None} - held:
        raise BrokenError(f"lacks the rules with the digest {min(missing)}", WORKFLOWS)
    for each in manifest.files:
        if each.name.startswith(WORKFLOWS) and each.sha256 not in named:
            raise BrokenError("holds rules that no entry names", show_name(each.name))


def names_in(manifest: Manifest, folder: str) -> Iterator[str]:
    """Yield the manifest's files of a folder inside."""
    return (each.name for each in manifest.files if each.name.startswith(folder))


def _expected_names(manifest: Manifest) -> Iterator[str]:
    yield from (MANIFEST, NOTE)
    for name in tiles_of(manifest.size):
        yield name.path
        if name.level == 0 and manifest.is_whole:
            yield name.entries_path
    yield from (each.name for each in manifest.files)
