"""The HTML of a mail as it came, and the pictures inside the mail that it can name (RFC 2392).

Nothing is cleaned here: whoever shows it must.
"""

from email.message import Message

from ingest.mime.part import Part
from models.mail import Picture, RichFace

_MOST_PARTS = 500
_LONGEST = 2_000_000


def rich_face_of(message: Message) -> RichFace | None:
    """Return the first HTML that is no file, None where there is none; attached mails are not looked into."""
    html, pictures = "", {}
    waiting = [message]
    for _ in range(_MOST_PARTS):
        if not waiting:
            break
        part = Part(waiting.pop())
        if not part.content_type.startswith("message/"):
            waiting += reversed(part.children)
        if not html and part.content_type == "text/html" and part.disposition != "attachment" and not part.children:
            html = part.text[0][:_LONGEST]
        elif part.content_type.startswith("image/") and (name := _content_id(part)):
            pictures[name] = Picture(part.content_type, part.content)
    return RichFace(html, pictures) if html.strip() else None


def _content_id(part: Part) -> str:
    return str(part.message.get("Content-ID") or "").strip().strip("<>")
