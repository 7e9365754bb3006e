"""The transparency log as a library of its own: byte layouts, hashes, chains and checks."""
