"""Puts a backup in the place of a database, after seeing that it is whole and forks no log.

A backup is shorter than the log was when it was lost. Entries that a checkpoint vouched for would
be missing, and going on under the log's name would be a second history: so that is refused, or
done in the open, under a new name that is recorded. Why: `docs/decisions/0025-erasure.md`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from workflow.domain.entry import Draft
from workflow.domain.identity import Via
from workflow.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint
from workflow.log.keys import SigningKey, VerifierKey
from workflow.log.tiles import Tree
from workflow.persistence import checkpoints, postgresql_tools, sqlite_files
from workflow.persistence.entries import append
from workflow.persistence.entry_scope import LOG
from workflow.persistence.revisions import present_revision
from workflow.persistence.revisions import upgrade as run_revisions
from workflow.persistence.unit_of_work import Tx, UnitOfWork, open_engine
from workflow.services.backup import DamagedError, Watch, verify_log
from workflow.services.install import upgrade
from workflow.services.log_keys import add_key
from workflow.services.runtime import LogKey, Runtime
from workflow.services.seal import seal
from workflow.services.tree import read_tree

RESTORED = "restore"
"""The kind of the entry that says that entries were lost and the log goes on under another name."""

_PROBLEMS = {
    "not_a_backup": "{path} is no backup of this product: 'summit backup FILE' makes one.",
    "other_database": "{path} is of the other kind of database than SUMMIT_DATABASE_URL names.",
    "in_use": "{path} is a database in use: make a copy with 'summit backup FILE' first.",
    "newer": "{path} was made by a newer version: install that one and restore with it.",
    "not_empty": "The database holds something already: --replace puts the backup in its place"
    " and keeps the former file beside it.",
    "not_empty_server": "The database holds something already: make an empty one, name it in"
    " SUMMIT_DATABASE_URL and restore there; the old one stays until you drop it.",
    "entries_lost": "The log had {vouched} entries when it last signed, the backup has {size}: the"
    " later ones would be lost, and whoever kept a checkpoint would see the log rolled back. Look"
    " for a newer backup; --accept-loss goes on without them, under a new name of the log.",
    "extent_unknown": "The last checkpoint that the log's key signed is not beside the key, so"
    " nothing here says how far the log was signed: give the newest one that anybody kept with"
    " --since; --accept-loss goes on without, under a new name of the log.",
    "log_forked": "The backup's log is not the one that was signed: its first {vouched} entries are"
    " others. It is not restored.",
    "other_key": "The log's key here is that of {origin}, the backup's log is {own}: put that log's"
    " key file in place, or move this one away.",
    "unreadable_checkpoint": "The checkpoint cannot be used: {problem}.",
}


class RestoreRefusedError(Exception):
    """A backup is not restored, and everything is as it was; the text says what to do."""

    def __init__(self, code: str, **facts: object) -> None:
        """Keep the code, and the sentence that it stands for."""
        super().__init__(_PROBLEMS[code].format(**facts))
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """Which backup; `since` is a checkpoint that somebody kept, as a note."""

    path: Path
    replace: bool = False
    since: bytes | None = None
    accept_loss: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What stands now: entries, how many vouched ones are lost, and the log's new key if any.

    `uncertain` says that nobody here knows how many are. `aside` is where the former database
    file stands.
    """

    entries: int
    lost: int = 0
    uncertain: bool = False
    aside: Path | None = None
    vkey: str | None = None


def restore(
    runtime: Runtime,
    order: Restore,
    owner_url: str | None = None,
    make_key: Callable[[], SigningKey] | None = None,
    watch: Watch = lambda _: None,
) -> Restored:
    """Verify a backup and put it in the database's place; `make_key` makes a new log's key.

    `watch` is told what is being done.

    Raises: RestoreRefusedError, DamagedError, InUseError, NoToolError, ToolFailedError, OSError,
    and everything that was there is then as it was.
    """
    runtime.engine.dispose()
    is_file = runtime.engine.dialect.name == "sqlite"
    _see_that_it_is_one(order.path, is_file=is_file)
    watch("Verifying and restoring")
    restored = (
        _restore_file(runtime, order) if is_file else _restore_dump(runtime, order, owner_url)
    )
    broken_off = restored.lost or restored.uncertain
    return _go_on(runtime, restored, make_key) if broken_off else restored


def _see_that_it_is_one(path: Path, *, is_file: bool) -> None:
    with path.open("rb") as content:
        head = content.read(len(sqlite_files.MAGIC))
    magics = {sqlite_files.MAGIC: True, postgresql_tools.MAGIC: False}
    sort = next((sort for magic, sort in magics.items() if head.startswith(magic)), None)
    if sort is None:
        raise RestoreRefusedError("not_a_backup", path=path)
    if sort is not is_file:
        raise RestoreRefusedError("other_database", path=path)
    if path.with_name(f"{path.name}-wal").exists():
        raise RestoreRefusedError("in_use", path=path)


