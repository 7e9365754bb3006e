"""Stored entries as records of an export, with the texts and people that are not erased."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement

from workflow.domain.disclosure import Disclosure
from workflow.domain.entry import leaf_hash
from workflow.export.row import Record, quick_form
from workflow.log.leaf import LeafError
from workflow.log.leaf_form import KnownForm
from workflow.persistence.entry_rows import (
    BATCH_ROWS,
    LeafRow,
    count_entries,
    read_leaves,
    read_subjects,
    stream_leaves,
)
from workflow.persistence.leaf_places import MisplacedError, Places, stream_places
from workflow.persistence.unit_of_work import Tx

_MOST_PEOPLE = 20_000

Batches = Iterator[list[Record]]


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
                rows = read_leaves(self.tx, ids)
                if len(rows) != len(ids):
                    lost = min(set(ids) - {row.id for row in rows})
                    raise LeafError(f"entry {lost}: it is missing")
                after = range(first_leaf, first_leaf + len(ids)) if first_leaf is not None else None
                yield self.records(rows, after or [None] * len(rows))
                passed += len(rows)
        except MisplacedError as error:
            raise LeafError(f"its tree: {error}") from error
        if passed != (stored := count_entries(self.tx)):
            raise LeafError(f"its tree: {stored - passed} entries are neither in it nor waiting")

    def selected(self, where: Sequence[ColumnElement[bool]]) -> Batches:
        """Yield entries in the order they were written. Raises: LeafError."""
        places = Places(self.tx)
        for rows in stream_leaves(self.tx, where):
            yield self.records(rows, places.find([row.id for row in rows]))

    def records(self, rows: Sequence[LeafRow], indices: Sequence[int | None]) -> list[Record]:
        """Return rows as records. Raises: LeafError when a leaf is damaged."""
        forms = [_read(row) for row in rows]
        self._look_up(forms)
        return [
            Record(row.leaf, self._disclose(row, form), index, form, row.leaf_hash)
            for row, form, index in zip(rows, forms, indices, strict=True)
        ]

    def _disclose(self, row: LeafRow, form: KnownForm) -> dict[str, Disclosure]:
        found, people = dict(row.details), self._people
        if (pseudonym := form.actor.pseudonym) and (known := people.get(pseudonym)):
            found["actor"] = known
        if (pseudonym := form.actor.on_behalf_of) and (known := people.get(pseudonym)):
            found["on_behalf_of"] = known
        if (pseudonym := form.object.person) and (known := people.get(pseudonym)):
            found["person"] = known
        return found

    def _look_up(self, forms: Sequence[KnownForm]) -> None:
        named = {form.actor.pseudonym for form in forms}
        named.update(form.actor.on_behalf_of for form in forms)
        named.update(form.object.person for form in forms)
        fresh = sorted(each for each in named if each and each not in self._people)
        if len(self._people) > _MOST_PEOPLE:
            self._people.clear()
            fresh = sorted(filter(None, named))
        if fresh:
            self._people.update(dict.fromkeys(fresh))
            for pseudonym, person in read_subjects(self.tx, fresh).items():
                if person.salt is not None:
                    self._people[pseudonym] = Disclosure("login", person.salt, person.login)


def _read(row: LeafRow) -> KnownForm:
    # What else may be wrong with a leaf is for verify to say: an export hides nothing.
    try:
        if leaf_hash(row.leaf) == row.leaf_hash:
            return quick_form(row.leaf)
    except (LeafError, TypeError) as error:
        raise LeafError(f"{row.chain} #{row.sequence}: {error}") from error
    what = "the leaf does not have the hash that is stored with it"
    raise LeafError(f"{row.chain} #{row.sequence}: {what}")
