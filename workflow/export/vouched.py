"""What an export's last line is vouched for: the checkpoints in it, and one that somebody kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workflow.export.tail import Scope, Tail
from workflow.log.bundle.verify import Trust
from workflow.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint, parse_checkpoint
from workflow.log.policy import Policy, judge_checkpoint
from workflow.log.verdict import SignedTree

NO_TRUST = Trust(keys=())
"""Nothing to check signatures with."""


class NotComparableError(Exception):
    """A selection says nothing about an older checkpoint or a receipt."""


@dataclass(slots=True)
class Vouched:
    """The checkpoints that the rows of an export are compared with; `fault` if one is none."""

    trust: Trust
    scope: Scope
    since: Checkpoint | None = None
    newest: Checkpoint | None = None
    cosigned: Checkpoint | None = None
    signed: SignedTree | None = None
    also: list[str] = field(default_factory=list)
    fault: str | None = None

    def sizes(self) -> set[int]:
        """Return the sizes at which the tree's root is wanted."""
        found = (self.newest, self.cosigned, self.since)
        return {each.size for each in found if each is not None}

    def find_faults(self, roots: dict[int, bytes], sealed: int, count: int) -> Iterator[str]:
        """Yield what is wrong with the checkpoints, given the roots over the rows of a whole log.

        Afterwards `also` says what was compared, and what nothing vouches for: whoever writes a
        file of rows of their own can add any checkpoint that the log ever signed.
        """
        if self.fault is not None:
            yield self.fault
        if self.scope.whole:
            yield from self._compare(roots, sealed, count)
        elif self.signed is not None:
            said = f"{self.signed.sentence}, but that these rows are in it only a bundle proves"
            self.also.append(said)
            self.signed = None
        if not self.trust.keys and self.newest is not None:
            self.also.append("whether the log signed it was not checked, which takes --vkey")

    def _compare(self, roots: dict[int, bytes], sealed: int, count: int) -> Iterator[str]:
        for checkpoint in filter(None, (self.newest, self.cosigned)):
            if roots.get(checkpoint.size) != checkpoint.root:
                yield f"the rows above are not the tree of {checkpoint.size} that was signed"
        if self.newest is not None:
            size = self.signed.size if self.signed else self.newest.size
            what = "that tree" if self.signed else "the tree of its checkpoint"
            self.also.append(f"the first {size} rows are {what}")
            self.also += _tell_rest(size, self.newest.size, count)
        if self.since is not None:
            yield from self._compare_since(self.since, roots, sealed)

    def _compare_since(
        self, kept: Checkpoint, roots: dict[int, bytes], sealed: int
    ) -> Iterator[str]:
        if kept.size > sealed:
            yield (
                f"there are {sealed} sealed rows, and the checkpoint that was kept has "
                f"{kept.size}: the log was rolled back, or this is an older export"
            )
        elif roots.get(kept.size) != kept.root:
            yield (
                f"the first {kept.size} rows are not those of the checkpoint that was kept: "
                "the log was rewritten, or forked"
            )
        self.also.append(f"it continues the checkpoint of {kept.size} that was kept")


def _tell_rest(vouched: int, signed: int, count: int) -> Iterator[str]:
    """Yield what is to be said of the rows after those that are vouched for."""
    if signed > vouched:
        yield f"the log alone signed what follows, up to {signed}"
    if count > signed:
        yield f"nobody signed what follows, {count - signed} of {count} rows"


def open_vouched(tail: Tail | None, trust: Trust) -> Vouched:
    """Open the checkpoints of a last line, if it can be read, and the one that was kept.

    Raises: NotComparableError, and CheckpointError when what was kept is none of this log's.
    """
    scope = tail.scope if tail is not None else Scope()
    if trust.receipt is not None or (trust.since is not None and tail and not scope.whole):
        raise NotComparableError
    vouched = Vouched(trust, scope)
    if trust.since is not None:
        vouched.since = _open(trust.since, trust)
    try:
        _open_own(vouched)
    except CheckpointError as error:
        vouched.fault = str(error)
    return vouched


def _open_own(vouched: Vouched) -> None:
    scope, trust = vouched.scope, vouched.trust
    if scope.checkpoint is not None:
        vouched.newest = _open(scope.checkpoint.encode(), trust)
    if scope.cosigned is not None:
        vouched.cosigned = _open(scope.cosigned.encode(), trust)
    if not trust.keys:
        return
    if vouched.newest is None:
        raise CheckpointError("no checkpoint is there, so nothing shows that the log signed this")
    newest = vouched.newest
    vouched.signed = SignedTree(newest.origin, newest.size, newest.root)
    if trust.policy is not None:
        _judge(vouched, replace(trust.policy, logs=()))


def _judge(vouched: Vouched, policy: Policy) -> None:
    """See that enough witnesses cosigned the newest checkpoint, or else the earlier one."""
    notes = filter(None, (vouched.scope.checkpoint, vouched.scope.cosigned))
    judged = [judge_checkpoint(policy, note.encode(), *vouched.trust.keys) for note in notes]
    enough = next((each for each in judged if each.enough), None)
    if enough is None:
        raise CheckpointError("too few witnesses of the policy cosigned the checkpoint")
    tree = enough.checkpoint
    names = tuple(sorted(enough.witnesses))
    vouched.signed = SignedTree(tree.origin, tree.size, tree.root, names)
    vouched.also.append(policy.met)


def _open(note: bytes, trust: Trust) -> Checkpoint:
    if trust.keys:
        return open_checkpoint(note, *trust.keys)
    return parse_checkpoint(note)[0]
