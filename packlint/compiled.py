"""What Python has compiled of packlint, modules and other things → one file, which the next run reads.

To find, open and check two hundred files, and to compile what is in none, takes a good part of a check of
one template. The one file lies beside those of Python and is worth as much: where Python keeps none it is not
made, and a module whose source is not as it was is loaded without it.
"""

from __future__ import annotations

import marshal
import os
import sys
import time
from importlib import import_module
from importlib.machinery import ModuleSpec, SourceFileLoader

from packlint import cache, named, pattern, record

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Sequence
    from types import CodeType, ModuleType
    from typing import Any, TypeAlias

    Module: TypeAlias = tuple[str, cache.Mark, str, list[str] | None]
    """A module's source, its mark, the file compiled from it, and where its own modules lie if any."""

    Code: TypeAlias = bytes | memoryview

    Parts: TypeAlias = tuple[Any, ...]
    """What a compiled pattern is made of besides its text."""

PACKAGE = "packlint"

NAME = "all"
"""What stands in the name of the file for the name of a module."""

LENGTH = 8
"""Bytes of the number that the file begins with: how many there are before the code of modules."""

HEADER = 16
"""Bytes before the code in a compiled file: Python's number, flags, and time and size of the source."""

FORMAT = f"2 {sys.version}"


class Compiled:
    """Finds modules of packlint whose code is kept in a file, and keeps there what else is compiled."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._modules: dict[str, tuple[Module, Code]] = {}
        self._patterns: dict[pattern.Said, Parts] = {}
        self._known = 0, 0
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - before pathlib
                data = memoryview(file.read())
            start = LENGTH + int.from_bytes(data[:LENGTH], "little")
            about, *kept = marshal.loads(data[LENGTH:start])
        except (OSError, EOFError, ValueError, TypeError):
            return
        if about == (FORMAT, path) and start + sum(size for _, size in kept[0].values()) == len(data):
            modules, functions, tuples, self._patterns = kept
            for name, (module, size) in modules.items():
                self._modules[name] = module, data[start : start + size]
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
        (source, seen, compiled, places), code = kept
        if cache.mark(source) != seen:
            del self._modules[name]
            return None
        spec = ModuleSpec(name, _Loader(name, source, code), origin=source)
        spec.has_location, spec.cached, spec.submodule_search_locations = True, compiled, places
        return spec

    def keep(self) -> None:
        """Keep what this process has compiled or loaded in other ways, if Python keeps such things."""
        if sys.dont_write_bytecode or not self._path:
            return
        modules, patterns = dict(self._modules), dict(self._patterns)
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] == PACKAGE and name not in modules and (of := _module(module)):
                modules[name] = of
        for said, used in pattern.USED.items():
            if said not in patterns and (parts := _parts(said, used)):
                patterns[said] = parts
        known = len(record.CODES), len(named.CODES)
        if (modules.keys(), patterns.keys(), known) != (
            self._modules.keys(),
            self._patterns.keys(),
            self._known,
        ):
            index = {name: (module, len(code)) for name, (module, code) in modules.items()}
            found = marshal.dumps(((FORMAT, self._path), index, record.CODES, named.CODES, patterns))
            codes = (code for _, code in modules.values())
            self._write(b"".join((len(found).to_bytes(LENGTH, "little"), found, *codes)))

    def _pattern(self, text: Any, flags: int) -> re.Pattern[Any]:
        return _pattern(text, self._patterns[text, flags])

    def _write(self, data: bytes) -> None:
        temporary = f"{self._path}.{os.getpid()}"
        try:
            with open(temporary, "xb") as file:  # noqa: PTH123
                file.write(data)
            os.replace(temporary, self._path)  # noqa: PTH105
        except OSError:
            cache.remove(temporary)


def use() -> Compiled:
    """Have modules be found in the one file from now on."""
    own = sys.modules[PACKAGE].__spec__
    folder, _, ending = ((own and own.cached) or "").rpartition("__init__")
    found = Compiled(f"{folder}{NAME}{ending.removesuffix('.pyc')}" if folder else "")
    sys.meta_path.insert(0, found)
    return found


class _Loader(SourceFileLoader):
    def __init__(self, name: str, source: str, code: Code) -> None:
        super().__init__(name, source)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        code: CodeType = marshal.loads(self._code)
        return code


def _module(module: ModuleType) -> tuple[Module, bytes] | None:
    """What is to be kept of a module; None where it has no compiled file, is too young or lies elsewhere."""
    from importlib.util import MAGIC_NUMBER

    spec = getattr(module, "__spec__", None)
    home = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120
    if spec is None or not spec.cached or not (spec.origin or "").startswith(os.path.join(home, "")):  # noqa: PTH118
        return None
    places = None if spec.submodule_search_locations is None else [*spec.submodule_search_locations]
    seen = changed, found, size, _ = cache.mark(spec.origin)
    if max(changed, found) > time.time_ns() - cache.SETTLED:
        return None
    header = (MAGIC_NUMBER, 0, changed // 10**9, size)
    try:
        with open(spec.cached, "rb") as file:  # noqa: PTH123
            data = file.read()
    except OSError:
        return None
    if header != (data[:4], *(int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))):
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
