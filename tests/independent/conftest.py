"""Fixtures for the checks by other people's programs: the programs, and bundles."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.independent import checkers
from tests.independent.bundles import SPOILT_SIZE, Bundle, entries, write_bundle
from tests.independent.checkers import Checker, MissingError

WHOLE: dict[str, Callable[[Path], Checker]] = {
    "Go, Debian's sumdb": lambda folder: checkers.go("bundle", "Debian", folder),
    "Go's own sumdb": lambda folder: checkers.go("bundle", "Go", folder),
    "aics-tlog": lambda _: checkers.aics("bundle.py"),
}
RECEIPT: dict[str, Callable[[Path], Checker]] = {
    "Go, Debian's sumdb": lambda folder: checkers.go("receipt", "Debian", folder),
    "Go's own sumdb": lambda folder: checkers.go("receipt", "Go", folder),
    "sigstore": lambda _: checkers.sigstore(),
    "aics-tlog": lambda _: checkers.aics("receipt.py"),
}


def had(get: Callable[[Path], Checker], folder: Path) -> Checker:
    """Return a checker, or skip with the reason why it cannot be had."""
    try:
        return get(folder)
    except MissingError as reason:
        pytest.skip(f"{reason}")


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder for compiled programs."""
    return tmp_path_factory.mktemp("programs")


@pytest.fixture(scope="module", params=WHOLE)
def whole(request: pytest.FixtureRequest, programs: Path) -> Checker:
    """Give each program that checks whole bundles: KEY BUNDLE [OLD_CHECKPOINT]."""
    return had(WHOLE[request.param], programs)


@pytest.fixture(scope="module", params=RECEIPT)
def receipt(request: pytest.FixtureRequest, programs: Path) -> Checker:
    """Give each program that checks receipts: KEY RECEIPT LEAF."""
    return had(RECEIPT[request.param], programs)


@pytest.fixture(scope="session")
def bundle_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Bundle]:
    """Give a function that gives a bundle of so many entries, kept before at nearly all of them.

    A size is made once: the bundles are not to be changed.
    """

    @cache
    def of(size: int) -> Bundle:
        folder = tmp_path_factory.mktemp(f"log-of-{size}") / "bundle"
        return write_bundle(folder, entries(size), max(1, size - size // 15 - 1))

    return of


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    """Give a bundle of 600 entries, kept first when it had 300; it is not to be changed."""
    folder = tmp_path_factory.mktemp("log") / "bundle"
    return write_bundle(folder, entries(SPOILT_SIZE), 300)


@pytest.fixture
def copied(bundle: Bundle, tmp_path: Path) -> Bundle:
    """Give a copy of that bundle that may be spoilt."""
    return bundle.copied(tmp_path / "bundle")
