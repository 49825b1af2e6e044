"""Calls of `env` → those outside the default of a variable."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.functions import DEFAULTS_ONLY
from packlint.model import Configuration
from packlint.references import calls
from packlint.syntax import File


class EnvFunctionOutsideDefault(Rule):
    """Flags `env()` anywhere but in the default of a variable.

    Packer knows the function only there; elsewhere it stops with "Call to unknown function". So
    whatever a template takes from its environment is a variable, which may also be given in other ways:

        variable "password" {
          default   = env("PASSWORD")
          sensitive = true
        }

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/functions/contextual/env
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = (DEFAULTS_ONLY,)

    examples = (
        Bad(
            """
            locals {
              home = env("HOME") # finding: `env` can be called only in the default of a variable
            }
            source "null" "here" {
              ssh_password = "x-${env("PASSWORD")}" # finding: `env` can be called only in the default
            }
            build {
              sources = ["source.null.here"]
            }
            """
        ),
        Good(
            """
            variable "home" {
              default = env("HOME")
            }
            variables {
              password = env("PASSWORD")
            }
            locals {
              home = var.home
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        for call, tried in calls(file):
            if call.name == DEFAULTS_ONLY:
                yield Finding(
                    call.range,
                    "`env` can be called only in the default of a variable",
                    hint="declare a variable with this default, and use the variable here",
                    softened=tried,
                )
