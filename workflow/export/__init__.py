"""Exports: the formats others read, and the check of what was exported."""
