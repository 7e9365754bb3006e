"""The words a deployment uses for roles, capacities, evidence and decisions, in four languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.domain.requirement import role_covers

LANGUAGES = ("en", "ja", "uz", "ru")
"""The languages every label and sentence exists in; English is what others fall back to."""

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Labels of each word, by group (`roles`, `capacities`, `evidence`, `decisions` ...)."""

    groups: Mapping[str, Mapping[str, Labels]]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Mapping[str, Labels]]) -> "Vocabulary":
        """Take the groups of a vocabulary file as they are."""
        return cls(dict(mapping))

    def knows(self, group: str, word: str) -> bool:
        """Say whether the word is in the group."""
        return word in self.groups.get(group, {})

    def knows_role(self, role: str) -> bool:
        """Say whether the role, or one that it refines, is known."""
        return any(role_covers(known, role) for known in self.groups.get("roles", {}))

    def label(self, group: str, word: str, language: str) -> str:
        """Say the word in a language; an unknown finer role is said as its code."""
        labels = self.groups.get(group, {}).get(word)
        return choose(labels, language) if labels else word


def choose(labels: Labels, language: str) -> str:
    """Choose the label of a language, else English, else any there is."""
    return labels.get(language) or labels.get("en") or next(iter(labels.values()), "")
