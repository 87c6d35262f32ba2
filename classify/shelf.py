"""The models of one desk: those built from its own corrections, and which of them is in use.

A folder holds a model for each version, and `in-use.txt` with the versions in the order in which they were switched
on. The last line counts; without any the packaged model is in use.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from classify.model_files import PACKAGED, checked_version, is_of_this_code
from models.errors import NotAllowed, NotFound, SettingsError

IN_USE = "in-use.txt"
SHIPPED = "packaged"
"""Names the model that came with the program, whatever its version."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The models in a folder, which need not exist yet."""

    folder: Path

    def in_use(self) -> Path:
        """Return the folder of the model in use.

        Raises SettingsError where it is missing, damaged, or of another version of the program: its numbers would mean
        other things, and every mail would be misread.
        """
        name = self._history()[-1]
        place = self._place(name)
        try:
            checked_version(place)
        except SettingsError as error:
            raise SettingsError(f"{error}, or `rightsdesk model use {SHIPPED}`") from error
        if name != SHIPPED and not is_of_this_code(place):
            raise SettingsError(
                f"the model {name} was built by another version of rightsdesk: run `rightsdesk model use {SHIPPED}`, "
                "then `rightsdesk train --with-corrections`"
            )
        return place

    def versions(self) -> list[tuple[str, bool]]:
        """Return every model, oldest first, the packaged one before all, and whether it is in use."""
        used = self._history()[-1]
        built = (
            [path for path in self.folder.iterdir() if path.is_dir() and path.name[0] != "."]
            if self.folder.is_dir()
            else []
        )
        names = [SHIPPED, *(path.name for path in sorted(built, key=lambda path: (path.stat().st_mtime, path.name)))]
        return [(name, name == used) for name in names]

    def put(self, built: Path) -> str:
        """Take a whole model in and return its version; it is not yet in use."""
        version = checked_version(built)
        target = self.folder / version
        if not target.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            coming = self.folder / f".coming-{version}"
            shutil.rmtree(coming, ignore_errors=True)
            shutil.copytree(built, coming)
            coming.touch()  # the list is in the order in which they came
            coming.rename(target)
        return version

    def use(self, name: str) -> None:
        """Switch a model on; raises NotFound for an unknown one, SettingsError for a damaged one."""
        if name not in (known for known, _ in self.versions()):
            raise NotFound(f"there is no model {name}; `rightsdesk model list` shows them all")
        checked_version(self._place(name))
        self._write([*self._history(), name])

    def back(self) -> str:
        """Switch on the model that was in use before; return its name, raises NotAllowed where there was none."""
        history = self._history()
        if len(history) < 2:
            raise NotAllowed("no other model was in use before")
        self._write(history[:-1])
        return history[-2]

    def _place(self, name: str) -> Path:
        return PACKAGED if name == SHIPPED else self.folder / name

    def _history(self) -> list[str]:
        try:
            lines = (self.folder / IN_USE).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            lines = []
        return [SHIPPED, *lines]

    def _write(self, history: list[str]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        coming = self.folder / f".{IN_USE}"
        coming.write_text("\n".join(history[1:]) + "\n", encoding="utf-8")
        coming.replace(self.folder / IN_USE)
