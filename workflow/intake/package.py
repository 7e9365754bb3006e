"""Judges a workbook's archive before it is unpacked: its sizes, and that no part defines entities.

Source: ECMA-376, part 2, 8.2 (no part declares a document type).
"""

import zlib
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile, ZipInfo

from workflow.intake.lines import UnreadableError

_MOST_PARTS: Final = 2_000
_LARGEST: Final = 1 << 30
"""In bytes, of all parts together."""

_LARGEST_SHEET: Final = 1 << 29
_LARGEST_TEXTS: Final = 1 << 26
"""Of the shared texts, which the library holds in memory."""

_LARGEST_OTHER: Final = 1 << 24
_CHUNK: Final = 1 << 16
_STRICT: Final = b"http://purl.oclc.org/ooxml/spreadsheetml"
"""The namespace of a form that the library cannot read. Source: ECMA-376, part 1, annex A."""


class _SeenError(Exception):
    """Ends the look at a part, once its root or its document type has been seen."""


def judge_package(archive: ZipFile) -> None:
    """Refuse an archive that would unpack into too much. Raises: UnreadableError."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS or sum(each.file_size for each in parts) > _LARGEST:
        raise UnreadableError(1, "the workbook unpacks into too much to be a table")
    for part in parts:
        if part.flag_bits & 1:
            raise UnreadableError(1, "it is protected by a password: save it without one")
        if part.filename.startswith("xl/media/"):
            continue
        if part.file_size > _largest(part.filename):
            raise UnreadableError(1, "the workbook unpacks into too much to be a table")
        if part.filename.endswith((".xml", ".rels")):
            _judge_part(archive, part)
        if part.filename == "xl/workbook.xml" and _STRICT in archive.read(part):
            raise UnreadableError(1, "it is a Strict workbook: save it as a plain .xlsx workbook")


def _largest(name: str) -> int:
    if name.startswith("xl/worksheets/"):
        return _LARGEST_SHEET
    return _LARGEST_TEXTS if name == "xl/sharedStrings.xml" else _LARGEST_OTHER


def _judge_part(archive: ZipFile, part: ZipInfo) -> None:
    try:
        declares = _declares(archive, part)
    # RuntimeError: a password, or in its subclass a compression that zipfile does not know.
    except (ExpatError, BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError):
        raise UnreadableError(1, "the workbook is damaged: open it, and save it again") from None
    if declares:
        raise UnreadableError(1, "the workbook defines entities, which no workbook may")


def _declares(archive: ZipFile, part: ZipInfo) -> bool:
    seen: list[bool] = []

    def see(*, declares: bool) -> None:
        seen.append(declares)
        raise _SeenError

    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: see(declares=True)
    parser.StartElementHandler = lambda *_: see(declares=False)
    try:
        with archive.open(part) as file:
            while not seen:
                chunk = file.read(_CHUNK)
                parser.Parse(chunk, not chunk)
    except _SeenError:
        pass
    return seen[0]
