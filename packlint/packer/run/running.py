"""A job → its commands, one after the other, what they say, and how the job went."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path

from packlint.chain.images import Image
from packlint.packer.event import Event, Garbled, Said
from packlint.packer.hear.follow import Follower
from packlint.packer.hear.machine import read
from packlint.packer.job import Command, Job
from packlint.packer.result import ImageResult, JobResult, State, Watcher
from packlint.packer.run.logs import Log
from packlint.packer.run.process import Line, Process
from packlint.packer.run.program import ending
from packlint.packer.run.secret import Secrets
from packlint.record import record
from packlint.visible import visible

LONGEST_REASON = 300
"""Characters of what Packer said that a reason has; the log has the rest."""

LONGEST_ERROR = 4_000
"""Characters after which no more is kept of an error that is told line by line."""

_COUNTED = re.compile(r"[0-9]+ error(?:s|\(s\))? occurred:?")
"""What Packer says before a list of errors, each of which begins with `* `."""

_CRASHES = ("panic: ", "fatal error: ")
"""What Go's runtime begins the message of a crash with."""

Spawn = Callable[[Sequence[str], Path], Process]


class Verb(Enum):
    """The commands of Packer that are run for a job."""

    INIT = "init"
    VALIDATE = "validate"
    BUILD = "build"


@record
class Task:
    """A command that is still to be run."""

    verb: Verb
    command: Command


