"""Says which file, and which line of it, each place of a resolved definition comes from."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.definition_yaml import DefinitionFileError, Place, YamlFile

STEPS, PARTS = "steps", "parts"
_MERGED = {STEPS: 3}
"""How many keys are merged one by one before a file's value is taken whole; of others, two."""


@dataclass(frozen=True)
class Origins:
    """The files that a definition is made of, itself first, then what each extends."""

    files: tuple[YamlFile, ...]

    def of(self, place: str) -> tuple[Path, int]:
        """Give the file and line of a place such as `steps.agree.needs.all[1].signoffs`."""
        keys = re.findall(r"[^.\[\]]+", place)
        file, found = self.trace(tuple(int(key) if key.isdecimal() else key for key in keys))
        return file.path, file.line(found) or 1

    def fault(self, place: Place, problem: str, suggestion: str) -> DefinitionFileError:
        """Make the error that names a place; `problem` reads after the file's name."""
        file, found = self.trace(place)
        return file.fault(found, problem, suggestion)

    def trace(self, place: Place) -> tuple[YamlFile, Place]:
        """Give the file that says what is at a place, and where in it: there or around it."""
        file, at = self._owner(place[: _MERGED.get(place[0], 2)]) if place else (self.files[0], ())
        for key in place[len(at) :]:
            file, at = self._into_part(file, at, key)
            if not _has(file.mapping, (*at, key)):
                break
            at = (*at, key)
        return file, at

    def _owner(self, place: Place) -> tuple[YamlFile, Place]:
        """Give the first file that says something at a place, else around it."""
        while place:
            for file in self.files:
                if _has(file.mapping, place):
                    return file, place
            place = place[:-1]
        return self.files[0], ()

    def _into_part(self, file: YamlFile, at: Place, key: Any) -> tuple[YamlFile, Place]:  # noqa: ANN401 - a name or a position
        """Follow `part: name` to what the name stands for, unless the key stands beside it."""
        passed: set[Any] = set()
        said = _value(file.mapping, at)
        while isinstance(said, dict) and "part" in said and key not in said:
            name = said["part"]
            if not isinstance(name, str) or name in passed or not self._defines(name):
                break
            passed.add(name)
            file, at = self._owner((PARTS, name))
            said = _value(file.mapping, at)
        return file, at

    def _defines(self, name: str) -> bool:
        return any(_has(file.mapping, (PARTS, name)) for file in self.files)


def _value(mapping: Any, place: Place) -> Any:  # noqa: ANN401 - YAML holds any value
    for key in place:
        mapping = mapping[key]
    return mapping


def _has(mapping: Any, place: Place) -> bool:  # noqa: ANN401 - YAML holds any value
    for key in place:
        if not isinstance(mapping, dict | list):
            return False
        try:
            mapping = mapping[key]
        except (KeyError, IndexError, TypeError):
            return False
    return True
