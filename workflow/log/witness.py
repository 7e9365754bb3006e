"""A witness: it cosigns a log's checkpoint only if the log has but grown since the last one.

It is a decision and nothing else: what the witness remembers is given to it, and what it should
remember next is in its answer. Source: C2SP tlog-witness, 'add-checkpoint'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from workflow.log.checkpoint import Checkpoint, CheckpointError, open_checkpoint, parse_checkpoint
from workflow.log.cosignature import cosign
from workflow.log.keys import COSIGNATURE, NoteError, SigningKey, VerifierKey
from workflow.log.merkle import EMPTY_ROOT
from workflow.log.proofs import ProofError, verify_consistency
from workflow.log.witness_answers import Answer, Conflict, Cosigned, Ground, Refused, Seen
from workflow.log.witness_request import Request

__all__ = ["Answer", "Conflict", "Cosigned", "Ground", "Refused", "Request", "Seen", "Witness"]


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness by its own key, and the keys of the logs that it watches; a log may have several.

    A log's origin is the name of its keys.
    """

    key: SigningKey
    logs: tuple[VerifierKey, ...]

    @classmethod
    def of(cls, key: SigningKey, *logs: VerifierKey) -> Self:
        """Make a witness. Raises: NoteError when the key is not a witness's."""
        if key.sort != COSIGNATURE:
            raise NoteError(f"{key.name} is not a witness's key")
        return cls(key, logs)

    def judge(self, request: Request, seen: Mapping[str, Seen], seconds: int) -> Answer:
        """Answer a request at a time in seconds since 1970; `seen` maps origins to what was seen.

        Whoever keeps `seen` holds it from here until the answer's state is kept: of two requests
        at once, one would otherwise roll the other back.
        """
        try:
            checkpoint, note = parse_checkpoint(request.checkpoint)
        except CheckpointError as error:
            return Refused(Ground.MALFORMED, str(error))
        known = seen.get(checkpoint.origin, Seen(0, EMPTY_ROOT))
        answer = self._against(checkpoint, request) or _against(checkpoint, request, known)
        if answer is not None:
            return answer
        line = cosign(self.key, note.text, seconds).line
        fresh = Seen(checkpoint.size, checkpoint.root)
        return Cosigned(f"{line}\n", checkpoint.origin, fresh, known.size)

    def _against(self, checkpoint: Checkpoint, request: Request) -> Refused | None:
        """Refuse another log's checkpoint, and one that the log did not sign."""
        if not any(key.name == checkpoint.origin for key in self.logs):
            return Refused(Ground.UNKNOWN_LOG, f"{checkpoint.origin} is not watched by this key")
        try:
            open_checkpoint(request.checkpoint, *self.logs)
        except CheckpointError as error:
            return Refused(Ground.UNSIGNED, str(error))
        return None


def _against(checkpoint: Checkpoint, request: Request, seen: Seen) -> Conflict | Refused | None:
    """Give what speaks against a signed checkpoint, in the light of the last one cosigned."""
    old, new = request.old_size, checkpoint.size
    if old > new:
        return Refused(Ground.MALFORMED, f"the request leads from {old} entries back to {new}")
    if new < seen.size:
        sentence = f"the log has {new} entries now, and had {seen.size}: it was rolled back"
        return Refused(Ground.ROLLBACK, sentence, seen.size)
    if new == seen.size and checkpoint.root != seen.root:
        sentence = f"the log shows another tree of {new} entries than before: it has forked"
        return Refused(Ground.FORK, sentence, seen.size)
    if old != seen.size:
        return Conflict(seen.size)
    try:
        verify_consistency(seen.size, seen.root, new, checkpoint.root, request.proof)
    except ProofError as error:
        sentence = f"the log of {new} entries is not shown to continue the one of {old}: {error}"
        return Refused(Ground.INCONSISTENT, sentence)
    return None
