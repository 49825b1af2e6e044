"""The local values of a template → those that nothing in it uses."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.edits import deleted
from packlint.model import Configuration, Local
from packlint.project import Project
from packlint.syntax import Call, Conditional, walk
from packlint.usage import Unused, referred, unused


class UnusedLocal(Rule):
    """Flags local values that no expression of the template uses.

    Packer evaluates a local value whether it is used or not, so that one that fails stops a build which has
    no need of it. Often the line that used it was lost, or `packer hcl2_upgrade` wrote
    `local.timestamp` for a template that has no use for it.

    Use it, or remove it. A local whose name begins with `_` is left alone, and so is one with a conditional
    that calls a function in one of its branches, for it may be there to stop the build:
    `local.sound ? "yes" : file("the sizes do not add up")`.

    A finding is a note where another template uses it from an identical copy of the file, and where a
    comment refers to it, which may be a line that is switched off. Nothing is said where another template
    that links to the file uses it, or a file of the same directory that is checked as a template of its own;
    nor of a directory without builds or without sources, which is a part of other templates.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/locals
    """

    category = Category.STRUCTURE
    severity = Severity.WARNING
    precision = Precision.HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("local", "locals")

    examples = (
        Bad(
            """
            locals {
              timestamp = regex_replace(timestamp(), "[- TZ:]", "") # finding: nothing uses local `timestamp`
              name      = "web"
            }

            local "secret" { # finding: nothing uses local `secret`
              expression = "abc"
              sensitive  = true
            }

            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = local.name
              sources = ["source.null.here"]
            }
            """,
            fixed="""
            locals {
              name      = "web"
            }

            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = local.name
              sources = ["source.null.here"]
            }
            """,
        ),
        Bad(
            {
                "image.pkr.json": """
                {
                  "locals": {
                    "name": "web",
                    "size": 20480
                  },
                  "source": {"null": {"here": {"communicator": "none"}}},
                  "build": {"name": "${local.name}", "sources": ["source.null.here"]}
                }
                """
            },
            finds={"image.pkr.json:4": "nothing uses local `size`"},
        ),
        Good(
            """
            locals {
              names = { web = "a" }
              _note = "read by people"
              guard = length(local.names) > 0 ? "sound" : file("there is no name")
              used  = [for name in keys(local.names) : name if local.wanted[name]]
            }
            local "wanted" {
              expression = { web = true }
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              dynamic "source" {
                for_each = local.used
                labels   = ["null.here"]
                content {
                  name = source.value
                }
              }
            }
            """
        ),
        Good(
            {
                "a.pkr.hcl": """
                locals {
                  name = "a"
                  arch = "x86_64"
                }
                source "null" "a" {
                  communicator = "none"
                }
                build {
                  name    = local.name
                  sources = ["source.null.a"]
                }
                """,
                "b.pkr.hcl": """
                locals {
                  name = "b-${local.arch}"
                }
                source "null" "b" {
                  communicator = "none"
                }
                build {
                  name    = local.name
                  sources = ["source.null.b"]
                }
                """,
            }
        ),
    )

    def check_project(self, project: Project) -> Iterator[Finding]:
        for it in unused(project, _named, _used, "local"):
            if not (it.declaration.name.startswith("_") or _stops(it.declaration)):
                yield _finding(it)


def _named(configuration: Configuration) -> Iterator[tuple[str, Local]]:
    return ((local.name, local) for local in configuration.locals)


def _used(configuration: Configuration) -> frozenset[str]:
    return referred(configuration, "local")


def _stops(local: Local) -> bool:
    """Whether the value may be there to fail: one branch of a conditional is a call, such as of `file`."""
    return local.expression is not None and any(
        isinstance(branch, Call)
        for node in walk(local.expression)
        if isinstance(node, Conditional)
        for branch in (node.then, node.otherwise)
    )


def _finding(it: Unused[Local]) -> Finding:
    local = it.declaration
    edit = None if it.kept else deleted(local.range)
    return Finding(
        local.name_range,
        f"nothing uses local `{local.name}`{it.but}",
        fix=Fix(f"remove local `{local.name}`", (edit,), safe=False) if edit else None,
        hint="use it, or remove it",
        softened=it.kept,
    )
