"""The frame every command stands in: who acts, what is printed, and with which code it ends.

Nothing heavy is imported here: `summit --help` answers before a database library is loaded.
"""

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec, TypeVar

import click

from workflow.cli.commands import JSON, Command, Group, LazyGroup, Noun
from workflow.cli.exits import DONE, REFUSED
from workflow.cli.failures import ending, require_ready
from workflow.cli.output import print_json, print_lines

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller
    from workflow.domain.verdicts import Outcome, Refusal, Refused

__all__ = [
    "Command",
    "Group",
    "LazyGroup",
    "Noun",
    "acting",
    "as_json",
    "ask_password",
    "granted",
    "installing",
    "leave",
    "maybe_acting",
    "progress",
    "reading",
    "ready_runtime",
    "reasons_of",
    "refuse",
    "run",
    "show",
    "tell",
]

P = ParamSpec("P")
T = TypeVar("T")


def reading(function: Callable[Concatenate["Runtime", P], None]) -> Callable[P, None]:
    """Give a command the Runtime of an up-to-date database; it reads as the operator."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        function(ready_runtime(), *args, **kwargs)

    return command


def installing(function: Callable[Concatenate["Runtime", P], None]) -> Callable[P, None]:
    """Give a command the Runtime even where the database is missing or outdated."""

    @wraps(function)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        function(_runtime(), *args, **kwargs)

    return command


def acting(function: Callable[Concatenate["Runtime", "Caller", P], None]) -> Callable[..., None]:
    """Give a command the Runtime and the person of `--as`, who has proved to be that person."""

    @click.option("--as", "as_login", metavar="LOGIN", required=True, help="Who acts.")
    @wraps(function)
    def command(*args: Any, as_login: str, **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        runtime = ready_runtime()
        function(runtime, proved(runtime, as_login), *args, **kwargs)

    return command


def maybe_acting(
    function: Callable[Concatenate["Runtime", "Caller | None", P], None],
) -> Callable[..., None]:
    """Give a command the Runtime, and the person of `--as` where named; else None, the operator."""

    @click.option("--as", "as_login", metavar="LOGIN", help="Whose eyes to read with.")
    @wraps(function)
    def command(*args: Any, as_login: str | None, **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        runtime = ready_runtime()
        caller = proved(runtime, as_login) if as_login is not None else None
        function(runtime, caller, *args, **kwargs)

    return command


def show(document: object, lines: str | Iterable[str]) -> None:
    """Print the document as JSON when `--json` was given, else the lines for a person."""
    if as_json():
        print_json(document)
    else:
        print_lines(lines)


def tell(outcome: "Outcome") -> None:
    """Print what became of a sign-off or step, and leave with code 1 when it was refused."""
    document = {
        "outcome": "granted" if outcome.granted else "refused",
        "reasons": reasons_of(outcome.reasons),
        "state": outcome.state,
        "revision": outcome.revision,
        "entry": outcome.entry,
    }
    show(document, _told(outcome))
    if not outcome.granted:
        leave(REFUSED)


def granted(answer: "T | Refused") -> T:
    """Return what a service answered; print every reason and leave with code 1 if it refused."""
    from workflow.domain.verdicts import Refused  # noqa: PLC0415 - nothing loads for --help

    if isinstance(answer, Refused):
        refuse(answer.reasons)
    return answer


def refuse(reasons: Iterable["Refusal"]) -> NoReturn:
    """Print every reason, and leave with code 1."""
    written = reasons_of(reasons)
    show({"outcome": "refused", "reasons": written}, [each["text"] for each in written])
    leave(REFUSED)


def reasons_of(reasons: Iterable["Refusal"]) -> list[dict[str, str]]:
    """Write reasons as the contract's `[{"code", "text"}]`."""
    from workflow.messages import sentence  # noqa: PLC0415 - nothing loads for --help

    return [{"code": str(each.code), "text": sentence(each)} for each in reasons]


def as_json() -> bool:
    """Say whether `--json` was given."""
    return bool(click.get_current_context().find_root().meta.get(JSON))


def leave(code: int) -> NoReturn:
    """End the command with an exit code."""
    raise click.exceptions.Exit(code)


def progress(items: Iterable[T], label: str, length: int | None = None) -> Iterable[T]:
    """Go through items with a bar on stderr; silently when stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr) as bar:
        yield from bar


def run(root: click.Group, arguments: Sequence[str], runtime: "Runtime | None" = None) -> int:
    """Run a command line to its end and return its exit code; tests pass a Runtime of their own."""
    with ending() as end:
        _refuse_undecodable(arguments)
        # click returns an Exit's code, and None or a command's own value otherwise
        answer = root.main(list(arguments), "summit", standalone_mode=False, obj=runtime)
        sys.stdout.flush()
        end.code = answer if isinstance(answer, int) else DONE
    return end.code


def _told(outcome: "Outcome") -> list[str]:
    if not outcome.granted:
        return [each["text"] for each in reasons_of(outcome.reasons)]
    taken = f", {' and '.join(outcome.taken)} taken" if outcome.taken else ""
    return [f"{outcome.reference}: done{taken}, now {outcome.state}. Entry {outcome.entry}."]


def _runtime() -> "Runtime":
    given: Runtime | None = click.get_current_context().find_root().obj
    if given is not None:
        return given
    from config import settings  # noqa: PLC0415 - nothing loads for --help
    from workflow.bootstrap import build_runtime  # noqa: PLC0415 - as above

    return build_runtime(settings.read(os.environ))


def ready_runtime() -> "Runtime":
    """Give the Runtime of an up-to-date database, to a command that only sometimes needs one."""
    runtime = _runtime()
    require_ready(runtime)
    return runtime


def proved(runtime: "Runtime", login: str) -> "Caller":
    """Give the person of a login, who has proved to be that person; else leave with code 1."""
    from workflow.services.authenticate import (  # noqa: PLC0415 - nothing loads for --help
        caller_by_password,
        caller_by_token,
    )

    token = os.environ.get("SUMMIT_TOKEN")
    if token:
        return granted(caller_by_token(runtime, token, login))
    return granted(caller_by_password(runtime, login, ask_password(login)))


def ask_password(login: str) -> str:
    """Ask for a person's password on the terminal; where there is none, say what to do."""
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"Nobody can be asked for the password of {login}: put the token that "
            f"'summit people token {login}' prints into SUMMIT_TOKEN."
        )
    answer: str = click.prompt(f"Password of {login}", hide_input=True, err=True)
    return answer


def _refuse_undecodable(arguments: Sequence[str]) -> None:
    if any(not argument.isprintable() and _is_broken(argument) for argument in arguments):
        raise click.UsageError("An argument is not UTF-8: give it in the terminal's encoding.")


def _is_broken(argument: str) -> bool:
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
