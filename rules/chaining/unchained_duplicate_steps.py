"""The builds of a run → groups that start with the same work on the same base."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.chain.content import Contents
from packlint.chain.lineage import lineage
from packlint.chain.steps import SharedStep, steps_of
from packlint.effective import names
from packlint.model import Build, Project, SourceUse


class Run(NamedTuple):
    """A build's work on one source."""

    build: Build
    use: SourceUse
    steps: tuple[SharedStep, ...]


class UnchainedDuplicateSteps(Rule):
    """Flags builds that begin with the same steps on the same base image.

    Each of these builds installs the same operating system and does the same work to it before it goes
    its own way. The work is done once for each of them, which costs the time of an installation every
    time, and it drifts apart as soon as one copy is changed.

    Do it once in a base template, and let the others start from its artifact: `virtualbox-ovf` and
    `vmware-vmx` from the `source_path` that the base wrote, `qemu` with `disk_image = true`,
    `proxmox-clone` and `vsphere-clone` from the template, the clouds from the image's name. Packer does
    not order builds: run the base first, and the others when it is done.

    The rule compares only sources of one platform whose base image is wholly known, and only what stands
    at the beginning: clean-up at the end is every image's own. Steps that merely refresh package lists,
    clean up or restart do not count.

    References:
    https://developer.hashicorp.com/packer/guides/packer-on-cicd/pipelineing-builds
    """

    category = Category.CHAINING
    severity = Severity.WARNING
    precision = Precision.HIGH

    @dataclass(frozen=True, slots=True)
    class Options:
        """`min_steps` shared steps, and `min_ratio` of the shorter build, make a finding."""

        min_steps: int = 3
        min_ratio: float = 0.5

    examples = (
        Bad(
            {
                "web/web.pkr.hcl": """
                source "qemu" "web" {
                  iso_url      = "https://example.com/debian-12.iso"
                  iso_checksum = "none"
                }
                build {
                  sources = ["source.qemu.web"]
                  provisioner "shell" {
                    inline = ["install-agent"]
                  }
                  provisioner "shell" {
                    inline = ["harden"]
                  }
                  provisioner "shell" {
                    inline = ["install-monitoring"]
                  }
                  provisioner "shell" {
                    inline = ["install-nginx"]
                  }
                }
                """,
                "app/app.pkr.hcl": """
                source "qemu" "app" {
                  iso_url      = "https://example.com/debian-12.iso"
                  iso_checksum = "none"
                }
                build {
                  sources = ["source.qemu.app"]
                  provisioner "shell" {
                    inline = ["install-agent"]
                  }
                  provisioner "shell" {
                    inline = ["harden"]
                  }
                  provisioner "shell" {
                    inline = ["install-monitoring"]
                  }
                  provisioner "shell" {
                    inline = ["install-java"]
                  }
                }
                """,
            },
            finds={"web/web.pkr.hcl:7": "the first 3 steps"},
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                source "qemu" "base" {
                  iso_url      = "https://example.com/debian-12.iso"
                  iso_checksum = "none"
                }
                build {
                  sources = ["source.qemu.base"]
                  provisioner "shell" {
                    scripts = ["agent.sh", "harden.sh", "monitoring.sh"]
                  }
                }
                """,
                "web/web.pkr.hcl": """
                source "qemu" "web" {
                  iso_url      = "../base/output-base/packer-base"
                  iso_checksum = "none"
                  disk_image   = true
                }
                build {
                  sources = ["source.qemu.web"]
                  provisioner "shell" {
                    scripts = ["nginx.sh"]
                  }
                }
                """,
            }
        ),
    )

    options: Options

    def check_project(self, project: Project) -> Iterator[Finding]:
        linked = {id(link.producer.source) for link in project.links}
        for runs in _by_lineage(project).values():
            apart = [run for run in runs if id(run.use.source) not in linked]
            if len(apart) > 1:
                yield from self._grouped(apart)

    def _grouped(self, runs: list[Run]) -> Iterator[Finding]:
        """Findings for all runs and, where their steps part, for those that go on together."""
        waiting = [(runs, 0)]
        while waiting:
            together, depth = waiting.pop()
            while all(len(run.steps) > depth for run in together):
                if len({run.steps[depth].signature for run in together}) > 1:
                    break
                depth += 1
            if self._counts(together, depth):
                yield _finding(together, depth)
            apart: dict[str, list[Run]] = {}
            for run in together:
                if len(run.steps) > depth:
                    apart.setdefault(run.steps[depth].signature, []).append(run)
            waiting += [(some, depth + 1) for some in reversed(apart.values()) if len(some) > 1]

    def _counts(self, runs: list[Run], depth: int) -> bool:
        shared = sum(step.weight for step in runs[0].steps[:depth])
        shortest = min(sum(step.weight for step in run.steps) for run in runs)
        identical = len({tuple(step.written for step in run.steps[depth:]) for run in runs}) == 1
        enough = max(self.options.min_steps, self.options.min_ratio * shortest)
        return shared >= enough and not identical


def _by_lineage(project: Project) -> dict[str, list[Run]]:
    """Every build once for each lineage it has a source of, in the order of the files."""
    found: dict[str, dict[tuple[str, int, int], Run]] = {}
    contents = Contents()
    for configuration in project.configurations:
        for build in configuration.builds:
            for use in build.uses:
                key = lineage(use, configuration, contents)
                if key is None or build.range.order in found.get(key, ()):
                    continue
                steps = steps_of(build, use, configuration, contents)
                if steps:
                    found.setdefault(key, {})[build.range.order] = Run(build, use, steps)
    return {key: [runs[place] for place in sorted(runs)] for key, runs in found.items()}


def _finding(runs: list[Run], depth: int) -> Finding:
    *others, last = runs
    first = last.steps[0].provisioner.header_range
    builds = "another build" if len(others) == 1 else f"{len(others)} other builds"
    return Finding(
        first,
        f"the first {depth} steps for {names((last.use,))} are those of {builds} on the same base image",
        related=tuple(
            Related(run.steps[0].provisioner.header_range, f"the same steps for {names((run.use,))}")
            for run in others
        ),
        hint="do them once in a base template, and start the others from its artifact",
    )
