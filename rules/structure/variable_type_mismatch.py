"""Values given to variables → those that Packer cannot make the variable's type of."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity, given
from packlint.model import Configuration, Misfit, Origin, Variable
from packlint.syntax import Call, Object, Tuple

SAMPLES = {
    "list": '["a", "b"]',
    "set": '["a", "b"]',
    "tuple": '["a", 1]',
    "map": '{ a = "b" }',
    "object": '{ a = "b" }',
}
"""What a value of a type looks like where the command line gives it."""


class VariableTypeMismatch(Rule):
    """Flags values of variables that do not convert to the variable's type.

    HCL converts where it can: `"5"` is a number and `"true"` a bool where one is asked for, a list of
    numbers becomes a list of strings. Where it cannot, Packer loads no template: "Invalid default value for
    variable", "Invalid value for variable". An object has to have every attribute that is not `optional`,
    a tuple as many elements as its type.

    A variable without a `type` takes that of its default, if this is not empty. So `default = ["a"]` makes a
    tuple of one string, and a variable file with two of them is refused: give such a variable its type, as
    in `type = list(string)`.

    The rule looks at the default, the variable files that Packer loads with the directory, and what the
    command line gives: `--var-file`, `--var`, and with `--env` the environment. Legacy templates take nothing
    but strings, in variable files too.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<misfit>",)

    examples = (
        Bad(
            """
            variable "disk_size" {
              type    = number
              default = "40G" # finding: the default of variable `disk_size` does not fit its type
            }
            variable "tags" {
              type    = map(string)
              default = ["base"] # finding: a map of string is required
            }
            variable "network" {
              type = object({
                name = string
                vlan = number
              })
              default = { name = "lan" } # finding: attribute "vlan" is required
            }
            """
        ),
        Bad(
            {
                "image.auto.pkrvars.hcl": """
                mirrors = ["eu", "us"] # finding: does not fit the type of its default
                cpus    = "two"        # finding: a number is required
                """,
                "image.pkr.hcl": """
                variable "mirrors" {
                  default = ["eu"]
                }
                variable "cpus" {
                  type    = number
                  default = 2
                }
                """,
            }
        ),
        Bad(
            {
                "image.pkr.json": """
                {
                  "variable": {
                    "headless": {
                      "type": "bool",
                      "default": "yes"
                    }
                  }
                }
                """
            },
            finds={"image.pkr.json:5": "a bool is required"},
        ),
        Good(
            {
                "image.auto.pkrvars.hcl": """
                mirrors  = ["eu", "us"]
                headless = "true"
                extra    = ["a", "b"]
                """,
                "image.pkr.hcl": """
                variable "mirrors" {
                  type    = list(string)
                  default = ["eu"]
                }
                variable "headless" {
                  type    = bool
                  default = null
                }
                variable "extra" {
                  default = []
                }
                variable "token" {
                  type    = number
                  default = env("BUILD_NUMBER")
                }
                """,
            }
        ),
    )

    def check_variable(self, variable: Variable, configuration: Configuration) -> Iterator[Finding]:
        for misfit in variable.misfits:
            yield _finding(variable, misfit)


def _finding(variable: Variable, misfit: Misfit) -> Finding:
    constraint, default = variable.constraint, variable.default
    place, subject = given.shown(variable, misfit.origin)
    related: tuple[Related, ...] = ()
    if constraint is not None:
        legacy = constraint.range == variable.name_range
        related = (
            Related(constraint.range, "variables of legacy templates are strings" if legacy else "its type"),
        )
    elif default is not None and not variable.sensitive:
        related = (Related(default.expression.range, "the default, which gives it its type"),)
    wanted = "its type" if constraint else "the type of its default"
    return Finding(
        place,
        f"{subject} does not fit {wanted}: {misfit.because}",
        related=related,
        hint=_hint(variable, misfit.origin),
    )


def _hint(variable: Variable, origin: Origin) -> str | None:
    constraint, default = variable.constraint, variable.default
    if constraint is None and default is not None:
        if isinstance(default.expression, Tuple):
            return "give the variable a `type`, such as `list(string)`"
        if isinstance(default.expression, Object):
            return "give the variable a `type`, such as `map(string)`"
    is_text = origin.range is not None and not origin.range.text.lstrip().startswith(("[", "{"))
    if (
        origin.kind in given.GIVERS
        and is_text
        and isinstance(constraint, Call)
        and constraint.name in SAMPLES
    ):
        return f"write the value as an expression, as in `{variable.name}={SAMPLES[constraint.name]}`"
    return None
