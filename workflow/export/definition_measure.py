"""How wide a text is when nobody has the font: by the widths that Unicode gives its signs."""

import unicodedata

_WIDE = frozenset("WF")
_NARROW_EM = 0.6
"""A Latin or Cyrillic letter's width in ems, on the wide side: a text must not leave its place."""

ELLIPSIS = "…"


def text_width(text: str, size: float) -> float:
    """Estimate a text's width at a font size, in the size's unit."""
    return sum(_em(sign) for sign in text) * size


def wrap(text: str, width: float, size: float, most: int) -> tuple[str, ...]:
    """Break a text into lines of a width; what is beyond the last line ends in an ellipsis."""
    lines: list[str] = [""]
    for piece in _pieces(text, width, size):
        joined = f"{lines[-1]}{piece}"
        if text_width(joined.strip(), size) <= width or not lines[-1].strip():
            lines[-1] = joined
        else:
            lines.append(piece)
    found = [line.strip() for line in lines]
    if len(found) > most:
        found = [*found[: most - 1], _shortened(" ".join(found[most - 1 :]), width, size)]
    return tuple(found)


def _pieces(text: str, width: float, size: float) -> list[str]:
    """Split after spaces; a word too long for a line, as all of Japanese may be, between signs."""
    found: list[str] = []
    for word in text.split(" "):
        whole = text_width(word, size) <= width
        found += [f"{word} "] if whole else [*word[:-1], f"{word[-1:]} "]
    return found


def _shortened(text: str, width: float, size: float) -> str:
    while text and text_width(text + ELLIPSIS, size) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _em(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0
    return 1 if unicodedata.east_asian_width(sign) in _WIDE else _NARROW_EM
