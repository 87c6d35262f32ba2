"""Blocked senders: their ordinary mail is filed and answered by no machine; what asks for a right is looked at still.

A missed request is the worst error: a block keeps mail from nobody's eyes that may be one, nor from a case that runs.
In the caller's transaction.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from cases.clocks import OfficeClock
from models.audit import Action
from models.blocking import BlockedSender
from models.errors import NotAllowed
from models.mail import Screening
from models.organisation import Organisation
from models.verdict import Doubt, Kind, Verdict
from store.audit import Audit

REASON = "sender blocked"
_LONGEST = 320
_NAME = re.compile(r"(?:[^\s@<>\"(),:;\\]{1,64}@)?[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
_EVERYBODYS = frozenset(
    """
    gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.co.uk yahoo.fr yahoo.es icloud.com
    me.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de orange.fr wanadoo.fr free.fr laposte.net
    sfr.fr libero.it virgilio.it wp.pl o2.pl onet.pl interia.pl ziggo.nl kpnmail.nl proton.me protonmail.com mail.com
    sapo.pt telefonica.net btinternet.com
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)


@dataclass(frozen=True, slots=True)
class Block:
    """What staff ask for: an address or a domain, why, and the last day (None for no end)."""

    name: str
    reason: str
    until: date | None = None


def block(
    session: Session,
    audit: Audit,
    organisation: Organisation,
    asked: Block,
    own_addresses: Collection[str],
    now: datetime,
    by: str,
) -> None:
    """Block an address or a domain; raises NotAllowed for what is none, and for what would silence ourselves."""
    wanted = asked.name.strip().lower().removeprefix("@")
    _check(wanted, organisation, own_addresses)
    if not asked.reason.strip():
        raise NotAllowed("say why: who finds this later will ask")
    audit.hold(session)
    there = select(BlockedSender).where(col(BlockedSender.organisation) == organisation.slug)
    if session.exec(there.where(col(BlockedSender.name) == wanted)).first():
        raise NotAllowed("that sender is blocked already: undo it first to change it")
    blocked = BlockedSender(
        organisation=organisation.slug, name=wanted, reason=asked.reason.strip()[:500], by=by, at=now, until=asked.until
    )
    session.add(blocked)
    session.flush()
    details = {"block": blocked.id, "sort": "address" if "@" in wanted else "domain", "until": asked.until}
    audit.append(session, Action.SENDER_BLOCKED, at=now, actor=by, details=details)


def unblock(session: Session, audit: Audit, blocked: BlockedSender, now: datetime, by: str) -> None:
    """Take a sender off the list; what was filed meanwhile stays so."""
    session.delete(blocked)
    audit.append(session, Action.SENDER_UNBLOCKED, at=now, actor=by, details={"block": blocked.id})


def blocked_senders(session: Session, organisation: str = "") -> Sequence[BlockedSender]:
    """Return the list of an organisation, or of all; the last blocked first."""
    query = select(BlockedSender).order_by(col(BlockedSender.id).desc())
    return session.exec(query.where(col(BlockedSender.organisation) == organisation) if organisation else query).all()


def is_from_blocked(session: Session, clock: OfficeClock, screening: Screening, now: datetime) -> bool:
    """Tell whether a mail is from a blocked sender; one that a colleague passed on never is."""
    if screening.requester is None or screening.forwarded_by_staff:
        return False
    address = screening.requester.address.lower()
    labels = address.rpartition("@")[2].split(".")
    names = [address, *(".".join(labels[at:]) for at in range(len(labels) - 1))]
    still = or_(col(BlockedSender.until).is_(None), col(BlockedSender.until) >= clock.local_date(now))
    own = col(BlockedSender.organisation) == clock.mailbox.organisation.slug
    return (
        session.exec(select(BlockedSender.id).where(own, col(BlockedSender.name).in_(names), still)).first() is not None
    )


def is_looked_at(verdict: Verdict) -> bool:
    """Tell whether the mail of a blocked sender is looked at by a person all the same."""
    return verdict.doubt is not Doubt.NONE or bool(set(verdict.kinds) - {Kind.JOB_APPLICATION})


def _check(name: str, organisation: Organisation, own_addresses: Collection[str]) -> None:
    if len(name) > _LONGEST or not _NAME.fullmatch(name):
        raise NotAllowed("that is neither an address nor a domain: write person@example.com or example.com")
    domain, is_address = name.rpartition("@")[2], "@" in name
    own = {address.lower() for address in (*own_addresses, *organisation.form_senders)}
    domains = {one.lower().lstrip("@") for one in organisation.staff_domains}
    if not is_address:
        domains |= {address.rpartition("@")[2] for address in own}
    if name in own or any(domain == one or one.endswith(f".{name}") or domain.endswith(f".{one}") for one in domains):
        raise NotAllowed("that is one of our own: nobody's mail would be looked at")
    if not is_address and name in _EVERYBODYS:
        raise NotAllowed("everybody has an address there: block the address")
