"""The flat layout: our package names are ours alone, and the wheel carries all it needs."""

import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
OURS = {"models", "store", "ingest", "classify", "cases", "responders", "web", "service"}


def _claims(files: list[str]) -> set[str]:
    return {name.split("/")[0].removesuffix(".py") for name in files} & OURS


def test_no_other_distribution_claims_our_package_names() -> None:
    clashes = {
        distribution.metadata["Name"]: claimed
        for distribution in distributions()
        if distribution.metadata["Name"] != "rightsdesk"
        and (claimed := _claims([str(file) for file in distribution.files or []]))
    }
    assert clashes == {}


def test_a_clash_would_be_noticed() -> None:
    assert _claims(["models/__init__.py", "other/store.py"]) == {"models"}


def test_the_wheel_holds_code_templates_migrations_facts_and_the_model(tmp_path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {
        "service/starter.toml",
        "store/facts/authorities.csv",
        "store/migrations/versions/0001_first_tables.py",
        "responders/templates/layout.html",
        "classify/trained/meta.json",
        *(f"{package}/py.typed" for package in OURS),
    } <= names
    assert not any(name.startswith(("tests/", "corpus/")) for name in names)
