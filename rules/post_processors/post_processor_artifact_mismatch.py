"""Chains of post-processors and the artifacts of the sources → steps that cannot take what they are given."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.effective import keep_from, names
from packlint.model import Build, Configuration
from packlint.stops import Stop, stops


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

    Steps that only stand in the wrong order are flagged by `post-processor-order`, and those that would go
    well in one chain with an earlier one by `post-processors-not-chained`.

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
    looks_for = ("<post-processor>",)

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
                post-processor "docker-tag" { # finding: cannot take what `compress` made of `qemu.app`
                  repository = "example/app"
                }
              }
            }
            """
        ),
        Bad(
            """
            source "docker" "app" {
              image  = "debian:13"
              commit = true
            }

            build {
              sources = ["source.docker.app"]
              post-processor "docker-import" { # finding: cannot take the artifact of `docker.app`
                repository = "example/app"
              }
            }
            """
        ),
        Bad(
            """
            source "amazon-ebs" "app" {}

            build {
              sources = ["source.amazon-ebs.app"]
              post-processor "googlecompute-export" { # finding: cannot take the artifact of `amazon-ebs.app`
                paths = ["gs://example/app.tar.gz"]
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
        Good(
            """
            source "docker" "app" {
              image       = "debian:13"
              export_path = "app.tar"
            }

            build {
              sources = ["source.docker.app"]
              post-processors {
                post-processor "docker-import" {
                  repository = "example/app"
                }
                post-processor "manifest" {}
                post-processor "docker-tag" {
                  repository = "example/app"
                }
              }
            }
            """
        ),
        Good(
            """
            source "qemu" "app" {}

            build {
              sources = ["source.qemu.app"]
              post-processors {
                post-processor "compress" {}
                post-processor "artifice" {
                  files = ["app.box"]
                }
                post-processor "vagrant-registry" {
                  box_tag = "example/app"
                  version = "1.0.0"
                }
              }
            }
            """
        ),
        Good(
            """
            source "qemu" "app" {}

            build {
              sources = ["source.qemu.app"]
              post-processors {
                post-processor "example-sign" {}
                post-processor "docker-tag" {
                  repository = "example/app"
                }
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        for stop in stops(build):
            if stop.cure is None:
                yield _finding(stop, build)


def _finding(stop: Stop, build: Build) -> Finding:
    step, maker, uses, wants = stop.step, stop.maker, stop.uses, stop.wants
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
