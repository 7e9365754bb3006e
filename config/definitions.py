"""Loads workflow definitions: safe YAML in, one resolved plain mapping out.

A file that `extends` another takes everything the other says and says over what differs; a
`part:` is written out where it is used. What comes out names neither, so that a published
edition stands on its own.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from config.definition_yaml import DefinitionFileError, YamlFile, read_yaml

WORKFLOWS = Path(__file__).parent / "workflows"
"""The folder of the shipped definitions."""

BASE = "base"
VOCABULARY = "vocabulary"

MOST_PARTS = 2000
"""Parts that one definition may hold once they are written out; parts of parts grow fast."""

__all__ = [
    "WORKFLOWS", "DefinitionFileError", "load_file", "load_vocabulary", "shipped_kinds",
]  # fmt: skip


def load_file(path: Path, *, folder: Path | None = None) -> dict[str, Any]:
    """Load a definition file, resolved: without `extends` and `parts`.

    `folder` holds the files that may be extended; without it, the file's own folder and then
    the shipped one are looked in.

    Raises: DefinitionFileError.
    """
    folders = (folder,) if folder else (Path(path).parent, WORKFLOWS)
    file = read_yaml(Path(path))
    merged = _with_ancestors(file, folders, ())
    parts = merged.pop("parts", None) or {}
    steps = merged.get("steps")
    if isinstance(steps, dict):
        merged["steps"] = _Parts(file, parts).in_steps(steps)
    return merged


def shipped_kinds() -> dict[str, dict[str, Any]]:
    """Load every kind this version ships, by name."""
    kinds = {}
    for path in sorted(WORKFLOWS.glob("*.yaml")):
        if path.stem in (BASE, VOCABULARY):
            continue
        kinds[path.stem] = load_file(path)
    return kinds


@cache
def load_vocabulary() -> dict[str, Any]:
    """Load the words that definitions use, with their labels."""
    return read_yaml(WORKFLOWS / f"{VOCABULARY}.yaml").mapping


def _with_ancestors(
    file: YamlFile, folders: tuple[Path, ...], seen: tuple[Path, ...]
) -> dict[str, Any]:
    own = dict(file.mapping)
    extended = own.pop("extends", None)
    if extended is None:
        return own
    path = _find(file, extended, folders)
    if path.resolve() in (*seen, file.path.resolve()):
        raise file.fault(
            ("extends",), f"extends {extended!r}, which extends it again", "Break the circle."
        )
    ancestor = _with_ancestors(read_yaml(path), folders, (*seen, file.path.resolve()))
    return _merged(file, ancestor, own)


def _find(file: YamlFile, name: Any, folders: tuple[Path, ...]) -> Path:  # noqa: ANN401 - untrusted
    if not isinstance(name, str) or not name.replace("-", "").isalnum() or not name.isascii():
        raise file.fault(
            ("extends",), "extends something that is not a file's name",
            "Write the name alone, such as `extends: base`.",
        )  # fmt: skip
    for folder in folders:
        path = folder / f"{name}.yaml"
        if path.is_file():
            return path
    known = sorted({path.stem for folder in folders for path in folder.glob("*.yaml")})
    raise file.fault(
        ("extends",), f"extends {name!r}, and there is no such file", _suggest(name, known)
    )


def _merged(file: YamlFile, ancestor: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Say `own` over `ancestor`: mappings entry by entry, steps key by key, all else whole."""
    merged = {**ancestor}
    for key, value in own.items():
        inherited = ancestor.get(key)
        if key == "steps" and isinstance(value, dict) and isinstance(inherited, dict):
            merged[key] = _merged_steps(file, inherited, value)
        elif isinstance(value, dict) and isinstance(inherited, dict):
            merged[key] = {**inherited, **value}
        else:
            merged[key] = value
    return merged


def _merged_steps(
    file: YamlFile, inherited: dict[str, Any], own: dict[str, Any]
) -> dict[str, Any]:
    """Merge each step key by key; a step written as null is left out of this kind."""
    steps = {**inherited}
    for name, step in own.items():
        if step is None:
            if name not in inherited:
                raise file.fault(
                    ("steps", name), f"leaves out {name!r}, a step it does not inherit",
                    _suggest(name, sorted(inherited)),
                )  # fmt: skip
            del steps[name]
        elif isinstance(step, dict) and isinstance(inherited.get(name), dict):
            steps[name] = _merged_step(inherited[name], step)
        else:
            steps[name] = step
    return steps


def _merged_step(inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Merge one step; who takes it is one question, so `by` and `fires` answer it together."""
    how = {"by", "fires"}
    kept = {key: value for key, value in inherited.items() if key not in how or not how & set(own)}
    return {**kept, **own}


class _Parts:
    """Writes out the named parts of one definition where they are used."""

    def __init__(self, file: YamlFile, parts: Any) -> None:  # noqa: ANN401 - untrusted
        if not isinstance(parts, dict):
            raise file.fault(("parts",), "has `parts` that is not a mapping", "Name each part.")
        self.file = file
        self.parts: dict[str, Any] = parts
        self.written = 0

    def in_steps(self, steps: dict[str, Any]) -> dict[str, Any]:
        """Write out the parts in the needs of every step."""
        for name in self.parts:
            self.expand({"part": name}, ("parts", name), ())
        self.written = 0
        return {
            name: {**step, "needs": self.expand(step["needs"], ("steps", name, "needs"), ())}
            if isinstance(step, dict) and "needs" in step
            else step
            for name, step in steps.items()
        }

    def expand(self, need: Any, place: tuple[Any, ...], inside: tuple[str, ...]) -> Any:  # noqa: ANN401 - untrusted
        """Give the need with every part in it written out."""
        self.written += 1
        if self.written > MOST_PARTS:
            raise self.file.fault(
                place, f"needs more than {MOST_PARTS} parts once they are written out",
                "Use fewer parts of parts.",
            )  # fmt: skip
        if isinstance(need, list):
            return [self.expand(each, (*place, at), inside) for at, each in enumerate(need)]
        if not isinstance(need, dict):
            return need
        if "part" in need:
            return self.named(need, place, inside)
        return {
            key: self.expand(value, (*place, key), inside)
            if isinstance(value, list)
            or (isinstance(value, dict) and key not in ("signoffs", "evidence"))
            else value
            for key, value in need.items()
        }

    def named(
        self, need: Mapping[str, Any], place: tuple[Any, ...], inside: tuple[str, ...]
    ) -> dict[str, Any]:
        """Give the part that a `part:` names, with what stands beside the name (a stage)."""
        name = need["part"]
        if not isinstance(name, str) or name not in self.parts:
            raise self.file.fault(
                (*place, "part"), f"uses the part {name!r}, which nothing defines",
                _suggest(name, sorted(self.parts)),
            )  # fmt: skip
        if name in inside:
            raise self.file.fault(
                (*place, "part"), f"uses the part {name!r} inside itself", "Break the circle."
            )
        part = self.expand(self.parts[name], ("parts", name), (*inside, name))
        beside = {key: value for key, value in need.items() if key != "part"}
        if not isinstance(part, dict) or set(beside) & set(part):
            raise self.file.fault(
                place, f"says beside the part {name!r} what the part says too",
                "Say it in one of the two places.",
            )  # fmt: skip
        return {**beside, **part}


def _suggest(name: Any, known: list[str]) -> str:  # noqa: ANN401 - untrusted
    near = get_close_matches(str(name), known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(known) or 'none'}."
