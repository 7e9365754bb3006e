"""Reads plain mappings with the place it is at, so that each finding can name it."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from workflow.domain.findings import Fault, Finding
from workflow.domain.vocabulary import LANGUAGES, Labels


class Reading:
    """Takes values out of untrusted mappings, and gathers every fault instead of stopping."""

    def __init__(self) -> None:
        """Start with nothing found."""
        self.findings: list[Finding] = []

    def label_table(self, raw: Any, place: str) -> Mapping[str, Labels]:  # noqa: ANN401 - untrusted input
        """Read labels by name."""
        table = self.mapping(raw, place)
        return {name: self.labels(labels, f"{place}.{name}") for name, labels in table.items()}

    def labels(self, raw: Any, place: str) -> Labels:  # noqa: ANN401 - untrusted input
        """Read one label in every language."""
        labels = self.mapping(raw, place)
        missing = [each for each in LANGUAGES if not str(labels.get(each) or "").strip()]
        if missing:
            self.fault(place, f"has no text in {', '.join(missing)}", code=Fault.MISSING_LABEL)
        if any(text and not isinstance(text, str) for text in labels.values()):
            self.fault(place, "must be words; put one such as 12 or true in quotes")
        for language in sorted(set(map(str, labels)) - set(LANGUAGES)):
            known = ", ".join(LANGUAGES)
            self.fault(
                place, f"has a text in {language!r}, which is not one of {known}",
                code=Fault.LANGUAGE,
            )  # fmt: skip
        return {str(key): str(value) for key, value in labels.items()}

    def words(
        self,
        raw: Any,  # noqa: ANN401 - untrusted input
        place: str,
        known: Collection[str] | None = None,
    ) -> tuple[str, ...]:
        """Read a list of words, each of them known where `known` is given."""
        if not isinstance(raw, list) or not all(isinstance(word, str) for word in raw):
            self.fault(place, "must be a list of words; put a word such as true in quotes")
            return ()
        for word in raw:
            if known is not None and word not in known:
                self.unknown(word, place, known)
        return tuple(raw)

    def choice(self, raw: Any, place: str, known: tuple[str | None, ...]) -> str | None:  # noqa: ANN401 - untrusted input
        """Read one of the known words."""
        if raw not in known:
            self.unknown(raw, place, [word for word in known if word is not None])
            return None
        return None if raw is None else str(raw)

    def mapping(self, raw: Any, place: str) -> Mapping[str, Any]:  # noqa: ANN401 - untrusted input
        """Read a mapping."""
        if not isinstance(raw, Mapping):
            self.fault(place, "must be a mapping of names to values")
            return {}
        return raw

    def keys(self, mapping: Mapping[str, Any], known: set[str], place: str) -> None:
        """Refuse keys that nobody knows."""
        for key in sorted(set(map(str, mapping)) - known):
            self.fault(
                place, f"does not know {key!r}; it knows {', '.join(sorted(known))}",
                nearest(key, known), Fault.UNKNOWN_KEY,
            )  # fmt: skip

    def text(self, raw: Any, place: str) -> str:  # noqa: ANN401 - untrusted input
        """Read a word."""
        if not isinstance(raw, str) or not raw:
            self.fault(place, "must be a word; put one such as NO or 12 in quotes")
            return ""
        return raw

    def count(self, raw: Any, place: str) -> int:  # noqa: ANN401 - untrusted input
        """Read a whole number from 1."""
        if isinstance(raw, bool) or not isinstance(raw, int) or raw < 1:
            self.fault(place, "must be a whole number from 1")
            return 1
        return raw

    def flag(self, raw: Any, place: str) -> bool:  # noqa: ANN401 - untrusted input
        """Read true or false; absent is false."""
        if raw not in (None, True, False):
            self.fault(place, "must be true or false")
        return bool(raw)

    def unknown(self, word: Any, place: str, known: Collection[str]) -> None:  # noqa: ANN401 - untrusted input
        """Find a word that is not among those known."""
        self.fault(
            place, f"{word!r} is not one of {', '.join(sorted(known))}", nearest(word, known),
            Fault.UNKNOWN_WORD,
        )  # fmt: skip

    def fault(
        self, place: str, problem: str, suggestion: str = "", code: Fault = Fault.MALFORMED
    ) -> None:
        """Keep a finding."""
        self.findings.append(Finding(code, place, problem, suggestion))


def nearest(word: object, known: Collection[str]) -> str:
    """Ask whether a known word was meant; '' where none is near."""
    near = get_close_matches(str(word), list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else ""
