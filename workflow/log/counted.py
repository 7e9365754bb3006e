"""Numbers of things in the sentences of verifiers and commands, which are English."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: 1 entry, 2 entries."""
    return f"{number} {one if number == 1 else many or plural(one)}"


def plural(noun: str) -> str:
    """Return a regular noun's plural: chains, entries."""
    return f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
