"""A file in the wrong encoding is told with its line, and with the encodings that fit."""

import pytest

from workflow.intake.encodings import codec_name, decode
from workflow.intake.lines import UnreadableError

RUSSIAN = "Предложение рассмотрено; Ташкент, 5 мая"
JAPANESE = "会議の提案について、外務省より回答"
LATIN = "Déjà signé à Genève, le café"


def told(content: bytes, encoding: str | None = None) -> tuple[int, str]:
    with pytest.raises(UnreadableError) as found:
        "".join(decode(content, encoding))
    return found.value.line, found.value.problem


@pytest.mark.parametrize(
    ("text", "written", "named"),
    [
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8_r"),
        (RUSSIAN, "cp866", "cp866"),
        (JAPANESE, "shift_jis", "shift_jis"),
        (JAPANESE, "euc_jp", "euc_jp"),
        ("①" + JAPANESE, "cp932", "cp932"),
        (LATIN, "cp1252", "cp1252"),
    ],
)
def test_a_file_that_is_not_utf8_is_told_with_what_fits(
    text: str, written: str, named: str
) -> None:
    content = f"reference,step,reason\nP-1,agree,\nP-2,agree,{text}\n".encode(written)
    line, problem = told(content)
    assert line == 3
    assert problem.startswith("it is not utf-8; ")
    assert problem.endswith(f": give --encoding {named}")
    assert "".join(decode(content, named)).endswith(f"{text}\n")


def test_what_is_said_and_does_not_fit_is_told_with_what_does() -> None:
    content = f"reference,reason\nP-1,{RUSSIAN}\n".encode("cp1251")
    line, problem = told(content, "shift_jis")
    assert (line, problem.partition(" or ")[0]) == (2, "it is not shift_jis; cp1251")


def test_damage_amid_utf8_is_not_called_another_encoding() -> None:
    content = f"reference,reason\nP-1,{JAPANESE}\nP-2,".encode() + b"\xff\n"
    assert told(content) == (
        3, "it is not utf-8, though what is around it is: mend that line"
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp1252", "shift_jis", "latin-1"])
@pytest.mark.parametrize("text", [RUSSIAN, JAPANESE])
def test_utf8_under_another_name_is_refused_and_not_garbled(encoding: str, text: str) -> None:
    line, problem = told(f"reference,reason\nP-1,\nP-2,{text}\n".encode(), encoding)
    assert (line, problem) == (3, f"it is utf-8, not {encoding}: leave --encoding out")


def test_a_mark_that_contradicts_what_is_said_is_told() -> None:
    assert told("a".encode("utf-16"), "cp1251") == (
        1, "its mark says utf-16, not cp1251: leave --encoding out"
    )  # fmt: skip
    assert "".join(decode("a".encode("utf-8-sig"), "utf8")) == "a"


@pytest.mark.parametrize("order", ["le", "be"])
def test_utf16_without_a_mark_is_told_and_read_when_said(order: str) -> None:
    content = "reference,step\n".encode(f"utf-16-{order}")
    assert told(content) == (
        1, f"it looks like utf-16-{order} without a mark: give --encoding utf-16-{order}"
    )  # fmt: skip
    for said in (f"utf-16-{order}", "utf-16"):
        assert "".join(decode(content, said)) == "reference,step\n"


def test_japanese_that_is_all_ascii_in_bytes_is_told() -> None:
    content = f"reference,reason\nP-1,{JAPANESE}\n".encode("iso2022_jp")
    assert told(content)[0] == 2
    assert JAPANESE in "".join(decode(content, "iso2022_jp"))


def test_a_letter_cut_by_the_end_of_a_block_is_whole() -> None:
    text = "x" * ((1 << 20) - 1) + "Ж提" * 400_000
    assert "".join(decode(text.encode())) == text
    assert told(text.encode() + b"\nx\n\xff\xff")[0] == 3


@pytest.mark.parametrize("name", ["klingon", "base64", "idna", "unicode_escape", "undefined", ""])
def test_what_is_no_encoding_of_files_is_not_found(name: str) -> None:
    with pytest.raises(LookupError):
        codec_name(name)
