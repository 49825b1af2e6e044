"""Nouns for how runs of Packer went."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Protocol

from packlint.chain.images import Image
from packlint.document import Range
from packlint.packer.event import Artifact, Event
from packlint.packer.hear.follow import Follower
from packlint.packer.job import Job
from packlint.record import record


class State(Enum):
    """What became of an image, in the words of reports."""

    BUILT = "built"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SKIPPED = "skipped"
    STOPPED = "stopped"


@record(eq=False)
class ImageResult:
    """What became of an image.

    `because` says why it was not built, or why it failed; `place` is the step of the template that failed,
    as far as Packer's output tells it. `artifacts` are those of the run, or of an earlier one for an image
    that is unchanged.
    """

    image: Image
    state: State
    because: str = ""
    place: Range | None = None
    artifacts: tuple[Artifact, ...] = ()


@record(eq=False)
class JobResult:
    """How a job went: what was run, with the exit code of the last command, None where none ended by itself.

    `commands` are without secrets. `log` is the path of the whole output, "" where there is none. `started`
    is in seconds since the epoch, `seconds` how long it took. `troubles` are sentences on what went wrong
    beside Packer: a log that is not whole, a stamp that cannot be written.
    """

    job: Job
    images: tuple[ImageResult, ...]
    commands: tuple[Sequence[str], ...] = ()
    log: str = ""
    started: float = 0.0
    seconds: float = 0.0
    exit_code: int | None = None
    troubles: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """What became of the job as a whole: the worst of its images."""
        order = (State.STOPPED, State.FAILED, State.SKIPPED, State.BUILT, State.UNCHANGED)
        return min((it.state for it in self.images), key=order.index, default=State.BUILT)


class Watcher(Protocol):
    """Is told what happens while jobs run, on one thread."""

    def started(self, job: Job, command: Sequence[str]) -> None:
        """A command of a job begins."""

    def heard(self, job: Job, event: Event, follower: Follower) -> None:
        """Packer has said something; `follower` knows how far each image is."""

    def ended(self, result: JobResult) -> None:
        """A job is over, or will not be begun."""

    def told(self, message: str) -> None:
        """There is something to say that is of no job, as of an interrupt."""

    def tick(self) -> None:
        """Some time has passed; at most a few times a second."""
