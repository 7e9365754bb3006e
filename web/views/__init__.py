"""Views: one module a screen; each parses, calls one service or query, and renders."""
