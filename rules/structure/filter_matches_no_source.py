"""The names in `only` and `except` of steps → those that are the name of no source of the build."""

from collections.abc import Iterator, Mapping

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.effective import names
from packlint.filters import Filter, Miss, SourceNames, meant_by, rewritten
from packlint.model import Build, Configuration


class FilterMatchesNoSource(Rule):
    """Flags names in `only` and `except` that no source of the build has.

    Packer compares the names in `only` and `except` of a step exactly with `TYPE.NAME` of each source, where
    `NAME` is the one that a `source` block of the build gives it, if it does. There are no patterns, and
    neither a type alone, a name alone, `source.` nor the name of the build makes a name. Packer never looks
    whether a name is one: with a wrong one in `except` the step runs on the source that was to be spared, and
    with a wrong one in `only` it leaves out the source that was meant.

    Write the names as `TYPE.NAME`. The fix does so where it is certain which source is meant, and writes a
    pattern out; it is unsafe, since the step then runs on other sources than before.

    The finding is a warning where other names of the same list match, since lists are copied from one
    template to the next, where an `except` names something that the build has nothing like, and where the
    names are the default of a variable. A list in `only` in which no name matches is the affair of
    `step-never-runs`. Nothing is said of the name of a source that the template declares and the build does
    not use, nor of a build whose sources are not all known. Packer itself refuses such a name in a legacy
    template, of which `invalid-legacy-template` tells.

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
            source "qemu" "app" {}
            source "amazon-ebs" "web" {}
            build {
              sources = ["source.qemu.web", "source.qemu.app", "source.amazon-ebs.web"]
              provisioner "shell" {
                except = ["amazon-ebs"] # finding: "amazon-ebs" in `except` names no source
                inline = ["install-guest-agent"]
              }
              provisioner "shell" {
                except = ["qemu.*"] # finding: since a pattern is taken as it is written
                inline = ["install-cloud-agent"]
              }
              post-processor "compress" {
                only = [
                  "qemu.web",
                  "source.qemu.app", # finding: since `source.` is no part of a name here
                ]
              }
            }
            """,
            fixed="""
            source "qemu" "web" {}
            source "qemu" "app" {}
            source "amazon-ebs" "web" {}
            build {
              sources = ["source.qemu.web", "source.qemu.app", "source.amazon-ebs.web"]
              provisioner "shell" {
                except = ["amazon-ebs.web"]
                inline = ["install-guest-agent"]
              }
              provisioner "shell" {
                except = ["qemu.web", "qemu.app"]
                inline = ["install-cloud-agent"]
              }
              post-processor "compress" {
                only = [
                  "qemu.web",
                  "qemu.app",
                ]
              }
            }
            """,
        ),
        Bad(
            """
            source "qemu" "web" {}
            source "amazon-ebs" "web" {}
            build {
              sources = ["source.qemu.web"]
              source "amazon-ebs.web" {
                name = "large"
              }
              provisioner "shell" {
                except = ["amazon-ebs.web"] # finding: this build, which calls it `amazon-ebs.large`
                inline = ["install-web"]
              }
              provisioner "shell" {
                except = ["amazon-ebs.larg"] # finding: "amazon-ebs.larg" in `except`
                inline = ["install-web"]
              }
            }
            """,
            fixed="""
            source "qemu" "web" {}
            source "amazon-ebs" "web" {}
            build {
              sources = ["source.qemu.web"]
              source "amazon-ebs.web" {
                name = "large"
              }
              provisioner "shell" {
                except = ["amazon-ebs.large"]
                inline = ["install-web"]
              }
              provisioner "shell" {
                except = ["amazon-ebs.larg"]
                inline = ["install-web"]
              }
            }
            """,
        ),
        Good(
            """
            source "qemu" "web" {}
            source "amazon-ebs" "web" {}
            source "amazon-ebs" "unused" {}
            build {
              sources = ["source.qemu.web", "source.amazon-ebs.web"]
              provisioner "shell" {
                only   = ["qemu.web", "amazon-ebs.unused"]
                inline = ["install-guest-agent"]
              }
              provisioner "shell" {
                except = ["amazon-ebs.unused"]
                inline = ["install-web"]
              }
            }
            """
        ),
        Good(
            """
            variable "sources" {
              type = list(string)
            }
            build {
              sources = var.sources
              provisioner "shell" {
                except = ["amazon-ebs"]
                inline = ["install-guest-agent"]
              }
            }
            """
        ),
    )

    def check_build(self, build: Build, configuration: Configuration) -> Iterator[Finding]:
        if build.open or configuration.legacy:
            return
        sources = SourceNames(build, configuration)
        for step in (*build.provisioners, *build.error_cleanup, *build.post_processors):
            found = sources.filter(step)
            if found is None or (found.argument is step.only and found.known and not found.matched):
                continue
            misses = [miss for miss in found.misses if not miss.declared]
            edits = rewritten(found, sources)
            if misses and found.computed:
                yield _finding(found, misses, edits, sources, configuration)
            else:
                for miss in misses:
                    yield _finding(found, [miss], edits, sources, configuration)


def _finding(
    found: Filter,
    misses: list[Miss],
    edits: Mapping[Miss, Edit],
    sources: SourceNames,
    configuration: Configuration,
) -> Finding:
    """One for the names at one place, of which there are several where the list is computed."""
    from packlint.faults import defaults
    from packlint.wording import listed

    name, first = found.argument.name, misses[0]
    default = defaults(found.values if found.computed else (first.value,), configuration)
    more = [f"{len(misses) - 3} more"] if len(misses) > 3 else []
    shown = listed([*(miss.shown for miss in misses[:3]), *more])
    told = f"{shown} in `{name}` name{'s' if len(misses) == 1 else ''} no source of this build"
    why = f", {first.why}" if len(misses) == 1 and first.why else ""
    milder = name == "only" or found.matched or not any(miss.meant or miss.near for miss in misses)
    edit = edits.get(first)
    return Finding(
        found.argument.expression.range if found.computed else first.range,
        f"{told}{why}{default.words}",
        related=default.related,
        hint=_hint(misses, sources),
        fix=Fix("name the sources as Packer does", (edit,), safe=False) if edit else None,
        softened=milder + bool(default.words),
    )


def _hint(misses: list[Miss], sources: SourceNames) -> str:
    if meant := meant_by(misses):
        return f"write {meant}"
    near = misses[0].near
    if near is not None:
        return f'did you mean "{near.key}"?'
    return f"take it out, or correct it: the build has {names(tuple(sources.by_key.values()))}"
