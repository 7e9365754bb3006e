"""Stored entries as records of an export, with the texts and people that are not erased."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count, repeat

from sqlalchemy import ColumnElement

from workflow.domain.disclosure import Disclosure
from workflow.domain.entry import leaf_hash
from workflow.export.row import Record, quick_form
from workflow.log.leaf import LeafError
from workflow.log.leaf_form import KnownForm
from workflow.persistence.entry_rows import (
    BATCH_ROWS,
    Leaves,
    count_entries,
    disclose_text,
    find_place,
    read_leaves,
    read_subjects,
    stream_leaves,
)
from workflow.persistence.leaf_places import MisplacedError, Places, stream_places
from workflow.persistence.unit_of_work import Tx

_MOST_PEOPLE = 20_000

Batches = Iterator[Iterable[Record]]


@dataclass(slots=True)
class Records:
    """Reads entries in batches; the people behind them are looked up once."""

    tx: Tx
    _people: dict[str, Disclosure | None] = field(default_factory=dict)

    def whole(self) -> Batches:
        """Yield all entries in the order of the tree, then those that wait. Raises: LeafError."""
        passed = 0
        try:
            for first_leaf, ids in stream_places(self.tx, BATCH_ROWS):
                leaves = read_leaves(self.tx, ids)
                if len(leaves.rows) != len(ids):
                    lost = min(set(ids) - {row[0] for row in leaves.rows})
                    raise LeafError(f"entry {lost}: it is missing")
                waiting = first_leaf is None
                yield self.records(leaves, repeat(None) if waiting else count(first_leaf or 0))
                passed += len(ids)
        except MisplacedError as error:
            raise LeafError(f"its tree: {error}") from error
        if passed != (stored := count_entries(self.tx)):
            raise LeafError(f"its tree: {stored - passed} entries are neither in it nor waiting")

    def selected(self, where: Sequence[ColumnElement[bool]]) -> Batches:
        """Yield entries in the order they were written. Raises: LeafError."""
        places = Places(self.tx)
        for leaves in stream_leaves(self.tx, where):
            yield self.records(leaves, places.find([row[0] for row in leaves.rows]))

    def records(self, leaves: Leaves, indices: Iterable[int | None]) -> Iterator[Record]:
        """Yield entries as records, one at a time. Raises: LeafError when a leaf is damaged."""
        forms = [self._read(*row) for row in leaves.rows]
        self._look_up(forms)
        texts = leaves.texts
        # Nothing of a record outlives its row: what piles up costs the collector more than all.
        for (entry_id, leaf, hashed), form, index in zip(leaves.rows, forms, indices, strict=False):
            found = {each[1]: disclose_text(each) for each in texts.get(entry_id, ())}
            self._add_people(found, form)
            yield Record(leaf, found, index, form, hashed)

    def _read(self, entry_id: int, leaf: bytes, hashed: bytes) -> KnownForm:
        # What else may be wrong with a leaf is for verify to say: an export hides nothing.
        what = "the leaf does not have the hash that is stored with it"
        try:
            if leaf_hash(leaf) == hashed:
                return quick_form(leaf)
        except (LeafError, TypeError) as error:
            what = str(error)
        raise LeafError(f"{find_place(self.tx, entry_id)}: {what}")

    def _add_people(self, found: dict[str, Disclosure], form: KnownForm) -> None:
        people, actor, person = self._people, form.actor, form.object.person
        if actor.pseudonym and (known := people.get(actor.pseudonym)):
            found["actor"] = known
        if actor.on_behalf_of and (known := people.get(actor.on_behalf_of)):
            found["on_behalf_of"] = known
        if person and (known := people.get(person)):
            found["person"] = known

    def _look_up(self, forms: Sequence[KnownForm]) -> None:
        if len(self._people) > _MOST_PEOPLE:
            self._people.clear()
        named = {form.actor.pseudonym for form in forms}
        named.update(form.actor.on_behalf_of for form in forms)
        named.update(form.object.person for form in forms)
        fresh = sorted(each for each in named if each and each not in self._people)
        if fresh:
            self._people.update(dict.fromkeys(fresh))
            for pseudonym, person in read_subjects(self.tx, fresh).items():
                if person.salt is not None:
                    self._people[pseudonym] = Disclosure("login", person.salt, person.login)
