"""Paths that templates name → what stands for the files there: equal ones hold the same."""

from __future__ import annotations

import hashlib
import posixpath

from packlint.files import Files
from packlint.model import Configuration
from packlint.noted import noted


class Contents:
    """The files of one run, each located and read once however many steps name it."""

    def __init__(self) -> None:
        self._by_path: dict[tuple[Files, str, str], str] = {}
        self._by_name: dict[tuple[Files, str], str] = {}

    def identity(self, path: str, configuration: Configuration) -> str:
        """A file's content; its path below the root where it is missing, empty or a directory."""
        files, directory = configuration.files, configuration.template.directory
        named = files, directory, path
        if named not in self._by_path:
            name = configuration.locate(path)
            if name is None:
                found = repr(posixpath.normpath(posixpath.join(directory, path)))
            else:
                found = self._of_file(name, files)
            self._by_path[named] = found
        return self._by_path[named]

    def _of_file(self, name: str, files: Files) -> str:
        if (files, name) not in self._by_name:
            self._by_name[files, name] = _read(name, files)
        return self._by_name[files, name]


@noted(256)
def _read(name: str, files: Files) -> str:
    try:
        content = files.read(name)
    except (OSError, ValueError):
        return repr(name)
    lines = [line.rstrip() for line in content.splitlines()]
    return hashlib.sha256(b"\n".join(lines)).hexdigest() if any(lines) else repr(name)
