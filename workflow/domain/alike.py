"""Tells which references look alike to a reader, so that a mistyped one can be told from a new one.

A reference is ASCII; what other scripts write alike is folded to it, then signs that pass for one
another are made one. Nothing is accepted for looking right: this only says what may be meant.

Source: Unicode UTS 39, section 4 (skeletons), for the letters of the scripts in use here.
"""

import unicodedata
from typing import Final

from workflow.domain.names import is_safe_text

# Each above what it passes for.
_CYRILLIC: Final = (
    "АВЕЗКМНОРСТУХЅІЈԚԜЬӀавеозкмнорстухѕіјԛԝһԁьѵӏ",
    "ABE3KMHOPCTYXSIJQWbIabeo3kmhopctyxsijqwhdbvl",
)
_GREEK: Final = (
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβικνορτυωγ",
    "ABEZHIKMNOPTYXabiknoptuwy",
)
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\u2500\u2043_.\u3002 "
_LETTERS: Final = str.maketrans(
    "".join((_CYRILLIC[0], _GREEK[0], _DASHES)),
    "".join((_CYRILLIC[1], _GREEK[1], "-" * len(_DASHES))),
)
# After lower case: figures that pass for letters.
_FIGURES: Final = str.maketrans("1i058", "llosb")
_PAIRS: Final = (("rn", "m"), ("vv", "w"))


def reference_skeleton(reference: str) -> str:
    """Return what is left of a reference when alike signs are one: two equal ones look alike."""
    if not reference.isascii():
        folded = unicodedata.normalize("NFKC", reference)
        reference = "".join(sign for sign in folded if is_safe_text(sign))
    found = reference.translate(_LETTERS).lower().translate(_FIGURES)
    for pair, one in _PAIRS:
        found = found.replace(pair, one)
    return found
