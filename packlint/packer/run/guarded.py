"""A watcher → the same for a run that goes on, or ends in order, where nobody can be told any more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from packlint.packer.event import Event
from packlint.packer.hear.follow import Follower
from packlint.packer.job import Job
from packlint.packer.result import JobResult, Watcher


class Guarded:
    """Passes on what it is told; `lost` once that cannot be written, as to a terminal that is closed."""

    def __init__(self, watcher: Watcher) -> None:
        self.lost = False
        self._watcher = watcher

    def started(self, job: Job, command: Sequence[str]) -> None:
        """A command of a job begins."""
        self._tell(lambda: self._watcher.started(job, command))

    def heard(self, job: Job, event: Event, follower: Follower) -> None:
        """Packer has said something."""
        self._tell(lambda: self._watcher.heard(job, event, follower))

    def ended(self, result: JobResult) -> None:
        """A job is over."""
        self._tell(lambda: self._watcher.ended(result))

    def told(self, message: str) -> None:
        """There is something to say that is of no job."""
        self._tell(lambda: self._watcher.told(message))

    def tick(self) -> None:
        """Some time has passed."""
        self._tell(self._watcher.tick)

    def _tell(self, tell: Callable[[], None]) -> None:
        if not self.lost:
            try:
                tell()
            except OSError:
                self.lost = True
