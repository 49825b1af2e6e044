"""Post-processors of their own → those that fail without what an earlier one makes."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.blocks import places
from packlint.document import Range
from packlint.effective import names
from packlint.margins import shifted
from packlint.model import Build, Configuration, PostProcessor
from packlint.stops import Stop, stops
from packlint.syntax import Block, Body


class PostProcessorsNotChained(Rule):
    """Flags post-processors that need what a chain of another one makes.

    A `post-processor` that stands by itself in a `build` gets what the builder made, whatever stands before
    it. `vagrant-cloud` after a `vagrant` of its own gets the virtual machine instead of the box and refuses
    it: "Unknown artifact type". `docker-push` after a `docker-tag` of its own gets an image without a name,
    which no registry takes. `packer validate` says nothing of this, and the build fails after the image has
    been made. In a legacy template it is the inner list of `post-processors` that makes a chain.

    Put the steps into one `post-processors` block. Only those are flagged that certainly fail as they stand
    and go well after the earlier step; a `checksum` or `compress` of its own is taken as it is written.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/post-processors
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build/post-processor
    """

    category = Category.POST_PROCESSORS
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<post-processor>",)

    examples = (
        Bad(
            """
            source "docker" "app" {
              image  = "debian:12"
              commit = true
            }

            build {
              sources = ["source.docker.app"]

              post-processor "docker-tag" {
                repository = "example/app"
                tags       = ["1.2"]
              }

              post-processor "docker-push" {} # finding: `docker-push` does not get what `docker-tag` makes
            }
            """,
            fixed="""
            source "docker" "app" {
              image  = "debian:12"
              commit = true
            }

            build {
              sources = ["source.docker.app"]

              post-processors {
                post-processor "docker-tag" {
                  repository = "example/app"
                  tags       = ["1.2"]
                }

                post-processor "docker-push" {}
              }
            }
            """,
        ),
        Bad(
            {
                "app.json": """
                {
                  "builders": [{ "type": "virtualbox-iso" }],
                  "post-processors": [
                    "vagrant",
                    { "type": "vagrant-cloud", "box_tag": "example/app" }
                  ]
                }
                """
            },
            finds={"app.json:5": "`vagrant-cloud` does not get what `vagrant` makes"},
        ),
        Good(
            """
            source "virtualbox-iso" "app" {}

            build {
              sources = ["source.virtualbox-iso.app"]
              post-processors {
                post-processor "vagrant" {}
                post-processor "vagrant-cloud" {
                  box_tag = "example/app"
                }
              }
              post-processor "checksum" {}
              post-processor "manifest" {}
            }
            """
        ),
        Good(
            """
            source "tart-cli" "app" {}

            build {
              sources = ["source.tart-cli.app"]
              post-processor "vagrant" {}
              post-processor "vagrant-cloud" {}
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        for stop in stops(build):
            if stop.cure == "join" and stop.other is not None:
                yield _finding(stop, build, configuration)


def _finding(stop: Stop, build: Build, configuration: Configuration) -> Finding:
    step, other = stop.step, stop.other
    assert other is not None
    legacy = configuration.legacy
    one = "one list within `post-processors`" if legacy else "one `post-processors` block"
    return Finding(
        step.type_range,
        f"`{step.type}` does not get what `{other.type}` makes, but the artifact of {names(stop.uses)}",
        related=(Related(other.header_range, f"`{other.type}` is in a chain of its own"),),
        hint=f"it takes {stop.wants}; put both into {one}",
        fix=None if legacy else _wrapped(stop, build, configuration),
    )


def _wrapped(stop: Stop, build: Build, configuration: Configuration) -> Fix | None:
    """Both blocks in one `post-processors`, where they are neighbours and run for the same sources."""
    step, other = stop.step, stop.other
    assert other is not None
    alike = all(other.runs_on(use) is True for use in build.uses if step.runs_on(use) is not False)
    lone = len(stop.chain) == 1 and (other,) in build.chains
    if not (alike and lone) or step.dynamics or other.dynamics:
        return None
    pair = _neighbours(other, step, configuration)
    if pair is None:
        return None
    first, last = pair
    document = first.range.document
    start = document.text.rfind("\n", 0, first.range.start) + 1
    indent = document.text[start : first.range.start]
    rest = document.text[last.range.end :].partition("\n")[0].strip()
    if indent.strip() or "/*" in document.text[start : last.range.end] or not (rest == "" or rest[0] in "#/"):
        return None
    end = len(document.text[: last.range.end] + document.text[last.range.end :].partition("\n")[0].rstrip())
    inner = Range(document, start, end)
    newline = "\r\n" if "\r\n" in inner.text else "\n"
    text = f"{indent}post-processors {{{newline}" + shifted(inner, pair, "", "  ") + f"{newline}{indent}}}"
    return Fix("put both into one `post-processors` block", (Edit(inner, text),))


def _neighbours(
    other: PostProcessor, step: PostProcessor, configuration: Configuration
) -> tuple[Block, Block] | None:
    """The blocks of the two steps, where one follows upon the other in a file of HCL."""
    document = step.range.document
    for file in configuration.syntax:
        if file.document.path == document.path and not document.is_json:
            for body in (place.body for place in places(file) if place.path == ("build",)):
                if body.range.contains(step.range):
                    return _pair(body, other.range, step.range)
    return None


def _pair(body: Body, one: Range, two: Range) -> tuple[Block, Block] | None:
    for first, second in zip(body.items, body.items[1:], strict=False):
        if isinstance(first, Block) and isinstance(second, Block) and first.range == one:
            return (first, second) if second.range == two else None
    return None
