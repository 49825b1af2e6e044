"""The sources that a build names → those that do not exist."""

from collections.abc import Iterator, Sequence

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.model import Source, SourceUse
from packlint.project import Project
from packlint.suggest import Guesses


class UnknownSourceReference(Rule):
    """Flags builds that name a source which the template does not declare.

    Packer stops with "Unknown source" before anything is built. A reference is `source.TYPE.NAME` or
    `TYPE.NAME`; of three parts the first is never looked at.

    Correct the name, or declare the source. The source has to stand in the same directory: Packer reads
    one directory and nothing else.

    Nothing is said of a template with blocks that Packer does not know, which may be misspelled `source`
    blocks, nor of a source that a directory without builds declares: such a directory is a part of
    other templates, and its files may be linked or copied in before a build.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/blocks/build
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<source that is not there>",)

    examples = (
        Bad(
            """
            source "qemu" "base" {}

            build {
              sources = ["source.qemu.bas"] # finding: source `qemu.bas` is not declared
            }
            """
        ),
        Bad(
            """
            source "qemu" "base" {}

            build {
              source "vmware-iso.base" {} # finding: source `vmware-iso.base` is not declared
            }
            """
        ),
        Bad(
            """
            source "qemu" "base" {}

            build {
              sources = ["qemu"] # finding: `qemu` is not a reference to a source
            }
            """
        ),
        Good(
            {
                "common/source.pkr.hcl": """
                source "qemu" "base" {}
                """,
                "web/build.pkr.hcl": """
                build {
                  sources = ["source.qemu.base"]
                }
                """,
            }
        ),
        Good(
            """
            source "qemu" "base" {}

            build {
              sources = ["qemu.base", "source.qemu.base"]
            }
            """
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for configuration in project.configurations:
            if configuration.complete:
                elsewhere = {s.key for part in project.parts(configuration) for s in part.sources}
                declared = Declared(configuration.sources)
                for use in (use for build in configuration.builds for use in build.uses):
                    if use.source is None and f"{use.type}.{use.name}" not in elsewhere:
                        yield _finding(use, declared)


class Declared:
    """The sources of a template, for hints: their keys by name, and guesses at keys."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self.by_name: dict[str, list[str]] = {}
        for source in sources:
            self.by_name.setdefault(source.name, []).append(source.key)
        self.guesses = Guesses(source.key for source in sources)


def _finding(use: SourceUse, declared: Declared) -> Finding:
    of_name = declared.by_name.get(use.name, [])
    if not use.type:
        return Finding(
            use.range,
            f"`{use.reference}` is not a reference to a source",
            hint=f"write `source.{of_name[0] if of_name else 'TYPE.NAME'}`",
        )
    declaration = notation.block(use.range.document, "source", use.type, use.name, body="{}")
    near = of_name[0] if len(of_name) == 1 else declared.guesses.near(use.key)
    return Finding(
        use.range,
        f"source `{use.type}.{use.name}` is not declared in this template",
        hint=f"did you mean `source.{near}`?" if near else f"declare it: {declaration}",
    )
