"""What components are given → those that lack an argument which the others ask for."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity, notation
from packlint.components import Component, Problem
from packlint.faults import (
    Path,
    Substitutes,
    defaults,
    given_by,
    is_set,
    name_range,
    of_kind,
    schema_at,
    value_of,
    whose,
)
from packlint.model import Argument, Configuration
from packlint.wording import condition_words, requirement_words

LEAST = frozenset({"one_of", "exactly_one_of", "required_if", "required"})
"""Kinds of rules that ask for something to be there."""


class ArgumentRequiredHere(Rule):
    """Flags components without an argument that their others ask for.

    Many arguments are required in some cases only: `ssh_username` where the communicator is SSH, one of
    `iso_url` and `iso_urls` for an installation, `winrm_username` for Windows. Packer asks the plugin, which
    refuses the template before anything is built.

    The conditions are those that the code of the plugin checks. An empty value counts as none, as it does
    there; one that only a build knows, or that the environment may supply, satisfies every condition. Where
    a condition rests on the default of a variable, where older versions that the template admits ask for no
    such thing, and where only the documentation does, the finding is a warning.

    References:
    https://developer.hashicorp.com/packer/docs/communicators
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<problem: rule>",)

    examples = (
        Bad(
            """
            source "qemu" "debian" { # finding: `ssh_username` is required where `communicator` is "ssh"
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "none"
            }
            source "qemu" "windows" { # finding: `winrm_username` is required where `communicator` is "winrm"
              communicator = "winrm"
              iso_url      = "https://example.org/windows.iso"
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.debian", "source.qemu.windows"]
              provisioner "shell" { # finding: at least one of `inline`, `script` and `scripts` is required
                environment_vars = ["DEBIAN_FRONTEND=noninteractive"]
              }
            }
            """
        ),
        Bad(
            """
            variable "communicator" {
              default = "winrm"
            }
            source "qemu" "windows" { # finding: with the default of `var.communicator`
              communicator = var.communicator
              iso_url      = "https://example.org/windows.iso"
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.windows"]
            }
            """
        ),
        Bad(
            {
                "legacy.json": """
                {
                  "builders": [{
                    "type": "qemu",
                    "iso_checksum": "none",
                    "ssh_username": "packer"
                  }]
                }
                """
            },
            finds={"legacy.json:3": "at least one of `iso_url` and `iso_urls` is required"},
        ),
        Good(
            """
            variable "user" {}
            variable "script" {
              default = ""
            }
            source "qemu" "debian" {
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "none"
              ssh_username = var.user
            }
            source "qemu" "installed" {
              communicator = "none"
              iso_url      = "https://example.org/debian.iso"
              iso_checksum = "none"
            }
            source "qemu" "unused" {
              iso_checksum = "none"
            }
            build {
              sources = ["source.qemu.debian", "source.qemu.installed"]
              provisioner "shell" {
                script = var.script
              }
            }
            """
        ),
    )

    def check_components(
        self, components: tuple[Component, ...], configuration: Configuration
    ) -> Iterator[Finding]:
        substitutes = Substitutes()
        for component in components:
            for problem in _needs(component, substitutes):
                yield _finding(problem, component, configuration)


def _needs(component: Component, substitutes: Substitutes) -> Iterator[Problem]:
    """The rules that ask for what is not there, one for each thing."""
    told = {(problem.path[:-1], problem.name) for problem in of_kind(component, "missing")}
    otherwise: dict[Path, frozenset[str] | None] = {}
    for problem in of_kind(component, "rule"):
        path = problem.path
        if problem.keyword not in LEAST or (
            problem.keyword == "exactly_one_of" and _given(component, problem)
        ):
            continue
        places = {(path, name) for name in problem.names}
        if path not in otherwise:
            otherwise[path] = substitutes.of(component, path)
        inside = any(_is_inside(component, path, name, substitutes) for name in problem.names)
        if not places & told and not inside and _is_lacking(problem, otherwise[path]):
            told |= places
            yield problem


def _given(component: Component, problem: Problem) -> bool:
    """Whether some of the arguments that a rule asks for are given."""
    return any(map(is_set, given_by(component, problem.path, problem.names)))


def _is_inside(component: Component, path: Path, name: str, substitutes: Substitutes) -> bool:
    """Whether something stands for an argument in the block that a dotted name leads into."""
    *blocks, last = name.split(".")
    return bool(blocks) and last in (substitutes.of(component, (*path, *blocks)) or ())


def _is_lacking(problem: Problem, otherwise: frozenset[str] | None) -> bool:
    """Whether nothing that the component once had, or that is misspelled, stands for what is asked for."""
    return otherwise is not None and not any(name.partition(".")[0] in otherwise for name in problem.names)


def _finding(problem: Problem, component: Component, configuration: Configuration) -> Finding:
    rule, path = problem.limit, problem.path
    around = schema_at(component, path)
    needed = requirement_words(problem.schema, around)
    if rule["kind"] in ("one_of", "exactly_one_of"):
        needed += " is required"
    when = condition_words(problem.schema, around)
    conditions = given_by(component, path, rule.get("when", ()))
    default = defaults(map(value_of, conditions), configuration)
    inside = f" in {whose(component, path)}" if path else ""
    return Finding(
        problem.range,
        needed + inside + (f" where {when}" if when else "") + default.words,
        related=(*(Related(name_range(it), "asks for it") for it in conditions), *default.related),
        hint=_hint(problem, component),
        softened=bool(default.words) + bool(rule.get("documented")) + problem.older,
    )


def _hint(problem: Problem, component: Component) -> str:
    empty = given_by(component, problem.path, problem.names)
    if len(empty) == 1:
        return f"give `{empty[0].name if isinstance(empty[0], Argument) else empty[0].type}` a value"
    if len(problem.names) > 1:
        return "add one of them"
    block, _, name = problem.names[0].rpartition(".")
    written = notation.argument(problem.range.document, name)
    return f"add {written} to `{block}`" if block else f"add {written}"
