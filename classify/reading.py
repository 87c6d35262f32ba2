"""What of a mail is judged.

In: a `ParsedMail`. Out: its subject and the text its writer answers for. Quotes, signatures, disclaimers and options
of a form left unticked are left out: they never give a label. A forward with little written above it is judged by the
mail that was forwarded.
"""

from dataclasses import dataclass

from classify.subjects import bare_subject, is_forward, is_reply, is_rights_form
from classify.tick_boxes import without_unticked
from models.mail import ParsedMail

MAX_TEXT = 16_000
"""A mail goes on for longer than this only by accident; what counts has been said."""
LITTLE = 40
"""So many words above a forwarded mail are a cover note, not the matter itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The judged part of a mail."""

    mail: ParsedMail
    subject: str
    """Without Re:, Fwd: and the like; empty where it is the agreed one of a rights request, which says no more."""
    written: str
    """What is judged of the body."""
    is_reply: bool
    is_forward: bool
    is_rights_form: bool
    """The subject is the agreed one of a rights request."""

    @property
    def text(self) -> str:
        """Return subject and body as one text, the subject in a paragraph of its own."""
        return f"{self.subject}\n\n{self.written}" if self.subject else self.written


def read(mail: ParsedMail) -> Reading:
    """Return the judged part of a mail."""
    body = mail.body
    written, subject = body.written, mail.subject
    forwarded = body.forwarded
    takes_forwarded = forwarded is not None and len(written.split()) <= LITTLE
    if forwarded is not None and takes_forwarded:
        subject = forwarded.subject or subject
        written = f"{written}\n\n{forwarded.text}" if written.strip() else forwarded.text
    return Reading(
        mail=mail,
        subject="" if is_rights_form(subject) else bare_subject(subject)[:300],
        written=without_unticked(written.strip()[:MAX_TEXT]),
        is_reply=is_reply(mail.subject) or bool(mail.in_reply_to),
        is_forward=takes_forwarded or is_forward(mail.subject),
        is_rights_form=is_rights_form(subject),
    )
