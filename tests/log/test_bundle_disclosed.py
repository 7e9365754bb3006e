"""The lines of texts are shared out among processes without reading them all."""

import random
from pathlib import Path

from workflow.log.bundle.disclosed import DISCLOSURES, split_lines
from workflow.log.bundle.folder import Folder

SEED = 20251220


def _line(index: int, length: int) -> bytes:
    text = "x" * length
    return f'{{"disclosures":{{"note":["s","note","{text}"]}},"leaf_index":{index}}}\n'.encode()


def test_each_stretch_gets_the_lines_of_its_leaves(tmp_path: Path) -> None:
    dice = random.Random(SEED)  # noqa: S311 - a sample that can be repeated, no secret
    for _ in range(40):
        indices = sorted(dice.sample(range(60), dice.randrange(1, 30)))
        lines = [_line(index, dice.choice((0, 3, 2_000))) for index in indices]
        content = b"".join(lines)
        (tmp_path / DISCLOSURES).write_bytes(content)
        firsts = [0, *sorted(dice.sample(range(1, 62), 3))]
        parts = split_lines(Folder(tmp_path), len(content), firsts)
        for (start, end), first, last in zip(parts, firsts, [*firsts[1:], 99], strict=True):
            wanted = [
                line for index, line in zip(indices, lines, strict=True) if first <= index < last
            ]
            assert content[start:end] == b"".join(wanted)


def test_lines_that_are_none_do_not_stop_the_search(tmp_path: Path) -> None:
    for content in (b"", b"\n", b"{}\n" * 5, b"no line at all", b"\xff" * 90 + b"\n"):
        (tmp_path / DISCLOSURES).write_bytes(content)
        parts = split_lines(Folder(tmp_path), len(content), [0, 20, 40])
        assert (parts[0][0], parts[-1][1]) == (0, len(content))
        assert all(start <= end for start, end in parts)
