"""Carry a summit's promises from proposed to agreed to implemented."""
