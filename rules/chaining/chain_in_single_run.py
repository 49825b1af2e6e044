"""The links of a chain → those between sources that one `packer build` starts together."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.effective import names
from packlint.model import Build
from packlint.project import Link, Project


class ChainInSingleRun(Rule):
    """Flags a source that starts from what another one in its template makes.

    `packer build` starts all sources of all builds of a template at the same moment. The one that starts
    from an artifact looks for it before the other one has written it: it fails, or takes what an earlier run
    left there. Packer has no order of builds, and `packer validate` says nothing.

    Put the base into a template of its own and build it first; or select: `packer build
    -only='*.virtualbox-iso.base' .`, and the others when that is done. `-parallel-builds=1` starts one after
    the other, in an order that Packer does not promise.

    The finding is a warning where the source takes the newest of several images, as with
    `source_ami_filter`: it finds that of an earlier run. So it is where the two stand in builds with names of
    their own, which may be meant for being selected.

    References:
    https://developer.hashicorp.com/packer/guides/packer-on-cicd/pipelineing-builds
    https://github.com/hashicorp/packer/issues/11264
    """

    category = Category.CHAINING
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<link>",)

    examples = (
        Bad(
            """
            source "virtualbox-iso" "base" {
              vm_name = "base"
            }
            source "virtualbox-ovf" "web" {
              source_path = "output-base/base.ovf" # finding: starts from what `virtualbox-iso.base` makes
            }

            build {
              sources = ["source.virtualbox-iso.base"]
            }
            build {
              sources = ["source.virtualbox-ovf.web"]
            }
            """
        ),
        Bad(
            """
            source "amazon-ebs" "base" {
              ami_name = "base-${formatdate("YYYYMMDD", timestamp())}"
            }
            source "amazon-ebs" "web" {
              ami_name = "web"
              source_ami_filter {
                filters = {
                  name = "base-*"
                }
                owners      = ["self"]
                most_recent = true
              }
            }

            build {
              sources = ["source.amazon-ebs.base", "source.amazon-ebs.web"]
            }
            """,
            finds={"template.pkr.hcl:7": "starts from what `amazon-ebs.base` makes"},
        ),
        Good(
            {
                "base/base.pkr.hcl": """
                source "virtualbox-iso" "base" {
                  vm_name = "base"
                }
                build {
                  sources = ["source.virtualbox-iso.base"]
                }
                """,
                "web/web.pkr.hcl": """
                source "virtualbox-ovf" "web" {
                  source_path = "../base/output-base/base.ovf"
                }
                build {
                  sources = ["source.virtualbox-ovf.web"]
                }
                """,
            }
        ),
        Good(
            """
            source "virtualbox-iso" "base" {
              vm_name = "base"
            }
            source "virtualbox-ovf" "spare" {
              source_path = "output-base/base.ovf"
            }

            build {
              sources = ["source.virtualbox-iso.base"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        seen: set[tuple[tuple[str, int, int], str]] = set()
        builds = [build for configuration in project.configurations for build in configuration.builds]
        named = {id(use): _name(build) for build in builds for use in build.uses}
        consuming: dict[int, list[str | None]] = {}
        for build in builds:
            for use in build.uses:
                consuming.setdefault(id(use.source), []).append(_name(build))
        for link in project.links:
            key = (link.argument.range.order, link.producer.key)
            if link.together and key not in seen:
                seen.add(key)
                base, others = named.get(id(link.producer)), consuming.get(id(link.consumer), [None])
                yield _finding(link, apart=base is not None and not {base, None} & {*others})


def _name(build: Build) -> str | None:
    return build.name.value.known(str) if build.name is not None else None


def _finding(link: Link, apart: bool) -> Finding:
    base = names((link.producer,))
    return Finding(
        link.argument.expression.range,
        f"`{link.consumer.key}` starts from what {base} makes, and one `packer build` starts both",
        related=(Related(link.producer.range, f"{base} is started at the same time"),),
        hint="build the base in a template of its own and first, or select each with `-only`",
        softened=link.latest or apart,
    )
