"""Finds the texts that go with a person: who they are, what they wrote, what names them.

What is official stays: titles of documents, names of parties, words that a definition gives to an
act. Of what was imported, only what was imported as theirs is the person's own.
"""

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from workflow.domain import names
from workflow.domain.identity import JOINT_SECRETARIAT, Via
from workflow.log.leaf import Leaf, read_leaf
from workflow.persistence import erasing
from workflow.persistence.erasing import Repeated, Told
from workflow.persistence.people import PersonRow
from workflow.persistence.unit_of_work import Tx

ERASURE: Final = "erase"
"""The kind of the entry that says that a person was erased."""

OFFICIAL: Final = frozenset(
    {
        "title", "titles", "name", "names", "place", "link", "source", "meaning", "file", "giver",
        "holder", "claimed", "untold",
    }
)  # fmt: skip
"""Texts that no person said for themselves; one whose name goes on after a dot is of its kind."""

_ABOUT: Final = frozenset({"name", "file"})
"""Texts that say who the person of an entry is."""

_QUOTED: Final = frozenset({"filters", "claimed"})
"""Texts that the product writes and that quote logins."""

_PARTY_CHAIN = "party/"


@dataclass(frozen=True, slots=True)
class Erasable:
    """What goes: (text, entry) pairs, and the rows that repeat them.

    `kept_for` are the parties for which the person wrote too, and which somebody else governs.
    """

    texts: frozenset[tuple[str, int]]
    repeated: tuple[Repeated, ...]
    kept_for: tuple[str, ...]
    still_named_in: tuple[str, ...]

    @property
    def fields(self) -> Mapping[str, list[int]]:
        """Give the entries of each name of a text."""
        found: dict[str, list[int]] = defaultdict(list)
        for name, entry_id in sorted(self.texts):
            found[name].append(entry_id)
        return found


@dataclass(frozen=True, slots=True)
class _Text:
    """One text beside an entry."""

    told: Told
    leaf: Leaf
    name: str

    @property
    def key(self) -> tuple[str, int]:
        """Name the text and its entry."""
        return self.name, self.told.entry_id

    @property
    def is_official(self) -> bool:
        """Say whether nobody said it for themselves."""
        return self.name.partition(".")[0] in OFFICIAL

    @property
    def spoken_for(self) -> str | None:
        """Name the party in whose name it was said; a paper's is the seat's, not its recorder's."""
        party = self.leaf.facts.get("party") if self.leaf.kind == "sign" else None
        return party if isinstance(party, str) else self.leaf.party

    def is_about(self, pseudonym: str) -> bool:
        """Say whether it tells who the person is."""
        return self.name in _ABOUT and self.leaf.people.get("person") == pseudonym

    def is_of(self, pseudonym: str) -> bool:
        """Say whether the person wrote it, here or on a paper that somebody recorded."""
        if self.leaf.people.get("person") == pseudonym and self.leaf.kind == "sign":
            return self.name == "note" and "confirms" not in self.leaf.facts
        is_actor = self.leaf.people.get("actor") == pseudonym and self.leaf.via != Via.IMPORT
        return is_actor and not self.is_official

    def repeated_by(self, person_id: int | None) -> Repeated | None:
        """Give where rows of the proposal repeat it; those of one person, where one is given."""
        value = json.loads(self.told.texts[self.name])
        if self.told.proposal_id is None or not isinstance(value, str):
            return None
        return Repeated(self.told.proposal_id, value, person_id)


def sort_texts(
    tx: Tx, person: PersonRow, governed: Collection[str], *, keep_texts: bool, naming: bool
) -> Erasable:
    """Find what goes when the administrator of these parties erases the person."""
    sorting = _Sorting(person, governed)
    for text in _texts(erasing.told_of(tx, person.pseudonym)):
        if text.is_about(person.pseudonym):
            sorting.take(text)
        elif text.is_of(person.pseudonym) and not keep_texts:
            sorting.take_own(text)
    if not names.is_erased(person.login):
        for text in _texts(erasing.told_with(tx, list(map(_escaped, _names_of(person))))):
            sorting.take_naming(text, erase=naming)
    return sorting.done()


class _Sorting:
    """The texts that were looked at."""

    def __init__(self, person: PersonRow, governed: Collection[str]) -> None:
        self._person, self._governed = person, governed
        self._texts: set[tuple[str, int]] = set()
        self._repeated: set[Repeated] = set()
        self._kept_for: set[str] = set()
        self._naming: dict[str, None] = {}

    def take(self, text: _Text, repeated: Repeated | None = None) -> None:
        self._texts.add(text.key)
        if repeated is not None:
            self._repeated.add(repeated)

    def take_own(self, text: _Text) -> None:
        """Take what the person wrote, unless it is another party's to erase."""
        if self._is_governed(text):
            self.take(text, text.repeated_by(self._person.id))
        elif text.spoken_for is not None:
            self._kept_for.add(text.spoken_for)

    def take_naming(self, text: _Text, *, erase: bool) -> None:
        """Take what quotes the login, and where asked for what others say of the person."""
        if text.key in self._texts:
            return
        value = text.told.texts[text.name]
        # A line of history is JSON within JSON: its quotation marks are escaped.
        quoted = json.dumps(self._person.login) in value.replace('\\"', '"')
        if text.name in _QUOTED and quoted:
            self.take(text)
        elif _is_named(map(_escaped, _names_of(self._person)), value):
            if erase and not text.is_official and self._is_governed(text):
                self.take(text, text.repeated_by(None))
            else:
                self._naming[text.leaf.place] = None

    def done(self) -> Erasable:
        return Erasable(
            frozenset(self._texts),
            tuple(self._repeated),
            tuple(sorted(self._kept_for)),
            tuple(self._naming),
        )

    def _is_governed(self, text: _Text) -> bool:
        return text.spoken_for is None or text.spoken_for in self._governed


def names_person(person: PersonRow, text: str) -> bool:
    """Say whether a text holds a person's login or name as words of their own."""
    return _is_named(_names_of(person), text)


def added_by(tx: Tx, person: PersonRow) -> str:
    """Name the party that added somebody who never held a mandate; history is the secretariat's."""
    for told in erasing.told_of(tx, person.pseudonym):
        leaf = read_leaf(told.leaf)
        if leaf.kind == "person" and leaf.chain.startswith(_PARTY_CHAIN):
            return leaf.chain.removeprefix(_PARTY_CHAIN)
    return JOINT_SECRETARIAT


def _texts(found: Iterable[Told]) -> Iterator[_Text]:
    for told in found:
        leaf = read_leaf(told.leaf)
        # Why somebody was erased is the administrator's to answer for, and names nobody.
        if leaf.kind != ERASURE:
            yield from (_Text(told, leaf, name) for name in told.texts)


def _names_of(person: PersonRow) -> tuple[str, str]:
    return person.login, person.name


def _is_named(words: Iterable[str], text: str) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text) for each in words)


def _escaped(word: str) -> str:
    """Write a word as it stands within a text that is kept as JSON."""
    return json.dumps(word, ensure_ascii=False)[1:-1]
