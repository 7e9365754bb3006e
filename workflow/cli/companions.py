"""Keeps the processes alive that work beside a server, until the server ends.

It imports next to nothing: whatever ends a process that has the whole program in memory passes by
this one.
"""

import select
import subprocess
import sys
from collections.abc import Sequence

PROGRAM = "from workflow.cli import main; main()"
SECONDS_BEFORE_RESTART = 1.0


def keep(commands: Sequence[Sequence[str]]) -> None:
    """Run commands of `summit` until standard input ends, and start again whichever ends before.

    Each reads the same standard input, and ends with it as well.
    """
    children = [_start(command) for command in commands]
    # The server holds the other end and never writes: what can be read is the end.
    while not select.select([sys.stdin], [], [], SECONDS_BEFORE_RESTART)[0]:
        for place, command in enumerate(commands):
            if children[place].poll() is not None:
                children[place] = _start(command)


def _start(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-c", PROGRAM, *command, "--with-server"])  # noqa: S603 - our own interpreter, no shell


if __name__ == "__main__":
    keep([command.split() for command in sys.argv[1:]])
