"""A checkout of a plugin → its Go packages, of which only those are read that are asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from packlint.errors import PacklintError

from . import golang
from .golang import Field, Function, GoFile, Tokens

_MODULE_RE = re.compile(r"^module\s+\"?(?P<path>[^\s\"]+)", re.MULTILINE)
_MAIN_RE = re.compile(r"^package\s+main\b", re.MULTILINE)
_VERSIONED_RE = re.compile(r"/v\d+$")

LARGEST = 8 * 1024 * 1024
"""Bytes of a Go file; a larger one is not read."""

DEEPEST = 10
"""How far embedded structs, named types and fields are followed."""


class Named(NamedTuple):
    """A named type; `package` is `None` where its source is not in the tree."""

    package: Package | None
    path: str
    name: str

    def __str__(self) -> str:
        return f"{self.path.rpartition('/')[2]}.{self.name}"


@dataclass(frozen=True)
class Package:
    """The files of one folder, tests left out, by the path that imports it."""

    path: str
    files: tuple[GoFile, ...]

    @property
    def name(self) -> str:
        """What its package clauses say."""
        return next((file.package for file in self.files if file.package), "")

    def method(self, type_: str, name: str) -> tuple[GoFile, Function] | None:
        """A method that is declared on a type, and the file it is in."""
        for file in self.files:
            for function in file.functions:
                if function.name == name and function.receiver == type_:
                    return file, function
        return None

    def struct(self, name: str) -> tuple[GoFile, tuple[Field, ...]] | None:
        """The fields of a struct, and the file it is in."""
        return next(((file, file.structs[name]) for file in self.files if name in file.structs), None)

    def type(self, name: str) -> tuple[GoFile, Tokens] | None:
        """What a named type that is no struct stands for, and the file it is in."""
        return next(((file, file.types[name]) for file in self.files if name in file.types), None)

    def string(self, name: str) -> str | None:
        """The value of a constant or variable that is a string literal."""
        return next((file.strings[name] for file in self.files if name in file.strings), None)


class Tree:
    """A folder with a `go.mod`; only Go files and that file are read, and no link is followed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._packages: dict[str, Package | None] = {}

    @cached_property
    def module(self) -> str:
        """The path of the module, without the `/v2` of a later major version."""
        path = self.root / "go.mod"
        found = _MODULE_RE.search(_read(path)) if path.is_file() else None
        if found is None:
            raise PacklintError(f"`{path}` names no module", "give the top folder of a plugin's source")
        return found["path"]

    def relative(self, path: Path) -> str:
        """A path as messages name it."""
        return path.relative_to(self.root).as_posix()

    def mains(self) -> Iterator[Package]:
        """The packages that are programs, the topmost first."""
        for folder, folders, _ in os.walk(self.root):
            folders[:] = sorted(
                name for name in folders if name not in ("vendor", "testdata") and name[0] not in "._"
            )
            place = Path(folder)
            if any(_MAIN_RE.search(_read(path)) for path in _sources(place)):
                inner = self.relative(place)
                package = self.package(self.module if inner == "." else f"{self.module}/{inner}")
                if package is not None:
                    yield package

    def package(self, path: str) -> Package | None:
        """The package that an import names, if the tree has it, vendored ones included."""
        if path not in self._packages:
            inner = path.removeprefix(self.module)
            own = path == self.module or inner.startswith("/")
            folder = self.root / inner.strip("/") if own else self.root / "vendor" / path
            files = [golang.read(self.relative(source), _read(source)) for source in _sources(folder)]
            self._packages[path] = Package(path, tuple(files)) if files else None
        return self._packages[path]

    def named(self, package: Package, file: GoFile, type_: Tokens) -> Named | None:
        """The named type that a type expression comes down to, pointers looked through."""
        tokens = [token for token in type_ if token.text not in ("*", "&")]
        match [token.text for token in tokens]:
            case [name] if tokens[0].kind == "name":
                return self._settled(Named(package, package.path, name))
            case [alias, ".", name]:
                path = self.imported(file, alias)
                return self._settled(Named(self.package(path), path, name)) if path else None
        return None

    def imported(self, file: GoFile, alias: str) -> str | None:
        """The path of the package that a file knows by a name."""
        for known in file.imports:
            if known.alias == alias:
                return known.path
        for known in file.imports:
            if known.alias is None:
                package = self.package(known.path)
                last = _VERSIONED_RE.sub("", known.path).rpartition("/")[2]
                if alias == (package.name if package else last):
                    return known.path
        return None

    def method(self, type_: Named, name: str, depth: int = 0) -> tuple[Named, GoFile, Function] | None:
        """A method of a type, or of a struct embedded in it, with the type it is declared on."""
        if type_.package is None or depth > DEEPEST:
            return None
        if found := type_.package.method(type_.name, name):
            return (type_, *found)
        for inner in self._embedded(type_):
            if deeper := self.method(inner, name, depth + 1):
                return deeper
        return None

    def field(self, type_: Named, name: str, depth: int = 0) -> Named | None:
        """The named type of a field of a struct, or of one embedded in it."""
        struct = type_.package.struct(type_.name) if type_.package and depth <= DEEPEST else None
        if struct is None or type_.package is None:
            return None
        file, fields = struct
        for known in fields:
            if known.name == name:
                return self.named(type_.package, file, known.type)
        for inner in self._embedded(type_):
            if deeper := self.field(inner, name, depth + 1):
                return deeper
        return None

    def _embedded(self, type_: Named) -> Iterator[Named]:
        struct = type_.package.struct(type_.name) if type_.package else None
        if struct is None or type_.package is None:
            return
        file, fields = struct
        for known in fields:
            inner = self.named(type_.package, file, known.type) if known.embedded else None
            if inner is not None:
                yield inner

    def _settled(self, type_: Named) -> Named:
        """The type itself, or the one it is another name of, methods of its own being what decides."""
        for _ in range(DEEPEST):
            package = type_.package
            other = package.type(type_.name) if package else None
            if (
                package is None
                or other is None
                or any(
                    function.receiver == type_.name for file in package.files for function in file.functions
                )
            ):
                return type_
            file, tokens = other
            texts = [token.text for token in tokens]
            if len(texts) == 1:
                type_ = Named(package, package.path, texts[0])
            elif len(texts) == 3 and texts[1] == "." and (path := self.imported(file, texts[0])):
                type_ = Named(self.package(path), path, texts[2])
            else:
                return type_
        return type_


def _sources(folder: Path) -> list[Path]:
    """The Go files of a folder, tests and links left out."""
    try:
        found = sorted(folder.glob("*.go"))
    except OSError:
        return []
    return [
        path
        for path in found
        if not path.name.endswith("_test.go")
        and path.is_file()
        and not path.is_symlink()
        and path.stat().st_size <= LARGEST
    ]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise PacklintError(f"`{path}` cannot be read: {error.strerror}") from error
