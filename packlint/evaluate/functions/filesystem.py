"""Paths → their parts and what the files say, where the checked root has them (go-cty-funcs)."""

from __future__ import annotations

import posixpath

from packlint.evaluate.budget import LARGEST_TEXT, LITTLE
from packlint.evaluate.failure import Failed, NotKnown, TooLarge
from packlint.evaluate.functions.function import Family, Result
from packlint.evaluate.scope import Scope
from packlint.value import ANY, BOOL, STRING, Type, Unknown

_LOOK = 2 * LITTLE
"""Steps of asking for a file, so that none is read when only a little may be computed."""

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
    raise NotKnown(Unknown("`pathexpand` is known only on the machine where the build runs", STRING))


def _located(scope: Scope, path: str) -> str:
    """The path as the reader of files names it; absolute ones and `~` lie outside the checked root."""
    if scope.files is None:
        raise NotKnown(Unknown("no files can be read here"))
    if path.startswith(("/", "~")) or "\0" in path:
        raise NotKnown(Unknown(f'"{path}" lies outside the checked root'))
    return posixpath.normpath(posixpath.join(scope.directory, path))


@function("file", STRING, returns=STRING, scoped=True)
def _file(scope: Scope, path: str) -> Result:
    name = _located(scope, path)
    scope.budget.spend(_LOOK)
    try:
        content = scope.files.read(name) if scope.files else b""
    except (OSError, ValueError):
        raise NotKnown(Unknown(f'"{path}" cannot be read')) from None
    scope.budget.read(len(content))
    if not content:
        raise NotKnown(Unknown(f'"{path}" is empty'))
    if len(content) > LARGEST_TEXT:
        raise TooLarge
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise Failed(f'"{path}" is not UTF-8') from None


@function("fileexists", STRING, returns=BOOL, scoped=True)
def _fileexists(scope: Scope, path: str) -> Result:
    name = _located(scope, path)
    scope.budget.spend(_LOOK)
    if scope.files and scope.files.exists(name):
        if scope.files.is_directory(name):
            raise Failed(f'"{path}" is a directory')
        return True
    raise NotKnown(Unknown(f'"{path}" does not exist yet'))


@function("filebase64", STRING, returns=STRING)
def _filebase64(path: str) -> Result:
    raise NotKnown(Unknown("`filebase64` starts from the directory in which Packer runs"))


@function("fileset", STRING, STRING, returns=Type("set", STRING))
def _fileset(path: str, pattern: str) -> Result:
    raise NotKnown(Unknown("`fileset` lists files when the build runs"))


@function("templatefile", STRING, ANY, returns=STRING)
def _templatefile(path: str, values: object) -> Result:
    raise NotKnown(Unknown("`templatefile` is rendered only when the build runs"))
