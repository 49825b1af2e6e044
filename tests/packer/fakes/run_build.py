"""Builds the templates of a folder along their plan, and prints how that went as JSON.

It is a program of its own, so that a test can send it signals. What it is to do is JSON, its one argument.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from packlint.chain.artifacts import links
from packlint.chain.images import Image, artifact_graph
from packlint.configure import Nearest
from packlint.limits import Limits
from packlint.packer.event import Artifact, Event
from packlint.packer.hear.follow import Follower
from packlint.packer.job import Job, Passed
from packlint.packer.plan import plan
from packlint.packer.result import JobResult
from packlint.packer.run.build import TICK, build
from packlint.packer.run.program import find
from packlint.packer.run.signals import Signals
from packlint.pipeline import understand
from packlint.settings import Flags


class Notes:
    """Watches, and keeps stamps, by way of a list of what happened."""

    def __init__(self, why: str) -> None:
        self.happened: list[str] = []
        self._why = why

    def started(self, job: Job, command: Sequence[str]) -> None:
        self.happened.append(f"{job.name}: {' '.join(command)}")

    def heard(self, job: Job, event: Event, follower: Follower) -> None:
        self.happened.append(f"{job.name} says {event}")

    def ended(self, result: JobResult) -> None:
        self.happened.append(f"{result.job.name} ended")

    def told(self, message: str) -> None:
        self.happened.append(f"told: {message}")

    def tick(self) -> None:
        pass

    def forget(self, image: Image) -> None:
        self.happened.append(f"forgot {image.name}")

    def write(self, image: Image, artifacts: Sequence[Artifact], directory: str) -> str | None:
        self.happened.append(f"stamped {image.name}")
        return self._why or None


def busy() -> None:
    """Takes signals from now on as on a machine so busy that whatever waits has run out of time by then."""
    take = Signals._take

    def late(self: Signals, number: int, frame: FrameType | None) -> None:
        time.sleep(2 * TICK)
        take(self, number, frame)

    Signals._take = late  # type: ignore[method-assign]


def run(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Build, and say how that went."""
    if asked.get("busy"):
        busy()
    folder = Path(asked["folder"])
    found = understand([folder], Nearest({}, Flags()), folder)
    graph = artifact_graph(found.configurations, links(found.configurations), found.declared)
    notes = Notes(asked.get("stamps", ""))
    results = build(
        plan(graph, Limits(asked.get("most"))),
        find(asked["packer"]),
        graph=graph,
        base=folder,
        passed=lambda _: Passed(variables=tuple(asked.get("variables", ()))),
        watcher=notes,
        stamps=notes,
        logs=Path(asked.get("logs", folder / "logs")),
        timeout=asked.get("timeout"),
        grace=asked.get("grace", 60),
    )
    images = {
        it.image.name: [it.state.value, it.because, it.place.text if it.place else "", len(it.artifacts)]
        for result in results
        for it in result.images
    }
    jobs = [[it.job.name, it.exit_code, it.log, *it.troubles] for it in results]
    commands = [list(command) for it in results for command in it.commands]
    return {"images": images, "jobs": jobs, "commands": commands, "happened": notes.happened}


if __name__ == "__main__":
    json.dump(run(json.loads(sys.argv[1])), sys.stdout)
