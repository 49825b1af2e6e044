"""Calls → those of functions that Packer does not have."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.functions import DEFAULTS_ONLY, SINCE
from packlint.model import Configuration
from packlint.references import calls
from packlint.suggest import Guesses
from packlint.syntax import File

TERRAFORM = {
    **{f"to{type_}": f"`convert(…, {type_})` does what it does" for type_ in ("string", "number", "bool")},
    **{f"to{type_}": f"`convert(…, {type_}(any))` does what it does" for type_ in ("list", "map", "set")},
    "one": "`element(…, 0)` takes the first element",
    "sensitive": "declare a `local` with `sensitive = true`",
    "nonsensitive": "only whole variables and locals are sensitive: use the value as it is",
    "templatestring": "`templatefile` renders a file",
    "plantimestamp": "`timestamp()` is the time of the build",
}
"""Functions of Terraform, and what Packer has instead."""


class UnknownFunction(Rule):
    """Flags calls of functions that Packer does not have.

    Packer has a hundred functions, most of them those of Terraform, but not all. A call of another one is
    an error only where Packer evaluates it: not in the branch of a conditional that is not taken, nor in
    a source that no build uses. packlint looks at every call. Where `try` or `can` get over
    it, a finding is a warning.

    The table is that of Packer 1.16.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/functions
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<call>",)

    examples = (
        Bad(
            """
            variable "ports" {
              default = ["22", "80"]
              type    = list(string)
            }
            locals {
              port  = tonumber(var.ports[0]) # finding: there is no function `tonumber`
              name  = uper("web") # finding: there is no function `uper`
              other = true ? 1 : one([]) # finding: there is no function `one`
            }
            """
        ),
        Good(
            """
            variable "port" {
              type    = object({ first = optional(string) })
              default = {}
            }
            variable "user" {
              default = env("USER")
            }
            locals {
              ports = convert([22, 80], list(string))
              safe  = try(upper(local.ports[0]), "none")
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        guesses = Guesses(SINCE.keys() - {DEFAULTS_ONLY})
        for call, tried in calls(file):
            if call.name in SINCE:
                continue
            near = guesses.near(call.name)
            hint = TERRAFORM.get(call.name) or (f"did you mean `{near}`?" if near else None)
            message = f"there is no function `{call.name}` in Packer"
            yield Finding(call.name_range, message, hint=hint, softened=tried)