class Running:
    """A job that runs, in a directory, of which only what is not `dropped` is built; `watcher` is told.

    `stopped` and `late` say why it is made to end, if it is; `kill_at` and `dead_at` when, on the clock of
    `time.monotonic`, it has had the time to, and when nobody waits for it any more.
    """

    def __init__(
        self,
        job: Job,
        directory: Path,
        tasks: Sequence[Task],
        *,
        dropped: Mapping[Image, ImageResult],
        log: Log,
        secrets: Secrets,
        watcher: Watcher,
    ) -> None:
        self.job = job
        self.process: Process | None = None
        self.verb = Verb.INIT
        self.begun = time.monotonic()
        self.stopped = self.late = ""
        self.kill_at = self.dead_at = float("inf")
        self._directory = directory
        self._tasks = deque(tasks)
        self._dropped = dropped
        self._log = log
        self._secrets = secrets
        self._watcher = watcher
        self._follower = Follower(job.images)
        self._interrupted = False
        self._told = False
        self._started = time.time()
        self._commands: list[Sequence[str]] = []
        self._code: int | None = None
        self._unrun = ""
        self._understood = False
        self._first = self._crash = self._error = ""

    @property
    def next(self) -> Verb | None:
        """The command that is to be run now; None if the job is over."""
        return None if self._code or self._interrupted or not self._tasks else self._tasks[0].verb

    def go_on(self, spawn: Spawn) -> bool:
        """Begin the next command; False if the job is over instead. `spawn` raises OSError where it fails."""
        if self.next is None:
            return False
        task = self._tasks.popleft()
        shown = tuple(map(self._secrets.hidden, task.command))
        self._commands.append(shown)
        self._log.command(shown, self._directory)
        self.verb, self._code = task.verb, None
        self._understood, self._first, self._crash, self._error = False, "", "", ""
        self._watcher.started(self.job, shown)
        self._tell_of_the_log()
        try:
            self.process = spawn(task.command, self._directory)
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            self._unrun = f"Packer cannot be run in `{visible(str(self._directory))}`: {reason or error}"
            return False
        return True

    def hear(self, line: Line) -> None:
        """Take a line in, and pass on what it says."""
        text = self._secrets.whole(line)
        event = self._secrets.without(Garbled(text) if line.error else read(text))
        self._note(event)
        self._log.event(event)
        if self.verb is Verb.BUILD:
            self._follower.hear(event)
        self._watcher.heard(self.job, event, self._follower)
        self._tell_of_the_log()

    def ended(self, code: int) -> None:
        """The command that ran has ended."""
        self.process, self._code = None, code

    def refuse(self, why: str) -> None:
        """The next command is not to be run."""
        self._tasks.clear()
        self._unrun = why

    def interrupt(self) -> None:
        """Ask Packer to stop and to clean up, once."""
        if not self._interrupted:
            self._interrupted = True
            if self.process is not None:
                self.process.interrupt()

    def kill(self) -> None:
        """End Packer and all that it runs."""
        self._interrupted = True
        if self.process is not None:
            self.process.kill()

    @property
    def made(self) -> tuple[Image, ...]:
        """The images that it builds."""
        return tuple(image for image in self.job.images if image not in self._dropped)

    @property
    def complete(self) -> bool:
        """Whether Packer has told to the end what it has made: one that is made to stop does not."""
        built = self.verb is Verb.BUILD and self._code is not None
        return built and (not self._interrupted or self._code == 0)

    def result(self) -> JobResult:
        """How the job went, which is over."""
        self._log.close()
        self._tell_of_the_log()
        return JobResult(
            self.job,
            tuple(self._dropped.get(image) or self._result(image) for image in self.job.images),
            tuple(self._commands),
            self._log.path,
            self._started,
            time.monotonic() - self.begun,
            self._code,
            (self._log.trouble,) if self._log.trouble else (),
        )

    def _tell_of_the_log(self) -> None:
        if self._log.trouble and not self._told:
            self._told = True
            self._watcher.told(self._log.trouble)

    def _note(self, event: Event) -> None:
        """Keeps what may be the reason for a failure."""
        if isinstance(event, Garbled):
            text = event.text.strip()
            self._first = self._first or text
            if text.startswith(_CRASHES):
                self._crash = self._crash or text
            if text.startswith("Error") and not self._error:
                self._error = text
            elif self._error and len(self._error) < LONGEST_ERROR:
                self._error += f"\n{event.text.rstrip()}"
            return
        self._understood = True
        if isinstance(event, Said) and event.kind == "error" and not event.build:
            self._error = self._error or event.text

    def _result(self, image: Image) -> ImageResult:
        building = self.verb is Verb.BUILD
        if building and self._follower.finished(image):
            return ImageResult(image, State.BUILT, artifacts=self._follower.artifacts(image))
        if self.stopped:
            return ImageResult(image, State.STOPPED, self.stopped)
        if self.late:
            place = self._follower.progress(image).step if building else None
            return ImageResult(image, State.FAILED, self.late, place)
        failure = self._follower.failure(image) if building else None
        if failure is not None and not self._crash:
            return ImageResult(image, State.FAILED, *failure)
        return ImageResult(image, State.FAILED, next(self._reasons()), failure[1] if failure else None)

    def _reasons(self) -> Iterator[str]:
        """Why an image is not built of which Packer does not say it, the best reason first."""
        if self._unrun:
            yield self._unrun
        verb = f"`packer {self.verb.value}`"
        if self._crash:
            yield f"{verb} crashed: {_short(self._crash)}"
        if self._code is None or self._code < 0:
            yield f"{verb} was ended {ending(self._code or -9)}"
        if self._error:
            yield f"{verb} failed: {_short(self._error.strip().removeprefix('Error: '))}"
        how = f"{verb} ended {ending(self._code or 0) if self._code else 'without an error'}"
        if self._first and not self._understood:
            yield f"{how}, and does not speak as Packer does: {_short(self._first)}"
        yield f"{how}, but has not built this"


def _short(text: str) -> str:
    """What an error is and why, of a text that has more, as a part of a sentence.

    Packer tells what it is in the first line; then, indented, where, perhaps with values; and then why.
    """
    lines = [line for line in text.strip().splitlines() if line[:1].strip() and line[:5] != "with "]
    first, *others = [line for line in lines if not _COUNTED.fullmatch(line)] or lines or [""]
    why = [it for it in others[:1] if not first.startswith("* ") and not it.startswith("Error: ")]
    first = ": ".join(it.removeprefix("* ").rstrip(".:,") for it in (first, *why))
    return visible(first if len(first) <= LONGEST_REASON else f"{first[:LONGEST_REASON]}...").rstrip(".:")
