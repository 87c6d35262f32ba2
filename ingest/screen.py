"""Who wrote a mail, a person or a machine, and whether it may be answered (RFC 3834, RFC 8601).

Only bounces, absence notes and our own letters are kept from the classifier. Everything else that is marked is
read all the same, but nobody gets an automatic letter for it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ingest.authentication import dmarc_of
from ingest.marks import is_machine_sender, is_of_own_list, list_marks, machine_marks, sender_marks, spam_marks
from ingest.mime.addresses import domain_of, is_mailable, named_sender
from ingest.wording.absence import is_absence_note, is_answering_machine
from models.mail import STAMP_HEADER, Address, Dmarc, Nature, ParsedMail, Screening
from models.organisation import Organisation


def screen(mail: ParsedMail, *, own_addresses: Collection[str], organisation: Organisation) -> Screening:
    """Return the nature of a mail, whom it is from for our purposes, and whether an automatic letter may go there."""
    return _Screener(mail, frozenset(address.lower() for address in own_addresses), organisation).screening()


@dataclass(frozen=True)
class _Origin:
    """Whom a mail is from, and how that was found out."""

    requester: Address | None
    is_form: bool = False
    """A web form wrote for the person in Reply-To."""
    is_relisted: bool = False
    """A group of ours put its own address into From."""
    is_forwarded: bool = False
    """A colleague passed the person's mail on."""


class _Screener:
    def __init__(self, mail: ParsedMail, own: frozenset[str], organisation: Organisation) -> None:
        self._mail = mail
        self._own = own
        self._organisation = organisation
        self._sender = mail.from_[0] if len(mail.from_) == 1 else None
        self._is_own = self._sender is not None and self._sender.address.lower() in own

    def screening(self) -> Screening:
        """Put nature, requester and checks together."""
        origin = self._origin()
        nature, marks = self._nature(origin)
        dmarc = dmarc_of(self._mail, self._organisation.trusted_authserv)
        forwarded = self._mail.body.forwarded
        return Screening(
            nature=nature,
            marks=(*marks, *_remarks(origin, dmarc)),
            requester=origin.requester,
            is_answerable=nature is Nature.PERSON and dmarc is not Dmarc.FAIL and self._is_answerable(origin),
            dmarc=dmarc,
            forwarded_by_staff=origin.is_forwarded,
            proposed_received=forwarded.sent_on if origin.is_forwarded and forwarded else "",
            reply_to_differs=not (origin.is_form or origin.is_relisted) and self._reply_to_differs(),
        )

    def _nature(self, origin: _Origin) -> tuple[Nature, list[str]]:
        mail = self._mail
        if self._is_own and mail.header(STAMP_HEADER):
            return Nature.OWN, ["a letter of our own that came back"]
        if mail.report is not None:
            return Nature.DELIVERY_REPORT, ["a report about the delivery of a mail"]
        if origin.is_form:
            # Such a form is a machine by trade: only what a filter says of it counts.
            return self._judged(list(spam_marks(mail)))
        if is_answering_machine(mail):
            return Nature.AUTO_REPLY, ["an answering machine (headers)"]
        machine = [*machine_marks(mail), *list_marks(mail, self._organisation.own_lists)]
        if is_absence_note(mail, is_marked=bool(machine)):
            return Nature.AUTO_REPLY, ["an absence note (subject and text)", *machine]
        return self._judged([*self._marks(origin, machine), *spam_marks(mail)])

    @staticmethod
    def _judged(marks: list[str]) -> tuple[Nature, list[str]]:
        return (Nature.MARKED if marks else Nature.PERSON), marks

    def _marks(self, origin: _Origin, machine: list[str]) -> Iterator[str]:
        """Give all the marks of a mail, most telling first; those of a machine are known already."""
        if self._is_own and not origin.is_relisted:
            yield "sent in the name of one of our own addresses"
        if self._mail.header(STAMP_HEADER):
            yield "carries our stamp, but is not from us"
        yield from sender_marks(self._mail)
        yield from machine

    def _origin(self) -> _Origin:
        """Find the person: who wrote, for whom a form wrote, or whose mail was passed on."""
        reply_to = next((address for address in self._mail.reply_to if self._is_stranger(address)), None)
        if self._sender and self._sender.address.lower() in _lowered(self._organisation.form_senders) and reply_to:
            return _Origin(reply_to, is_form=True)
        if self._is_own and is_of_own_list(self._mail, self._organisation.own_lists):
            original = named_sender(self._mail.header("x-original-from"))
            writer = original if original and self._is_stranger(original) else reply_to
            if writer:
                return _Origin(writer, is_relisted=True)
        forwarded = self._mail.body.forwarded
        if self._is_staff(self._sender) and forwarded and forwarded.sender and self._is_outsider(forwarded.sender):
            return _Origin(forwarded.sender, is_forwarded=True)
        return _Origin(next((address for address in self._mail.from_ if is_mailable(address.address)), None))

    def _is_answerable(self, origin: _Origin) -> bool:
        """Tell whether an automatic letter may go to the requester; whom a colleague names is confirmed first."""
        requester = origin.requester
        if requester is None or origin.is_forwarded:
            return False
        return self._is_stranger(requester) and not is_machine_sender(requester.address)

    def _is_stranger(self, address: Address) -> bool:
        return is_mailable(address.address) and address.address.lower() not in self._own

    def _is_outsider(self, address: Address) -> bool:
        return self._is_stranger(address) and not self._is_staff(address)

    def _is_staff(self, address: Address | None) -> bool:
        """Tell whether an address lies in a domain of our staff, or below one."""
        domain = domain_of(address.address) if address else ""
        return any(
            domain == staff or domain.endswith(f".{staff}") for staff in _lowered(self._organisation.staff_domains)
        )

    def _reply_to_differs(self) -> bool:
        senders = {address.address.lower() for address in self._mail.from_}
        return any(address.address.lower() not in senders for address in self._mail.reply_to)


def _remarks(origin: _Origin, dmarc: Dmarc) -> Iterator[str]:
    """Give what staff should know beside the marks."""
    if origin.is_forwarded:
        yield "passed on by a colleague: the requester is to be confirmed"
    if dmarc is Dmarc.FAIL:
        yield "the sender's domain disowns this mail (DMARC)"


def _lowered(names: Collection[str]) -> frozenset[str]:
    return frozenset(name.strip().lower().lstrip("@") for name in names if name.strip())
