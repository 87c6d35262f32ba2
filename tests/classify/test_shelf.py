"""The models of a desk: one is in use, and the one before it comes back by one command."""

import shutil
from pathlib import Path

import pytest

from classify.model_files import BUILT_FROM, PACKAGED, code_digest, record
from classify.shelf import SHIPPED, Shelf
from models.errors import NotAllowed, NotFound, SettingsError


def model(folder: Path, name: str) -> Path:
    """A model with a version of its own."""
    place = Path(shutil.copytree(PACKAGED, folder / name))
    (place / "meta.json").write_text(f'{{"name": "{name}"}}')
    record(place, name)
    return place


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def test_without_any_other_the_packaged_model_is_in_use(shelf: Shelf) -> None:
    assert shelf.in_use() == PACKAGED
    assert shelf.versions() == [(SHIPPED, True)]


def test_a_model_is_used_once_it_is_switched_on_and_the_one_before_comes_back(shelf: Shelf, tmp_path: Path) -> None:
    first, second = (shelf.put(model(tmp_path, name)) for name in ("one", "two"))
    assert shelf.in_use() == PACKAGED
    shelf.use(first)
    shelf.use(second)
    assert shelf.in_use() == shelf.folder / second
    assert shelf.versions() == [(SHIPPED, False), (first, False), (second, True)]
    assert shelf.back() == first
    assert shelf.back() == SHIPPED
    with pytest.raises(NotAllowed, match="no other model"):
        shelf.back()


def test_an_unknown_model_is_refused(shelf: Shelf) -> None:
    with pytest.raises(NotFound, match="model list"):
        shelf.use("1-abc")


def test_a_damaged_model_is_told_at_the_start(shelf: Shelf, tmp_path: Path) -> None:
    version = shelf.put(model(tmp_path, "one"))
    shelf.use(version)
    (shelf.folder / version / "meta.json").write_text("{}")
    with pytest.raises(SettingsError, match="damaged"):
        shelf.in_use()


def test_a_model_of_another_version_of_the_program_is_told_at_the_start(shelf: Shelf, tmp_path: Path) -> None:
    version = shelf.put(model(tmp_path, "one"))
    shelf.use(version)
    built_from = shelf.folder / version / BUILT_FROM
    built_from.write_text(built_from.read_text().replace(code_digest(), "0" * 64))
    with pytest.raises(SettingsError, match="another version of rightsdesk"):
        shelf.in_use()
    shelf.use(SHIPPED)
    assert shelf.in_use() == PACKAGED


def test_a_copy_that_was_not_finished_is_no_model(shelf: Shelf) -> None:
    (shelf.folder / ".coming-1-abc").mkdir(parents=True)
    assert shelf.versions() == [(SHIPPED, True)]
