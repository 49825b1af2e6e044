"""Where Python finds packages → the entry points of a group, looked for once for each state of the folders.

`importlib.metadata` reads every package that is installed. What it has found is kept in the cache, with a
mark of each folder that it looked into and of each file that could name an entry point: any package that
comes, goes or changes makes one of them another, and all is looked for anew.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Iterable, Iterator
from importlib.machinery import PathFinder

from packlint import cache
from packlint.named import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_SUFFIXES = (".dist-info", ".egg-info")

FOLDER = "plugins"
"""Where they lie in the cache."""

MOST, DAYS, LARGEST_OF_ALL = 100, 30, 4 * 1024 * 1024
"""Of how many environments they are kept, how long, and how many bytes."""


class EntryPoint(NamedTuple):
    """A module, or something in one after a colon, that a package names; `package` is the package's name."""

    value: str
    package: str

    def load(self) -> Any:
        """What it names, imported."""
        from importlib import import_module

        place, _, names = self.value.partition("[")[0].replace(" ", "").partition(":")
        found: Any = import_module(place)
        for name in filter(None, names.split(".")):
            found = getattr(found, name)
        return found


def entry_points(group: str) -> list[EntryPoint]:
    """The entry points of a group, in the order of their values."""
    if not _is_plain():
        return _looked_for(group)
    name = _name(group)
    kept = _read(cache.read(name))
    if kept is not None:
        return kept
    marks = [(path, cache.mark(path)) for path in _paths()]
    found = _looked_for(group)
    if not any(cache.is_young(mark) for _, mark in marks):
        cache.write(name, marshal.dumps((marks, [tuple(it) for it in found])))
        cache.bound(FOLDER, DAYS, MOST, LARGEST_OF_ALL)
    return found


def _is_plain() -> bool:
    """Whether packages are found by paths alone, none of which depends on where packlint is run."""
    others = (it for it in sys.meta_path if it is not PathFinder and hasattr(it, "find_distributions"))
    return not any(others) and all(map(os.path.isabs, sys.path))


def _name(group: str) -> str:
    from packlint.witness import digest

    key = repr((group, sys.path, sys.version, __file__))
    return f"{FOLDER}/{digest(key.encode('utf-8', 'surrogatepass'), 16).hex()}"


def _read(blob: bytes | None) -> list[EntryPoint] | None:
    """What is kept, if every mark is what it was."""
    if blob is None:
        return None
    try:
        marks, found = marshal.loads(blob)
        of_all = {path for path, _ in marks}.issuperset(sys.path)
        if of_all and all(cache.mark(path) == tuple(kept) for path, kept in marks):
            return [EntryPoint(value, package) for value, package in found]
    except (ValueError, TypeError, EOFError, MemoryError):
        pass
    return None


def _paths() -> Iterator[str]:
    """The folders and archives that packages are found in, and what each package there names, or may name."""
    for folder in dict.fromkeys(sys.path):
        yield folder
        for name in _entries(folder):
            if name.lower().endswith(_SUFFIXES) or name.lower() == "egg-info":
                yield os.path.join(folder, name, "entry_points.txt")  # noqa: PTH118


def _entries(folder: str) -> Iterable[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208
    except OSError:
        return ()


def _looked_for(group: str) -> list[EntryPoint]:
    from importlib.metadata import entry_points as found

    return sorted(EntryPoint(it.value, _package(it)) for it in found(group=group))


def _package(entry: Any) -> str:
    """The name of the package that has an entry point; empty where that does not say it."""
    try:
        return str(entry.dist.name or "")
    except (AttributeError, TypeError, KeyError):
        return ""
