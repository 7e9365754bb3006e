"""The command in processes of its own, as real people at real terminals would run it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from config.settings import Settings
from tests.live_server import environment
from workflow.bootstrap import Runtime, build_runtime
from workflow.domain.identity import Caller
from workflow.persistence.secrets import add_token

SUMMIT = Path(sys.executable).with_name("summit")


@contextmanager
def real_runtime(database_url: str) -> Iterator[Runtime]:
    """Yield a runtime with the real clock: other processes have no other."""
    runtime = build_runtime(Settings(database_url=database_url))
    try:
        yield runtime
    finally:
        runtime.engine.dispose()


def environment_as(runtime: Runtime, who: Caller) -> dict[str, str]:
    """Return the environment in which a person is proved to be who they are."""
    with runtime.uow.write() as tx:
        secret = add_token(tx, who.person_id, tx.at + timedelta(hours=1))[1]
    url = runtime.engine.url.render_as_string(hide_password=False)
    return environment(url) | {"SUMMIT_TOKEN": secret}


def started(env: dict[str, str], *arguments: str | Path) -> "subprocess.Popen[str]":
    """Start the command and return its process."""
    return subprocess.Popen(
        [SUMMIT, *arguments],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def done(env: dict[str, str], *arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return subprocess.run(
        [SUMMIT, *arguments], env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
