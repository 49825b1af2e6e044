"""The strings of a template → `{$var.x}` in them, where `${var.x}` is meant."""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.document import Range
from packlint.model import Configuration
from packlint.pattern import pattern
from packlint.syntax import Attribute, File, Text, walk

_SWAPPED = pattern(
    r"(?<![$%])\{\$(?P<reference>(?P<root>var|local|build|source)\.(?P<name>[A-Za-z_][\w-]*)(?:\.\w+|\[\d+\])*)\}"
)

IN_STEPS = {"source": frozenset({"name", "type"}), "build": frozenset({"name", "ID", "PackerRunUUID"})}
"""Names that need no declaration, in what a build does; others may be a script's own."""

WITH_VALUES = frozenset({"build", "source", "data", "local", "locals"})
"""Blocks in which references to variables can stand."""


class MisplacedInterpolationBrace(Rule):
    """Flags `{$var.x}` in a string, where `${var.x}` is meant.

    HCL fills in what stands between `${` and `}`. With the two characters exchanged the text is no
    interpolation: Packer hands it on as it is written, and neither `packer validate` nor the build says so.
    `echo '{$var.ssh_password}' | sudo -S …` gives sudo these letters for a password.

    The rule looks for `{$var.…}` and `{$local.…}` with the name of something that the template declares, and
    in a build for `{$source.name}`, `{$source.type}`, `{$build.name}` and `{$build.ID}`. A script may have a
    variable of its own that is called so, as in PowerShell's `{$var.Name}`: nothing is said where the name is
    not declared, nor where the same text uses `$var` in another way too. The fix of a local is unsafe, since
    the local may be used in many places.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/expressions#string-literals
    """

    category = Category.LANGUAGE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<swapped brace>",)

    examples = (
        Bad(
            """
            variable "ssh_password" {
              type      = string
              sensitive = true
            }
            locals {
              release = "1.4"
              banner  = "release {$local.release}" # finding: `{$local.release}` is no interpolation
            }
            source "null" "web" {
              ssh_host = "192.0.2.10"
            }
            build {
              sources = ["null.web"]
              provisioner "shell" {
                execute_command = "echo '{$var.ssh_password}' | sudo -S sh {{ .Path }}" # finding: is no inter
                inline = [
                  <<-EOT
                    #!/bin/sh
                    echo {$local.banner} > /etc/image # finding: is no interpolation
                  EOT
                ]
              }
              provisioner "shell-local" {
                inline = ["echo {$source.name}"] # finding: `{$source.name}` is no
              }
            }
            """,
            fixed="""
            variable "ssh_password" {
              type      = string
              sensitive = true
            }
            locals {
              release = "1.4"
              banner  = "release ${local.release}"
            }
            source "null" "web" {
              ssh_host = "192.0.2.10"
            }
            build {
              sources = ["null.web"]
              provisioner "shell" {
                execute_command = "echo '${var.ssh_password}' | sudo -S sh {{ .Path }}"
                inline = [
                  <<-EOT
                    #!/bin/sh
                    echo ${local.banner} > /etc/image
                  EOT
                ]
              }
              provisioner "shell-local" {
                inline = ["echo ${source.name}"]
              }
            }
            """,
        ),
        Bad(
            {
                "web.pkr.json": """
                {
                  "variable": { "host": { "default": "192.0.2.10" } },
                  "source": { "null": { "web": { "ssh_host": "{$var.host}" } } },
                  "build": { "sources": ["source.null.web"] }
                }
                """
            },
            finds={"web.pkr.json:3": "`{$var.host}` is no interpolation"},
            fixed={
                "web.pkr.json": """
                {
                  "variable": { "host": { "default": "192.0.2.10" } },
                  "source": { "null": { "web": { "ssh_host": "${var.host}" } } },
                  "build": { "sources": ["source.null.web"] }
                }
                """
            },
        ),
        Good(
            """
            variable "name" {
              default     = "web"
              description = "How {$var.name} is called"
            }
            source "null" "web" {
              ssh_host = "192.0.2.10"
            }
            build {
              sources = ["null.web"]
              provisioner "powershell" {
                inline = [
                  "Get-Service | Where-Object {$_.Name}",
                  "Get-Variable | ForEach-Object {$var.Value}",
                  "foreach ($source in $sources) {$source.name}",
                ]
              }
              provisioner "powershell" {
                inline = [
                  "$var = Get-Item ${var.name}",
                  "Invoke-Command {$var.name}",
                ]
              }
              provisioner "shell" {
                inline = ["echo $${var} {{ .Vars }} $var.name"]
              }
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        if file.legacy or _SWAPPED.search(file.document.text) is None:
            return
        declared = {
            "var": frozenset(variable.name for variable in configuration.variables),
            "local": frozenset(local.name for local in configuration.locals),
        }
        for block in file.body.blocks:
            known = {**declared, **IN_STEPS} if block.type == "build" else declared
            ends_here = block.type in ("source", "build")
            for node in walk(block) if block.type in WITH_VALUES else ():
                if isinstance(node, Attribute):
                    yield from _findings(node, known, ends_here)


def _findings(
    attribute: Attribute, known: Mapping[str, AbstractSet[str]], ends_here: bool
) -> Iterator[Finding]:
    whole = attribute.expression.range.text
    roots = {match["root"] for match in _SWAPPED.finditer(whole)}
    roots = {root for root in roots if not _is_of_script(root, whole)}
    for text in walk(attribute.expression):
        if not roots or not isinstance(text, Text):
            continue
        for match in _SWAPPED.finditer(text.range.text):
            if match["root"] in roots and match["name"] in known.get(match["root"], ()):
                yield _finding(text.range, match, ends_here)


def _is_of_script(root: str, text: str) -> bool:
    """Whether a text has a variable of the name for itself, as PowerShell writes one."""
    return re.search(rf"\$(?:{root}\b(?!\.)|\{{{root}\}})", text) is not None


def _finding(text: Range, match: re.Match[str], safe: bool) -> Finding:
    document, at = text.document, text.start + match.start()
    meant = f"write `${{{match['reference']}}}`"
    return Finding(
        Range(document, at, text.start + match.end()),
        f"`{match[0]}` is no interpolation: Packer takes it as text",
        hint=meant,
        fix=Fix(meant, (Edit(Range(document, at, at + 2), "${"),), safe=safe),
    )
