"""Validations of variables → those that Packer refuses, whatever the variable is worth."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.model import Argument, Configuration, Variable
from packlint.syntax import Template, traversals


class InvalidVariableValidation(Rule):
    """Flags `validation` blocks that Packer itself does not accept.

    A condition answers one question, whether this variable has a value that will do. It may call functions,
    and it has to refer to the variable, as `var.name`, and to nothing else: no other variable, no local, no
    `path` ("Invalid reference in variable validation").

    The `error_message` has to look like a sentence: the first character, if it is a letter, is upper case,
    and the last one is a full stop, a question mark or an exclamation mark ("Invalid validation error
    message"). Packer prints it as it stands.

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
            variable "minimum" {
              default = 1
            }
            variable "cpus" {
              default = 2
              validation {
                condition     = var.cpus >= var.minimum # finding: refers to `var.minimum`
                error_message = "too few processors"    # finding: begins with a lower-case letter
              }
              validation {
                condition     = 2 > 1                   # finding: does not refer to `var.cpus`
                error_message = "Too few processors"    # finding: ends without `.`, `?` or `!`
              }
              validation {
                condition     = var["cpus"] < 64        # finding: refers to `var`
                error_message = ""                      # finding: is empty
              }
            }
            """
        ),
        Bad(
            {
                "image.pkr.json": """
                {
                  "variable": {
                    "cpus": {
                      "default": 2,
                      "validation": {
                        "condition": "var.cpus > 1",
                        "error_message": "More than one."
                      }
                    }
                  }
                }
                """
            },
            finds={"image.pkr.json:6": "does not refer to `var.cpus`"},
        ),
        Good(
            """
            variable "names" {
              type    = list(string)
              default = ["web"]
              validation {
                condition     = alltrue([for name in var.names : length(name) > 2])
                error_message = "Names have three characters or more."
              }
              validation {
                condition     = length(var.names) == length(distinct(var.names))
                error_message = <<-EOT
                  `names` has one of them twice!
                EOT
              }
            }
            """
        ),
    )

    def check_variable(self, variable: Variable, configuration: Configuration) -> Iterator[Finding]:
        for validation in variable.validations:
            if validation.condition is not None:
                yield from _condition(variable, validation.condition)
            if validation.error_message is not None:
                yield from _message(variable, validation.error_message)


def _condition(variable: Variable, condition: Argument) -> Iterator[Finding]:
    looks = False
    for traversal in traversals(condition.expression):
        looks = looks or traversal.root == "var"  # `var.nmae` and `var["name"]` are enough of a mistake
        if not variable.named_by(traversal):
            step = traversal.steps[0].name if traversal.steps else None
            name = f"{traversal.root}.{step}" if step else traversal.root
            yield Finding(
                traversal.range,
                f"the condition of variable `{variable.name}` refers to `{name}`",
                hint=f"it may refer to `var.{variable.name}` and nothing else",
            )
    if not looks:
        yield Finding(
            condition.expression.range,
            f"the condition of variable `{variable.name}` does not refer to `var.{variable.name}`",
            hint='in JSON a condition is written as `"${…}"`'
            if isinstance(condition.expression, Template) and condition.range.document.is_json
            else "a condition has to look at the value that the variable has",
        )


def _message(variable: Variable, message: Argument) -> Iterator[Finding]:
    expression = message.expression
    text = expression.literal if isinstance(expression, Template) else None
    if text is None:
        return
    wrong = _no_sentence(text.strip())
    if wrong:
        yield Finding(
            expression.range,
            f"the error message of variable `{variable.name}` {wrong}",
            hint="Packer takes only a full sentence",
        )


def _no_sentence(text: str) -> str | None:
    """What keeps a message from being a sentence for Packer (types.variables.go, looksLikeSentences)."""
    if not text:
        return "is empty"
    if text[0].isalpha() and not text[0].isupper():
        return "begins with a lower-case letter" if text[0].islower() else "begins with no upper-case letter"
    return None if text[-1] in ".?!" else "ends without `.`, `?` or `!`"
