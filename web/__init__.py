"""The web face: parses what browsers send, calls one service or query, renders."""
