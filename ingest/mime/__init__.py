"""The form of mails: parts, encodings, headers, and the text of each sort of part. Nothing of what a mail says."""
