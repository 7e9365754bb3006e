"""Tells by its first bytes what a file is that is no CSV, whatever its name says."""

from io import BytesIO
from typing import Final
from zipfile import BadZipFile, ZipFile

from workflow.intake.lines import UnreadableError

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Office's older container: .xls, and every workbook with a password."""

_AGAIN: Final = "save it as CSV UTF-8 or as .xlsx"
_OTHERS: Final = (
    (b"%pdf-", f"it is a PDF document: {_AGAIN}"),
    (b"{\\rtf", f"it is an RTF document: {_AGAIN}"),
    (b"\x1f\x8b", "it is compressed with gzip: unpack it"),
    (b"\x89png", "it is a picture"),
    (b"\xff\xd8\xff", "it is a picture"),
    (b"sqlite format 3", "it is a database"),
    (b"<", f"it is a web page or XML, whatever its name says: {_AGAIN}"),
    (b"{", "it is JSON, and a table is wanted: CSV or .xlsx"),
    (b"[", "it is JSON, and a table is wanted: CSV or .xlsx"),
)
_INSIDE: Final = (
    ("xl/workbook.bin", f"it is a binary workbook (.xlsb): {_AGAIN}"),
    ("word/document.xml", f"it is a text document (.docx): {_AGAIN}"),
    ("Index/Document.iwa", f"it is a Numbers document: {_AGAIN}"),
    ("content.xml", f"it is an OpenDocument file (.ods): {_AGAIN}"),
)
_LONGEST_HEAD: Final = 64


def is_workbook(content: bytes) -> bool:
    """Say whether it is an .xlsx workbook. Raises: UnreadableError when it is no table at all."""
    if content.startswith(_ZIP):
        _judge_zip(content)
        return True
    if content.startswith(_COMPOUND):
        raise UnreadableError(1, _compound(content))
    head = content[:_LONGEST_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for signature, problem in _OTHERS:
        if head.startswith(signature):
            raise UnreadableError(1, problem)
    return False


def _judge_zip(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
    # RuntimeError: a password, or in its subclass a compression that zipfile does not know.
    except (BadZipFile, ValueError, RuntimeError):
        raise UnreadableError(1, "it is a damaged workbook, or no workbook") from None
    for name, problem in _INSIDE:
        if name in names:
            raise UnreadableError(1, problem)
    if "[Content_Types].xml" not in names:
        raise UnreadableError(1, "it is a ZIP archive: unpack it")


def _compound(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "it is protected by a password: save it without one"
    return f"it is an old workbook or document (.xls, .doc): {_AGAIN}"
