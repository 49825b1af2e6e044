"""What `--packer` names, or PATH has → Packer, which is known to run, and its version."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from packlint.errors import PackerError
from packlint.packer.job import Job
from packlint.packer.run.process import Line, answer, environment
from packlint.record import record
from packlint.version import Version
from packlint.visible import visible

SECONDS = 30.0
"""In which Packer has to say its version, or its plugins."""

_TOLD = re.compile(r"[0-9]+,[^,]*,(version|version-prelease),(.*)")
_HINT = "install Packer 1.6.0 or later from HashiCorp, or name its program with `--packer`"
_INSTALLED = re.compile(r"packer-plugin-[^/\\]+_v([0-9][^_]*)_x[0-9.]+_[^/\\]+\Z")
"""The name of a plugin's program (packer/plugin-getter/plugins.go)."""


@record
class Program:
    """Packer: where it is, absolute, and its version as it tells it: `1.6.6`, `1.12.0-dev`."""

    path: Path
    version: str

    def is_since(self, version: str) -> bool:
        """Whether it is of that version or later; what is before a release counts as that."""
        own, other = Version.parse(self.version.partition("-")[0]), Version.parse(version)
        return own is not None and other is not None and own >= other


def find(named: str | None, seconds: float = SECONDS) -> Program:
    """Packer as `--packer` names it, by its path or a name on PATH; raises PackerError where it is of no use.

    It has so many seconds to say its version.
    """
    path = _located(named)
    # Programs by the name of `packer` that write files beside themselves are kept out of the work tree.
    code, lines = _asked([str(path), "version", "-machine-readable"], None, seconds)
    told: dict[str, str] = {}
    for line in lines:
        if not line.error and (match := _TOLD.fullmatch(line.text)):
            told[match[1]] = match[2].strip()
    number = Version.parse(told.get("version", ""))
    if code is None:
        raise PackerError(
            f"`{path}` has not said its version in {seconds:g} seconds",
            f"run `{path.name} version` by hand to see why, or name another program with `--packer`",
        )
    if number is None:
        raise _is_none(path, code, lines)
    version = "-".join(filter(None, (told["version"], told.get("version-prelease"))))
    program = Program(path, visible(version))
    if not program.is_since("1.6.0"):
        raise PackerError(
            f"Packer {program.version} is too old: `packer validate` reads HCL2 templates since 1.6.0",
            _HINT,
        )
    return program


def plugins(program: Program, job: Job, base: Path, seconds: float = SECONDS) -> Mapping[str, str]:
    """The versions of the plugins that a job's template requires, by their sources, as far as installed.

    Of several that are admitted Packer takes the newest. Empty where Packer cannot tell, as before 1.8, or
    where nothing is required (command/plugins_required.go).
    """
    if not (program.is_since("1.8.0") and requires_plugins(job)):
        return {}
    command = [str(program.path), "plugins", "required", job.target]
    try:
        code, lines = _asked(command, base / job.directory, seconds)
    except PackerError:
        return {}
    found: dict[str, str] = {}
    for line in lines if code == 0 else ():
        words = line.text.split()
        if len(words) < 4 or line.error:
            continue
        versions = [version for word in words if (version := _version_of(word))]
        if versions:
            found[visible(words[1])] = str(max(versions)[1])
    return found


def requires_plugins(job: Job) -> bool:
    """Whether the template of a job has `required_plugins`, which only HCL2 has."""
    return any(image.configuration.required_plugins for image in job.images[:1])


def ending(code: int) -> str:
    """How a command ended, in words: `with exit code 2`, `by the signal SIGSEGV`."""
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by the signal {signal.Signals(-code).name}"
    except ValueError:
        return f"by the signal {-code}"


def _version_of(word: str) -> tuple[Version, str] | None:
    match = _INSTALLED.search(word)
    version = Version.parse(match[1]) if match else None
    return (version, match[1]) if match and version else None


def _located(named: str | None) -> Path:
    name = named or "packer"
    if os.path.dirname(name):  # noqa: PTH120 - Path drops the `./` that tells a path from a name
        return _usable(Path(os.path.abspath(name)), named)  # noqa: PTH100 - links stay: the name may count
    found = list(_on_path(name))
    if not found:
        raise PackerError(f"there is no program `{visible(name)}` on PATH", _HINT)
    return next((path for path in found if os.access(path, os.X_OK)), None) or _usable(found[0], named)


def _usable(path: Path, named: str | None) -> Path:
    if not os.path.lexists(path):
        raise PackerError(f"there is no program `{visible(str(named))}`", _HINT)
    if path.is_dir():
        raise PackerError(f"`{visible(str(path))}` is a directory", "name the program in it with `--packer`")
    if not os.access(path, os.X_OK):
        raise PackerError(
            f"`{visible(str(path))}` is not executable", "make it so with `chmod +x`, if it is Packer"
        )
    return path


def _on_path(name: str) -> Iterator[Path]:
    """The files of that name; a relative folder does not count, which may lie in what is checked."""
    names = [name, f"{name}.exe"] if sys.platform == "win32" else [name]
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        if os.path.isabs(folder):  # noqa: PTH117
            yield from (path for each in names if (path := Path(folder, each)).is_file())


def _asked(
    command: Sequence[str], directory: Path | None, seconds: float
) -> tuple[int | None, tuple[Line, ...]]:
    """What a command says that is run in a folder, or in an empty one."""
    import tempfile

    try:
        with tempfile.TemporaryDirectory(prefix="packlint-") as empty:
            where = Path(empty) if directory is None else directory
            return answer(command, where, environment(os.environ, where), seconds)
    except OSError as error:
        raise PackerError(
            f"`{visible(command[0])}` cannot be run: {error.strerror or error}", _HINT
        ) from None


def _is_none(path: Path, code: int, lines: Sequence[Line]) -> PackerError:
    """Why a program is not Packer, or not one that works."""
    if code < 0:
        return PackerError(f"`{path} version` was ended {ending(code)}", _HINT)
    if "cracklib" in os.path.realpath(path):
        return PackerError(f"`{path}` is the `packer` of cracklib, which packs word lists", _HINT)
    said = next((line.text.strip() for line in lines if line.text.strip()), "")
    words = f': it says "{visible(said[:100])}"' if said else ": it says nothing"
    if code:
        return PackerError(f"`{path} version` ended {ending(code)}{words}", _HINT)
    return PackerError(f"`{path}` does not answer as HashiCorp's Packer does{words}", _HINT)
