"""Reads files that come in: strict, line by line, and never a traceback."""
