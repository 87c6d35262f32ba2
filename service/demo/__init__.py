"""The whole chain on one machine, with servers and mails of its own."""
