"""What Python has compiled of packlint, modules and other things → one file, which the next run reads.

To find, open and check two hundred files, and to compile what is in none, takes a good part of a check of
one template. The one file lies beside those of Python and is worth as much: where Python keeps none it is not
made, and a module whose source is not as it was is loaded without it.
"""

from __future__ import annotations

import marshal
import os
import sys
from functools import partial
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader

from packlint import cache, named, pattern, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence
    from types import CodeType, ModuleType
    from typing import Any, TypeAlias

    Module: TypeAlias = tuple[str, cache.Mark, str, list[str] | None]
    """A module's source, its mark, the file compiled from it, and where its own modules lie if any."""

    Code: TypeAlias = tuple[int, int]
    """Where its code begins in the file, and how long it is."""

    Parts: TypeAlias = tuple[Any, ...]
    """What a compiled pattern is made of besides its text."""

PACKAGE = "packlint"

NAME = "all"
"""What stands in the name of the file for the name of a module."""

LENGTH = 8
"""Bytes of the number that the file begins with: how many there are before the code of modules."""

HEADER = 16
"""Bytes before the code in a compiled file: Python's number, flags, and time and size of the source."""

FORMAT = f"3 {sys.version}"


class Compiled:
    """Finds modules of packlint whose code is kept in a file, and keeps there what else is compiled."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._modules: dict[str, tuple[Module, Code]] = {}
        self._patterns: dict[pattern.Said, Parts] = {}
        self._known = 0, 0
        self._about = FORMAT, path, cache.mark(record.__file__), cache.mark(named.__file__)
        try:
            self._file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            start = LENGTH + int.from_bytes(self.read(0, LENGTH), "little")
            about, *kept = marshal.loads(self.read(LENGTH, start - LENGTH))
            size = os.fstat(self._file).st_size
        except (OSError, EOFError, ValueError, TypeError, OverflowError, MemoryError):
            return
        if about == self._about and start + sum(size for _, size in kept[0].values()) == size:
            modules, functions, tuples, self._patterns = kept
            for name, (module, size) in modules.items():
                self._modules[name] = module, (start, size)
                start += size
            record.CODES |= functions
            named.CODES |= tuples
            pattern.MAKERS |= dict.fromkeys(self._patterns, self._pattern)
            self._known = len(record.CODES), len(named.CODES)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As in Python's own finders; None for what is not kept."""
        kept = self._modules.get(name)
        if kept is None:
            return None
        (source, seen, compiled, places), (start, size) = kept
        if cache.mark(source) != seen:
            del self._modules[name]
            return None
        loader = _Loader(name, source, partial(self.read, start, size))
        spec = ModuleSpec(name, loader, origin=source)
        spec.has_location, spec.cached, spec.submodule_search_locations = True, compiled, places
        return spec

    def read(self, start: int, size: int) -> bytes:
        """A part of the file, of which a run needs a few; other processes may be reading it as well."""
        if hasattr(os, "pread"):
            return os.pread(self._file, size, start)
        os.lseek(self._file, start, os.SEEK_SET)
        return os.read(self._file, size)

    def keep(self) -> None:
        """Keep what this process has compiled or loaded in other ways, if Python keeps such things."""
        ours = (it for it in list(sys.modules.items()) if it[0].partition(".")[0] == PACKAGE)
        modules = {name: module for name, module in ours if name not in self._modules}
        patterns = {said: made for said, made in pattern.USED.items() if said not in self._patterns}
        known = len(record.CODES), len(named.CODES)
        if sys.dont_write_bytecode or not (self._path and (modules or patterns or known != self._known)):
            return
        try:
            # It is opened before all the work, which may be for nothing.
            with cache.Unfinished(self._path, 0o644) as file:
                file.write(self._with(modules, patterns))
        except OSError:
            return

    def _with(self, modules: dict[str, ModuleType], patterns: dict[pattern.Said, re.Pattern[Any]]) -> bytes:
        """All that is kept, with modules and patterns that are not yet."""
        every = {name: (module, self.read(*code)) for name, (module, code) in self._modules.items()}
        every |= {name: it for name in modules if (it := _module(modules[name]))}
        parts = self._patterns | {said: it for said in patterns if (it := _parts(said, patterns[said]))}
        index = {name: (module, len(code)) for name, (module, code) in every.items()}
        # Young ones may change and keep their marks: with what they have made the file would be as young.
        made = ({}, {}) if any(map(cache.is_young, self._about[2:])) else (record.CODES, named.CODES)
        found = marshal.dumps((self._about, index, *made, parts))
        return b"".join((len(found).to_bytes(LENGTH, "little"), found, *(code for _, code in every.values())))

    def _pattern(self, text: Any, flags: int) -> re.Pattern[Any]:
        return _pattern(text, self._patterns[text, flags])


