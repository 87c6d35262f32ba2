"""A throw-away virtual environment for each peer, made once for its pinned requirements."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

PEERS = Path(__file__).parent / "peers"


def requirements(peer: str) -> list[str]:
    return (PEERS / peer / "requirements.txt").read_text().split()


def peer_python(peer: str, folder: Path) -> Path:
    """Return the interpreter of a peer's environment, made where it is missing or was made from other pins."""
    pins = "\n".join([sys.version, *requirements(peer)])
    place = folder / f"{peer}-{hashlib.sha256(pins.encode()).hexdigest()[:12]}"
    python = place / "bin" / "python"
    if not (place / "complete").exists():
        print(f"installing {peer} into {place}", file=sys.stderr)
        shutil.rmtree(place, ignore_errors=True)
        _run(sys.executable, "-m", "venv", place)
        _run(python, "-m", "pip", "install", "--quiet", "--no-input", "-r", PEERS / peer / "requirements.txt")
        (place / "complete").touch()
    return python


def _run(*command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stderr}")
