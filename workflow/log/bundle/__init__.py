"""Check a bundle: a folder of entries, hashes and proofs; no database, no network."""
