"""Commands that go on beside a server, and end when it does."""

import select
import sys
import time


def is_over(seconds: float, *, with_server: bool) -> bool:
    """Wait; say whether the server is gone that this is to work beside."""
    if not with_server:
        time.sleep(seconds)
        return False
    # The server holds the other end and never writes: what can be read is the end.
    return bool(select.select([sys.stdin], [], [], seconds)[0])
