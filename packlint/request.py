"""A path as the user names it → the directory and the file that it asks for, and the root above them."""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF8
from pathlib import Path

from packlint import witness
from packlint.errors import UsageError
from packlint.files import Files, Unsaved, reason
from packlint.record import record

TEMPLATES = (".pkr.hcl", ".pkr.json")
"""What makes a file a template's, in the order in which Packer loads them."""

VARIABLES = (".pkrvars.hcl", ".pkrvars.json")
AUTO_VARIABLES = (".auto.pkrvars.hcl", ".auto.pkrvars.json")

JSON = ".json"
"""What ends so, and not in one of those, may be a legacy template."""

NAMELESS = "<stdin>"
"""What stands for the file name of a text that has none, before the suffix of what it looks like."""

SETTINGS_FILES = ("packlint.toml", ".packlint.toml")
PYPROJECT = "pyproject.toml"

FOLDER = "policies"
"""Where policies lie beside the settings, unless these say something else."""

_OUR_TABLE = rb"(?m)^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*packlint[ \t]*[].]"
"""What makes a `pyproject.toml` ours; to parse a hostile one can take minutes."""


@record
class Request:
    """One path of the command line: a directory, links followed, and the file in it, if one is named.

    `unsaved` is the text in that file's place; `alone` tells that it belongs to no template around it.
    """

    root: Path
    directory: Path
    file: str | None
    unsaved: Unsaved | None = None
    alone: bool = False

    @property
    def name(self) -> str:
        """The directory relative to the root; "" for the root itself."""
        name = self.directory.relative_to(self.root).as_posix()
        return "" if name == "." else name

    @property
    def order(self) -> tuple[bool, int, str]:
        """Directories first, outermost root first: what is reached twice is found as the widest has it."""
        return (self.file is not None, len(self.root.parts), f"{self.directory}/{self.file or ''}")


def request(path: Path | Unsaved, root: Path | None = None) -> Request:
    """What a path asks for, and under which root; raises UsageError where it asks for nothing.

    The file of an unsaved text need not exist, but its directory must. A text of no file is one by itself in
    the working directory: in JSON if it begins as an object does, and then a legacy template if it speaks of
    builders.
    """
    if isinstance(path, Unsaved):
        return _unsaved(path, root)
    try:
        witness.own_status(path)
        directory, file = (path, None) if witness.noted(path).is_dir() else (path.parent, _file(path))
        directory = Path(witness.real(directory))  # fails where the working directory is gone
    except (FileNotFoundError, NotADirectoryError):
        hint = (
            "no file fits the pattern" if "*" in str(path) else "relative paths start here, in this directory"
        )
        raise UsageError(f"there is no file or directory `{path}`", hint) from None
    except (OSError, ValueError) as error:
        raise UsageError(f"`{path}` cannot be read: {reason(error)}") from None
    return Request(_root(path, directory, root), directory, file)


def _unsaved(unsaved: Unsaved, root: Path | None) -> Request:
    path = unsaved.path or Path(NAMELESS + _looks_like(unsaved.data))
    try:
        directory = Path(witness.real(path.parent))
        if not witness.noted(directory).is_dir():
            raise UsageError(f"there is no directory `{path.parent}`", "name a file in one that exists")
        if witness.noted(path).is_dir():
            raise UsageError(f"`{path}` is a directory", "name the file that the text belongs to")
    except (OSError, ValueError) as error:
        raise UsageError(f"`{path}` cannot be read: {reason(error)}") from None
    placed = Unsaved(unsaved.data, directory / _file(path))
    return Request(_root(path, directory, root), directory, path.name, placed, alone=unsaved.path is None)


def base(roots: set[Path]) -> Path | None:
    """The directory that names are relative to: the root, or the nearest one that holds all roots."""
    try:
        return Path(os.path.commonpath([str(root) for root in roots])) if roots else None
    except ValueError:
        raise UsageError("the paths lie on different drives", "check one drive at a time") from None


def _file(path: Path) -> str:
    if path.name.endswith((*TEMPLATES, *VARIABLES, JSON)):
        return path.name
    hint = f"name a directory, or a file that ends in `{TEMPLATES[0]}`, `{VARIABLES[0]}` or `{JSON}`"
    raise UsageError(f"`{path}` is not a template", hint)


def _looks_like(data: bytes) -> str:
    native, json = TEMPLATES
    if not data.removeprefix(BOM_UTF8).lstrip().startswith(b"{"):
        return native
    return JSON if b'"builders"' in data else json


def _root(path: Path, directory: Path, wanted: Path | None) -> Path:
    """The root of a directory, which `path` names; raises UsageError where the wanted one does not do."""
    if wanted is None:
        _refuse_leaving(path, directory)
        return root_of(directory)
    if not witness.is_folder(wanted):
        raise UsageError(f"the root `{wanted}` is not a directory")
    root = Path(witness.real(wanted))
    if not directory.is_relative_to(root):
        raise UsageError(f"`{path}` lies outside the root `{root}`", "choose a root that holds every path")
    return root


def _refuse_leaving(path: Path, directory: Path) -> None:
    """Raises UsageError for a path within a repository that a link in it leads out of.

    Whoever sends a change could put a link where a directory was that is checked, and mended, day by day.
    """
    named = Path(os.path.abspath(path))  # noqa: PTH100 - links in it are what counts
    if directory in (named, named.parent):
        return
    for above in named.parents:
        repository = Path(witness.real(above))
        if witness.is_taken(repository / ".git") and not directory.is_relative_to(repository):
            raise UsageError(
                f"a link leads `{path}` out of the repository `{repository}`",
                "name the directory that it leads to, if that is meant",
            )


def root_of(directory: Path) -> Path:
    """The nearest ancestor with `.git`, else the nearest with settings, else the directory itself."""
    upward = (directory, *directory.parents)
    for folder in upward:
        if witness.is_taken(os.path.join(folder, ".git")):  # noqa: PTH118 - it is asked of every path
            return folder
    return next((folder for folder in upward if settings_in(folder)), directory)


def settings_in(folder: Path) -> str | None:
    """The name of the settings file of a folder; None where it has none."""
    where = os.path.join(folder, "")  # noqa: PTH118
    for name in SETTINGS_FILES:
        if witness.is_file(where + name):
            return name
    if not witness.is_taken(where + PYPROJECT):
        return None
    try:
        ours = re.search(_OUR_TABLE, Files(folder).read(PYPROJECT))
    except (OSError, ValueError):
        return None
    return PYPROJECT if ours else None
