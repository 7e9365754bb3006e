"""A reading: what a rule or a verdict says in plain words, before it is said in a language."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from workflow.domain.verdicts import Param

Params = Mapping[str, Param]
Translate = Callable[[str], str]
TranslatePlural = Callable[[str, str, int], str]
NameOf = Callable[[str, Param], str]
"""Say a parameter (its kind, its value) as the reader would: ('role', 'finance_ministry')."""


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own mark for sentences translated later
    """Mark a sentence for the catalogues."""
    return sentence


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802 - as above, with a plural
    """Mark a sentence and its plural for the catalogues."""
    return one, many


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence, without its full stop, and what is said of it in brackets."""

    sentence: str | tuple[str, str]
    """A msgid, or a msgid and its plural."""
    params: Params = field(default_factory=dict)
    number: int = 1
    """What the plural goes by."""
    notes: tuple["Reading", ...] = ()


def _english(one: str, many: str, number: int) -> str:
    return one if number == 1 else many


@dataclass(frozen=True, slots=True)
class Voice:
    """How a reader is spoken to: their language's sentences and names; else English and codes."""

    translate: Translate = str
    translate_plural: TranslatePlural = _english
    name_of: NameOf = lambda _kind, value: str(value)

    def say(self, reading: Reading) -> str:
        """Say a reading."""
        text = self._sentence(reading) % self._named(reading.params)
        if not reading.notes:
            return text
        notes = self.join(N_("%(before)s; %(after)s"), map(self.say, reading.notes))
        return self.translate(N_("%(reading)s (%(notes)s)")) % {"reading": text, "notes": notes}

    def join(self, pattern: str, texts: Iterable[str]) -> str:
        """Join texts two by two by a pattern that names `before` and `after`."""
        joined = ""
        for text in texts:
            both = {"before": joined, "after": text}
            joined = self.translate(pattern) % both if joined else text
        return joined

    def _sentence(self, reading: Reading) -> str:
        if isinstance(reading.sentence, str):
            return self.translate(reading.sentence)
        return self.translate_plural(*reading.sentence, reading.number)

    def _named(self, params: Params) -> "_Named":
        return _Named({kind: self.name_of(kind, value) or "–" for kind, value in params.items()})


class _Named(dict[str, str]):
    """Parameters by name; one that is left out reads as a dash, never as an error."""

    def __missing__(self, key: str) -> str:
        return "–"
