"""The policy that the host suggests: its log, the parties' witnesses, and how many parties suffice.

It is a suggestion and no more: whoever verifies keeps a policy of their own.
"""

from collections import defaultdict

from workflow.log.keys import VerifierKey
from workflow.log.policy import NONE, Group, Peer, Policy
from workflow.persistence import checkpoints
from workflow.persistence.unit_of_work import Tx
from workflow.services.witnesses import current_witnesses

_QUORUM = "@quorum"


class ThresholdError(ValueError):
    """More parties are asked for than have a witness, or none of them."""


def suggest_policy(tx: Tx, at_least: int | None = None) -> Policy:
    """Return the policy that so many parties must have cosigned; more than half if unsaid.

    A party counts once, whichever of its witnesses signed. Raises: ThresholdError.
    """
    witnesses = current_witnesses(tx)
    # No witness is called so: an @ has no place in their names.
    parties: dict[str, list[str]] = defaultdict(list)
    for each in witnesses:
        parties[f"@{each.party}"].append(each.name)
    wanted = len(parties) // 2 + 1 if at_least is None and parties else at_least or 0
    if not min(1, len(parties)) <= wanted <= len(parties):
        raise ThresholdError(f"{len(parties)} parties have a witness")
    groups = {party: Group(1, tuple(names)) for party, names in parties.items()}
    quorum = {_QUORUM: Group(wanted, tuple(parties))} if parties else {}
    return Policy(
        tuple(Peer(VerifierKey.parse(text)) for text in checkpoints.read_vkeys(tx)),
        {each.name: Peer(VerifierKey.parse(each.vkey)) for each in witnesses},
        {**groups, **quorum},
        _QUORUM if parties else NONE,
    )
