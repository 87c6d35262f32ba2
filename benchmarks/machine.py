"""What the figures were measured on."""

import os
import platform
import shutil
import sqlite3
import ssl
import subprocess
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median

from environments import requirements

_OURS = (
    "rightsdesk",
    "imapclient",
    "mail-parser",
    "aiosmtplib",
    "aiosmtpd",
    "sqlalchemy",
    "sqlmodel",
    "cryptography",
    "numpy",
)


def machine_facts(databases: Path) -> dict[str, object]:
    """Return the facts; `databases` is the folder in which the measured databases lie."""
    return {
        "cpu": _value(Path("/proc/cpuinfo"), "model name") or platform.processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory": _value(Path("/proc/meminfo"), "MemTotal"),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "openssl": ssl.OPENSSL_VERSION,
        "dovecot": _dovecot_version(),
        "databases": str(databases),
        "fsync_ms": round(fsync_seconds(databases) * 1000, 2),
        "load_before": round(os.getloadavg()[0], 2),
    }


def versions(peers: list[str]) -> dict[str, list[str]]:
    return {"ours": [f"{name}=={version(name)}" for name in _OURS]} | {peer: requirements(peer) for peer in peers}


def fsync_seconds(folder: Path) -> float:
    """Return how long a small write takes to reach the disk, the median of some: commits wait for it."""
    took = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(40):
            began = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return median(took)


def _value(path: Path, key: str) -> str:
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _dovecot_version() -> str:
    program = shutil.which("dovecot", path=os.environ["PATH"] + ":/usr/sbin")
    done = subprocess.run([program or "dovecot", "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()
