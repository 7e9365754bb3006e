"""Writes the named parts of a definition out where they are used."""

from difflib import get_close_matches
from typing import Any

from config.definition_origins import PARTS, STEPS, Origins
from config.definition_yaml import Place

MOST_PARTS = 2000
"""Parts that one definition may hold once they are written out; parts of parts grow fast."""

MOST_INSIDE = 10
"""How many parts may stand inside one another."""


class Parts:
    """The named parts of one definition."""

    def __init__(self, origins: Origins, parts: Any) -> None:  # noqa: ANN401 - untrusted
        """Take the parts as the file gives them.

        Raises: DefinitionFileError when they are not a mapping.
        """
        if not isinstance(parts, dict):
            raise origins.fault((PARTS,), "has `parts` that is not a mapping", "Name each part.")
        self.origins = origins
        self.parts: dict[str, Any] = parts
        self.written = 0

    def in_steps(self, steps: dict[str, Any]) -> dict[str, Any]:
        """Give the steps with every part in their needs written out.

        Raises: DefinitionFileError for a part that is unknown or inside itself.
        """
        for name in self.parts:
            self._expand({"part": name}, (PARTS, name), ())
        self.written = 0
        return {
            name: {**step, "needs": self._expand(step["needs"], (STEPS, name, "needs"), ())}
            if isinstance(step, dict) and "needs" in step
            else step
            for name, step in steps.items()
        }

    def _expand(self, need: Any, place: Place, inside: tuple[str, ...]) -> Any:  # noqa: ANN401 - untrusted
        """Give the need with every part in it written out."""
        self.written += 1
        if self.written > MOST_PARTS:
            raise self.origins.fault(
                place, f"needs more than {MOST_PARTS} parts once they are written out",
                "Use fewer parts of parts.",
            )  # fmt: skip
        if isinstance(need, list):
            return [self._expand(each, (*place, at), inside) for at, each in enumerate(need)]
        if not isinstance(need, dict):
            return need
        if "part" in need:
            return self._named(need, place, inside)
        return {
            key: self._expand(value, (*place, key), inside)
            if isinstance(value, list)
            or (isinstance(value, dict) and key not in ("signoffs", "evidence"))
            else value
            for key, value in need.items()
        }

    def _named(self, need: dict[str, Any], place: Place, inside: tuple[str, ...]) -> dict[str, Any]:
        """Give the part that a `part:` names, with what stands beside the name (a stage)."""
        name = need["part"]
        if not isinstance(name, str) or name not in self.parts:
            raise self.origins.fault(
                (*place, "part"), f"uses the part {name!r}, which nothing defines",
                suggest(name, sorted(self.parts)),
            )  # fmt: skip
        if name in inside:
            raise self.origins.fault(
                (*place, "part"), f"uses the part {name!r} inside itself", "Break the circle."
            )
        if len(inside) == MOST_INSIDE:
            raise self.origins.fault(
                (*place, "part"), f"has more than {MOST_INSIDE} parts inside one another",
                "Make them flatter.",
            )  # fmt: skip
        part = self._expand(self.parts[name], (PARTS, name), (*inside, name))
        beside = {key: value for key, value in need.items() if key != "part"}
        if not isinstance(part, dict) or set(beside) & set(part):
            raise self.origins.fault(
                place, f"says beside the part {name!r} what the part says too",
                "Say it in one of the two places.",
            )  # fmt: skip
        return {**beside, **part}


def suggest(name: Any, known: list[str]) -> str:  # noqa: ANN401 - untrusted
    """Say which known name was probably meant, else which are known."""
    near = get_close_matches(str(name), known, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known are {', '.join(known) or 'none'}."
