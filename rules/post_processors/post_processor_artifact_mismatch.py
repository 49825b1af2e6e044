"""Chains of post-processors and the artifacts of the sources → steps that cannot take what they are given."""

from collections.abc import Iterator
from typing import NamedTuple

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.artifact import ArtifactKind, Refused, after, artifact_of
from packlint.effective import keep_from, names
from packlint.model import Build, Configuration, PostProcessor, SourceUse


class PostProcessorArtifactMismatch(Rule):
    """Flags post-processors that cannot take the artifact they are given.

    Every artifact carries the identity of what made it, and a post-processor refuses those that it does
    not know: "Unknown artifact type". `packer validate` never compares them, so that the build fails after
    the image has been made, and Packer then deletes the image unless another step keeps it.

    Within a `post-processors` block each step gets what the one before it made: `compress` and `checksum`
    make an artifact of their own, which `vagrant` and the steps of Docker refuse; `manifest` and
    `shell-local` hand on what they got; `artifice` replaces it. A `post-processor` of its own gets the
    builder's artifact.

    Keep the step from the sources that it does not fit with `only` or `except`, or put the steps into an
    order in which each gets what it takes. The `docker` builder makes an image with `commit = true`, and a
    file for `docker-import` with `export_path`.

    A chain is judged up to the first builder or post-processor that packlint does not know, or whose
    artifact depends on the version of its plugin.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/post-processors
    https://developer.hashicorp.com/packer/integrations/hashicorp/vagrant/latest/components/post-processor/vagrant
    https://developer.hashicorp.com/packer/integrations/hashicorp/docker
    """

    category = Category.POST_PROCESSORS
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            """
            source "virtualbox-iso" "app" {}

            source "docker" "app" {
              image  = "debian:12"
              commit = true
            }

            build {
              sources = ["source.virtualbox-iso.app", "source.docker.app"]
              post-processor "docker-tag" { # finding: cannot take the artifact of `virtualbox-iso.app`
                repository = "example/app"
              }
            }
            """
        ),
        Bad(
            """
            source "qemu" "app" {}

            build {
              sources = ["source.qemu.app"]
              post-processors {
                post-processor "compress" {}
                post-processor "vagrant" {} # finding: `vagrant` cannot take what `compress` made
              }
            }
            """
        ),
        Good(
            """
            source "virtualbox-iso" "app" {}

            source "docker" "app" {
              image  = "debian:12"
              commit = true
            }

            build {
              sources = ["source.virtualbox-iso.app", "source.docker.app"]
              post-processors {
                post-processor "docker-tag" {
                  only       = ["docker.app"]
                  repository = "example/app"
                }
                post-processor "docker-push" {
                  only = ["docker.app"]
                }
              }
              post-processors {
                post-processor "vagrant" {
                  only = ["virtualbox-iso.app"]
                }
                post-processor "checksum" {}
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        kinds = [(use, kind) for use in build.uses if (kind := artifact_of(use)) is not None]
        alike: dict[tuple[int, int], list[Stop]] = {}
        for chain in build.chains:
            for use, kind in kinds:
                stop = _stop(chain, use, kind)
                if stop is not None:
                    alike.setdefault((id(stop.step), id(stop.maker)), []).append(stop)
        for stops in alike.values():
            yield _finding(stops, build)


class Stop(NamedTuple):
    """Where a chain ends in an error for a source, and the earlier step that made what is refused there."""

    step: PostProcessor
    maker: PostProcessor | None
    use: SourceUse
    wants: str


def _stop(chain: tuple[PostProcessor, ...], use: SourceUse, kind: ArtifactKind | None) -> Stop | None:
    maker = None
    for step in chain:
        runs = step.runs_on(use)
        if kind is None or runs is None:
            return None
        if not runs:
            continue
        made = after(step, kind)
        if isinstance(made, Refused):
            return Stop(step, maker, use, made.wants)
        if made != kind:
            kind, maker = made, step
    return None


def _finding(stops: list[Stop], build: Build) -> Finding:
    step, maker, _, wants = stops[0]
    uses = tuple(stop.use for stop in stops)
    if maker is not None:
        return Finding(
            step.header_range,
            f"`{step.type}` cannot take what `{maker.type}` made of {names(uses)}",
            related=(Related(maker.header_range, f"`{maker.type}` makes an artifact of its own"),),
            hint=f"it takes {wants}",
        )
    keep = keep_from(step, uses, build)
    return Finding(
        step.header_range,
        f"`{step.type}` cannot take the artifact of {names(uses)}",
        related=tuple(Related(u.source.header_range, "makes that artifact") for u in uses if u.source),
        hint=f"it takes {wants}; {keep}" if keep else f"it takes {wants}",
    )
