"""Settings: where they come from, what is refused and with which sentence."""

import re
from pathlib import Path

import pytest

from config.secret_key import ensure_secret_key
from config.settings import FILE_VARIABLE, KNOWN, Origin, Settings, SettingsError, read

LONG_SECRET = "a random text of more than thirty-two bytes"
DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(text: str) -> dict[str, str]:
    """Write a settings file and return the environment that names it."""
    path = Path("other.toml")
    path.write_text(text, encoding="utf-8")
    return {FILE_VARIABLE: str(path)}


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read({}) == Settings()


def test_an_empty_variable_is_not_set() -> None:
    assert read({"SUMMIT_DATABASE_URL": ""}) == Settings()


def test_the_environment_wins_over_the_file() -> None:
    environ = written('port = 9000\nbase_url = "https://a.example"\n') | {"PORT": "9001"}
    settings = read(environ)
    assert (settings.port, settings.origin("port")) == (9001, Origin.ENVIRONMENT)
    assert (settings.base_url, settings.origin("base_url")) == ("https://a.example", Origin.FILE)
    assert settings.origin("database_url") == Origin.DEFAULT


def test_the_file_summit_toml_is_read_without_being_named() -> None:
    Path("summit.toml").write_text("port = 9000\n", encoding="utf-8")
    assert read({}).port == 9000


def test_the_address_and_the_trusted_host_follow_the_port_and_the_address() -> None:
    assert read({"PORT": "8123"}).base_url == "http://localhost:8123"
    assert read({"SUMMIT_BASE_URL": "https://Sum.example/"}).trusted_hosts == ("sum.example",)


def test_lists_are_read_from_a_toml_array_and_from_a_text_with_commas() -> None:
    assert read(written('trusted_hosts = ["A.example", "b.example"]')).trusted_hosts == (
        "a.example",
        "b.example",
    )
    environ = {"SUMMIT_TRUSTED_PROXIES": "10.0.0.0/24, ::1"}
    assert read(environ).trusted_proxies == ("10.0.0.0/24", "::1")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_may_leave_the_driver_out(scheme: str) -> None:
    settings = read({"SUMMIT_DATABASE_URL": f"{scheme}://app@db/summit"})
    assert settings.database_url == "postgresql+psycopg://app@db/summit"
    assert (settings.is_embedded, settings.database_file) == (False, None)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SUMMIT_DATABASE_URL", "nonsense"),
        ("SUMMIT_DATABASE_URL", "mysql://a/b"),
        ("SUMMIT_DATABASE_URL", "sqlite://"),
        ("SUMMIT_DATABASE_URL", "sqlite:///:memory:"),
        ("SUMMIT_DATABASE_URL", "postgresql://host"),
        ("SUMMIT_DATABASE_URL", "postgresql://host:port/summit"),
        ("SUMMIT_DATABASE_OWNER_URL", "sqlite:///a"),
        ("SUMMIT_DATABASE_OWNER_URL", "postgresql://owner@db/summit"),
        ("SUMMIT_SECRET_KEY", "short"),
        ("SUMMIT_SECRET_KEY_FILE", "a\0b"),
        ("SUMMIT_BASE_URL", "summit.example"),
        ("SUMMIT_BASE_URL", "ftp://summit.example"),
        ("SUMMIT_BASE_URL", "https://[::1"),
        ("SUMMIT_BASE_URL", "https://summit.example:99999"),
        ("SUMMIT_BASE_URL", "https://summit.example/?a=b"),
        ("SUMMIT_SMTP_URL", "mail.example"),
        ("SUMMIT_TRUSTED_HOSTS", "https://summit.example"),
        ("SUMMIT_TRUSTED_HOSTS", "summit.example:443"),
        ("SUMMIT_TRUSTED_PROXIES", "proxy"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "８０００"),
        ("PORT", "9" * 5000),
    ],
)
def test_a_wrong_value_is_refused_in_one_sentence_that_names_the_setting(
    variable: str, value: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        read({variable: value})
    assert raised.value.setting == variable
    assert re.fullmatch(rf"{variable} [^\n]+: [^\n]+\.", str(raised.value))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("colour = 1", "is not a setting"),
        ("port = [", "is not TOML"),
        ("port = true", "is not a text"),
        ("base_url = 1.5", "is not a text"),
        ("trusted_hosts = 1", "is not a list of texts"),
        ("trusted_hosts = [1]", "is not a list of texts"),
    ],
)
def test_a_wrong_file_is_refused(text: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem):
        read(written(text))


def test_a_named_file_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read({FILE_VARIABLE: "absent.toml"})


def test_a_secret_beside_a_secret_file_is_refused() -> None:
    environ = {"SUMMIT_SECRET_KEY": LONG_SECRET, "SUMMIT_SECRET_KEY_FILE": "key"}
    with pytest.raises(SettingsError, match="keep one of the two"):
        read(environ)


def test_shown_settings_hide_every_secret() -> None:
    settings = read(
        {
            "SUMMIT_DATABASE_URL": "postgresql://app:pa55word@db/summit",
            "SUMMIT_DATABASE_OWNER_URL": "postgresql://owner@db/summit?password=pa55word",
            "SUMMIT_SECRET_KEY": LONG_SECRET + "pa55word",
            "SUMMIT_SMTP_URL": "smtps://mail:pa55word@mail.example:465",
        }
    )
    assert "pa55word" not in repr(settings)
    shown = {line.variable: line.value for line in settings.shown()}
    assert list(shown) == [known.variable for known in KNOWN]
    assert "pa55word" not in str(shown)
    assert shown["SUMMIT_DATABASE_URL"] == "postgresql+psycopg://app:***@db/summit"
    assert shown["SUMMIT_LOG_KEY_FILE"] == "(not set)"


def test_an_embedded_database_gets_a_key_of_its_own_once(tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/new/summit.sqlite")
    key = ensure_secret_key(settings)
    made = tmp_path / "new" / "secret.key"
    assert made.stat().st_mode & 0o777 == 0o600
    assert len(key) == 64
    assert ensure_secret_key(settings) == key
    assert list(made.parent.iterdir()) == [made]


def test_a_database_server_wants_a_key(tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql+psycopg://db/summit")
    with pytest.raises(SettingsError, match="SUMMIT_SECRET_KEY_FILE is not set"):
        ensure_secret_key(settings)
    assert list(tmp_path.iterdir()) == []


def test_a_secret_file_is_read_and_its_length_judged(tmp_path: Path) -> None:
    path = tmp_path / "key"
    settings = Settings(secret_key_file=path)
    with pytest.raises(SettingsError, match="cannot be read"):
        ensure_secret_key(settings)
    path.write_text(LONG_SECRET + "\n", encoding="utf-8")
    assert ensure_secret_key(settings) == LONG_SECRET
    path.write_text("short\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="is too short"):
        ensure_secret_key(settings)
    path.write_bytes(b"\xff" * 40)
    with pytest.raises(SettingsError, match="is not text"):
        ensure_secret_key(settings)


def test_every_setting_is_documented_and_every_documented_setting_exists() -> None:
    documented = re.findall(
        r"^\| `([A-Z_]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert documented == [*(known.variable for known in KNOWN), FILE_VARIABLE]


def test_every_documented_key_of_the_file_exists() -> None:
    keys = re.findall(
        r"^\| `[A-Z_]+` \| `([a-z_]+)` \|", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert keys == [known.key for known in KNOWN]
