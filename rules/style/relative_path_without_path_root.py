"""The files that components name → those that are found only if Packer is run beside the template."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Preset, Rule, Severity
from packlint.components import Component
from packlint.document import Range
from packlint.local_files import LocalFile, local_files
from packlint.model import Configuration
from packlint.syntax import Template, Text


class RelativePathWithoutPathRoot(Rule):
    """Flags relative paths that are not written from `path.root`.

    Packer takes `scripts/update.sh` from the directory in which it is run, not from that of the template.
    `packer build .` works there, and `packer build images/web` from the root of the repository, as a pipeline
    does, finds no script.

    The rule looks at the paths of scripts and other files that lie beside the template or below it; a path
    that is found from a directory above is meant for being run there. There is one finding for a template.
    Leave the rule out where Packer is always run in the same directory.

    Write `"${path.root}/scripts/update.sh"`. The fix does so for all of them.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/path-variables
    """

    category = Category.STYLE
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH
    preset = Preset.STRICT
    fixable = Fixable.SAFE

    examples = (
        Bad(
            {
                "web.pkr.hcl": """
                source "null" "web" {
                  ssh_host = "192.0.2.10"
                }
                build {
                  sources = ["null.web"]
                  provisioner "shell" {
                    scripts = ["./a.sh", "b.sh"] # finding: where Packer is run, as is 1 more
                  }
                }
                """,
                "a.sh": "true",
                "b.sh": "true",
            },
            fixed={
                "web.pkr.hcl": """
                source "null" "web" {
                  ssh_host = "192.0.2.10"
                }
                build {
                  sources = ["null.web"]
                  provisioner "shell" {
                    scripts = ["${path.root}/a.sh", "${path.root}/b.sh"]
                  }
                }
                """
            },
        ),
        Good(
            {
                "images/web/web.pkr.hcl": """
                source "null" "web" {
                  ssh_host = "192.0.2.10"
                }
                build {
                  sources = ["null.web"]
                  provisioner "shell" {
                    scripts = ["${path.root}/a.sh", "scripts/shared.sh"]
                  }
                }
                """,
                "images/web/a.sh": "true",
                "scripts/shared.sh": "true",
            }
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        directory = configuration.template.directory
        beside = {
            (file.expression.range.order, file.path): file
            for component in components
            if not component.legacy
            for file in local_files(component)
            if file.value.default_of is None
            and not file.is_rooted(directory)
            and configuration.locate(file.path) == posixpath.normpath(posixpath.join(directory, file.path))
        }
        if not beside:
            return
        first = beside[min(beside)]
        edits = tuple(filter(None, (_edit(beside[key]) for key in sorted(beside))))
        more = len(beside) - 1
        others = f", as {'are' if more > 1 else 'is'} {more} more" if more else ""
        yield Finding(
            first.expression.range,
            f"`{_written(first)}` is looked for where Packer is run{others}, not beside the template",
            hint=f"write `${{path.root}}/{_plain(_written(first))}`",
            fix=Fix("begin them with `path.root`" if more else "begin it with `path.root`", edits)
            if len(edits) == len(beside)
            else None,
        )


def _written(file: LocalFile) -> str:
    return file.path if file.glob is None else posixpath.join(file.path, file.glob)


def _edit(file: LocalFile) -> Edit | None:
    """`path.root` before a path that is plainly written."""
    written = file.expression
    if not isinstance(written, Template) or written.heredoc or len(written.parts) != 1:
        return None
    (text,) = written.parts
    if not isinstance(text, Text) or text.range.text != text.value or "\\" in text.value:
        return None
    length = len(text.value) - len(_plain(text.value))
    place = Range(text.range.document, text.range.start, text.range.start + length)
    return Edit(place, "${path.root}/")


def _plain(path: str) -> str:
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path
