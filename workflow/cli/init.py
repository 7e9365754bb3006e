"""`summit init`: make the database ready, as often as one likes."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from workflow.cli.frame import Command, granted, installing, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime


@click.command(cls=Command, example="summit init --admin a.tanaka")
@click.option("--admin", metavar="LOGIN", help="The first administrator; gets a one-time link.")
@installing
def init(runtime: "Runtime", admin: str | None) -> None:
    """Create or upgrade the database and publish the shipped definitions.

    Running it again changes nothing that is already as it should be; several machines may run
    it at once.
    """
    from config.definitions import shipped_kinds  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.definitions import publish_shipped  # noqa: PLC0415 - as above
    from workflow.services.install import upgrade  # noqa: PLC0415 - as above
    from workflow.services.seal import seal_after  # noqa: PLC0415 - as above

    upgrade(runtime, runtime.settings.database_owner_url)
    _make_secret_key(runtime)
    log_key = _make_log_key(runtime)
    published = publish_shipped(runtime, shipped_kinds().values())
    link = _invite(runtime, admin) if admin is not None else None
    kinds = {each.kind: each.number for each in published}
    lines = ["The database is ready."]
    if kinds:
        lines.append(f"Published {len(kinds)} definitions: {', '.join(kinds)}.")
    lines += log_key
    if link is not None:
        lines.append(f"{admin} sets a password here, once: {link}")
    elif admin is not None:
        lines.append(f"{admin} is the first administrator already.")
    seal_after(runtime)
    show({"ready": True, "published": kinds, "link": link}, lines)


def _make_secret_key(runtime: "Runtime") -> None:
    from config.secret_key import ensure_secret_key  # noqa: PLC0415 - nothing loads for --help

    if runtime.settings.is_embedded:
        ensure_secret_key(runtime.settings)


def _make_log_key(runtime: "Runtime") -> list[str]:
    """Make the key of a new log; return what an operator must know about it."""
    from config.log_key import log_key_file, read_log_key  # noqa: PLC0415 - not for --help
    from workflow.services.log_keys import ensure_first_key  # noqa: PLC0415 - as above

    file = log_key_file(runtime.settings)
    if file is None:
        return ["No key signs the log yet: set SUMMIT_LOG_KEY_FILE and run 'summit init' again."]
    host = urlsplit(runtime.settings.base_url).hostname or "localhost"
    made = ensure_first_key(runtime, lambda: file.make_first(host))
    if made is not None:
        return [f"The log's key is in {file.path}; verifiers know it as {made}"]
    if read_log_key(runtime.settings) is None:
        return [f"The log has a key, which is not in {file.path}: checkpoints wait for it."]
    return []


def _invite(runtime: "Runtime", login: str) -> str | None:
    from workflow.cli.people_acts import link_address  # noqa: PLC0415 - nothing loads for --help
    from workflow.services import people  # noqa: PLC0415 - as above

    invited = granted(people.invite_first_administrator(runtime, login))
    # None once they have set a password: running init again changes nothing then.
    return link_address(runtime, invited.link) if invited.link else None
