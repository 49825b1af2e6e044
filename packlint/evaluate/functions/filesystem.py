"""Paths → their parts and what the files say, where the checked root has them (go-cty-funcs)."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from packlint.evaluate.budget import LARGEST_TEXT, LITTLE
from packlint.evaluate.functions.doublestar import Entry, matches
from packlint.evaluate.functions.function import Family, Result
from packlint.evaluate.giving_up import EMPTY, OUTSIDE, UNREADABLE, Failed, NotKnown, TooLarge
from packlint.evaluate.scope import Scope
from packlint.evaluate.sets import ordered
from packlint.evaluate.texts import normal
from packlint.value import BOOL, STRING, Known, Type, Unknown

_LOOK = 2 * LITTLE
"""Steps of asking for a file, so that none is read when only a little may be computed."""

_ENTRY = 4
"""Steps for a name in a directory."""

_FILES = Type("set", STRING)

FAMILY = Family()
function = FAMILY.function


def _clean(path: str) -> str:
    """A path as Go's `filepath.Clean` has it."""
    cleaned = posixpath.normpath(path) if path else "."
    return cleaned[1:] if cleaned.startswith("//") else cleaned


@function("basename", STRING, returns=STRING)
def _basename(path: str) -> Result:
    stripped = path.rstrip("/")
    return stripped.rpartition("/")[2] if stripped else "/" if path else "."


@function("dirname", STRING, returns=STRING)
def _dirname(path: str) -> Result:
    return _clean(path[: path.rfind("/") + 1])


@function("abspath", STRING, returns=STRING)
def _abspath(path: str) -> Result:
    if path.startswith("/"):
        return _clean(path)
    raise NotKnown(Unknown("`abspath` starts from the directory in which Packer runs", STRING))


@function("pathexpand", STRING, returns=STRING)
def _pathexpand(path: str) -> Result:
    if not path.startswith("~"):
        return path
    if path[1:2] not in ("", "/", "\\"):
        raise Failed("the home of another user cannot be asked for")
    raise NotKnown(Unknown("`pathexpand` asks for the home of who runs the build", STRING))


def _located(scope: Scope, path: str) -> str:
    """The path as the reader of files names it; absolute ones and `~` lie outside the checked root."""
    if scope.files is None:
        raise NotKnown(Unknown("no files can be read here"))
    if path.startswith(("/", "~")) or "\0" in path:
        raise NotKnown(Unknown(f'"{path}" {OUTSIDE}'))
    name = posixpath.normpath(posixpath.join(scope.directory, path))
    written = posixpath.normpath(path)
    below = written == scope.directory or written.startswith(f"{scope.directory}/")
    if below and not scope.files.exists(name):
        # It begins with `path.root`, which is `.` for whoever starts Packer in the directory of the template;
        # from elsewhere Packer would look for the directory within itself.
        return written
    return name


@function("file", STRING, returns=STRING, scoped=True)
def _file(scope: Scope, path: str) -> Result:
    return file_text(scope, path)


def file_text(scope: Scope, path: str) -> str:
    """What a file says; raises NotKnown where it cannot be read or is the empty stand-in for another."""
    name = _located(scope, path)
    scope.budget.spend(_LOOK)
    if scope.files and scope.files.is_directory(name):
        raise Failed("the path is that of a directory")
    try:
        content = scope.files.read(name) if scope.files else b""
    except (OSError, ValueError):
        raise NotKnown(Unknown(f'"{path}" {UNREADABLE}')) from None
    scope.budget.read(len(content))
    if not content:
        raise NotKnown(Unknown(f'"{path}" {EMPTY}'))
    if len(content) > LARGEST_TEXT:
        raise TooLarge
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Failed("the file is not UTF-8") from None


@function("fileexists", STRING, returns=BOOL, scoped=True)
def _fileexists(scope: Scope, path: str) -> Result:
    name = _located(scope, path)
    scope.budget.spend(_LOOK)
    if scope.files and scope.files.exists(name):
        if scope.files.is_directory(name):
            raise Failed("the path is that of a directory")
        return True
    raise NotKnown(Unknown(f'"{path}" does not exist yet'))


@function("filebase64", STRING, returns=STRING)
def _filebase64(path: str) -> Result:
    raise NotKnown(Unknown("`filebase64` starts from the directory in which Packer runs"))


@function("fileset", STRING, STRING, returns=_FILES, scoped=True)
def _fileset(scope: Scope, path: str, pattern: str) -> Result:
    """The files that are there now; where none is, they may still be made before the build."""
    directory = _located(scope, path)

    def listed(name: str) -> Sequence[Entry]:
        scope.budget.spend(_LOOK)
        entries = scope.files.entries(name) if scope.files else ()
        scope.budget.spend(len(entries) * _ENTRY)
        return entries

    try:
        whole = posixpath.normpath(posixpath.join(directory, pattern))
        found = {posixpath.relpath(name, directory) for name in matches(whole, listed, scope.budget.spend)}
    except (OSError, ValueError):
        raise NotKnown(Unknown("a directory of `fileset` cannot be read")) from None
    if not found:
        raise NotKnown(Unknown("no file that `fileset` would find is there yet"))
    return Known(ordered(Known(normal(name), STRING) for name in found), _FILES)
