"""What happens while jobs run → lines for a log, each written at once."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from packlint.packer.event import Event
from packlint.packer.hear.follow import Follower
from packlint.packer.job import Job, Plan
from packlint.packer.result import JobResult
from packlint.packer.words import became, spoken
from packlint.visible import visible

_COMMAND = re.compile(r"^(\s*+):(?=:)")
"""How a line begins in which GitHub's runner sees a command, blanks left out (`ActionCommand.cs`)."""

_SERVICE = re.compile(r"##(?=teamcity\[)")
"""What TeamCity's agent looks for; GitHub's and Azure's `##[` are not left by `visible`."""


class Plain:
    """A Watcher that writes a line for each thing that happens or that Packer says.

    Packer's lines begin with `==> ` or blanks, and with `<job>: ` where the plan has several jobs; packlint's
    own with the time of day. No runner takes a line for a command of its own but the groups: `github` asks
    for these, a job a group, and they are left out where jobs run side by side.

    `write` puts a text in its place and flushes it. Whether anybody reads it is no matter of the builds:
    where it raises OSError or ValueError, as for a broken pipe or a closed file, the text is lost and all
    goes on. `now` gives seconds since the epoch.
    """

    def __init__(
        self,
        plan: Plan,
        write: Callable[[str], None],
        *,
        github: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._write = write
        self._now = now
        self._several = len(plan.jobs) > 1
        self._groups = github and all(len(wave) == 1 for wave in plan.waves)
        self._group: Job | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def started(self, job: Job, command: Sequence[str]) -> None:
        """The exact command, and where it runs."""
        if self._groups and self._group is not job:
            self._close()
            self._put(f"::group::{visible(job.name).replace('%', '%25')}")
            self._group = job
        where = "" if job.directory in ("", ".") else f" (in `{job.directory}`)"
        self._say(f"{job.name}: {shlex.join(command)}{where}")

    def heard(self, job: Job, event: Event, follower: Follower) -> None:
        """What Packer says, line by line."""
        before = f"{visible(job.name)}: " if self._several else ""
        for line in spoken(event):
            self._put(_harmless(before + line))

    def ended(self, result: JobResult) -> None:
        """What became of each image."""
        if self._group is result.job:
            self._close()
        for image in result.images:
            self._say(f"{image.image.name} {became(image, result)}")

    def told(self, message: str) -> None:
        """The message."""
        self._say(message)

    def tick(self) -> None:
        """Nothing: what has not changed is not told again."""

    def _close(self) -> None:
        if self._group is not None:
            self._put("::endgroup::")
            self._group = None

    def _say(self, text: str) -> None:
        clock = datetime.fromtimestamp(self._now(), UTC)
        self._put(_harmless(f"[{clock:%H:%M:%S}Z] {visible(text)}"))

    def _put(self, line: str) -> None:
        with suppress(OSError, ValueError):
            self._write(f"{line}\n")


def _harmless(line: str) -> str:
    """The line with escapes in place of what a runner would obey."""
    return _SERVICE.sub(r"#\\x23", _COMMAND.sub(r"\1\\x3a", line))
