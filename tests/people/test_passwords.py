"""A password is long, and not one that is soon guessed; nothing else is asked of it."""

import pytest

from workflow.domain.verdicts import Code
from workflow.services.passwords import judge_password

ABOUT = ("d.karimov", "Dilshod Karimov")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "long walk by the old river",
        "k7qm2vxp9rtd4bw",
        "К тихой реке ведёт тропа",
        "静かな川へ続く細い道があります",
        "tinch daryoga soʻqmoq boradi",
        "%&/(=?`´*'_:;><|^°§",
        "no capitals and no digits at all " * 3,
    ],
)
def test_any_long_password_of_ones_own_is_accepted(password: str) -> None:
    assert judge_password(password, ABOUT) is None


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("k7qm2vxp9rtd4b", Code.PASSWORD_TOO_SHORT),
        ("e\u0301" * 14, Code.PASSWORD_TOO_SHORT),
        ("", Code.PASSWORD_TOO_SHORT),
        ("the long one " * 10, Code.PASSWORD_TOO_LONG),
    ],
)
def test_lengths_are_counted_in_composed_characters(password: str, code: Code) -> None:
    refused = judge_password(password, ABOUT)
    assert refused is not None
    assert refused.code == code


@pytest.mark.parametrize(
    "password",
    [
        "aaaaaaaaaaaaaaaaaaaa",
        "passwordpassword",
        "Password1234567890",
        "qwertyuiopasdfghjkl",
        "1234567890123456789",
        "abcabcabcabcabcabc",
        "йцукенгшщзфывапр",
        "парольпарольпароль",
        "gfhjkmgfhjkmgfhjkm",
        "toshkent20252026",
        "summitproposal2026",
        "DilshodKarimov1987",
        "karimov.dilshod!!",
        "manchesterunited",
        "manchesterunited12",
    ],
)
def test_what_is_soon_guessed_is_refused(password: str) -> None:
    refused = judge_password(password, ABOUT)
    assert refused is not None
    assert refused.code == Code.PASSWORD_COMMON
