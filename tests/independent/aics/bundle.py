"""Checks a bundle of the audit log with PyPI's aics-tlog; nothing here is the product's own.

bundle.py VKEY BUNDLE [OLD_CHECKPOINT]

A bundle of a part of the log holds its entries in entries.jsonl, and all tiles.
"""

import json
import sys
from pathlib import Path

from aics_tlog import (  # type: ignore[import-not-found]  # it has a Python of its own
    FileSystemTileReader,
    VerifiedTileReader,
    audit_tiles,
    consistency_proof_from_tiles,
    leaf_hash,
    parse_note,
    parse_vkey,
    verify_checkpoint,
    verify_consistency,
)

key, folder, *older = sys.argv[1:]
vkey = parse_vkey(key.strip())
read = [parse_note(Path(path).read_bytes()) for path in (f"{folder}/checkpoint", *older)]
states = [verify_checkpoint(note, vkey, expected_origin=vkey.name) for note in read]
for state in states:
    if not state.ok:
        sys.exit(state.error)
new, tiles = states[0], FileSystemTileReader(folder)
verified, part = VerifiedTileReader(tiles, new.size, new.root), Path(folder, "entries.jsonl")
audit_tiles(tiles, new.size, new.root, entries=not part.exists())
count = new.size
if part.exists():
    lines = [json.loads(line) for line in part.read_bytes().split(b"\n")[:-1]]
    for line in lines:
        if verified.leaf_hash(line["leaf_index"]) != leaf_hash(line["leaf"].encode()):
            sys.exit(f"entry {line['leaf_index']} is not the one in its tile")
    count = len(lines)
print(f"{count} of {new.size} entries of {new.origin}")  # noqa: T201 - its answer
if older:
    old = states[1]
    proof = consistency_proof_from_tiles(verified, old.size, new.size)
    if not verify_consistency(old.size, new.size, old.root, new.root, proof):
        sys.exit("the older checkpoint is of another history")
    answer = f"its first {old.size} entries are those of the older checkpoint"
    print(answer)  # noqa: T201 - its answer
