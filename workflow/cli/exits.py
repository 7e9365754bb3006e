"""The exit codes. Source: CONTRACT, 'The command summit'; 130 is the shell's for Ctrl-C."""

DONE = 0
REFUSED = 1
WRONG_USE = 2
BROKEN = 3
BUSY = 4
INTERRUPTED = 130
