"""The sources of a template → those that no build uses."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.edits import deleted
from packlint.model import Build, Configuration, Source, referred
from packlint.project import Project
from packlint.syntax import Block, Template, Traversal, walk
from packlint.usage import ANYTHING, Unused, unused


class UnusedSource(Rule):
    """Flags sources that no build of the template uses.

    Packer never looks at such a source: its arguments may be wrong or missing and `packer validate` still
    says that the template is valid, and `packer build` makes no image of it without a word. As a rule it was
    forgotten in the `sources` of a build.

    Name it in `sources`, or remove it. A source that is kept for another day may stand in a comment.

    A finding is a note where another template uses it from an identical copy of the file, and where a
    comment names it, which may be a line that is switched off. Nothing is said where `sources` depends
    on a variable, a local or a data source, or a `dynamic` block makes `source` blocks, for then each run
    may choose others; where another template that links to the file uses it, or a file of the same
    directory that is checked as a template of its own; nor of a directory without builds, which is a part of
    other templates.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/source
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build
    """

    category = Category.STRUCTURE
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("<not used>",)

    examples = (
        Bad(
            """
            source "docker" "web" {
              image   = "debian"
              discard = true
            }

            source "docker" "worker" { # finding: no build uses source `docker.worker`
              image   = "debian"
              discard = true
            }

            build {
              sources = ["source.docker.web"]
            }
            """,
            fixed="""
            source "docker" "web" {
              image   = "debian"
              discard = true
            }

            build {
              sources = ["source.docker.web"]
            }
            """,
        ),
        Good(
            """
            variable "sources" {
              default = ["source.null.a"]
            }
            source "null" "a" {
              communicator = "none"
            }
            source "null" "b" {
              communicator = "none"
            }
            build {
              sources = var.sources
            }
            """
        ),
        Good(
            """
            source "null" "a" {
              communicator = "none"
            }
            source "null" "b" {
              communicator = "none"
            }
            source "null" "c" {
              communicator = "none"
            }
            build {
              sources = ["null.a"]
              source "source.null.b" {
                name = "second"
              }
            }
            build {
              sources = ["source.null.c"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for it in unused(project, _named, _used, "source"):
            if all(map(_is_found, it.configuration.builds)):
                yield _finding(it)


def _is_found(build: Build) -> bool:
    """Whether a build names sources, and each there is: else it may mean one that nothing names."""
    return bool(build.uses) and all(use.source is not None for use in build.uses)


def _named(configuration: Configuration) -> Iterator[tuple[str, Source]]:
    """The sources; the builders of a legacy template are all built."""
    if not configuration.legacy:
        for source in configuration.sources:
            yield source.key, source


def _used(configuration: Configuration) -> frozenset[str]:
    """The sources that builds name as they are written: a run may choose some of the builds."""
    blocks = (block for file in configuration.syntax for block in file.body.blocks)
    return frozenset(name for block in blocks if block.type == "build" for name in _of_build(block))


def _of_build(build: Block) -> Iterator[str]:
    sources = build.body.attribute("sources")
    for node in walk(sources.expression) if sources is not None else ():
        if isinstance(node, Traversal):
            yield ANYTHING
        elif isinstance(node, Template) and (reference := node.literal) is not None:
            yield ".".join(referred(reference))
    for block in build.body.blocks:
        label = block.labels[0].value if block.labels else ""
        if block.type == "source":
            yield ".".join(referred(label))
        elif block.type == "dynamic" and label == "source":
            yield ANYTHING


def _finding(it: Unused[Source]) -> Finding:
    source = it.declaration
    edit = None if it.kept else deleted(source.range)
    return Finding(
        source.header_range,
        f"no build uses source `{source.key}`{it.but}, and Packer never looks at it",
        fix=Fix(f"remove source `{source.key}`", (edit,), safe=False) if edit else None,
        hint=f'name it in `sources` of a build, as "source.{source.key}", or remove it',
        softened=it.kept,
    )
