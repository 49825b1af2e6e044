"""The steps of a build → those that `only` or `except` keep from all of its sources."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.effective import names
from packlint.filters import Filter, SourceNames, meant_by, rewritten
from packlint.model import Build, Configuration, Step


class StepNeverRuns(Rule):
    """Flags steps that `only` or `except` keep from every source of the build.

    Packer compares the names in `only` and `except` exactly with `TYPE.NAME` of each source of the build. It
    never looks whether a name in `only` is that of a source: where none is, it leaves the step out without a
    word, and the image lacks what the step was to do. In an HCL template `only = ["qemu"]`,
    `only = ["qemu.*"]` and `only = ["source.qemu.web"]` match nothing.

    Write the names as `TYPE.NAME`. The fix does so where it is certain which sources are meant; it is unsafe,
    since a step runs that did not run before. A step that is not wanted any more is better removed.

    The finding is a warning where `except` names every source, which may be how somebody turned the step off,
    where `only` names sources that the template declares and the build does not use, and where the names
    are the default of a variable. What the command line leaves out of a run counts as there. Nothing is said
    of a build whose sources are not all known, nor of wrong names in a legacy template, which Packer refuses
    and of which `invalid-legacy-template` tells.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/onlyexcept
    https://github.com/hashicorp/packer/blob/main/hcl2template/types.build.provisioners.go
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("only", "except")

    examples = (
        Bad(
            """
            source "qemu" "web" {}
            source "virtualbox-iso" "web" {}
            build {
              name    = "image"
              sources = ["source.qemu.web", "source.virtualbox-iso.web"]
              provisioner "shell" {
                only   = ["virtualbox-iso"] # finding: provisioner `shell` never runs
                inline = ["install-guest-additions"]
              }
              provisioner "shell" {
                only   = ["qemu.*", "image.virtualbox-iso.web"] # finding: `only` names no source
                inline = ["install-agent"]
              }
              post-processor "compress" {
                only = ["web"] # finding: since a name without its type is none here
              }
            }
            """,
            fixed="""
            source "qemu" "web" {}
            source "virtualbox-iso" "web" {}
            build {
              name    = "image"
              sources = ["source.qemu.web", "source.virtualbox-iso.web"]
              provisioner "shell" {
                only   = ["virtualbox-iso.web"]
                inline = ["install-guest-additions"]
              }
              provisioner "shell" {
                only   = ["qemu.web", "virtualbox-iso.web"]
                inline = ["install-agent"]
              }
              post-processor "compress" {
                only = ["web"]
              }
            }
            """,
        ),
        Bad(
            {
                "web.json": """
                {
                  "builders": [
                    { "type": "docker", "image": "debian:12", "commit": true },
                    { "type": "docker", "name": "small", "image": "alpine:3", "commit": true }
                  ],
                  "provisioners": [
                    {
                      "type": "shell",
                      "except": ["docker", "small"],
                      "inline": ["install-web"]
                    }
                  ]
                }
                """
            },
            finds={"web.json:9": "provisioner `shell` never runs: `except` names every source of this build"},
        ),
        Good(
            """
            source "qemu" "web" {}
            source "virtualbox-iso" "web" {}
            build {
              sources = ["source.qemu.web", "source.virtualbox-iso.web"]
              provisioner "shell" {
                only   = ["virtualbox-iso.web", "vmware-iso.web"]
                inline = ["install-guest-additions"]
              }
              provisioner "shell" {
                except = ["virtualbox-iso.web", "vmware-iso.web"]
                inline = ["install-agent"]
              }
              provisioner "shell" {
                only   = []
                inline = ["install-web"]
              }
            }
            """
        ),
        Good(
            """
            variable "only" {
              type    = list(string)
              default = []
            }
            source "null" "here" {}
            build {
              sources = ["source.null.here"]
              provisioner "shell-local" {
                only   = var.only
                inline = ["date"]
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        uses = (*build.uses, *build.unchosen)
        if build.open or not uses:
            return
        legacy = configuration.legacy
        sources = SourceNames(build, configuration)
        for kind, step in _steps(build):
            found = sources.filter(step)
            if found is None:
                continue
            noun = f"{kind} `{step.type}`" if step.type else f"this {kind}"
            if found.argument is step.exclude:
                items = found.argument.value.items or ()
                if all(step.lists.holds(items, use.key) for use in uses):
                    yield _excluded(noun, found, configuration)
            elif found.known and not (found.matched or legacy):
                unused = all(miss.declared for miss in found.misses)
                if sources.whole or not unused:
                    yield _misnamed(noun, found, sources, configuration, softened=unused)


def _steps(build: Build) -> Iterator[tuple[str, Step]]:
    """Each step with what it is."""
    yield from (("provisioner", step) for step in build.provisioners)
    yield from (("error-cleanup-provisioner", step) for step in build.error_cleanup)
    yield from (("post-processor", step) for step in build.post_processors)


def _excluded(noun: str, found: Filter, configuration: Configuration) -> Finding:
    from packlint.faults import defaults

    default = defaults(found.values, configuration)
    return Finding(
        found.argument.expression.range,
        f"{noun} never runs: `except` names every source of this build{default.words}",
        related=default.related,
        hint="remove the step, or take the sources that it is for out of `except`",
        softened=1 + bool(default.words),
    )


def _misnamed(
    noun: str, found: Filter, sources: SourceNames, configuration: Configuration, softened: bool
) -> Finding:
    from packlint.faults import defaults

    misses = found.misses
    default = defaults(found.values, configuration)
    name = f"{misses[0].shown} in `only`" if len(misses) == 1 else "`only`"
    why = f", {misses[0].why}" if len(misses) == 1 and misses[0].why else ""
    edits = rewritten(found, sources)
    fixable = len(edits) == len(misses)
    return Finding(
        found.argument.expression.range,
        f"{noun} never runs: {name} names no source of this build{why}{default.words}",
        related=default.related,
        hint=_hint(found, sources),
        fix=Fix("name the sources as Packer does", (*edits.values(),), safe=False) if fixable else None,
        softened=softened + bool(default.words),
    )


def _hint(found: Filter, sources: SourceNames) -> str:
    if meant := meant_by(found.misses):
        return f"write {meant}"
    near = next((miss.near for miss in found.misses if miss.near is not None), None)
    if near is not None:
        return f'did you mean "{near.key}"?'
    return f"correct the names, or remove the step: the build has {names(tuple(sources.by_key.values()))}"
