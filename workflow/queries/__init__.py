"""Questions that change nothing: inbox, portfolio, proposal page, explanation."""
