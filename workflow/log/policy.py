"""A policy: which logs are trusted, and which witnesses together make a checkpoint believable.

Source: C2SP tlog-policy. Names of witnesses and groups are opaque octets there; here they are
strings in which octets that are not UTF-8 stand as surrogates, so that none is lost.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from workflow.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint, parse_checkpoint
from workflow.log.cosignature import cosigned_at
from workflow.log.keys import COSIGNATURE, ED25519, NoteError, VerifierKey
from workflow.log.note import verify
from workflow.log.policy_reader import Line, PolicyError, read_lines

__all__ = [
    "Group",
    "Judged",
    "Peer",
    "Policy",
    "PolicyError",
    "judge_checkpoint",
    "parse_policy",
    "write_policy",
]

NONE: Final = "none"
"""The quorum of no witness at all. Source: C2SP tlog-policy, 'Defining the quorum'."""

MAX_DEFINITIONS: Final = 1_000
"""More logs, witnesses and groups than this are refused; 32 of each must be accepted."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A log or a witness: its key, and where it answers, if the policy says so."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups of which `at_least` must have witnessed a checkpoint."""

    at_least: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What is trusted. `groups` stand in the order of their definitions, members first."""

    logs: Sequence[Peer] = ()
    witnesses: Mapping[str, Peer] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NONE

    @property
    def met(self) -> str:
        """Say what it means that the policy is met: nothing, where it asks for nobody."""
        if self.quorum == NONE:
            return "the policy asks for no witness"
        return "the policy of witnesses is met"

    def satisfied_by(self, witnesses: AbstractSet[str]) -> bool:
        """Say whether these witnesses, by their names in the policy, are enough."""
        if self.quorum == NONE:
            return True
        reached = set(witnesses) & self.witnesses.keys()
        for name, group in self.groups.items():
            if len(reached.intersection(group.members)) >= group.at_least:
                reached.add(name)
        return self.quorum in reached


@dataclass(frozen=True, slots=True)
class Judged:
    """A checkpoint that a log signed, who of the policy's witnesses cosigned, and if they suffice.

    `witnesses` maps their names in the policy to the times that they signed at, in seconds since
    1970.
    """

    checkpoint: Checkpoint
    witnesses: Mapping[str, int]
    enough: bool


def judge_checkpoint(policy: Policy, content: bytes, *keys: VerifierKey) -> Judged:
    """Check a checkpoint against a policy; `keys` are the log's where the policy names no log.

    Raises: CheckpointError when no such log signed it, or a signature does not verify.

    Source: C2SP tlog-policy, 'What is a "policy"?': signed by one of the logs, and cosigned by
    witnesses as the quorum says.
    """
    logs = [each.key for each in policy.logs] or keys
    checkpoint = open_checkpoint(content, *logs)
    _, note = parse_checkpoint(content)
    names = {each.key: name for name, each in policy.witnesses.items()}
    try:
        signed = verify(note, [*logs, *names])
    except NoteError as cause:
        raise CheckpointError(f"the checkpoint of {checkpoint.origin}: {cause}") from cause
    times = {names[key]: cosigned_at(line) for key, line in signed.items() if key in names}
    return Judged(checkpoint, times, policy.satisfied_by(times.keys()))


def parse_policy(content: bytes) -> Policy:
    """Read a policy file. Raises: PolicyError, which names the line.

    Source: C2SP tlog-policy, 'Policy file syntax and structure'.
    """
    reader = _Reader()
    for line in read_lines(content):
        reader.read(line)
    if reader.quorum is None:
        raise PolicyError("the policy has no quorum line")
    return Policy(tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum)


def write_policy(policy: Policy) -> bytes:
    """Return a policy as a file. Source: as `parse_policy`."""
    return "".join(f"{line}\n" for line in _lines(policy)).encode("utf-8", "surrogateescape")


def _lines(policy: Policy) -> Iterator[str]:
    for log in policy.logs:
        yield " ".join(filter(None, ("log", log.key.text, log.url)))
    for name, witness in policy.witnesses.items():
        yield " ".join(filter(None, ("witness", name, witness.key.text, witness.url)))
    for name, group in policy.groups.items():
        yield " ".join(("group", name, str(group.at_least), *group.members))
    yield f"quorum {policy.quorum}"


class _Reader:
    """What the lines read so far have defined."""

    def __init__(self) -> None:
        self.logs: list[Peer] = []
        self.witnesses: dict[str, Peer] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def read(self, line: Line) -> None:
        """Take one line in. Raises: PolicyError."""
        known = {
            "log": self._read_log,
            "witness": self._read_witness,
            "group": self._read_group,
            "quorum": self._read_quorum,
        }
        if line.word not in known:
            raise line.error("it begins with none of log, witness, group and quorum")
        if len(self.logs) + len(self.witnesses) + len(self.groups) >= MAX_DEFINITIONS:
            raise line.error(f"a policy defines at most {MAX_DEFINITIONS} things")
        known[line.word](line)

    def _read_log(self, line: Line) -> None:
        """Source: C2SP tlog-policy, 'Defining a log': log <vkey> [<url>]."""
        key, url = line.take(1, 2)
        peer = Peer(line.key(key, ED25519), url or None)
        if any(peer.key.public == each.key.public for each in self.logs):
            raise line.error("this log's key stands in a line before")
        self.logs.append(peer)

    def _read_witness(self, line: Line) -> None:
        """Source: C2SP tlog-policy, 'Defining a witness': witness <name> <vkey> [<url>]."""
        name, key, url = line.take(2, 3)
        self._see_that_free(line, name)
        peer = Peer(line.key(key, COSIGNATURE), url or None)
        if any(peer.key.public == each.key.public for each in self.witnesses.values()):
            raise line.error("this witness's key stands in a line before")
        self.witnesses[name] = peer

    def _read_group(self, line: Line) -> None:
        """Source: C2SP tlog-policy, 'Defining a witness group': group <name> all|any|k <name>..."""
        name, count, *members = line.take_many(3)
        self._see_that_free(line, name)
        for member in members:
            self._see_that_defined(line, member)
            if member in self._members:
                raise line.error(f"{member} is a member already, here or of another group")
            self._members.add(member)
        self.groups[name] = Group(line.threshold(count, len(members)), tuple(members))

    def _read_quorum(self, line: Line) -> None:
        """Source: C2SP tlog-policy, 'Defining the quorum': quorum <name>, exactly once."""
        (name,) = line.take(1, 1)
        if self.quorum is not None:
            raise line.error("a policy has one quorum line, and this is the second")
        if name != NONE:
            self._see_that_defined(line, name)
        self.quorum = name

    def _see_that_free(self, line: Line, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise line.error(f"the name {name} is taken")

    def _see_that_defined(self, line: Line, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise line.error(f"no line before this one defines {name}")
