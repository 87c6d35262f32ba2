"""From a mailbox to a parsed, screened mail."""
