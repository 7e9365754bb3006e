"""Checks a receipt (C2SP tlog-proof) with PyPI's aics-tlog; nothing here is the product's own.

receipt.py VKEY RECEIPT LEAF
"""

import base64
import sys
from pathlib import Path

from aics_tlog import (  # type: ignore[import-not-found]  # it has a Python of its own
    parse_note,
    parse_vkey,
    verify_checkpoint,
    verify_leaf_inclusion,
)

key, receipt, leaf = sys.argv[1:]
vkey = parse_vkey(key.strip())
head, _, checkpoint = Path(receipt).read_bytes().partition(b"\n\n")
first, *lines = (line for line in head.decode().split("\n") if not line.startswith("extra "))
state = verify_checkpoint(parse_note(checkpoint), vkey, expected_origin=vkey.name)
if not state.ok:
    sys.exit(state.error)
index, hashes = int(lines[0].removeprefix("index ")), [base64.b64decode(line) for line in lines[1:]]
found = verify_leaf_inclusion(Path(leaf).read_bytes(), index, state.size, hashes, state.root)
if first != "c2sp.org/tlog-proof@v1" or not found:
    sys.exit("the entry is not shown to be in the log")
print(f"entry {index} of the {state.size} of {state.origin}")  # noqa: T201 - its answer
