"""A plan over many machines → jobs for GitLab: one a job, each after those that it needs."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from packlint.packer.ci.carried import Carried, by_producer
from packlint.packer.ci.lines import called, lines
from packlint.packer.ci.scalar import scalar
from packlint.packer.command import Commands
from packlint.packer.job import Job, Plan
from packlint.visible import visible

LONGEST = 200
"""Characters of a job's name, of which GitLab takes 255."""

HEAD = """\
# Builds the images of this repository, each after those that it starts from.
# `packlint plan --format gitlab-ci` has written this; write it anew when the chains change.
"""

TOP = """\
stages:
  - build

.packer:
  stage: build
  # Add `tags` of runners that have Packer and the hypervisors of the images.
  rules:
    - if: $CI_PIPELINE_SOURCE == "web"
"""


def gitlab_ci(plan: Plan, carries: tuple[Carried, ...], notes: Sequence[str], commands: Commands) -> str:
    """The jobs; `carries` is what some need of others that run elsewhere."""
    names = _names(plan.jobs)
    text = HEAD + "".join(f"# Note: {visible(note)}.\n" for note in (*plan.notes, *notes)) + TOP
    for number, job in enumerate(plan.jobs):
        text += "\n" + "\n".join(_job(number, job, names, carries, commands)) + "\n"
    return text


def _job(
    number: int,
    job: Job,
    names: Sequence[str],
    carries: tuple[Carried, ...],
    commands: Commands,
) -> Iterator[str]:
    yield f"{scalar(names[number])}:"
    yield "  extends: .packer"
    if not job.needs:
        yield "  needs: []"
    else:
        yield "  needs:"
        fetched = {it.producer for it in carries if it.consumer == number}
        for base_job in job.needs:
            yield f"    - job: {scalar(names[base_job])}"
            yield f"      artifacts: {'true' if base_job in fetched else 'false'}"
    yield "  script:"
    said = lines(job, commands)
    directory = f"./{job.directory}" if job.directory.startswith("-") else job.directory
    entered = [] if directory == "." else [f"cd {shlex.quote(directory)}"]
    for line in (*entered, *filter(None, said)):
        yield f"    - {scalar(line)}"
    kept = [it.path for _, it in by_producer(carries, number)]
    if kept:
        yield "  artifacts:"
        yield "    expire_in: 1 day"
        yield "    paths:"
        # Variables are filled in there, which the name of a directory is not to ask for.
        yield from (f"      - {scalar(path.replace('$', '$$'))}" for path in kept)


def _names(jobs: Sequence[Job]) -> list[str]:
    """Names that GitLab takes for nothing else, no two of them equal."""
    names: list[str] = []
    taken: set[str] = set()
    for number, job in enumerate(jobs, 1):
        name = f"build {visible(called(job))}"
        if len(name) > LONGEST or name in taken:
            name = f"{name[:LONGEST]}… {number}"
        taken.add(name)
        names.append(name)
    return names
