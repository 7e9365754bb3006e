"""Use cases: one file a use case, one transaction a call."""
