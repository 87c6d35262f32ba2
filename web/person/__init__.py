"""The page of a requester, reached by the link in their letters: no log-in, no script, no cookie."""
