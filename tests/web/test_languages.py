"""Four languages, complete, and the right one for each reader."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from tests import make
from tests.house.tree import ROOT
from tests.web.conftest import Browser, send
from web.languages import from_header
from workflow.bootstrap import Runtime
from workflow.domain.vocabulary import LANGUAGES

FOLDER = ROOT / "web" / "translations"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("uz-Cyrl-UZ,ru;q=0.9", "uz"),
        ("uz-Latn", "uz"),
        ("ja-JP,en;q=0.5", "ja"),
        ("ru;q=0.2, ja;q=0.8", "ja"),
        ("kk,ru;q=0.7,en;q=0.3", "ru"),
        ("fr", "en"),
        ("", "en"),
        (None, "en"),
        ("ja;q=0, ru;q=zzz", "en"),
    ],
)
def test_the_browsers_wish_is_matched(header: str | None, language: str) -> None:
    assert from_header(header) == language


def test_the_address_comes_before_the_browser(visitor: FlaskClient) -> None:
    page = visitor.get("/sign-in?lang=ja", headers={"Accept-Language": "ru"})
    assert '<html lang="ja">' in page.text


def test_a_visitors_choice_lasts(visitor: FlaskClient) -> None:
    visitor.get("/sign-in?lang=uz")
    assert '<html lang="uz">' in visitor.get("/sign-in", headers={"Accept-Language": "ru"}).text


def test_a_persons_choice_comes_before_the_browser(runtime: Runtime, signed_in: Browser) -> None:
    client = signed_in(make.delegate(runtime))
    assert send(client, "/me", {"language": "ru"}).status_code == 302
    assert '<html lang="ru">' in client.get("/me", headers={"Accept-Language": "ja"}).text
    assert '<html lang="ja">' in client.get("/me?lang=ja").text


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """Give the sentences that the sources hold now."""
    path = tmp_path_factory.mktemp("messages") / "messages.pot"
    command = ["extract", "--mapping-file", "web/babel.cfg", "--keywords", "NN_:1,2"]
    command += ["--output-file", str(path), "."]
    tool = Path(sys.executable).with_name("pybabel")
    subprocess.run([tool, "--quiet", *command], cwd=ROOT, check=True, capture_output=True)
    return read_po(io.BytesIO(path.read_bytes()))


def catalogue(language: str) -> Catalog:
    """Read a language's catalogue."""
    path = FOLDER / language / "LC_MESSAGES" / "messages.po"
    return read_po(io.BytesIO(path.read_bytes()), locale=language)


def pairs(known: Catalog) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each sentence (its plural, where it has one) with all that it is translated by."""
    for message in known:
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[-1]
            given = [message.string] if isinstance(message.string, str) else message.string
            yield source, tuple(each or "" for each in given or ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_sentence(extracted: Catalog, language: str) -> None:
    known = catalogue(language)
    assert {source for source, _ in pairs(extracted)} == {source for source, _ in pairs(known)}
    assert [source for source, given in pairs(known) if not given or not all(given)] == []
    assert [message.id for message in known if message.id and message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_what_the_sentence_names(language: str) -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)s", text))

    wrong = [
        (source, each)
        for source, given in pairs(catalogue(language))
        for each in given
        if names(each) != names(source)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_up_to_date(language: str) -> None:
    path = FOLDER / language / "LC_MESSAGES" / "messages.mo"
    compiled = read_mo(io.BytesIO(path.read_bytes()))
    assert dict(pairs(compiled)) == dict(pairs(catalogue(language)))


def test_uzbek_is_spelt_with_its_own_letters() -> None:
    texts = [each for _, given in pairs(catalogue("uz")) for each in given]
    plain = [text.replace("'summit people token LOGIN'", "") for text in texts]
    assert [text for text in plain if re.search(r"[og]['‘’`]", text)] == []
