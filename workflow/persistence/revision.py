"""Says whether a database has the revision that this program was written for."""

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Engine, inspect, text

_REVISION = re.compile(r"^revision\b[^=\n]*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)
_DOWN = re.compile(r"^down_revision\b[^=\n]*=\s*[\"']([^\"']+)[\"']", re.MULTILINE)


def is_current(engine: Engine) -> bool:
    """Say whether the database has been brought to the newest revision."""
    return stored_revisions(engine) == newest_revisions()


def stored_revisions(engine: Engine) -> frozenset[str]:
    """Give the revisions the database says it has; none when it was never set up."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return frozenset()
        return frozenset(connection.scalars(text("SELECT version_num FROM alembic_version")))


@cache
def newest_revisions() -> frozenset[str]:
    """Give the revisions no other follows, read from the files: Alembic is slow to load."""
    sources = [path.read_text(encoding="utf-8") for path in _versions().glob("*.py")]
    revisions = {name for source in sources for name in _REVISION.findall(source)}
    return frozenset(revisions - {name for source in sources for name in _DOWN.findall(source)})


def _versions() -> Path:
    # found, not imported: nothing but Alembic loads a migration
    spec = find_spec("migrations")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("migrations")
    return Path(next(iter(spec.submodule_search_locations))) / "versions"
