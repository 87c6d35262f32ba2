"""From an ordered letter to a mail that the server has accepted."""
