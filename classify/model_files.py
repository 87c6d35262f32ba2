"""The stored model: where it lies, what it was built from, whether it is whole.

Beside the pipeline stands `built-from.json`: the fingerprint of the inputs (a build is skipped where it is unchanged)
and a digest of every file (a damaged model is refused with a clear word). Equal inputs give equal bytes, so the
version is a digest of the content and needs no date.
"""

import hashlib
import json
from pathlib import Path

from models.errors import SettingsError

FORMAT = "1"
BUILT_FROM = "built-from.json"
PACKAGED = Path(__file__).parent / "trained"
_ADVICE = "run `make model` (or `rightsdesk train`) to build it"


def record(folder: Path, fingerprint: str) -> str:
    """Write what a model was built from; return its version."""
    files = _digests(folder)
    version = f"{FORMAT}-{_digest_of(files)[:12]}"
    stored = {"format": FORMAT, "version": version, "fingerprint": fingerprint, "code": code_digest(), "files": files}
    (folder / BUILT_FROM).write_text(json.dumps(stored, indent=2) + "\n", encoding="utf-8")
    return version


def checked_version(folder: Path) -> str:
    """Return the version of a whole model; raise `SettingsError` where it is missing or damaged."""
    stored = _stored(folder)
    if stored is None:
        raise SettingsError(f"there is no classification model in {folder}: {_ADVICE}")
    files = stored.get("files")
    if stored.get("format") != FORMAT or not isinstance(files, dict):
        raise SettingsError(f"the classification model in {folder} is of another format: {_ADVICE}")
    for name, digest in files.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise SettingsError(f"the classification model in {folder} is damaged ({name}): {_ADVICE}")
    return str(stored["version"])


def fingerprint_of(folder: Path) -> str | None:
    """Return the fingerprint of the inputs a model was built from, None where there is no readable model."""
    stored = _stored(folder)
    return str(stored["fingerprint"]) if stored and "fingerprint" in stored else None


def is_of_this_code(folder: Path) -> bool:
    """Tell whether a model was built by the very code and data that would use it now."""
    stored = _stored(folder)
    return stored is not None and stored.get("code") == code_digest()


def code_digest() -> str:
    """Return a digest over the code and data of this package: what a model's numbers mean hangs on them."""
    package = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for kind in ("*.py", "*.toml", "*.csv") for path in package.rglob(kind)):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _stored(folder: Path) -> dict[str, object] | None:
    try:
        stored = json.loads((folder / BUILT_FROM).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return stored if isinstance(stored, dict) else None


def _digests(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != BUILT_FROM)
    return {path.relative_to(folder).as_posix(): _digest(path) for path in paths}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest_of(files: dict[str, str]) -> str:
    return hashlib.sha256(json.dumps(files, sort_keys=True).encode()).hexdigest()
