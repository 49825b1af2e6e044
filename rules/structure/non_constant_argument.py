"""Arguments that Packer reads before it knows any value → those that refer to something or call something."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity, notation
from packlint.blocks import VALUES, ArgumentType, Context, Place, constants
from packlint.model import Configuration
from packlint.syntax import (
    Attribute,
    Call,
    Conditional,
    Expression,
    File,
    Literal,
    Node,
    Traversal,
    children,
    traversals,
)

LONGEST = 60


class NonConstantArgument(Rule):
    """Flags references and calls where Packer takes only literal values.

    Packer reads some arguments before it knows variables or functions: `required_version` and
    `required_plugins`, the `description` and `sensitive` of variables, the `error_message` of a
    validation, the `name` of a `source` within a build, and all of a variable file. It stops with
    "Variables not allowed" or "Function calls not allowed".

    Within the `content` of a `dynamic` block every argument may refer to the iterator.

    The default of a variable may call `env()` and nothing else. What is computed from other values or
    with functions, a time stamp for instance, is a local:

        locals {
          stamp = formatdate("YYYYMMDD", timestamp())
        }

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/locals
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    looks_for = ("<unusual>",)

    examples = (
        Bad(
            """
            variable "region" {
              default = "eu-west-1"
            }
            variable "zone" {
              default     = "${var.region}a" # finding: default of variable `zone` refers to `var.region`
              description = upper("the zone") # finding: `description` calls `upper()`
              sensitive   = var.secret # finding: `sensitive` refers to `var.secret`
            }
            variables {
              stamp = timestamp() # finding: default of variable `stamp` calls `timestamp()`
            }
            """
        ),
        Bad(
            {
                "template.pkr.hcl": """
                variable "user" {}
                source "null" "here" {}
                build {
                  source "null.here" {
                    name = "as-${var.user}" # finding: `name` refers to `var.user`
                  }
                }
                """,
                "values.auto.pkrvars.hcl": """
                user = env("USER") # finding: value of `user` calls `env()`
                """,
            }
        ),
        Bad(
            {
                "template.pkr.hcl": """
                variable "token" {
                  sensitive = "true"
                }
                """,
                "values.auto.pkrvars.hcl": """
                token = s3cret # finding: the value of `token` is not literal
                """,
            }
        ),
        Good(
            """
            variable "user" {
              type        = list(string)
              default     = [env("USER"), "packer", null]
              description = "who logs in"
            }
            variable "pairs" {
              default = { for letter in ["a", "b"] : letter => 1 }
            }
            local "stamp" {
              expression = "${var.user}-${timestamp()}"
              sensitive  = true
            }
            """
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        sensitive = {variable.name for variable in configuration.variables if variable.sensitive}
        for place, attribute, type_ in constants(file):
            offence = _first(attribute.expression, type_, place)
            if offence is None:
                continue
            if place.type is VALUES and attribute.name in sensitive:
                # A secret without its quotes looks like a reference, and would be named.
                message = f"the value of `{attribute.name}` is not literal, as a variable file has to have it"
                yield Finding(offence.range, message, hint="write the value itself, a text in quotes")
            else:
                yield _finding(attribute, place, type_, offence)


def _first(expression: Expression, type_: ArgumentType, place: Place) -> Traversal | Call | None:
    """The first reference or call that the context does not have.

    A branch that a literal condition never takes is left out: HCL does not tell what is wrong with it.
    """
    free = {it for it in traversals(expression) if it.root not in place.iterators}
    waiting: list[Node] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Traversal) and node in free:
            return node
        if isinstance(node, Call) and not (node.name == "env" and type_.context is Context.ENV):
            return node
        if isinstance(node, Conditional) and isinstance(node.condition, Literal):
            waiting.append(node.then if node.condition.value else node.otherwise)
        else:
            waiting.extend(reversed(tuple(children(node))))
    return None


def _finding(attribute: Attribute, place: Place, type_: ArgumentType, offence: Traversal | Call) -> Finding:
    name = attribute.name
    if type_.context is Context.ENV:
        if place.block is not None and place.block.type == "variable":
            name = place.block.labels[0].value if place.block.labels else ""
        what, rule = f"the default of variable `{name}`", "may call `env()` and nothing else"
        written = notation.block(place.body.range.document, "locals")
        hint = f"make it a local, which may be computed: {written}"
    elif place.type is VALUES:
        what, rule = f"the value of `{name}`", "a variable file holds literal values only"
        hint = "write the value itself; what is computed stands in `locals` of a template"
    else:
        what, rule = f"`{name}`", "must be literal"
        hint = "write the value itself"
    if isinstance(offence, Call):
        return Finding(offence.range, f"{what} calls `{offence.name}()`, but {rule}", hint=hint)
    if not offence.steps:
        hint = f'for the text, write `"{offence.root}"`'
    return Finding(offence.range, f"{what} refers to `{_shown(offence)}`, but {rule}", hint=hint)


def _shown(traversal: Traversal) -> str:
    text = traversal.range.text
    return text if len(text) <= LONGEST and "\n" not in text else traversal.root
