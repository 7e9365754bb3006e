"""What no file of the project may hold, and what its documents may promise."""

import re
import tomllib
from configparser import ConfigParser

import pytest

from tests.house.tree import ROOT, python_files, texts

# Spelt with brackets, so that this file does not hold what it looks for.
_ADDRESSES_OF_ONE_MACHINE = re.compile(
    r"py[p]i\.org|python[h]osted|registry\.np[m]js|deb\.deb[i]an\.org|proxy\.gol[a]ng"
    r"|/roo[t]/|/op[t]/(pypi|wheels)|/wor[k]/(main|shared)|/hom[e]/\w|\.\./share[d]"
)

# A reason stands behind the code: `noqa: S105 - an example`, `type: ignore[misc]  # untyped`.
_SUPPRESSION = re.compile(r"#\s*(noqa|type: ignore|pragma|mypy:|fmt:|nosec)\b(?P<rest>.*)")
_REASON = re.compile(
    r"^(: ?[A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* - \S|\[[a-z, -]+\]\s+# \S|: no cover - \S)"
)


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = {
        (name, match[0])
        for name, text in texts()
        for match in _ADDRESSES_OF_ONE_MACHINE.finditer(text)
    }
    assert found == set()


def test_every_suppressed_warning_carries_its_reason() -> None:
    bare = {
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in [_SUPPRESSION.search(line)]
        if match and path.name != "test_tree.py" and not _REASON.match(match["rest"])
    }
    assert bare == set()


def targets() -> set[str]:
    """Return the targets of the Makefile that its help names."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):[^#\n]*## ", makefile, re.MULTILINE))


def test_every_make_target_in_the_documents_exists() -> None:
    promised = {
        (name, target)
        for name, text in texts()
        if name.endswith(".md")
        for target in re.findall(r"(?:`|^ *)make ([a-z]+)", text, re.MULTILINE)
    }
    assert {each for each in promised if each[1] not in targets()} == set()


def test_every_phony_target_is_in_the_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == targets()


@pytest.mark.parametrize(("lock", "extras"), [("run", ["build"]), ("test", ["build", "test"])])
def test_the_lock_file_pins_every_dependency_with_its_hash(lock: str, extras: list[str]) -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    wanted = setup["options"]["install_requires"]
    wanted += "".join(setup["options.extras_require"][extra] for extra in extras)
    pins = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^([\w.-]+)==\S+.*\\\n +--hash=sha256:", pins, re.MULTILINE)
    assert len(pinned) == pins.count("==") - pins.count(" == ")
    assert {_normal(name) for name in re.findall(r"^[\w.-]+", wanted, re.MULTILINE)} <= set(pinned)


def test_both_lock_files_pin_the_same_versions() -> None:
    run, test = (
        set(
            re.findall(
                r"^\S+==\S+", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE
            )
        )
        for name in ("run", "test")
    )
    assert run - test == set()


def test_pyproject_leaves_the_tests_to_setup_cfg() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert set(tools) == {"alembic", "ruff"}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
