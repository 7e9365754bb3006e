"""Says a verdict's tree in English for the command line, in the words that screens use, too."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.definition import Definition
    from workflow.domain.verdicts import Param
    from workflow.domain.vocabulary import Labels, Vocabulary
    from workflow.queries.cured import Cured
    from workflow.readings import Voice

_GROUPS = {"role": "roles", "capacity": "capacities", "type": "evidence", "stage": "stages"}


class Names:
    """Names what a reading mentions: labels of the definition and vocabulary, parties' names."""

    def __init__(
        self, vocabulary: "Vocabulary", definition: "Definition", parties: "Mapping[str, Labels]"
    ) -> None:
        self.vocabulary, self.definition, self.parties = vocabulary, definition, parties

    def __call__(self, kind: str, value: "Param") -> str:
        """Name one parameter; days stay ISO dates."""
        if not isinstance(value, str) or not value:
            return str(value)
        if kind in ("capacities", "states", "roles"):
            each = {"capacities": "capacity", "states": "state", "roles": "role"}[kind]
            names = [self(each, code) for code in value.split(", ")]
            return ", ".join(names) if kind == "roles" else self._joined(names)
        return self._one(kind, value)

    def _one(self, kind: str, code: str) -> str:
        from workflow.domain.vocabulary import choose  # noqa: PLC0415 - nothing loads for --help

        if kind == "place":
            return code.rpartition("/")[2].replace("_", " ")
        if kind in _GROUPS:
            return self._label(kind, code)
        labels = self._labels(kind, code)
        if labels is None:
            return code
        return choose(labels, "en") if kind == "party" else f"“{choose(labels, 'en')}”"

    def _label(self, kind: str, code: str) -> str:
        label = self.vocabulary.label(_GROUPS[kind], code, "en")
        if kind == "capacity":
            return label[:1].lower() + label[1:]
        return f"“{label}”" if kind == "stage" else label

    def _labels(self, kind: str, code: str) -> "Labels | None":
        match kind:
            case "party":
                return self.parties.get(code)
            case "state" | "to":
                return self.definition.states.get(code)
            case "step" if code in self.definition.steps:
                return self.definition.steps[code].labels
            case "field" if code in self.definition.fields:
                return self.definition.fields[code].labels
            case _:
                return None

    @staticmethod
    def _joined(names: list[str]) -> str:
        return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def voice_of(runtime: "Runtime", definition: "Definition") -> "Voice":
    """Give the voice of the command line: English, with names instead of codes."""
    from workflow.persistence.people import party_names  # noqa: PLC0415 - nothing loads for --help
    from workflow.readings import Voice  # noqa: PLC0415 - as above

    with runtime.uow.read() as tx:
        names = party_names(tx)
    return Voice(name_of=Names(runtime.vocabulary, definition, names))


def as_lines(told: "Cured | None", voice: "Voice", named: int, depth: int = 0) -> Iterator[str]:
    """Draw a tree, each part under what it belongs to: + holds, - does not, and who can cure it."""
    from workflow.readings import read_node  # noqa: PLC0415 - nothing loads for --help

    if told is not None:
        node = told.node
        who = "" if told.parts else first_of(told.who, named)
        yield f"{'  ' * depth}{'+' if node.satisfied else '-'} {voice.say(read_node(node))}{who}"
        for part in told.parts:
            yield from as_lines(part, voice, named, depth + 1)


def first_of(who: tuple[str, ...], most: int) -> str:
    """Name the first few: where anybody may help, a hundred logins help nobody."""
    if not who:
        return ""
    more = f" and {len(who) - most} more" if len(who) > most else ""
    return f" ({', '.join(who[:most])}{more})"
