"""Lets a storm blow over a database, and says what it left."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from config.settings import Settings
from tests import make
from tests.race import storm
from tests.sealed import with_key
from workflow.bootstrap import Runtime, build_runtime
from workflow.log.leaf import read_leaf
from workflow.persistence.audit_tables import AuditEntry

PROPOSALS = 20
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Aftermath:
    """What a storm left: the log, the acts that were confirmed, and how many were killed."""

    log: Runtime
    confirmed: list[str]
    complaints: list[str]
    killed: int

    @property
    def recorded(self) -> Counter[str]:
        """Count the entries of each act."""
        with self.log.uow.read() as tx:
            leaves = [read_leaf(leaf) for leaf in tx.connection.scalars(select(AuditEntry.leaf))]
        return Counter(str(leaf.facts["tag"]) for leaf in leaves if "tag" in leaf.facts)


def prepared(url: str, folder: Path) -> Runtime:
    """Give a log with some proposals to fight over."""
    log = with_key(build_runtime(Settings(database_url=url)), folder, storm.KEY)
    for _ in range(PROPOSALS):
        make.proposal(log)
    return log


def weather(url: str, folder: Path, **options: float) -> Aftermath:
    """Let a storm blow over a database."""
    log = prepared(url, folder)
    words = [f"--{name}={value}" for name, value in options.items()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.race.storm", url, folder, *words],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    return Aftermath(log, said["acts"], said["complaints"], said["killed"])
