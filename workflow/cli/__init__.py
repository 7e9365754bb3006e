"""The command `summit`: one file a noun, loaded only when it is named."""

import sys

from workflow.cli.frame import LazyGroup, Noun, run

NOUNS = {
    "init": Noun("init:init", "Create or upgrade the database."),
    "demo": Noun("demo:demo", "Load the two Tokyo summits and demo officials."),
    "work": Noun("work:work", "Do what is due: silences, dates, days of effect, parents."),
    "serve": Noun("serve:serve", "Serve the web pages."),
    "check": Noun("check:check", "Recompute kept facts and verify the log."),
    "backup": Noun("backup:backup", "Copy the database while it is in use, verified."),
    "restore": Noun("backup:restore", "Put a backup in the place of the database."),
    "settings": Noun("settings:settings", "Print the settings with their origin."),
    "parties": Noun("parties:parties", "List, import and bootstrap parties."),
    "summits": Noun("summits:summits", "List and import summits."),
    "people": Noun("people:people", "Say who may act, party by party."),
    "proposals": Noun("proposals:proposals", "List, show, import and revise proposals."),
    "definitions": Noun("definitions:definitions", "List, show and lint the rules."),
    "explain": Noun("explain:explain", "Say why a step may or may not be taken."),
    "inbox": Noun("inbox:inbox", "List what waits for a person."),
    "sign": Noun("sign:sign", "Sign one proposal for a role of a party."),
    "step": Noun("step:step", "Take a step on one proposal."),
    "bulk": Noun("bulk:bulk", "Plan and apply steps on many proposals."),
    "history": Noun("history:history", "Import acts that already happened."),
    "audit": Noun("audit:audit", "Export and verify the log."),
}
"""Each noun's module and what it does; one whose module does not exist is not listed."""

summit = LazyGroup(
    "workflow.cli",
    NOUNS,
    name="summit",
    help="Keep the record of what summits promised: who agreed to what, and on which text.",
    example="summit init --admin a.tanaka",
)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(summit, sys.argv[1:]))
