"""Rules and verdicts in plain words: one sentence for each node of a tree, for both faces.

A reading is data, a msgid with its parameters, like a refusal's sentence; a `Voice` says it in
the reader's language with names instead of codes. The web and the command line say the same.
"""

from workflow.readings.nodes import read_node
from workflow.readings.reading import Reading, Voice
from workflow.readings.steps import clauses, read_step

__all__ = ["Reading", "Voice", "clauses", "read_node", "read_step"]
