"""The wording of mails: what is quoted, what closes a mail, what announces an absence, in many languages."""