def use() -> Compiled:
    """Have modules be found in the one file from now on."""
    own = sys.modules[PACKAGE].__spec__
    folder, _, ending = ((own and own.cached) or "").rpartition("__init__")
    version = f"{sys.hexversion:x}{ending.removesuffix('.pyc')}"  # the tag of Python's own files says less
    found = Compiled(f"{folder}{NAME}.{version}" if folder else "")
    sys.meta_path.insert(0, found)
    return found


class _Loader(SourceFileLoader):
    def __init__(self, name: str, source: str, code: Callable[[], bytes]) -> None:
        super().__init__(name, source)
        self._code = code

    def get_code(self, fullname: str) -> CodeType | None:
        try:
            code: CodeType = marshal.loads(self._code())
        except (OSError, EOFError, ValueError, TypeError):  # the disk has damaged it
            return super().get_code(fullname)
        return code


def _module(module: ModuleType) -> tuple[Module, bytes] | None:
    """What is to be kept of a module; None where it has no compiled file, is too young or lies elsewhere."""
    from importlib.util import MAGIC_NUMBER, source_hash

    spec = getattr(module, "__spec__", None)
    home = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
    if spec is None or not spec.cached or not (spec.origin or "").startswith(os.path.join(home, "")):  # noqa: PTH118
        return None
    places = None if spec.submodule_search_locations is None else [*spec.submodule_search_locations]
    seen = cache.mark(spec.origin)
    try:
        with open(spec.cached, "rb") as file:  # noqa: PTH123
            data = file.read()
        by_hash = data[4:5] != b"\0"
        if by_hash:
            with open(spec.origin, "rb") as file:  # noqa: PTH123
                of_source = source_hash(file.read())
        else:
            of_source = (seen[0] // 10**9 & 0xFFFFFFFF).to_bytes(4, "little")
            of_source += (seen[2] & 0xFFFFFFFF).to_bytes(4, "little")
    except OSError:
        return None
    if cache.is_young(seen) or data[:4] != MAGIC_NUMBER or data[8:HEADER] != of_source:
        return None
    return (spec.origin, seen, spec.cached, places), data[HEADER:]


def _parts(said: pattern.Said, made: re.Pattern[Any]) -> Parts | None:
    """What Python's own functions make of a regular expression; None where that is not what was `made`."""
    text, flags = said
    try:
        parsed = import_module("re._parser").parse(text, flags)
        names = {number: name for name, number in made.groupindex.items()}
        parts = (
            made.flags,
            [*map(int, import_module("re._compiler")._code(parsed, flags))],
            made.groups,
            dict(made.groupindex),
            tuple(names.get(number) for number in range(made.groups + 1)),
        )
        return parts if _pattern(text, parts) == made else None
    except (
        ImportError,
        AttributeError,
        TypeError,
        RuntimeError,
    ):  # as where another Python has other functions
        return None


def _pattern(text: Any, parts: Parts) -> re.Pattern[Any]:
    """A compiled regular expression of its parts."""
    made: re.Pattern[Any] = import_module("_sre").compile(text, *parts)
    return made
