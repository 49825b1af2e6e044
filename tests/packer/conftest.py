"""A plan of small templates, and a Follower that says what it is told to, for what shows how runs go."""

from __future__ import annotations

from pathlib import Path

import pytest

from packlint.chain.artifacts import links
from packlint.chain.images import Image, artifact_graph
from packlint.configure import Nearest
from packlint.document import Range
from packlint.limits import Limits
from packlint.packer.event import Artifact, Event
from packlint.packer.hear.follow import Follower, Progress
from packlint.packer.job import Job, Plan
from packlint.packer.result import ImageResult, JobResult, State
from packlint.pipeline import understand
from packlint.settings import Flags

BASE = """\
source "qemu" "debian" {
  output_directory = "output-base"
}

build {
  sources = ["source.qemu.debian"]

  provisioner "shell" {
    inline = ["true"]
  }
}
"""
SITE = """\
variable "token" {
  default   = "hunter2"
  sensitive = true
}

source "docker" "web" {}
source "null" "db" { communicator = "none" }

build {
  sources = ["source.docker.web", "source.null.db"]

  provisioner "shell-local" { inline = ["deploy hunter2"] }
  post-processor "manifest" {}
}
"""
LAST = """\
source "null" "last" { communicator = "none" }
build { sources = ["source.null.last"] }
"""


class Told(Follower):
    """Says what it was told: how far each image is, and which are made."""

    def __init__(self) -> None:
        super().__init__(())
        self.far: dict[Image, Progress] = {}
        self.made: set[Image] = set()

    def hear(self, event: Event) -> None:
        """Nothing is learnt."""

    def progress(self, image: Image) -> Progress:
        return self.far.get(image, Progress())

    def artifacts(self, image: Image) -> tuple[Artifact, ...]:
        return ()

    def failure(self, image: Image) -> tuple[str, Range | None] | None:
        return None

    def finished(self, image: Image) -> bool:
        return image in self.made


class Played:
    """Three templates, each a job and a wave: `base`, `site` with two images, and `last`."""

    def __init__(self, folder: Path) -> None:
        for name, text in {"base": BASE, "site": SITE, "last": LAST}.items():
            (folder / name).mkdir(parents=True)
            (folder / name / f"{name}.pkr.hcl").write_text(text)
        found = understand([folder], Nearest({}, Flags()), folder)
        graph = artifact_graph(found.configurations, links(found.configurations), found.declared)
        self.images = {image.name: image for image in graph.images}
        jobs = []
        for wave, name in enumerate(("base", "site", "last")):
            images = tuple(image for image in graph.images if image.place == name)
            jobs.append(Job(name, images, name, ".", wave=wave, needs=(wave - 1,) if wave else ()))
        self.base, self.site, self.last = jobs
        self.plan = Plan(tuple(jobs), Limits())

    def side_by_side(self) -> Plan:
        """The same jobs, all of them in one wave."""
        jobs = (Job(it.name, it.images, it.directory, it.target) for it in self.plan.jobs)
        return Plan(tuple(jobs), Limits())

    def follower(self) -> Told:
        return Told()

    def step(self, name: str) -> Range:
        """The first provisioner of an image."""
        return self.images[name].instance.provisioners[0].step.range

    def all_states(self) -> tuple[JobResult, ...]:
        """One run in which everything happens that can."""
        debian = Artifact(
            "packer.qemu", "VM", "VM files in directory: output-base", ("output-base/debian.qcow2",)
        )
        image = "sha256:0f9a4d4f5b5f4c1f8b2f9a4d4f5b5f4c1f8b2f9a4d4f5b5f4c1f8b2f9a4d4f5b"
        docker = Artifact("packer.docker", image, f"Imported Docker image: {image}")
        web, db = self.site.images
        return (
            JobResult(
                self.base,
                (ImageResult(self.base.images[0], State.BUILT, artifacts=(debian,)),),
                (("packer", "init", "."), ("packer", "build", "-machine-readable", ".")),
                ".packlint/logs/base.log",
                1_800_000_000.0,
                723.4,
                0,
            ),
            JobResult(
                self.site,
                (
                    ImageResult(web, State.UNCHANGED, "unchanged since 2027-01-14 17:05", None, (docker,)),
                    ImageResult(
                        db,
                        State.FAILED,
                        "Script exited with non-zero exit status: 3.\nAllowed exit codes are: [0]",
                        self.step("site:null.db"),
                    ),
                ),
                (("packer", "build", "-machine-readable", "."),),
                ".packlint/logs/site.log",
                1_800_000_723.4,
                62.25,
                1,
            ),
            JobResult(
                self.last,
                (
                    ImageResult(
                        self.last.images[0], State.SKIPPED, "it starts from `site:null.db`, which failed"
                    ),
                ),
            ),
        )


@pytest.fixture
def played(tmp_path: Path) -> Played:
    return Played(tmp_path)
