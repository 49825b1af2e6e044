"""A plan over many machines → a workflow for GitHub Actions: a matrix for each level of the chain.

Texts of templates stand in the matrix alone, quoted, and reach a shell through its environment.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from packlint.chain.host import hosts_of
from packlint.packer.ci.carried import Carried, by_producer
from packlint.packer.ci.lines import called, lines
from packlint.packer.ci.scalar import scalar
from packlint.packer.command import Commands
from packlint.packer.job import Job, Plan
from packlint.visible import visible

LARGEST = 256
"""Entries of one matrix, more of which GitHub refuses."""

RUNNERS = {"linux": "ubuntu-latest", "macos": "macos-latest", "windows": "windows-latest"}

HEAD = """\
# Builds the images of this repository, each level of their chains after the one before.
# `packlint plan --format github-matrix` has written this; write it anew when the chains change.
"""

TOP = """\
name: packer

on:
  workflow_dispatch:

permissions: {}

concurrency:
  group: packer-${{ github.ref }}
  cancel-in-progress: false

jobs:
"""

JOB = """\
  {key}:
    name: ${{{{ matrix.name }}}}
{needs}    # A machine with the hypervisor of the image: runners of GitHub have KVM, Docker and little more.
    runs-on: ${{{{ matrix.runner }}}}
    permissions:
      contents: read # to check the repository out
    strategy:
      fail-fast: false
      matrix:
        include:
{entries}    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      # Better: the commit of that tag.
      - uses: hashicorp/setup-packer@v3.2.0 # zizmor: ignore[unpinned-uses]
"""

FETCH = """\
      - name: Fetch what the image starts from
        if: matrix.base_{number}
        uses: actions/download-artifact@37930b1c2abaa49bbe596cd826c3c89aef350131 # v7.0.0
        with:
          name: ${{{{ matrix.base_{number} }}}}
          path: ${{{{ matrix.base_path_{number} }}}}
"""

INSTALL = """\
      - name: Install plugins
        if: matrix.init
        shell: bash
        working-directory: ${{ matrix.directory }}
        env:
          INIT: ${{ matrix.init }}
          PACKER_GITHUB_API_TOKEN: ${{ github.token }}
        run: eval "$INIT"
"""

BUILD = """\
      - name: Build
        shell: bash
        working-directory: ${{ matrix.directory }}
        env:
          VALIDATE: ${{ matrix.validate }}
          BUILD: ${{ matrix.build }}
        run: |
          eval "$VALIDATE"
          eval "$BUILD"
"""

KEEP = """\
      - name: Keep what others start from
        if: matrix.kept_{number}
        uses: actions/upload-artifact@b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0
        with:
          name: ${{{{ matrix.kept_{number} }}}}
          path: ${{{{ matrix.kept_path_{number} }}}}
          if-no-files-found: error
          retention-days: 1
"""


def github_matrix(plan: Plan, carries: tuple[Carried, ...], notes: Sequence[str], commands: Commands) -> str:
    """The workflow of a plan with jobs; `carries` is what some need of others that run elsewhere."""
    text = HEAD + "".join(f"# Note: {visible(note)}.\n" for note in (*plan.notes, *notes)) + TOP
    numbers = {job: number for number, job in enumerate(plan.jobs)}
    before: list[str] = []
    for level, jobs in enumerate(plan.waves, 1):
        keys = []
        for at in range(0, len(jobs), LARGEST):
            key = f"level-{level}" + (f"-{at // LARGEST + 1}" if len(jobs) > LARGEST else "")
            some = [(numbers[job], job) for job in jobs[at : at + LARGEST]]
            text += _job(key, before, some, carries, commands)
            keys.append(key)
        before = keys
    return text


def _job(
    key: str,
    before: Sequence[str],
    jobs: Sequence[tuple[int, Job]],
    carries: tuple[Carried, ...],
    commands: Commands,
) -> str:
    entries = [dict(_entry(number, job, carries, commands)) for number, job in jobs]
    rows = "".join(
        f"{'          - ' if first else '            '}{name}: {_literal(text)}\n"
        for entry in entries
        for first, (name, text) in ((name == "name", (name, text)) for name, text in entry.items())
    )
    needs = f"    needs: [{', '.join(before)}]\n" if before else ""
    fetched = max(sum(name.startswith("base_path_") for name in it) for it in entries)
    kept = max(sum(name.startswith("kept_path_") for name in it) for it in entries)
    return "".join(
        (
            JOB.format(key=key, needs=needs, entries=rows),
            *(FETCH.format(number=number) for number in range(1, fetched + 1)),
            INSTALL if any("init" in it for it in entries) else "",
            BUILD,
            *(KEEP.format(number=number) for number in range(1, kept + 1)),
        )
    )


def _entry(
    number: int, job: Job, carries: tuple[Carried, ...], commands: Commands
) -> Iterator[tuple[str, str]]:
    """What a matrix says of a job."""
    said = lines(job, commands)
    hosts = hosts_of([image.use for image in job.images])
    yield "name", called(job)
    yield "runner", next((RUNNERS[host] for host in RUNNERS if host in hosts), RUNNERS["linux"])
    yield "directory", job.directory
    if said.init:
        yield "init", said.init
    yield "validate", said.validate
    yield "build", said.build
    for at, (artifact, it) in enumerate(_fetched(carries, number), 1):
        yield f"base_{at}", f"artifact-{artifact}"
        yield f"base_path_{at}", it.path if it.is_directory else posixpath.dirname(it.path) or "."
    for at, (artifact, it) in enumerate(by_producer(carries, number), 1):
        yield f"kept_{at}", f"artifact-{artifact}"
        yield f"kept_path_{at}", it.path


def _fetched(carries: tuple[Carried, ...], number: int) -> Iterator[tuple[int, Carried]]:
    """What a job needs, by the number under which its producer keeps it."""
    first: dict[tuple[int, str], int] = {}
    for at, it in enumerate(carries):
        kept = first.setdefault((it.producer, it.path), at)
        if it.consumer == number:
            yield kept, it


def _literal(text: str) -> str:
    """A scalar in which GitHub finds no expression."""
    return scalar(text.replace("${{", "${{ '${{' }}"))
