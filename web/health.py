"""/healthz and /readyz: is the process alive, and does everything it needs work.

Comes in: a function that looks and tells. Goes out: JSON without personal data; 503 where staff would miss something.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import FastAPI
from fastapi.responses import JSONResponse


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a look at all parts found."""

    issues: tuple[str, ...] = ()
    """What does not work, in words, naming the part."""
    counts: dict[str, int] = field(default_factory=dict)
    """What waits for staff: quarantined messages, held letters, cases for review ..."""


def health_app(look: Callable[[], Readiness]) -> FastAPI:
    """Return the application that answers health questions."""
    app = FastAPI(title="rightsdesk", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        """Answer as long as the process lives."""
        return {"status": "alive"}

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        """Answer 200 where everything works, else 503 with the issues."""
        found = look()
        content = {"ready": not found.issues, "issues": list(found.issues), "counts": found.counts}
        return JSONResponse(content, status_code=503 if found.issues else 200)

    return app
