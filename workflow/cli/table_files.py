"""The options by which a command takes a table: a CSV file in any encoding, or a workbook."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import click

LARGEST: Final = 500_000_000
"""In bytes; a million rows are some fifty."""

_WORDS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "\\t": "\t"}


def table_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command --encoding and --delimiter; without them both are found out."""
    delimiter = click.option(
        "--delimiter",
        callback=_delimiter,
        help="What parts a CSV file's columns: a sign, or the word tab. Found out if unsaid.",
    )
    encoding = click.option(
        "--encoding",
        callback=_encoding,
        help="How a CSV file is written, such as shift_jis or cp1251; else by its mark, or UTF-8.",
    )
    return encoding(delimiter(function))


def table_content(file: Path) -> bytes:
    """Read a file whole, unless it is too large to be a table."""
    if file.stat().st_size > LARGEST:
        most = LARGEST // 1_000_000
        raise click.UsageError(f"The file is larger than {most} MB: part it in several.")
    return file.read_bytes()


def _delimiter(_context: click.Context, _option: click.Parameter, said: str | None) -> str | None:
    if said is None:
        return None
    sign = _WORDS.get(said, said)
    if len(sign) != 1 or sign.isalnum() or sign in '"\r\n\0':
        raise click.BadParameter("A delimiter is one sign, such as ';', or the word tab.")
    return sign


def _encoding(_context: click.Context, _option: click.Parameter, said: str | None) -> str | None:
    from workflow.intake.encodings import codec_name  # noqa: PLC0415 - nothing loads for --help

    try:
        return codec_name(said) if said is not None else None
    except LookupError:
        problem = f"There is no encoding {said}. Try shift_jis, cp1251 or utf-16."
        raise click.BadParameter(problem) from None
