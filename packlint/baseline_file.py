"""The file of a baseline → its entries; what is no baseline is told with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from packlint import witness
from packlint.baseline import VERSION, Baseline, Entry
from packlint.errors import UsageError
from packlint.files import Files, reason
from packlint.identity import Identity
from packlint.record import replace

NAME = "packlint-baseline.json"

_CONFLICT = re.compile(rb"^(?:<{7}|={7}|>{7})(?:\s|$)", re.MULTILINE)
_KEYS = {"rule": True, "path": True, "message": True, "address": False, "since": False, "reason": False}
"""What an entry has, and whether it must."""

_AGAIN = "`packlint baseline write` makes one"

LONGEST = 4096
"""Characters of a path; no system has a longer one."""


def read_baseline(path: Path, base: Path, root: Path | None = None) -> Baseline | None:
    """The baseline of a file, None where there is none; the paths of a run are relative to `base`.

    Raises UsageError for a file that is no baseline, and for one that lies outside of `root`, if given.
    """
    where = Path(witness.real(path)) if root is None else path
    try:
        files = Files(root or where.parent)
        data = files.read(files.name(where))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UsageError(f"the baseline `{path}` cannot be read: {reason(error)}") from None
    return replace(empty(path, base), entries=_entries(data, path))


def empty(path: Path, base: Path) -> Baseline:
    """The baseline of a file that is to be made."""
    return Baseline(directory=_absolute(path.parent), base=_absolute(base))


def gone(base: Path, baseline: Baseline) -> Callable[[str], bool]:
    """Tells of the path of an entry whether no file is there; of one outside of `base` that is not known."""
    files = Files(base)

    def is_gone(path: str) -> bool:
        if len(path) > LONGEST:
            return True
        name = baseline.back(path)
        plain = not (PurePosixPath(path).anchor or PureWindowsPath(path).anchor)
        return plain and name.split("/")[0] != ".." and not files.exists(name)

    return is_gone


def _absolute(directory: Path) -> str:
    """A directory with forward slashes and one before the drive of Windows, links followed."""
    return "/" + Path(witness.real(directory)).as_posix().lstrip("/")


def _entries(data: bytes, path: Path) -> tuple[Entry, ...]:
    if found := _CONFLICT.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        raise UsageError(
            f"the baseline `{path}` has a conflict of a merge in line {line}",
            "keep the entries of both sides, or take one side, and run `packlint baseline write` again",
        )
    try:
        said = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"the baseline `{path}` is no JSON: {where}", _AGAIN) from None
    except (ValueError, RecursionError):
        raise UsageError(f"the baseline `{path}` is no JSON", _AGAIN) from None
    if not isinstance(said, dict) or "findings" not in said:
        raise UsageError(f"`{path}` is no baseline", _AGAIN)
    if said.get("schema_version") != VERSION or isinstance(said["schema_version"], bool):
        raise UsageError(
            f"the baseline `{path}` is of a version that this packlint does not know",
            "update packlint, or delete the file and write it again",
        )
    if not isinstance(said["findings"], list):
        raise UsageError(f"the `findings` of the baseline `{path}` are no list", _AGAIN)
    return tuple(_entry(it, number, path) for number, it in enumerate(said["findings"], 1))


def _entry(said: Any, number: int, path: Path) -> Entry:
    where = f"finding {number} of the baseline `{path}`"
    if not isinstance(said, dict):
        raise UsageError(f"{where} is no object", _AGAIN)
    for key, required in _KEYS.items():
        if required and key not in said:
            raise UsageError(f"{where} has no `{key}`", _AGAIN)
        if not isinstance(said.get(key, ""), str):
            raise UsageError(f"`{key}` of {where} is no string", "write it in double quotes")
    for key in said:
        if key not in _KEYS:
            raise UsageError(f"{where} has a key `{key}`", f"it may have {', '.join(_KEYS)}")
    identity = Identity(said["rule"], said["path"], said.get("address", ""), said["message"])
    return Entry(identity, said.get("since", ""), said.get("reason", ""))
