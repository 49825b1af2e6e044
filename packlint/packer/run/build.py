"""A plan → the runs of Packer along it, each as soon as it may be begun, and how they went."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from queue import Empty, Queue
from typing import Protocol

from packlint.chain.images import ArtifactGraph, Image
from packlint.chain.selection import inseparable, pattern
from packlint.chain.waves import fits
from packlint.errors import PackerError
from packlint.limits import MAX_PARALLEL
from packlint.packer.event import Artifact
from packlint.packer.job import Job, Passed, Plan
from packlint.packer.result import ImageResult, JobResult, State, Watcher
from packlint.packer.run.guarded import Guarded
from packlint.packer.run.launch import Launch
from packlint.packer.run.process import Ended, Message, Process, environment
from packlint.packer.run.program import Program
from packlint.packer.run.running import Running, Verb
from packlint.packer.run.secret import Handed
from packlint.packer.run.signals import Signals
from packlint.packer.words import duration
from packlint.record import replace
from packlint.visible import visible

GRACE = 60.0
"""Seconds that Packer has to clean up where a job has taken too long."""

TICK = 0.125
"""Seconds between two ticks of the watcher."""

DEAD = 10.0
"""Seconds after which a process that has been killed, and does not end, is given up."""

MOST_AT_ONCE = 500
"""Messages that are taken in before the clock is looked at."""


class Stamps(Protocol):
    """Notes what has been built, for later runs."""

    def forget(self, image: Image) -> None:
        """What was noted of an image does not hold any more; raises PackerError where it stays."""

    def write(self, image: Image, artifacts: Sequence[Artifact], directory: str) -> str | None:
        """An image has been built; None, or why that cannot be noted.

        Relative paths of artifacts start from the directory of the job.
        """


def build(
    plan: Plan,
    program: Program,
    *,
    graph: ArtifactGraph,
    base: Path,
    passed: Callable[[Job], Passed],
    watcher: Watcher,
    stamps: Stamps,
    logs: Path | None = None,
    timeout: float | None = None,
    grace: float = GRACE,
) -> tuple[JobResult, ...]:
    """How each job of the plan went, in its order.

    `base` is what the directories of jobs are relative to. A job is begun when all that it needs is over, and
    it fits beside those that run; what starts from an image that is not built is skipped. `timeout` is in
    seconds for each job, and `grace` what Packer has then to clean up. `logs` is a folder for the full
    output, a new one for each run.

    SIGINT, SIGTERM and SIGHUP are taken as long as it runs: the first has Packer stop and clean up, for
    which is waited, and the second ends it at once; so does a watcher that cannot write any more. Whatever
    happens, no process is left behind, nor the file with the variables.
    """
    with ExitStack() as stack:
        signals = stack.enter_context(Signals())
        handed = stack.enter_context(Handed())
        guarded = Guarded(watcher)
        launch = Launch(plan, program, base, passed, handed=handed, logs=logs, watcher=guarded)
        run = _Run(
            plan,
            graph,
            launch,
            watcher=guarded,
            stamps=stamps,
            signals=signals,
            timeout=timeout,
            grace=grace,
        )
        stack.callback(run.end)
        run.all()
    return tuple(run.results[number] for number in range(len(plan.jobs)))


class _Run:
    """One run along a plan, all of it on one thread."""

    def __init__(
        self,
        plan: Plan,
        graph: ArtifactGraph,
        launch: Launch,
        *,
        watcher: Guarded,
        stamps: Stamps,
        signals: Signals,
        timeout: float | None,
        grace: float,
    ) -> None:
        self.results: dict[int, JobResult] = {}
        self._plan = plan
        self._graph = graph
        self._launch = launch
        self._watcher = watcher
        self._stamps = stamps
        self._signals = signals
        self._timeout = timeout
        self._grace = grace
        self._heeded = 0
        self._running: dict[int, Running] = {}
        self._became: dict[Image, ImageResult] = {}
        # Not a SimpleQueue: up to Python 3.12, a signal taken as its time runs out has `get` wait for ever.
        self._messages: Queue[tuple[int, Process, Message]] = Queue()
        self._next_tick = 0.0

    def all(self) -> None:
        """Run all jobs."""
        self._heed_signals()
        self._begin()
        while self._running:
            before = len(self.results), self._heeded
            initialised = self._listen()
            self._heed_signals()
            self._watch_clocks()
            if initialised or before != (len(self.results), self._heeded):
                self._begin()

    def end(self) -> None:
        """Leave nothing behind, whatever has happened."""
        processes = {it.process for it in self._running.values() if it.process is not None}
        for running in self._running.values():
            running.kill()
        until = time.monotonic() + DEAD
        while processes:
            try:
                _, process, message = self._messages.get(timeout=max(0.0, until - time.monotonic()))
            except Empty:
                return
            process.heard()
            if isinstance(message, Ended):
                processes.discard(process)

    def _begin(self) -> None:
        """Begins what may be begun, and says of the rest what never will be."""
        for number, job in enumerate(self._plan.jobs):
            if number in self.results or number in self._running:
                continue
            if self._heeded:
                self._never(number, dict.fromkeys(job.images, (State.STOPPED, "the run was stopped before")))
            elif all(need in self.results for need in job.needs):
                lost = self._lost(job)
                if len(lost) == len(job.images):
                    self._never(number, {image: (State.SKIPPED, why) for image, why in lost.items()})
                elif self._may_begin(narrowed := _narrowed(job, lost)):
                    self._start(number, narrowed, lost)

    def _lost(self, job: Job) -> Mapping[Image, str]:
        """The images of a job that cannot be built, with the reason, and those that go with them."""
        lost: dict[Image, str] = {}
        for image in job.images:
            for base in (derivation.producer for derivation in self._graph.bases(image)):
                result = self._became.get(base)
                if result is not None and result.state not in (State.BUILT, State.UNCHANGED):
                    was = "failed" if result.state is State.FAILED else f"was {result.state.value}"
                    lost.setdefault(image, f"it starts from `{base.name}`, which {was}")
        for group in _groups(job) if lost else ():
            first = next((image for image in group if image in lost), None)
            if first is not None:
                for image in group:
                    lost.setdefault(
                        image, f"it is built only together with `{first.name}`, which is not built"
                    )
        return lost

    def _may_begin(self, job: Job) -> bool:
        others = [running.job for running in self._running.values()]
        if sum(it.at_once for it in others) >= (self._plan.limits.max_parallel or MAX_PARALLEL):
            return False
        if self._launch.awaits_init(job) and any(it.verb is Verb.INIT for it in self._running.values()):
            return False
        return fits(others, job, self._plan.limits)

    def _start(self, number: int, narrowed: Job, lost: Mapping[Image, str]) -> None:
        job = self._plan.jobs[number]
        dropped = {image: ImageResult(image, State.SKIPPED, why) for image, why in lost.items()}
        try:
            running = self._launch.running(number, job, narrowed, dropped)
        except PackerError as error:
            self._never(number, dict.fromkeys(job.images, (State.FAILED, str(error))))
            return
        self._running[number] = running
        self._go_on(number)

    def _go_on(self, number: int) -> None:
        """Begins the next command of a job, or ends it; what it makes is forgotten only before it is made."""
        running = self._running[number]
        if running.next is Verb.BUILD:
            try:
                for image in running.made:
                    self._stamps.forget(image)
            except PackerError as error:
                running.refuse(str(error))
        if not running.go_on(self._spawner(number)):
            self._finish(number)

    def _spawner(self, number: int) -> Callable[[Sequence[str], Path], Process]:
        def spawn(command: Sequence[str], directory: Path) -> Process:
            variables = environment(os.environ, directory)
            return Process(
                self._launch.argv(command),
                directory,
                variables,
                lambda process, message: self._messages.put((number, process, message)),
            )

        return spawn

    def _listen(self) -> bool:
        """Takes in what is said until it is time to look at the clock; whether `packer init` is done."""
        initialised = False
        for taken in range(MOST_AT_ONCE):
            wait = 0.0 if taken else max(0.0, self._next_tick - time.monotonic())
            try:
                number, process, message = self._messages.get(timeout=wait)
            except Empty:
                break
            process.heard()
            running = self._running.get(number)
            if running is None or running.process is not process:
                continue  # somebody holds the pipes of a command that is over
            if not isinstance(message, Ended):
                running.hear(message)
                continue
            running.ended(message.code)
            if running.verb is Verb.INIT and not message.code:
                self._launch.initialised(running.job)
                initialised = True
            self._go_on(number)
        if (now := time.monotonic()) >= self._next_tick:
            self._next_tick = now + TICK
            self._watcher.tick()
        return initialised

    def _heed_signals(self) -> None:
        asked = max(self._signals.count, int(self._watcher.lost))
        if asked and not self._heeded:
            self._heeded = 1
            self._watcher.told("stopping: Packer has been asked to clean up; again to kill it")
            for running in self._running.values():
                running.stopped = "the run was stopped"
                running.interrupt()
        if asked > 1 and self._heeded == 1:
            self._heeded = 2
            self._watcher.told("killed: what Packer has not cleaned up is left as it is")
            for running in self._running.values():
                running.kill()
                running.dead_at = time.monotonic() + DEAD

    def _watch_clocks(self) -> None:
        now = time.monotonic()
        for number, running in tuple(self._running.items()):
            if self._timeout is not None and not (running.late or self._heeded):
                if now - running.begun > self._timeout:
                    running.late = f"it took longer than {_span(self._timeout)}"
                    running.kill_at = now + self._grace
                    running.interrupt()
                    self._watcher.told(f"stopping `{visible(running.job.name)}`: {running.late}")
            elif now > running.kill_at:
                running.kill_at, running.dead_at = float("inf"), now + DEAD
                running.kill()
            elif now > running.dead_at:
                self._finish(number)

    def _finish(self, number: int) -> None:
        """A job that ran is over."""
        running = self._running.pop(number)
        result = running.result()
        troubles = list(result.troubles)
        for it in result.images if running.complete else ():
            if it.state is State.BUILT:
                why = self._stamps.write(it.image, it.artifacts, result.job.directory)
                if why is not None:
                    name = visible(it.image.name)
                    troubles.append(f"the stamp of `{name}` cannot be written: {why}")
                    self._watcher.told(troubles[-1])
        self._end(number, replace(result, troubles=tuple(troubles)))

    def _never(self, number: int, images: Mapping[Image, tuple[State, str]]) -> None:
        """A job will not be begun."""
        results = tuple(ImageResult(image, state, why) for image, (state, why) in images.items())
        self._end(number, JobResult(self._plan.jobs[number], results))

    def _end(self, number: int, result: JobResult) -> None:
        self.results[number] = result
        self._became.update((it.image, it) for it in result.images)
        self._watcher.ended(result)


def _narrowed(job: Job, lost: Mapping[Image, str]) -> Job:
    """The job without the images that cannot be built."""
    left = tuple(image for image in job.images if image not in lost)
    if len(left) == len(job.images):
        return job
    patterns = (pattern(image) for image in left)
    return replace(job, images=left, only=tuple(dict.fromkeys(it for it in patterns if it is not None)))


def _groups(job: Job) -> Iterator[tuple[Image, ...]]:
    """The images of a job in groups that Packer can be told to build without the others."""
    if any(build.open for build in job.images[0].configuration.builds):
        return iter([job.images])
    return inseparable(job.images)


def _span(seconds: float) -> str:
    return duration(seconds).removesuffix(" 00s").removesuffix(" 00m")
