"""What Packer says in a job → its log, a file with every line as a person would read it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from packlint.packer.event import Event
from packlint.packer.job import Job
from packlint.packer.words import spoken
from packlint.visible import visible

FOLDER = Path(".packlint", "logs")
"""Below the common base of the checked paths: a folder for each run."""

KEPT = 20
"""Runs whose logs are kept, the newest ones."""

LONGEST_NAME = 100
_RUN = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]+")
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


class Log:
    """The log of one job: `path`, "" where there is none, and why it is not whole, if it is not.

    A log that cannot be written stops nothing: `trouble` says so in a sentence, and nothing more is written.
    """

    def __init__(self, path: str = "", file: int | None = None, trouble: str = "") -> None:
        self.path = path
        self.trouble = trouble
        self._file = file  # a descriptor: no buffer has to be emptied where nothing can be written

    def command(self, command: Sequence[str], directory: Path) -> None:
        """Note that a command begins, and where."""
        self.line(visible(f"{directory}$ {shlex.join(command)}"))

    def event(self, event: Event) -> None:
        """Note what Packer has said."""
        for line in spoken(event, None):
            self.line(line)

    def line(self, text: str) -> None:
        """Note a line, which must be visible text."""
        if self._file is not None:
            left = f"{text}\n".encode("utf-8", "replace")
            try:
                while left:
                    left = left[os.write(self._file, left) :]
            except OSError as error:
                self.trouble = f"the log `{visible(self.path)}` is not whole: {error.strerror or error}"
                self.close()

    def close(self) -> None:
        """Nothing more comes."""
        if self._file is not None:
            file, self._file = self._file, None
            try:
                os.close(file)
            except OSError as error:
                why = f"the log `{visible(self.path)}` is not whole: {error.strerror or error}"
                self.trouble = self.trouble or why


def folder_for(base: Path, moment: datetime, process: int) -> Path:
    """Where the logs of a run go that begins at that moment; room is made by removing those of old runs.

    Nothing is removed where a link leads elsewhere, nor what is not named as the folder of a run.
    """
    folder = base / FOLDER
    try:
        if Path(os.path.realpath(folder)) == Path(os.path.realpath(base)) / FOLDER:
            with os.scandir(folder) as found:
                entries = [it for it in found if _RUN.fullmatch(it.name)]
            runs = sorted(it.name for it in entries if it.is_dir(follow_symlinks=False))
            for name in runs[: 1 - KEPT]:
                shutil.rmtree(folder / name, ignore_errors=True)
    except OSError:
        pass  # there are none, or nobody may remove them
    return folder / f"{moment:%Y%m%d-%H%M%S}-{process}"


def log(folder: Path | None, number: int, job: Job, base: Path) -> Log:
    """A new log for a job in a folder, which is made if need be; one without a file for None.

    Nobody else may read either. A folder below `base`, which a checked repository may hold, is not taken
    where a link leads out of that. The name begins with the number, by which it is the job's own.
    """
    if folder is None:
        return Log()
    path = folder / f"{number:02}-{_UNFIT.sub('-', job.name).strip('-')[:LONGEST_NAME]}.log"
    try:
        if path.is_relative_to(base) and not Path(os.path.realpath(folder)).is_relative_to(
            os.path.realpath(base)
        ):
            raise OSError("a link leads its folder elsewhere")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        file = os.open(path, flags, 0o600)
    except OSError as error:
        return Log(trouble=f"the log `{visible(str(path))}` cannot be written: {error.strerror or error}")
    return Log(str(path), file)
