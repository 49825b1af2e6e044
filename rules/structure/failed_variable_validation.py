"""Variables with a value → those whose own validation says no to it."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity, given
from packlint.model import Argument, Configuration, Validation, Variable
from packlint.syntax import Template


class FailedVariableValidation(Rule):
    """Flags values that fail a `validation` of their own variable.

    Packer looks at the validations of every variable before it builds anything, whether the variable is
    used or not, and stops where one is false. Only the value counts that wins in the end: that of `--var`,
    else of the last variable file, else the default.

    That a default fails is a warning: somebody may want everybody to give a value. An empty default means
    just that and is not looked at, nor is a condition that only a run can answer.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("validation",)

    examples = (
        Bad(
            """
            variable "cpus" {
              type    = number
              default = 0 # finding: the default of variable `cpus` fails its own validation
              validation {
                condition     = var.cpus >= 1
                error_message = "At least one processor."
              }
            }
            """
        ),
        Bad(
            {
                "image.auto.pkrvars.hcl": """
                region = "Frankfurt" # finding: this value of variable `region` fails its own validation
                """,
                "image.pkr.hcl": """
                variable "region" {
                  default = "eu-central-1"
                  validation {
                    condition     = can(regex("^[a-z]+-[a-z]+-[0-9]$", var.region))
                    error_message = "The region is to be written as in \\"eu-central-1\\"."
                  }
                }
                """,
            }
        ),
        Good(
            {
                "image.auto.pkrvars.hcl": """
                cpus = 4
                """,
                "image.pkr.hcl": """
                variable "cpus" {
                  default = 0
                  validation {
                    condition     = var.cpus >= 1
                    error_message = "At least one processor."
                  }
                }
                variable "image_name" {
                  default = ""
                  validation {
                    condition     = length(var.image_name) > 0
                    error_message = "Give the image a name."
                  }
                }
                """,
            }
        ),
    )

    def check_variable(self, variable: Variable, configuration: Configuration) -> Iterator[Finding]:
        for validation in variable.validations:
            condition = validation.condition
            if condition is not None and condition.value.known(bool) is False:
                yield _finding(variable, validation, condition)


def _finding(variable: Variable, validation: Validation, condition: Argument) -> Finding:
    place, subject = given.shown(variable, variable.origin)
    return Finding(
        place,
        f"{subject} fails its own validation",
        related=(Related(condition.range, "this is false"),),
        hint=_hint(variable, validation),
        softened=variable.origin.kind == "default",
    )


def _hint(variable: Variable, validation: Validation) -> str | None:
    """What the author says of it; nothing of a secret."""
    told = validation.error_message.expression if validation.error_message else None
    text = told.literal if isinstance(told, Template) else None
    return f'its validation says "{" ".join(text.split())}"' if text and not variable.sensitive else None
