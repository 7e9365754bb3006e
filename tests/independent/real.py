"""What auditors hold, made as they would get it: by the command, from a demo with its real acts."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.live_server import environment
from tests.processes import done

WITNESS = "witness.example/jp"
AUDITOR = "secretariat.auditor"
OF_A_PARTY = "uz.auditor"
OF_THE_WITNESS = "jp.admin"


@dataclass
class Summit:
    """A deployment of its own, whose database and key are in one folder."""

    folder: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def __call__(self, *arguments: str | Path, login: str | None = None) -> str:
        """Type a command, as somebody if a login is given, and return what it prints."""
        env = environment(f"sqlite:///{self.folder / 'summit.sqlite'}")
        if login:
            env["SUMMIT_TOKEN"] = self.token(login)
            arguments = (*arguments, "--as", login)
        run = done(env, *arguments)
        assert run.returncode == 0, f"{arguments}: {run.stdout}{run.stderr}"
        return run.stdout

    def token(self, login: str) -> str:
        """Return somebody's token, which is made once: that is an entry, too."""
        if login not in self.tokens:
            self.tokens[login] = self("people", "token", login).strip()
        return self.tokens[login]


def lay_desk(folder: Path) -> Path:
    """Put into a folder all that the guide says an auditor needs, but the programs."""
    (folder / "host").mkdir()
    summit = Summit(folder / "host")
    summit("init")
    summit("demo")
    desk = folder / "desk"
    desk.mkdir()
    (desk / "log.vkey").write_text(summit("audit", "key"), "utf-8")
    summit("audit", "checkpoint", "--out", desk / "kept")
    _export(summit, desk / "part", OF_A_PARTY)
    summit.token(AUDITOR)
    entry = _cosign(summit, desk)
    summit("audit", "receipt", entry, "--out", desk / "receipt", login=OF_THE_WITNESS)
    # Nothing is done between the cosignature and this, whose checkpoint therefore has it.
    _export(summit, desk / "bundle", AUDITOR)
    return desk


def _cosign(summit: Summit, desk: Path) -> str:
    """Let a party become a witness, which is an entry, and cosign the log as it then is."""
    key, request, reply = (summit.folder / name for name in ("jp.key", "request", "reply"))
    vkey = summit("audit", "cosign", "key", "--name", WITNESS, "--out", key).strip()
    (desk / "witness.vkey").write_text(f"{vkey}\n", "utf-8")
    said = summit("audit", "witness", "add", vkey, "--party", "JP", login=OF_THE_WITNESS)
    (entry,) = re.findall("[0-9a-f]{64}", said)
    summit("audit", "cosign", "request", "--out", request)
    line = summit("audit", "cosign", "sign", request, "--key", key, "--log", desk / "log.vkey")
    reply.write_text(line, "utf-8")
    summit("audit", "cosign", "add", reply)
    return str(entry)


def _export(summit: Summit, path: Path, login: str) -> None:
    summit("audit", "export", "--format", "bundle", "--out", path, login=login)
