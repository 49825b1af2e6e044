"""A job, and what is passed through → the commands of Packer for it, and a line that shows them."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

from packlint.packer.job import Command, Job, Passed
from packlint.record import record, replace
from packlint.secrets.formats import keys
from packlint.secrets.names import is_of_secret
from packlint.visible import visible

PACKER = "packer"

_VAR = "-var="


@record
class Commands:
    """The commands of jobs for people and tools that run them; names of files are relative to `base`.

    `passed` tells what Packer is given for a job.
    """

    passed: Callable[[Job], Passed]
    base: Path

    def validate(self, job: Job) -> Command:
        """How Packer checks a template."""
        return validate(job, self.passed(job), self.base)

    def build(self, job: Job) -> Command:
        """How Packer makes the images of a job."""
        return build(job, self.passed(job), self.base, machine_readable=False)

    def without_secrets(self) -> Commands:
        """The same without the variables whose values are secret."""

        def passed(job: Job) -> Passed:
            given, declared = self.passed(job), secrets(job)
            return replace(
                given, variables=tuple(it for it in given.variables if not is_secret(it, declared))
            )

        return Commands(passed, self.base)


def init(job: Job) -> Command:
    """The command that installs the plugins of a template; nothing where it requires none.

    Only HCL has them, and `packer init` is there since 1.7.0.
    """
    configuration = job.images[0].configuration
    if configuration.legacy or not configuration.required_plugins:
        return ()
    return PACKER, "init", job.target


def validate(job: Job, passed: Passed, base: Path) -> Command:
    """The command by which Packer checks a template; the names of its files are relative to `base`.

    `packer validate` has no `-force`, without which QEMU's plugin refuses a directory that is there; so where
    it is passed, the arguments are checked only when `packer build` does.
    """
    syntax = ("-syntax-only",) if passed.force else ()
    return PACKER, "validate", *syntax, *_chosen(job, passed), *_given(job, passed, base), job.target


def build(job: Job, passed: Passed, base: Path, *, machine_readable: bool = True) -> Command:
    """The command that makes the images of a job, as `validate` has it."""
    options = ["-machine-readable"] if machine_readable else []
    options += _chosen(job, passed)
    if job.parallel:
        options.append(f"-parallel-builds={job.parallel}")
    if passed.on_error is not None:
        options.append(f"-on-error={passed.on_error}")
    if passed.force:
        options.append("-force")
    return PACKER, "build", *options, *_given(job, passed, base), job.target


def _chosen(job: Job, passed: Passed) -> Iterator[str]:
    if job.only:
        yield f"-only={','.join(job.only)}"
    if passed.exclude:
        yield f"-except={','.join(passed.exclude)}"


def _given(job: Job, passed: Passed, base: Path) -> Iterator[str]:
    """Variable files first: of two values for a variable Packer takes the later one (template variables)."""
    for path in passed.var_files:
        yield f"-var-file={_from(path, base, job.directory)}"
    for variable in passed.variables:
        yield f"{_VAR}{variable}"


def _from(path: Path, base: Path, directory: str) -> str:
    """A file from where Packer is run: relative where it lies below the base, so that no home is named.

    A path that is relative counts from the working directory of this process, as on its command line.
    """
    full = Path(os.path.abspath(path))  # noqa: PTH100 - links in it are kept
    if not full.is_relative_to(base):
        return str(full)
    return Path(os.path.relpath(full, base / directory)).as_posix()


def secrets(job: Job) -> frozenset[str]:
    """The variables of a job's template that it declares sensitive."""
    return frozenset(it.name for it in job.images[0].configuration.variables if it.sensitive)


def is_secret(variable: str, declared: AbstractSet[str] = frozenset()) -> bool:
    """Whether `NAME=VALUE` is not to be shown: declared so, called as a secret is, or with a key in it."""
    name, _, text = variable.partition("=")
    return name in declared or is_of_secret(name) or any(True for _ in keys(text))


def masked(command: Command, declared: AbstractSet[str] = frozenset()) -> Command:
    """A command with `***` for the values of variables that are secret."""
    return tuple(
        f"{word[: len(_VAR)]}{word[len(_VAR) :].partition('=')[0]}=***"
        if word.startswith(_VAR) and is_secret(word[len(_VAR) :], declared)
        else word
        for word in command
    )


def shown(command: Command, declared: AbstractSet[str] = frozenset(), *, windows: bool = False) -> str:
    """A command as people type it, on one line, without secrets; `declared` names variables that are such.

    What a terminal would not show, or obey, is escaped.
    """
    words = masked(command, declared)
    return visible(" ".join(map(_in_windows, words)) if windows else shlex.join(words))


def _in_windows(word: str) -> str:
    """A word for programs of Windows, which part their command line themselves (CommandLineToArgvW)."""
    if word and not re.search(r'[\s"&|<>^%()]', word):
        return word
    inner = re.sub(r'(\\*)"', r'\1\1\\"', word)
    return '"' + re.sub(r"(\\+)\Z", r"\1\1", inner) + '"'
