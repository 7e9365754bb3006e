"""`summit serve`: the web pages, by the production server."""

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from workflow.cli.exits import BUSY, REFUSED
from workflow.cli.frame import Command, leave, reading, show

if TYPE_CHECKING:
    from workflow.bootstrap import Runtime

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
SECONDS_BETWEEN_LOOKS = 20
"""How long what is due may wait on the embedded database."""


@click.command(cls=Command, example="summit serve --port 9000")
@click.option("--host", default="localhost", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65_535), help="The port; PORT where unsaid.")
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@reading
def serve(runtime: "Runtime", host: str, port: int | None, workers: int) -> None:
    """Serve the web pages until stopped.

    A database of another version is refused, and a demo database off the loopback address. The log
    is sealed within a second of each act. On the embedded database what is due is done as well;
    elsewhere 'summit work' does it.
    """
    from config.secret_key import ensure_secret_key  # noqa: PLC0415 - nothing loads for --help

    ensure_secret_key(runtime.settings)  # here: a worker could only die of it
    port = port or runtime.settings.port
    if host not in _LOOPBACK:
        _refuse_demo(runtime)
    address = "127.0.0.1" if host == "localhost" else host
    _see_that_port_is_free(address, port)
    base_url = runtime.settings.base_url if _is_default(runtime, port) else f"http://{host}:{port}"
    show({"address": base_url}, _welcome(runtime, base_url))
    sys.stdout.flush()
    proxies = runtime.settings.trusted_proxies
    runtime.engine.dispose()
    _start_companions(embedded=runtime.settings.is_embedded)
    _become_server(address, port, workers, proxies)


def _refuse_demo(runtime: "Runtime") -> None:
    from workflow.services.demo import holds_demo  # noqa: PLC0415 - nothing loads for --help

    if holds_demo(runtime):
        sentence = (
            "This database holds the demo, whose sign-ins anybody may read: it is served on"
            " localhost alone. Leave --host away, or use a database of your own."
        )
        show({"outcome": "refused", "reasons": [{"code": "demo", "text": sentence}]}, sentence)
        leave(REFUSED)


def _see_that_port_is_free(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((address, port))
        except OSError as error:
            click.echo(
                f"Nothing can listen on {address}:{port} ({error.strerror}): stop what uses it, or"
                " name another port, such as PORT=9000.",
                err=True,
            )
            leave(BUSY)


def _is_default(runtime: "Runtime", port: int) -> bool:
    return port == runtime.settings.port


def _welcome(runtime: "Runtime", base_url: str) -> list[str]:
    from workflow.services.demo import (  # noqa: PLC0415 - nothing loads for --help
        holds_demo,
        sign_ins_file,
    )

    lines = [f"Serving {base_url} (Ctrl-C stops)."]
    if holds_demo(runtime):
        file = sign_ins_file(runtime.settings.database_file)
        lines.append(f"The sign-ins of the demo are in {file}.")
    return lines


def _start_companions(*, embedded: bool) -> None:
    """Start what works beside the server: it seals the log and, if embedded, does what is due.

    They read a pipe whose other end the server and its workers hold and nobody writes to. However
    those end, the pipe ends with them; until then, whichever of the two ends is started again.
    """
    commands = ["audit seal --watch", *_due_work(embedded=embedded)]
    reading_end, writing_end = os.pipe()
    subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
        [sys.executable, "-m", "workflow.cli.companions", *commands],
        stdin=reading_end,
        stdout=subprocess.DEVNULL,
        # Ctrl-C is for the server, which then lets go of the pipe.
        start_new_session=True,
    )
    os.close(reading_end)
    os.set_inheritable(writing_end, True)  # noqa: FBT003 - it takes no names


def _due_work(*, embedded: bool) -> list[str]:
    return [f"work --watch {SECONDS_BETWEEN_LOOKS}"] if embedded else []


def _become_server(address: str, port: int, workers: int, proxies: tuple[str, ...]) -> NoReturn:
    bind = f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
    arguments = [
        sys.executable, "-m", "gunicorn", "wsgi:app",
        "--bind", bind,
        "--workers", str(workers),
        # Threads, so that a few connections that send nothing cannot hold every worker.
        "--worker-class", "gthread",
        "--threads", "8",
        "--timeout", "60",
        "--graceful-timeout", "20",
        "--forwarded-allow-ips", ",".join(proxies),
        "--log-level", "warning",
        "--no-control-socket",
    ]  # fmt: skip
    # The server takes this process's place, so that a signal to it stops the server gracefully.
    os.execv(sys.executable, arguments)  # noqa: S606 - our own interpreter, no shell
