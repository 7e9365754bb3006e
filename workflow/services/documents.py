"""Judges an uploaded file by its content, never by its name or what the browser says of it.

Source: SECURITY.md, 'Uploads': PDF, PNG, JPEG, TXT and CSV by content; 20 MB a file.
"""

from workflow.domain import texts
from workflow.domain.verdicts import Code, Refusal, refuse

LARGEST_BYTES = 20 * 1024 * 1024

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
_ENDINGS = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "text/plain": (".txt", ".csv"),
}


def media_type(content: bytes) -> str | None:
    """Recognise an accepted file; None for any other."""
    for magic, known in _MAGIC:
        if content.startswith(magic):
            return known
    return "text/plain" if _is_plain_text(content) else None


def _is_plain_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    looks_active = text.lstrip("\ufeff \r\n\t").startswith(("<", "#!", "MZ", "{\\rtf"))
    controls = any(character < " " and character not in "\t\r\n" for character in text)
    return bool(content) and not looks_active and not controls


def judge_document(name: str, content: bytes) -> list[Refusal]:
    """Give every reason against a file: too large, not of an accepted kind, or misnamed."""
    if len(content) > LARGEST_BYTES:
        return [refuse(Code.TEXT_TOO_LONG, field="file", limit=LARGEST_BYTES)]
    found = media_type(content)
    if found is None or not name.lower().endswith(_ENDINGS[found]):
        return [refuse(Code.FILE_NOT_ACCEPTED, file=name[:80])]
    return texts.judge_text("file", name, texts.TITLE_LENGTH)
