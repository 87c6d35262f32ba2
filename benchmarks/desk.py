"""How quick the desk's pages are, with a thousand cases, a hundred thousand and a million, on SQLite and PostgreSQL.

Usage: python benchmarks/desk.py [--sizes N ...] [--databases sqlite postgresql] [--requests N]
The desk itself runs in this process and is asked over a real socket, one request after the other. Printed is the time
until the last byte, p50 and p95, beside that of /healthz, which touches no database, and the ratio of p95 to that of
the smallest size.

`ingest.py` beside this file would hide our package of that name: the path is mended before any import of ours.
"""

import argparse
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

HERE = Path(__file__).parent
sys.path = [str(HERE.parent), *(path for path in sys.path if Path(path).resolve() != HERE)]
sys.path += [str(HERE), str(HERE.parent / "tests")]

from filling import RARE, fill  # noqa: E402
from machine import machine_facts  # noqa: E402
from postgres import Cluster  # noqa: E402

from models.accounts import StaffMember, StaffSession  # noqa: E402
from models.staff import Role  # noqa: E402
from models.views import QueueLayout  # noqa: E402
from service.counting import count_all  # noqa: E402
from service.desk import Desk  # noqa: E402
from service.desk_pages import desk_parts  # noqa: E402
from service.listening import WebServer  # noqa: E402
from service.settings import load_settings  # noqa: E402
from service.wiring import opened_desk  # noqa: E402
from store.vault import write_key_file  # noqa: E402
from web.desk.codes import digest  # noqa: E402
from web.desk.queue_columns import COLUMNS  # noqa: E402
from web.health import Readiness  # noqa: E402

PAGES = {
    "queue": ["/"],
    "queue, a frequent kind": ["/?kind=access"],
    "queue, a rare kind": [f"/?kind={RARE}"],
    "queue, overdue and ana's": ["/?due=overdue&owner=ana"],
    "queue, closed": ["/?status=closed"],
    "queue, past our own target": ["/?target=passed"],
    "queue, with a PDF, not sure": ["/?q=has:pdf+confidence:less_sure"],
    "queue, the last page": ["/?page=20"],
    "search, everybody's word": ["/?q=gdpr"],
    "search, a name and a surname": ["/?q=mara+garcos", "/?q=jonis+loper", "/?q=aylon+nowin"],
    "mail": ["/mail"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how quick the desk's pages are.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    parser.add_argument("--requests", type=int, default=100, help="of each page (100)")
    parser.add_argument(
        "--figures", action="store_true", help="count all figures first, and ask for the dashboard, too"
    )
    parser.add_argument("--folder", type=Path, help="where the databases lie while measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        print({name: fact for name, fact in machine_facts(Path(folder)).items() if name in ("cpu", "cores", "python")})
        for kind in options.databases:
            _print_kind(kind, options.sizes, options.requests, Path(folder), with_figures=options.figures)


def _print_kind(kind: str, sizes: Sequence[int], requests: int, folder: Path, *, with_figures: bool) -> None:
    found = {
        size: _measured(kind, size, requests, folder / f"{kind}-{size}", with_figures=with_figures) for size in sizes
    }
    print(f"\n{kind:32}" + "".join(f"{size:>26,}" for size in sizes))
    print(f"{'':32}" + f"{'p50 ms  p95 ms   ratio':>26}" * len(sizes))
    for page in found[sizes[0]]:
        least = found[sizes[0]][page][1]
        cells = (f"{p50:12.1f}{p95:8.1f}{p95 / least:6.2f}" for p50, p95 in (found[size][page] for size in sizes))
        print(f"{page:32}" + "".join(cells), flush=True)


def _measured(
    kind: str, size: int, requests: int, folder: Path, *, with_figures: bool
) -> dict[str, tuple[float, float]]:
    with _filled_desk(kind, size, folder) as (desk, cases):
        if with_figures:
            began = time.perf_counter()
            count_all(desk.database, desk.mailboxes, desk.now)
            print(f"{kind}: their figures counted in {time.perf_counter() - began:.0f} s", flush=True)
        server = WebServer("127.0.0.1", 0, Readiness, desk_parts(desk))
        server.start()
        try:
            cookie = _logged_in(desk, "ben")
            pages = {"/healthz": ["/healthz"], **PAGES}
            pages["search, one case"] = [f"/?q={case.replace('RD-', 'n')}" for case in cases]
            pages["case"] = [f"/cases/{case}" for case in cases]
            pages |= {"dashboard": ["/dashboard", "/dashboard?period=year"]} if with_figures else {}
            found = {name: _times(server.url, cookie, paths, requests) for name, paths in pages.items()}
            cookie = _logged_in(desk, "eve", tuple(COLUMNS))
            return found | {"queue, with all its columns": _times(server.url, cookie, ["/"], requests)}
        finally:
            server.stop()


@contextmanager
def _filled_desk(kind: str, size: int, folder: Path) -> Iterator[tuple[Desk, list[str]]]:
    folder.mkdir()
    cluster = Cluster() if kind == "postgresql" else None
    if cluster:
        cluster.start()
    url = cluster.url(cluster.create()) if cluster else f"sqlite:///{folder}/rightsdesk.db"
    text = (HERE / "rightsdesk.toml").read_text().replace("sqlite:///rightsdesk.db", url)
    for name in ("$IMAP_PORT", "$SMTP_PORT"):
        text = text.replace(name, "1")
    lines = [line for line in text.splitlines() if not line.startswith("ca_file")]
    (folder / "rightsdesk.toml").write_text("\n".join(lines))
    write_key_file(folder / "rightsdesk.key")
    try:
        with opened_desk(load_settings(folder / "rightsdesk.toml", {})) as desk:
            began = time.perf_counter()
            cases = fill(desk.database, desk.vault, size, desk.now())
            print(f"{kind}: {size:,} cases written in {time.perf_counter() - began:.0f} s", flush=True)
            yield desk, cases
    finally:
        if cluster:
            cluster.stop()


def _logged_in(desk: Desk, name: str, columns: Sequence[str] = ()) -> str:
    """Let somebody sit at the desk, who may have chosen columns of the queue; return their cookie."""
    token, now = secrets.token_urlsafe(32), desk.now()
    with desk.database.transaction() as session:
        member = StaffMember(name=name, role=Role.MANAGER, password_hash="", created_at=now, must_change_password=False)
        session.add(member)
        session.flush()
        if columns:
            session.add(QueueLayout(member_id=member.id or 0, columns=list(columns)))
        csrf = secrets.token_urlsafe(24)
        seen = _later(now)
        session.add(
            StaffSession(
                token_digest=digest(token), member_id=member.id or 0, csrf=csrf, created_at=now, last_seen_at=seen
            )
        )
    return f"desk={token}"


def _later(now: datetime) -> datetime:
    return now + timedelta(minutes=5)  # so that no request writes that somebody was here


def _times(url: str, cookie: str, paths: Sequence[str], requests: int) -> tuple[float, float]:
    """Return p50 and p95 of a page, in milliseconds, after three requests that warm up."""
    line, took = HTTPConnection(urlsplit(url).netloc, timeout=60), []
    for number, path in zip(range(requests + 3), cycle(paths), strict=False):
        began = time.perf_counter()
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status}")
        if number >= 3:
            took.append((time.perf_counter() - began) * 1000)
    line.close()
    parts = quantiles(took, n=20)
    return parts[9], parts[18]


if __name__ == "__main__":
    main()
