"""`summit people erase`: login, name and words of a person go; the record stays whole."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Command, acting, granted, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.services.erase import Erased

_NOT_WIPED = (
    "The bytes may still stand in the database's files, since others are reading or another role"
    " owns the tables: 'summit work' tries again on SQLite, on PostgreSQL its owner runs VACUUM."
)


@click.command(
    cls=Command,
    example="summit people erase n.rahimova --reason 'Her request of 1 May.' --as uz.admin",
)
@click.argument("login")
@click.option("--reason", required=True, help="Stays on record, so it must not name the person.")
@click.option("--keep-texts", is_flag=True, help="Leave the reasons and notes they wrote.")
@click.option(
    "--naming", is_flag=True, help="Erase also what others wrote for your party that names them."
)
@acting
def erase(
    runtime: "Runtime", caller: "Caller", login: str, reason: str, *, keep_texts: bool, naming: bool
) -> None:
    """Erase a person of one's own party for good: login, name, password, reasons and notes.

    Open mandates are revoked first. What they signed stays signed, under a pseudonym that tells
    nobody who it was, and the log still verifies. Exports made before still hold the name.
    """
    from workflow.cli.demo import forget_sign_in  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.erase import Erase  # noqa: PLC0415 - as above
    from workflow.services.erase import erase as erase_person  # noqa: PLC0415 - as above

    order = Erase(login=login, reason=reason, keep_texts=keep_texts, naming=naming)
    done = granted(erase_person(runtime, caller, order))
    forget_sign_in(runtime, login)
    document = {
        "outcome": "granted",
        "reasons": [],
        "login": done.login,
        "entry": done.entry,
        "texts": done.texts,
        "kept_for": list(done.kept_for),
        "still_named_in": list(done.still_named_in),
        "wiped": done.wiped,
    }
    show(document, _told(login, done))


def _told(login: str, done: "Erased") -> Iterator[str]:
    yield f"{login} is erased with {done.texts} texts, and is {done.login} now. Entry {done.entry}."
    if done.kept_for:
        parties = ", ".join(done.kept_for)
        yield f"What they wrote for {parties} is for an administrator there to erase: {done.login}."
    if done.still_named_in:
        places = ", ".join(done.still_named_in[:20])
        yield f"Texts of others or official ones still name them: {places}."
    if not done.wiped:
        yield _NOT_WIPED
