"""Loads workflow definitions: safe YAML in, one resolved plain mapping out.

A file that `extends` another takes everything the other says and says over what differs; a
`part:` is written out where it is used. What comes out names neither, so that a published
edition stands on its own.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from config.definition_fields import take_offered_fields
from config.definition_origins import Origins
from config.definition_parts import Parts, suggest
from config.definition_yaml import DefinitionFileError, YamlFile, read_yaml

WORKFLOWS = Path(__file__).parent / "workflows"
"""The folder of the shipped definitions."""

BASE = "base"
VOCABULARY = "vocabulary"

MOST_ANCESTORS = 5
"""How many files may extend one another."""

__all__ = [
    "WORKFLOWS", "DefinitionFileError", "Loaded", "load", "load_file", "load_vocabulary",
    "shipped_kinds",
]  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """A resolved definition, and where everything in it is written."""

    mapping: dict[str, Any]
    origins: Origins


def load(path: Path, *, folder: Path | None = None) -> Loaded:
    """Load a definition file, resolved: without `extends` and `parts`.

    `folder` holds the files that may be extended; without it, the file's own folder and then
    the shipped one are looked in.

    Raises: DefinitionFileError.
    """
    folders = (folder,) if folder else (Path(path).parent, WORKFLOWS)
    files = _with_ancestors(read_yaml(Path(path)), folders)
    merged: dict[str, Any] = {}
    for file in reversed(files):
        own = {key: value for key, value in file.mapping.items() if key != "extends"}
        merged = _merged(file, merged, own) if merged else own
    origins = Origins(files)
    parts = merged.pop("parts", None) or {}
    steps = merged.get("steps")
    if isinstance(steps, dict):
        merged["steps"] = Parts(origins, parts).in_steps(steps)
    take_offered_fields(merged)
    return Loaded(merged, origins)


def load_file(path: Path, *, folder: Path | None = None) -> dict[str, Any]:
    """Give the resolved mapping alone; see `load`.

    Raises: DefinitionFileError.
    """
    return load(path, folder=folder).mapping


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


def _with_ancestors(file: YamlFile, folders: tuple[Path, ...]) -> tuple[YamlFile, ...]:
    """Give a file and, in turn, each that the one before extends."""
    files = [file]
    while (extended := files[-1].mapping.get("extends")) is not None:
        last = files[-1]
        path = _find(last, extended, folders)
        if path.resolve() in {each.path.resolve() for each in files}:
            raise last.fault(
                ("extends",), f"extends {extended!r}, which extends it again", "Break the circle."
            )
        if len(files) > MOST_ANCESTORS:
            raise last.fault(
                ("extends",), f"is the end of more than {MOST_ANCESTORS} files that extend one "
                "another", "Make them fewer.",
            )  # fmt: skip
        files.append(read_yaml(path))
    return tuple(files)


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
        ("extends",), f"extends {name!r}, and there is no such file", suggest(name, known)
    )


def _merged(file: YamlFile, ancestor: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Say `own` over `ancestor`: mappings entry by entry, steps key by key, all else whole."""
    merged = {**ancestor}
    for key, value in own.items():
        inherited = ancestor.get(key)
        if key == "steps" and isinstance(value, dict) and isinstance(inherited, dict):
            merged[key] = _merged_steps(file, inherited, value)
        elif isinstance(value, dict) and isinstance(inherited, dict):
            merged[key] = _without_nulls({**inherited, **value}, inherited)
        else:
            merged[key] = value
    return merged


def _without_nulls(entries: dict[str, Any], inherited: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is inherited and written as null."""
    return {
        name: value for name, value in entries.items() if value is not None or name not in inherited
    }


def _merged_steps(file: YamlFile, inherited: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Merge each step key by key; a step written as null is left out of this kind."""
    steps = {**inherited}
    for name, step in own.items():
        if step is None:
            if name not in inherited:
                raise file.fault(
                    ("steps", name), f"leaves out {name!r}, a step it does not inherit",
                    suggest(name, sorted(inherited)),
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
