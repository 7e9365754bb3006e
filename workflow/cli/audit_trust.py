"""What a verifier brings along, as it is named on a command line."""

from collections.abc import Sequence
from pathlib import Path

import click

from workflow.cli.log_files import as_wrong_use, read_mail, read_verifier_keys
from workflow.log.bundle.verify import Trust
from workflow.log.keys import ED25519
from workflow.log.policy import parse_policy


def see_that_own(path: str | None, *brought: Path | str | None) -> None:
    """Refuse to judge a bundle by what lies in it. Raises: click.UsageError."""
    if path is None or not Path(path).is_dir():
        return
    folder = Path(path).resolve()
    for each in brought:
        if each is not None and folder in Path(each).resolve().parents:
            raise click.UsageError(
                f"{each} lies in the bundle, where its host put it: bring your own, or a copy"
                " that you have read and agree with."
            )


def read_trust(
    vkeys: Sequence[str], policy: Path | None, since: Path | None, receipt: Path | None
) -> Trust | None:
    """Read keys and files; None where no key is given. Raises: click.UsageError."""
    if not vkeys:
        if policy or since or receipt:
            raise click.UsageError(
                "Signatures are checked with the log's public key: give it with --vkey."
            )
        return None
    keys = [key for text in vkeys for key in read_verifier_keys(text)]
    if not keys or any(key.sort != ED25519 for key in keys):
        raise click.UsageError("--vkey wants the log's own key, not a witness's.")
    with as_wrong_use():
        return Trust(
            keys=keys,
            policy=parse_policy(policy.read_bytes()) if policy else None,
            since=read_mail(since) if since else None,
            receipt=read_mail(receipt) if receipt else None,
        )
