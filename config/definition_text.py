"""Writes a resolved definition as YAML that people read."""

from collections.abc import Mapping
from io import StringIO
from typing import Any

from ruamel.yaml import YAML


def write_yaml(mapping: Mapping[str, Any]) -> str:
    """Write a definition: its name and labels first, short mappings on one line."""
    first = ("language", "kind", "labels", "meaning", "material", "fields", "states", "steps")
    ordered = {key: mapping[key] for key in first if key in mapping}
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment] # as the library documents it
    yaml.allow_unicode = True
    yaml.width = 100
    text = StringIO()
    yaml.dump(ordered, text)
    return text.getvalue()
