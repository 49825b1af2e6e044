"""A check that found no error, and what is asked of a build → runs of Packer, and what is told of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

from packlint.chain.images import ArtifactGraph, Image, artifact_graph
from packlint.commands.building import Building
from packlint.commands.host import Bounds, bounds
from packlint.commands.passing import passing
from packlint.commands.paths import FOUND, say_unseen
from packlint.deliver import is_colored, put, width_of_output
from packlint.diagnostic import Diagnostic, Severity
from packlint.errors import PackerError
from packlint.model import Configuration
from packlint.options import Asked
from packlint.outcome import Outcome
from packlint.packer.command import Commands
from packlint.packer.event import Artifact
from packlint.packer.job import Job, Passed, Plan
from packlint.packer.plan import plan as plan_of
from packlint.packer.result import ImageResult, JobResult, State
from packlint.packer.run.build import build
from packlint.packer.run.logs import folder_for
from packlint.packer.run.program import Program, find, plugins
from packlint.packer.show.live import Live, suits
from packlint.packer.show.outline import Reader, outline
from packlint.packer.show.plain import Plain
from packlint.packer.show.report import to_json
from packlint.packer.show.table import table
from packlint.packer.stamps import NO_STAMP, Stamps, Verdict
from packlint.quantity import count
from packlint.record import record
from packlint.settings import Choose
from packlint.visible import visible

BROKEN, INTERRUPTED = 3, 130
"""Exit codes: Packer failed, and somebody stopped it."""

SOLVED = frozenset({"chain-in-single-run"})
"""Rules about what Packer starts together, of which a plan has each in its turn."""

MOST_LISTED = 5
"""Errors that are named where they keep Packer from being run; the report has them all."""


@record
class Making:
    """A build as it is asked for: `base` is what names of files are relative to; `stream` is told of it.

    It is None where whoever started packlint has closed it. `found` is the exit code of the check.
    """

    building: Building
    choose: Choose
    inputs: Asked
    base: Path
    color: str
    stream: TextIO | None
    found: int

    @property
    def colored(self) -> bool:
        """Whether what is told has colors."""
        return is_colored(self.color, self.stream)

    def make(self, outcome: Outcome) -> int:
        """Build, and return the exit code; raises PackerError where Packer cannot be run."""
        errors = [it for it in outcome.diagnostics if it.severity is Severity.ERROR]
        if any(it.rule not in SOLVED for it in errors):
            return self._refuse(errors)
        say_unseen(outcome.configurations)
        graph = artifact_graph(outcome.configurations, outcome.links, outcome.declared)
        if not graph.images:
            self._say("nothing is to be built: no template has a build with a source")
            return self._done((), self.found)
        bound = bounds(self.building.host, outcome.limits)
        whole = plan_of(graph, bound.limits)
        if errors and any(_starts_together(job, graph) for job in whole.jobs):
            return self._refuse(errors)
        if self.building.dry_run:
            verdicts = self._verdicts(Stamps(self.base, graph, {}))
            built = _unchanged(verdicts)
            self._show(plan_of(graph, bound.limits, built=built) if built else whole, bound, verdicts)
            return self.found
        try:
            program = find(self.building.packer)
        except PackerError:
            self._done((), BROKEN)
            raise
        noted = _Noted(program, self.base, graph, whole)
        verdicts = self._verdicts(noted.stamps)
        built = _unchanged(verdicts)
        plan = plan_of(graph, bound.limits, built=built) if built else whole
        for note in plan.notes:
            self._say(f"note: {note}")
        for image, verdict in verdicts.items():
            if not verdict.unchanged and verdict.because != NO_STAMP:
                self._say(f"{image.name} is built: {verdict.because}")
        noted.stamps.prepare()
        with self._watcher(plan) as watcher:
            results = build(
                plan,
                program,
                graph=graph,
                base=self.base,
                passed=self._passed,
                watcher=watcher,
                stamps=noted,
                logs=folder_for(self.base, datetime.now(), os.getpid()),
                timeout=self.building.timeout,
            )
        results = (*_left_alone(whole, verdicts), *results)
        return self._tell(results, outcome, program)

    def _refuse(self, errors: Sequence[Diagnostic]) -> int:
        """Say which errors keep Packer from being run."""
        stand = "stands" if len(errors) == 1 else "stand"
        self._say(f"not built: {count(len(errors), 'error')} {stand}", "error", "red")
        for it in errors[:MOST_LISTED]:
            self._say(f"  {it.range.document.path}:{it.range.first.line}: {it.message} ({it.rule})")
        if (more := len(errors) - MOST_LISTED) > 0:
            self._say(f"  and {more} more")
        return self._done((), FOUND)

    def _verdicts(self, stamps: Stamps) -> Mapping[Image, Verdict]:
        return {} if self.building.rebuild else stamps.verdicts(self.building.trust)

    def _show(self, plan: Plan, bound: Bounds, verdicts: Mapping[Image, Verdict]) -> None:
        """What would be built, and why."""
        paint = click.style if self.colored else lambda text, **_: text
        reader = Reader(Path.cwd(), width_of_output(), paint, windows=os.name == "nt")
        text = outline(plan, bound.said, Commands(self._passed, self.base), reader)
        self._put(text)
        for image, verdict in verdicts.items():
            self._say(f"{image.name}: {verdict.because}")

    def _watcher(self, plan: Plan) -> Live | Plain:
        if self.stream is not None and suits(self.stream, os.environ):
            return Live(plan, self.stream, colored=self.colored)
        return Plain(plan, self._put, github=os.environ.get("GITHUB_ACTIONS") == "true")

    @property
    def _passed(self) -> Callable[[Job], Passed]:
        return passing(self.choose, self.inputs, on_error=self.building.on_error, force=self.building.force)

    def _tell(self, results: Sequence[JobResult], outcome: Outcome, program: Program) -> int:
        states = {image.state for result in results for image in result.images}
        broken = states & _BAD or any(result.troubles for result in results)
        code = INTERRUPTED if State.STOPPED in states else BROKEN if broken else self.found
        text = table(
            results,
            width_of_output(),
            self.colored,
            sensitive=outcome.sensitive,
            encoding=self.stream.encoding if self.stream else None,
        )
        self._put(f"\n{text}")
        return self._done(results, code, program.version)

    def _done(self, results: Sequence[JobResult], code: int, version: str | None = None) -> int:
        """Write the report, that of an earlier run must not be taken for one of this; the exit code."""
        if self.building.report is not None and not self.building.dry_run:
            put(self.building.report, to_json(results, packer=version, exit_code=code))
        return code

    def _say(self, line: str, head: str = "", color: str = "") -> None:
        head = head and f"{click.style(head, fg=color, bold=True) if self.colored else head}: "
        self._put(f"{head}{visible(line)}\n")

    def _put(self, text: str) -> None:
        """Tell it, as long as anybody can be told: builds go on without."""
        if self.stream is None:
            return
        try:
            click.echo(text, file=self.stream, nl=False, color=self.colored)
        except OSError:
            with suppress(OSError, ValueError):  # else what is left is written at the end, and fails again
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, self.stream.fileno())
                os.close(null)


_BAD = {State.FAILED, State.SKIPPED}


class _Noted:
    """The stamps of a run, which know the versions of plugins that `packer init` has brought meanwhile."""

    def __init__(self, program: Program, base: Path, graph: ArtifactGraph, whole: Plan) -> None:
        self._program = program
        self._base = base
        self._jobs = {image: job for job in whole.jobs for image in job.images}
        self._tools = {"Packer": program.version}
        self._lacking: set[Configuration] = set()
        templates = {image.configuration: job for image, job in self._jobs.items()}
        for configuration, job in templates.items():
            there = plugins(program, job, base)
            self._tools |= there
            if len(there) < len(configuration.required_plugins):
                self._lacking.add(configuration)
        self.stamps = Stamps(base, graph, self._tools)

    def forget(self, image: Image) -> None:
        """What was noted of an image does not hold any more."""
        self.stamps.forget(image)

    def write(self, image: Image, artifacts: Sequence[Artifact], directory: str) -> str | None:
        """An image has been built; why that cannot be noted, if it cannot."""
        if image.configuration in self._lacking:
            self._lacking.remove(image.configuration)
            self._tools |= plugins(self._program, self._jobs[image], self._base)
        return self.stamps.write(image, artifacts, directory)


def _starts_together(job: Job, graph: ArtifactGraph) -> bool:
    """Whether a job has an image and what that starts from: Packer cannot be told to build one by itself."""
    images = frozenset(job.images)
    return any(it.producer in images for image in images for it in graph.bases(image))


def _unchanged(verdicts: Mapping[Image, Verdict]) -> frozenset[Image]:
    return frozenset(image for image, verdict in verdicts.items() if verdict.unchanged)


def _left_alone(whole: Plan, verdicts: Mapping[Image, Verdict]) -> tuple[JobResult, ...]:
    """The images that need not be built, by the jobs that would have made them."""
    found = []
    for job in whole.jobs:
        images = tuple(
            ImageResult(it, State.UNCHANGED, verdicts[it].because, artifacts=verdicts[it].artifacts)
            for it in job.images
            if it in verdicts and verdicts[it].unchanged
        )
        if images:
            found.append(JobResult(job, images))
    return tuple(found)
