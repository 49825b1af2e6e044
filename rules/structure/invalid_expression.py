"""Values that Packer cannot compute → the innermost expressions that it stops at."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.failures import failures
from packlint.model import Configuration
from packlint.value import Failure


class InvalidExpression(Rule):
    """Flags expressions that Packer cannot evaluate.

    A wrong number of arguments, a word where a number is wanted, an index beyond the end of a list: Packer
    stops there, though only when it comes to evaluate it. What a source says is looked at when a build uses
    it, and `packer validate` does not look into what depends on a data source.

    packlint computes what can be known without running anything, and is silent where it cannot. A value
    that a variable has only by its default may be replaced for a build: such a finding is a warning.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/expressions
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<failure>",)

    examples = (
        Bad(
            """
            variable "range" {
              default = "10.0.0.0"
            }
            variable "half" {
              type    = number
              default = "all" / 2 # finding: Packer cannot evaluate this: a number is required
            }
            locals {
              sizes = { small = 1024, large = 4096 }
              count = "many" * 2 # finding: a number is required
              parts = split(",", "a", "b") # finding: `split` takes 2 arguments, not 3
              size  = local.sizes["huge"] # finding: there is no element "huge"
              host  = cidrhost(var.range, 1) # finding: with the default of `var.range`
            }
            """
        ),
        Good(
            """
            variable "range" {}
            variable "password" {
              default = ""
            }
            locals {
              count = "4" * 2
              size  = try({ small = 1024 }["huge"], 2048)
              host  = cidrhost(var.range, 1)
              first = substr(var.password, 0, 1)
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        for failure in failures(configuration):
            if failure.fault == "value" and failure.range is not None:
                yield Finding(
                    failure.range,
                    f"Packer cannot evaluate this: {_reason(failure)}",
                    softened=failure.default_of is not None,
                )


def _reason(failure: Failure) -> str:
    if failure.sensitive:
        return "the reason would show a sensitive value"
    if failure.default_of is not None:
        return f"{failure.because}, with the default of `var.{failure.default_of}`"
    return failure.because
