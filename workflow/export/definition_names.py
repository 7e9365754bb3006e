"""Names of states and steps as identifiers that XML, DOT and Mermaid all take.

A sign that is not an ASCII letter, digit or underscore is written as `_xHHHH_`, and so is the
underscore of a name that holds such a sequence itself: two names never become one.
Source: the mapping of SQL names to XML names, ISO/IEC 9075-14, 9.1.
"""

import re

_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")
_UNSAFE = re.compile(r"[^A-Za-z0-9_]|^[0-9]|^$|_(?=x[0-9A-F]{4,6}_|x_$)")


def write_name(name: str) -> str:
    """Write a name as an identifier; the empty one as `_x_`."""
    return _UNSAFE.sub(lambda found: f"_x{ord(found[0]):04X}_" if found[0] else "_x_", name)


def read_name(identifier: str) -> str:
    """Read a name back."""
    if identifier == "_x_":
        return ""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), identifier)