def _restore_file(runtime: Runtime, order: Restore) -> Restored:
    path = Path(runtime.engine.url.database or "")
    if not order.replace and not sqlite_files.is_empty(path):
        raise RestoreRefusedError("not_empty")
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.before-{runtime.clock():%Y%m%dT%H%M%SZ}")
    with sqlite_files.private_copy(order.path, path.parent) as fresh:
        restored = _examine_file(runtime, order, fresh)
        was_there = sqlite_files.put_in_place(fresh, path, aside)
    return replace(restored, aside=aside if was_there else None)


def _examine_file(runtime: Runtime, order: Restore, fresh: Path) -> Restored:
    if damage := sqlite_files.find_damage(fresh):
        raise DamagedError(damage)
    with sqlite_files.opened(fresh) as engine:
        with engine.connect() as connection:
            _see_that_it_is_ours(connection, order.path)
        _upgrade(order.path, lambda: run_revisions(engine))
        return _examine(runtime, UnitOfWork(engine, runtime.clock, runtime.ids), order)


def _restore_dump(runtime: Runtime, order: Restore, owner_url: str | None) -> Restored:
    with _owning(runtime, owner_url) as engine:
        with engine.connect() as connection:
            if postgresql_tools.holds_tables(connection):
                raise RestoreRefusedError("not_empty_server")
        tools = postgresql_tools.find_tools(engine)
        tools.read(order.path)
        tools.restore(order.path)
        try:
            with engine.connect() as connection:
                _see_that_it_is_ours(connection, order.path)
            _upgrade(order.path, lambda: upgrade(runtime, owner_url))
            return _examine(runtime, runtime.uow, order)
        except BaseException:
            # It was empty before, and what is not good must not look as if it were.
            postgresql_tools.empty(engine)
            raise


@contextmanager
def _owning(runtime: Runtime, owner_url: str | None) -> Iterator[Engine]:
    """Give the engine of the role that owns the tables."""
    engine = open_engine(owner_url) if owner_url else runtime.engine
    try:
        yield engine
    finally:
        # The runtime's is used again; its connections open anew.
        engine.dispose()


def _see_that_it_is_ours(connection: Connection, path: Path) -> None:
    if present_revision(connection) is None:
        raise RestoreRefusedError("not_a_backup", path=path)


def _upgrade(path: Path, run: Callable[[], None]) -> None:
    try:
        run()
    except CommandError as error:  # it knows no such revision
        raise RestoreRefusedError("newer", path=path) from error


def _examine(runtime: Runtime, uow: UnitOfWork, order: Restore) -> Restored:
    """Verify the log, and compare it with every checkpoint that is known of it."""
    entries = verify_log(uow)
    with uow.read() as tx:
        kept = _known_checkpoints(tx, order, runtime.read_log_key())
        tree = read_tree(tx)
        forked = [each for each in kept if each.size <= tree.size and not _continues(tree, each)]
        uncertain = not kept and _signs_here(tx, runtime.read_log_key())
    if forked:
        raise RestoreRefusedError("log_forked", vouched=forked[0].size)
    if uncertain and not order.accept_loss:
        raise RestoreRefusedError("extent_unknown")
    # What waited when the backup was made was sealed in the same order after it, if it was.
    seal(replace(runtime, uow=uow, read_log_key=lambda: None))
    with uow.read() as tx:
        tree = read_tree(tx)
        missing = [each.size for each in kept if not _continues(tree, each)]
    if missing and not order.accept_loss:
        raise RestoreRefusedError("entries_lost", vouched=max(missing), size=tree.size)
    lost = max(1, max(missing) - tree.size) if missing else 0
    return Restored(entries=entries, lost=lost, uncertain=uncertain)


def _signs_here(tx: Tx, key: LogKey | None) -> bool:
    """Say whether the key on this machine has signed the backup's log."""
    return key is not None and checkpoints.newest_checkpoint(tx) is not None


def _continues(tree: Tree, kept: Checkpoint) -> bool:
    """Say whether a tree begins with what a checkpoint vouches for."""
    return kept.size <= tree.size and tree.root_at(kept.size) == kept.root


def _known_checkpoints(tx: Tx, order: Restore, key: LogKey | None) -> list[Checkpoint]:
    """Return what is known of how far this log was signed: beside its key, and by who asks."""
    known = [VerifierKey.parse(each) for each in checkpoints.read_vkeys(tx)]
    signers = [each.verifier for each in key.signers()] if key is not None else []
    if known and signers and known[-1].name != signers[0].name:
        raise RestoreRefusedError("other_key", origin=signers[0].name, own=known[-1].name)
    last = key.last() if key is not None and known else None
    notes = filter(None, (last.encode() if last else None, order.since))
    try:
        return [open_checkpoint(note, *known, *signers) for note in notes]
    except CheckpointError as error:
        raise RestoreRefusedError("unreadable_checkpoint", problem=error) from error


def _go_on(
    runtime: Runtime, restored: Restored, make_key: Callable[[], SigningKey] | None
) -> Restored:
    """Record what is lost, and let the log go on under the name of a new key."""
    with runtime.uow.write() as tx:
        facts = {
            "entries": restored.entries, "lost": restored.lost, "uncertain": restored.uncertain,
        }  # fmt: skip
        append(tx, [Draft(chain=LOG, kind=RESTORED, via=Via.SETUP, facts=facts)])
    vkey = add_key(runtime, make_key()) if make_key is not None else None
    return replace(restored, vkey=vkey)
