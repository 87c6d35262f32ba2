"""Who calls: the token in the Authorization header, what it opens, and patience with wrong ones.

A right token is always let in, so that nobody can lock out a program by sending wrong ones from beside it; a token
holds 256 random bits, so that guessing is no way in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from models.staff import Role
from models.tokens import Scope
from web.api.problems import Problem
from web.desk.parts import DeskParts
from web.throttle import Throttle
from web.tokens import Program, note_use, program

_MOST_WRONG = 10
_WHILE = timedelta(minutes=5)
_BEARER = HTTPBearer(auto_error=False, description="A token, made by `rightsdesk token add` or on the page Tokens.")
_Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]


@dataclass(frozen=True, slots=True)
class Callers:
    """Recognises programs by their tokens."""

    parts: DeskParts

    def recognised(self, token: str, request: Request) -> Program:
        """Return who comes with a token; raises a problem where it is missing, wrong, expired or revoked, alike."""
        now = self.parts.now()
        with self.parts.database.reading() as session:
            found = program(session, token, now) if token else None
        if found is None:
            raise self._refusal(token, request, now)
        if found.last_used_at is None or now - found.last_used_at >= timedelta(minutes=1):
            with self.parts.database.transaction() as session:
                note_use(session, found.token_id, now)
        return found

    def _refusal(self, token: str, request: Request, now: datetime) -> Problem:
        throttle = Throttle(self.parts.vault, "token", _MOST_WRONG, _WHILE)
        seconds = throttle.take(self.parts.database, throttle.place(request), now) if token else 0
        if seconds:
            return Problem(429, f"too many wrong tokens: wait {seconds} seconds", {"Retry-After": str(seconds)})
        words = "a token is asked for, and it is unknown, expired or revoked: send Authorization: Bearer TOKEN"
        return Problem(401, words, {"WWW-Authenticate": "Bearer"})


def anybody(request: Request, given: _Given) -> Program:
    """Return who calls, whatever their token opens; raises a problem for a token that is none."""
    callers: Callers = request.app.state.callers
    return callers.recognised(given.credentials if given else "", request)


def _who_may(scope: Scope) -> Callable[[Request, _Given], Program]:
    """Return what finds out who calls, and refuses a token that does not open this."""

    def caller(request: Request, given: _Given) -> Program:
        """Return the program that asks, if its token has the scope."""
        found = anybody(request, given)
        check_scope(found, scope)
        return found

    return caller


def check_scope(who: Program, scope: Scope) -> None:
    """Raise a problem for a program whose token does not open this."""
    if scope not in who.scopes:
        raise Problem(403, f"this token does not open this: it has no scope {scope}")


def check_works(who: Program) -> None:
    """Raise a problem for a program that only looks."""
    if not who.role.covers(Role.AGENT):
        raise Problem(403, f"the role {who.role} only looks")


Anybody = Annotated[Program, Depends(anybody)]
CaseReader = Annotated[Program, Depends(_who_may(Scope.CASES_READ))]
CaseWriter = Annotated[Program, Depends(_who_may(Scope.CASES_WRITE))]
MailReader = Annotated[Program, Depends(_who_may(Scope.MAIL_READ))]
FigureReader = Annotated[Program, Depends(_who_may(Scope.FIGURES_READ))]
