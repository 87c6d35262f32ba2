"""Who may come in to a requester's page: the link, how often it may be asked for, and the headers of every answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment
from sqlmodel import Session

from models.case import Case
from models.organisation import Mailbox
from models.person import AddressProof, PersonLink
from store.link_tokens import LinkPurpose, nonce_in
from web.addresses import network_of
from web.desk.headers import GUEST_HEADERS
from web.desk.parts import DeskParts
from web.person.words import LANGUAGES, PageWords, accepted_language, page_words
from web.rate_limit import RateLimit
from web.templating import templates_of
from web.throttle import Throttle


@dataclass(frozen=True, slots=True)
class Guest:
    """Who came in by a link: its number, the case, and its mailbox."""

    nonce: str
    case: Case
    """For as long as its session is open."""
    mailbox: Mailbox
    reference: str
    language: str


class TurnedAway(Exception):
    """The link opens nothing now, or was asked for too often."""

    def __init__(self, status: int, seconds: int = 300) -> None:
        """Take 404 or 429, and how long to wait."""
        super().__init__(str(status))
        self.status, self.seconds = status, seconds


@dataclass(frozen=True)
class Entrance:
    """The door of all pages for requesters."""

    parts: DeskParts
    by_address: RateLimit = field(default_factory=lambda: RateLimit(120, timedelta(minutes=5)))
    by_link: RateLimit = field(default_factory=lambda: RateLimit(240, timedelta(minutes=5)))
    templates: Environment = field(default_factory=lambda: templates_of("web.person"))

    def guest(self, request: Request, session: Session, purpose: LinkPurpose, token: str) -> Guest:
        """Return who came in; raises TurnedAway, alike for a link that is wrong, too old, revoked or erased."""
        nonce = nonce_in(self.parts.vault, purpose, token) if self.parts.page.base_url else None
        case = self._case(session, purpose, nonce) if nonce else None
        mailbox = next((box for box in self.parts.mailboxes if case and box.name == case.mailbox), None)
        if nonce is None or case is None or mailbox is None:
            raise TurnedAway(404)
        return Guest(nonce, case, mailbox, case.reference, case.language)

    def check_rate(self, request: Request, purpose: LinkPurpose, token: str) -> None:
        """Raise TurnedAway where an address or a link asks too often; the link is not looked up before.

        What is only looked at is counted by this process; wrong links and deeds are counted for all of them.
        """
        now, nonce = self.parts.now(), nonce_in(self.parts.vault, purpose, token)
        host = network_of(request.client.host) if request.client else "nobody"
        is_within = self.by_address.allows(host, now) and (nonce is None or self.by_link.allows(nonce, now))
        if not is_within:
            raise TurnedAway(429)
        seconds = self._has_to_wait(request, now) or (self._acts(nonce, now) if request.method == "POST" else 0)
        if seconds:
            raise TurnedAway(429, seconds)

    def _has_to_wait(self, request: Request, now: datetime) -> int:
        with self.parts.database.reading() as session:
            return self._wrong_links.seconds_to_wait(session, self._wrong_links.place(request), now)

    def _acts(self, nonce: str | None, now: datetime) -> int:
        """Count a deed by a link; return how long the link has to wait instead."""
        throttle = Throttle(self.parts.vault, "requester's deeds", 30, timedelta(minutes=10))
        return throttle.take(self.parts.database, throttle.place_of(nonce), now) if nonce else 0

    @property
    def _wrong_links(self) -> Throttle:
        return Throttle(self.parts.vault, "requester's links", 120, timedelta(minutes=5))

    def _case(self, session: Session, purpose: LinkPurpose, nonce: str) -> Case | None:
        now = self.parts.now()
        if purpose is LinkPurpose.PAGE:
            link = session.get(PersonLink, nonce)
            is_live = link is not None and link.revoked_at is None and now < link.ends_at
            return _followed(session, session.get(Case, link.case_id)) if link and is_live else None
        proof = session.get(AddressProof, nonce)
        is_live = proof is not None and proof.proven_at is None and now < proof.ends_at
        return session.get(Case, proof.case_id) if proof and is_live else None

    def words(self, request: Request, guest: Guest | None, asked: str = "") -> PageWords:
        """Return the words of the language asked for, else of the case, else of the browser."""
        asked = asked or request.query_params.get("lang", "")
        if asked not in LANGUAGES:
            asked = guest.language if guest else accepted_language(request.headers.get("accept-language", ""))
        if asked not in LANGUAGES:
            asked = guest.mailbox.organisation.languages[0] if guest else LANGUAGES[0]
        return page_words(asked)

    def page(self, template: str, words: PageWords, status: int = 200, **values: Any) -> Response:
        """Return a page with its headers."""
        names = {code: page_words(code).own_name for code in LANGUAGES}
        text = self.templates.get_template(template).render(words=words, say=words.say, names=names, **values)
        return HTMLResponse(text, status, headers=GUEST_HEADERS)

    def turned_away(self, request: Request, why: TurnedAway) -> Response:
        """Return the page for whoever does not come in, and count it: the same for every link that opens nothing."""
        if why.status == 404 and self.parts.page.base_url:
            self._wrong_links.take(self.parts.database, self._wrong_links.place(request), self.parts.now())
        key = "not_found" if why.status == 404 else "too_often"
        answer = self.page("closed.html", self.words(request, None), why.status, key=key)
        if why.status == 429:
            answer.headers["Retry-After"] = str(why.seconds)
        return answer

    def admitted(
        self, request: Request, purpose: LinkPurpose, token: str, show: Callable[[Session, Guest], Response]
    ) -> Response:
        """Return what is shown to a guest, or the page for who does not come in."""
        try:
            self.check_rate(request, purpose, token)
            with self.parts.database.reading() as session:
                return show(session, self.guest(request, session, purpose, token))
        except TurnedAway as why:
            return self.turned_away(request, why)


def _followed(session: Session, case: Case | None) -> Case | None:
    """Return the case that one was merged into, where it is the same person's."""
    into = session.get(Case, case.merged_into_id) if case and case.merged_into_id else None
    is_theirs = into is not None and case is not None and into.requester_address == case.requester_address
    return into if is_theirs else case
