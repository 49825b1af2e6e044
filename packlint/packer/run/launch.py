"""A job of a plan → what is run for it: its commands with what they are given, and its log."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from packlint.chain.images import Image
from packlint.packer import command
from packlint.packer.job import Job, Passed, Plan
from packlint.packer.result import ImageResult, Watcher
from packlint.packer.run.logs import log
from packlint.packer.run.program import Program
from packlint.packer.run.running import Running, Task, Verb
from packlint.packer.run.secret import Handed, Secrets, secrets_of

Template = tuple[str, str]
"""What tells templates apart for `packer init`: directory and target."""


class Launch:
    """Makes jobs ready to run; `handed` keeps the variables from everybody but Packer."""

    def __init__(
        self,
        plan: Plan,
        program: Program,
        base: Path,
        passed: Callable[[Job], Passed],
        *,
        handed: Handed,
        logs: Path | None,
        watcher: Watcher,
    ) -> None:
        self._program = program
        self._base = base
        self._passed = [passed(job) for job in plan.jobs]
        self._handed = handed
        self._logs = logs
        self._watcher = watcher
        pairs = zip(plan.jobs, self._passed, strict=True)
        self._secrets = Secrets(text for job, its in pairs for text in secrets_of(job, its))
        self._initialised: set[Template] = set()

    def awaits_init(self, job: Job) -> bool:
        """Whether `packer init` is to be run first; two of them at once would write the same files."""
        return (job.directory, job.target) not in self._initialised and bool(self._init(job))

    def initialised(self, job: Job) -> None:
        """The plugins of a job's template are there: no other job need install them."""
        self._initialised.add((job.directory, job.target))

    def running(self, number: int, job: Job, narrowed: Job, dropped: Mapping[Image, ImageResult]) -> Running:
        """A job that is ready to run, as `narrowed` has it; raises PackerError where it cannot be."""
        passed = self._handed.passed(narrowed, self._passed[number])
        tasks = [Task(Verb.INIT, self._init(job))] if self.awaits_init(job) else []
        tasks.append(Task(Verb.VALIDATE, command.validate(narrowed, passed, self._base)))
        tasks.append(Task(Verb.BUILD, command.build(narrowed, passed, self._base)))
        directory = self._base / job.directory
        own = log(self._logs, number + 1, job, self._base)
        return Running(
            job,
            directory,
            tasks,
            dropped=dropped,
            log=own,
            secrets=self._secrets,
            watcher=self._watcher,
        )

    def argv(self, words: Sequence[str]) -> list[str]:
        """A command with the program that is meant by `packer`."""
        return [str(self._program.path), *words[1:]]

    def _init(self, job: Job) -> Sequence[str]:
        return command.init(job) if self._program.is_since("1.7.0") else ()
