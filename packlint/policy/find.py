"""Folders, files and packs → the policy files in them, each read once."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from packlint import witness
from packlint.catalog import Catalog
from packlint.document import Document
from packlint.errors import PolicyError
from packlint.files import Files, reason
from packlint.policy.examine import examine
from packlint.policy.policy import SUFFIX, PolicyFile
from packlint.policy.read import read
from packlint.policy.rule import PolicyRule, rules_of
from packlint.record import replace
from packlint.value import Value

LARGEST = 1024 * 1024
"""Bytes of a policy file."""

MOST_ENTRIES = 10_000
"""Names in a folder of policies and those below."""

DEEPEST = 20
"""Folders of policies within one another: where a deep one leads takes long to tell."""


class Library:
    """Reads policy files, each once; the same values of its parameters make the same rules of it.

    `schemas` are folders of schemas that hold for all: policies may speak of what these components have.
    """

    def __init__(self, schemas: Iterable[Path] = ()) -> None:
        self._schemas = frozenset(schemas)
        self._read: dict[tuple[Path, Path], dict[str, PolicyFile]] = {}
        self._examined: set[tuple[PolicyFile, Catalog]] = set()
        self._rules: dict[PolicyFile, list[tuple[Mapping[str, Value], tuple[type[PolicyRule], ...]]]] = {}

    def within(
        self, path: Path, root: Path, *, foreign: bool = False, schemas: Iterable[Path] = ()
    ) -> Iterator[PolicyFile]:
        """The policy files at and below a path, by name; raises PolicyError for one that cannot be used.

        Folders whose names begin with a dot are left out. Nothing outside the root is read. The files are
        `foreign` where an installed package brings them; `schemas` are further folders of schemas.
        """
        files = Files(root)
        catalog = Catalog(tuple(sorted({*self._schemas, *schemas})))
        name = files.name(path)
        if witness.is_folder(path):
            found, folder = sorted(_below(name, files)), name
        else:
            found, folder = [name], posixpath.dirname(name)
        for it in found:
            called = posixpath.relpath(it, folder or ".").removesuffix(SUFFIX)
            sheet = self._sheet(it, called, files, foreign)
            if (sheet, catalog) not in self._examined:
                examine(sheet, catalog)
                self._examined.add((sheet, catalog))
            yield sheet

    def rules(self, sheet: PolicyFile, params: Mapping[str, Value]) -> tuple[type[PolicyRule], ...]:
        """The rules that the policies of a file are with these values of its parameters.

        Raises PolicyError for what has no value with them.
        """
        known = self._rules.setdefault(sheet, [])
        for given, rules in known:
            if given == params:
                return rules
        known.append((params, rules_of(sheet, params)))
        return known[-1][1]

    def _sheet(self, path: str, name: str, files: Files, foreign: bool) -> PolicyFile:
        """A policy file; where several settings call it by several names, each has it by its own."""
        named = self._read.setdefault((files.root, Path(witness.real(files.base / path))), {})
        if not named:
            document = _document(path, files)
            folder = posixpath.dirname(path) or "."
            named[name] = read(document, name=name, files=files, directory=folder, foreign=foreign)
        elif name not in named:
            named[name] = replace(next(iter(named.values())), name=name)
        return named[name]


def _below(folder: str, files: Files) -> Iterator[str]:
    """The policy files in and below a folder; a folder that links lead to several times has them once.

    Raises PolicyError for a folder that cannot be read as a whole: a policy may be in the rest of it.
    """
    waiting = [(folder, 0)]
    seen: set[Path] = set()
    left = MOST_ENTRIES
    while waiting:
        current, depth = waiting.pop()
        try:
            if depth > DEEPEST:
                raise OSError(f"it lies more than {DEEPEST} folders deep")
            place = files.locate(current)
            if place in seen:
                continue
            seen.add(place)
            names = files.names(current)
            left -= len(names)
            if left < 0:
                raise OSError("it has too many entries")
        except (OSError, ValueError) as error:
            raise _unreadable(current, error) from None
        for name in names:
            path = posixpath.normpath(posixpath.join(current, name))
            if name.endswith(SUFFIX):
                yield path
            elif not name.startswith(".") and witness.is_folder(files.base / path):
                waiting.append((path, depth + 1))


def _document(path: str, files: Files) -> Document:
    try:
        data = files.read(path)
        if len(data) > LARGEST:
            raise OSError(f"it is larger than {LARGEST // 1024 // 1024} MiB")
        return Document(path, data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise PolicyError(f"the policies `{path}` are not UTF-8", "save the file as UTF-8") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError | ValueError) -> PolicyError:
    kind = "file" if path.endswith(SUFFIX) else "folder"
    return PolicyError(
        f"the policies `{path}` cannot be read: {reason(error)}",
        f"make it a readable, regular {kind} within the checked root",
    )
