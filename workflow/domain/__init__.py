"""The rules, pure: the standard library and `transitions`, nothing else."""
