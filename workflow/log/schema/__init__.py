"""JSON Schemas of what a bundle holds, which are copied into every bundle."""
