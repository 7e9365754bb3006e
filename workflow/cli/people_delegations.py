"""`summit people delegate` and `undelegate`: who acts for a holder, and until when."""

from typing import TYPE_CHECKING

import click

from workflow.cli.frame import Command, acting, granted
from workflow.cli.people_acts import tell_done

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime
    from workflow.domain.identity import Caller


@click.command(
    cls=Command,
    example="summit people delegate b.yusupov --party UZ --role finance_ministry "
    "--from 2026-03-01 --until 2026-03-14 --as uz.finance",
)
@click.argument("to")
@click.option("--party", metavar="CODE", required=True)
@click.option("--role", required=True)
@click.option("--from", "starts", metavar="DATE", help="The first day; now if unsaid.")
@click.option("--until", metavar="DATE", help="The last day; a delegation needs one.")
@click.option("--of", "holder", metavar="HOLDER", help="Whose, where an administrator acts.")
@acting
def delegate(
    runtime: "Runtime",
    caller: "Caller",
    to: str,
    party: str,
    role: str,
    starts: str | None,
    until: str | None,
    holder: str | None,
) -> None:
    """Let a colleague act for a mandate of yours; days are the party's."""
    from workflow.services.delegation import Delegate  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.delegation import delegate as do_delegate  # noqa: PLC0415 - as above

    order = Delegate(to=to, party=party, role=role, starts=starts, ends=until, holder=holder)
    done = granted(do_delegate(runtime, caller, order))
    tell_done(done, f"{to} acts for {holder or caller.login} as {party}:{role}.")


@click.command(
    cls=Command,
    example="summit people undelegate b.yusupov --party UZ --role finance_ministry --as uz.finance",
)
@click.argument("to")
@click.option("--party", metavar="CODE", required=True)
@click.option("--role", required=True)
@click.option("--of", "holder", metavar="HOLDER", help="Only what this person gave.")
@acting
def undelegate(
    runtime: "Runtime", caller: "Caller", to: str, party: str, role: str, holder: str | None
) -> None:
    """Take a delegation back, now, and what was passed on by it; what was signed stays signed."""
    from workflow.services.delegation import Undelegate  # noqa: PLC0415 - nothing loads for --help
    from workflow.services.delegation import undelegate as take_back  # noqa: PLC0415 - as above

    order = Undelegate(to=to, party=party, role=role, holder=holder)
    done = granted(take_back(runtime, caller, order))
    tell_done(done, f"{to} acts for {party}:{role} by delegation no more.")
