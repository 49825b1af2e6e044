"""Chains of post-processors → steps that fail where they stand, and would not in another place."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.document import Range
from packlint.effective import names
from packlint.model import Build, Configuration
from packlint.stops import Stop, stops


class PostProcessorOrder(Rule):
    """Flags post-processors of one chain that stand in the wrong order.

    Within `post-processors` each step gets what the one before it made. `compress` and `checksum` make an
    artifact of their own, which `vagrant` does not know; `vagrant-cloud` and `vagrant-registry` take a box,
    which `vagrant` has to make first; `docker-push` pushes an image by its name, which `docker-tag` gives
    it. `packer validate` says nothing of this: the build fails with "Unknown artifact type" after the image
    has been made, and Packer then deletes it.

    Only a step that would go well in another place of its chain, for all its sources, is flagged. The fix
    exchanges two steps that stand side by side.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/post-processors
    https://developer.hashicorp.com/packer/integrations/hashicorp/vagrant/latest/components/post-processor/vagrant
    """

    category = Category.POST_PROCESSORS
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<post-processor>",)

    examples = (
        Bad(
            """
            source "qemu" "app" {}

            build {
              sources = ["source.qemu.app"]
              post-processors {
                post-processor "compress" {}
                post-processor "vagrant" {} # finding: `vagrant` has to stand before `compress`
              }
            }
            """,
            fixed="""
            source "qemu" "app" {}

            build {
              sources = ["source.qemu.app"]
              post-processors {
                post-processor "vagrant" {}
                post-processor "compress" {}
              }
            }
            """,
        ),
        Bad(
            """
            source "docker" "app" {
              image  = "debian:12"
              commit = true
            }

            build {
              sources = ["source.docker.app"]
              post-processors {
                post-processor "docker-push" {} # finding: `docker-push` has to stand after `docker-tag`
                post-processor "manifest" {}
                post-processor "docker-tag" {
                  repository = "example/app"
                }
              }
            }
            """
        ),
        Bad(
            {
                "app.json": """
                {
                  "builders": [{ "type": "qemu" }],
                  "post-processors": [
                    [
                      { "type": "vagrant-cloud", "box_tag": "example/app" },
                      "vagrant"
                    ]
                  ]
                }
                """
            },
            finds={"app.json:5": "`vagrant-cloud` has to stand after `vagrant`"},
            fixed={
                "app.json": """
                {
                  "builders": [{ "type": "qemu" }],
                  "post-processors": [
                    [
                      "vagrant",
                      { "type": "vagrant-cloud", "box_tag": "example/app" }
                    ]
                  ]
                }
                """
            },
        ),
        Good(
            """
            source "qemu" "app" {}

            source "docker" "app" {
              image  = "debian:12"
              commit = true
            }

            build {
              sources = ["source.qemu.app", "source.docker.app"]
              post-processors {
                post-processor "vagrant" {
                  only = ["qemu.app"]
                }
                post-processor "vagrant-cloud" {
                  only    = ["qemu.app"]
                  box_tag = "example/app"
                }
              }
              post-processors {
                post-processor "docker-tag" {
                  only       = ["docker.app"]
                  repository = "example/app"
                }
                post-processor "docker-push" {
                  only = ["docker.app"]
                }
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        for stop in stops(build):
            if stop.cure == "order" and stop.other is not None:
                yield _finding(stop)


def _finding(stop: Stop) -> Finding:
    step, other = stop.step, stop.other
    assert other is not None
    where = "after" if stop.after else "before"
    return Finding(
        step.type_range,
        f"`{step.type}` has to stand {where} `{other.type}` to get what it takes of {names(stop.uses)}",
        related=(Related(other.header_range, f"`{other.type}`"),),
        hint=f"it takes {stop.wants}; move it {where} `{other.type}`",
        fix=_exchanged(stop),
    )


def _exchanged(stop: Stop) -> Fix | None:
    """The two steps in each other's place, where nothing but blanks stands between them."""
    assert stop.other is not None
    first, second = (stop.step, stop.other) if stop.after else (stop.other, stop.step)
    one, two = first.range, second.range
    if first.dynamics or second.dynamics or one.document.path != two.document.path or one.end > two.start:
        return None
    between = Range(one.document, one.end, two.start).text
    before = one.document.text[: one.start].rstrip().rpartition("\n")[2].strip()
    commented = before.startswith(("#", "//")) or before.endswith("*/")
    if between.replace(",", "", 1).strip() or commented:
        return None
    return Fix(f"exchange `{first.type}` and `{second.type}`", (Edit(one, two.text), Edit(two, one.text)))
