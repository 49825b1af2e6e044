"""Arguments that Packer itself reads → those whose value is of a kind that cannot become what it asks for."""

from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Rule, Severity
from packlint.blocks import DYNAMIC, ArgumentType, Kind, Place, places
from packlint.model import Configuration
from packlint.suggest import suggest
from packlint.syntax import Attribute, Expression, File, Literal, Object, Parentheses, Template, Tuple

BOOLS = frozenset({"true", "false", "1", "0"})
"""The strings that HCL takes for a bool (cty/convert, primitive conversions)."""

WANTED: dict[Kind, str] = {
    "string": "a string",
    "bool": "`true` or `false`",
    "number": "a number",
    "list(string)": "a list of strings",
    "map(string)": "an object",
    "object": "an object",
}

HINTS: dict[Kind, str] = {
    "string": "write one string",
    "bool": "write `true` or `false`",
    "number": "write the number without quotes",
    "list(string)": "put it in brackets: `[ … ]`",
    "map(string)": "write `{ … }`",
    "object": "write `{ … }`",
}

PLUGIN = "write an object with `source` and `version`"

TYPES = ("string", "number", "bool", "any", "list", "set", "map", "object", "tuple")

EXAMPLES = {
    **{name: f"`{name}` without quotes" for name in ("string", "number", "bool", "any")},
    **{name: f"what it holds, as in `{name}(string)`" for name in ("list", "set", "map")},
    "object": "its attributes, as in `object({ name = string })`",
    "tuple": "its types, as in `tuple([string, number])`",
    "optional": "it within an object, as in `object({ name = optional(string) })`",
}
"""How a type is written that is there in part."""


class ArgumentTypeMismatch(Rule):
    """Flags values that cannot become what an argument takes.

    The arguments are those of Packer's own blocks. HCL converts where it can: a number is taken for a
    string, `"true"` for a bool and `"3"` for a number. It makes no list of a string, no string of a list,
    and no bool of `"yes"` or of `1`: Packer loads no template with such a value ("Unsuitable value type").
    The `type` of a variable is no string but a type itself, such as `number`, `list(string)` or
    `object({ name = string })`; else Packer says "Invalid type specification". An entry of
    `required_plugins` is an object; a lone version constraint is refused.

    Only what is written out is judged: a value that refers to something may be of any kind. What the
    plugins' components take is not looked at.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/expressions
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH

    examples = (
        Bad(
            """
            packer {
              required_plugins {
                docker = "~> 1.1" # finding: `docker` takes an object, not a string
              }
            }
            variable "size" {
              type        = "number"    # finding: `type` takes a type, and this is no type
              default     = 10
              description = ["of disk"] # finding: `description` takes a string, not a list
              sensitive   = "no"        # finding: `sensitive` takes `true` or `false`, not this string
            }
            variable "name" {
              type = strng # finding: `type` takes a type, and there is no type `strng`
            }
            variable "disks" {
              type = list(object({
                size = optional(number, 10)
                tags = map # finding: `map` needs the type of its elements
              }))
            }
            """
        ),
        Bad(
            """
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = "source.null.here" # finding: `sources` takes a list of strings, not a string
              provisioner "shell-local" {
                inline      = ["true"]
                only        = "null.here" # finding: `only` takes a list of strings, not a string
                max_retries = "twice"     # finding: `max_retries` takes a number, not this string
              }
            }
            """
        ),
        Bad(
            {"image.pkr.json": '{"variable": {"name": {"type": "strng"}, "names": {"type": "list(any)"}}}'},
            finds={"image.pkr.json:1": "there is no type `strng`"},
        ),
        Good(
            """
            variable "disks" {
              type = map(object({
                size  = optional(number, 10)
                parts = tuple([string, set(bool)])
                any   = any
              }))
            }
            variable "names" {
              type        = list(string)
              default     = ["source.null.here"]
              description = 5
              sensitive   = "false"
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              sources = var.names
              provisioner "shell-local" {
                inline      = ["true"]
                only        = "${var.names}"
                max_retries = "3"
              }
            }
            """
        ),
    )

    def check_configuration(self, configuration: Configuration) -> Iterator[Finding]:
        complete = {file.document.path for file in configuration.syntax if file.complete}
        for variable in configuration.variables:
            wrong = variable.refusal
            if wrong is not None and wrong.range is not None and wrong.range.document.path in complete:
                yield Finding(
                    wrong.range, f"`type` takes a type, and {wrong.because}", hint=_hint(wrong.range.text)
                )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        for place in places(file) if file.complete else ():
            for attribute, type_ in _read(place):
                wrong = _mismatch(attribute.expression, type_)
                if wrong is not None:
                    yield Finding(
                        attribute.expression.range,
                        f"`{attribute.name}` takes {WANTED[type_.kind]}, not {wrong}",
                        hint=PLUGIN if type_.keys else HINTS[type_.kind],
                    )


def _hint(written: str) -> str:
    """What to write where Packer takes no type from something."""
    name = written.strip('"').partition("(")[0]
    if name in EXAMPLES:
        return f"write {EXAMPLES[name]}"
    near = suggest(name, TYPES) if name.isidentifier() else None
    if near:
        return f"did you mean `{near}`?"
    return "a type is written as in `string`, `list(string)` or `object({ name = string })`"


def _read(place: Place) -> Iterator[tuple[Attribute, ArgumentType]]:
    for attribute in place.body.attributes:
        if place.type is DYNAMIC and attribute.name == "labels":
            continue  # they are computed for each block, which `invalid-expression` tells of
        type_ = place.type.declares or place.type.arguments.get(attribute.name)
        if type_ is not None and type_.kind in WANTED:
            yield attribute, type_


def _mismatch(expression: Expression, type_: ArgumentType) -> str | None:
    """What a value is that HCL cannot convert; None where it can, or where that is not known."""
    while isinstance(expression, Parentheses):
        expression = expression.inner
    if isinstance(expression, Tuple):
        return _list(expression, type_.kind)
    if isinstance(expression, Object):
        return None if type_.kind in ("object", "map(string)") else "an object"
    if isinstance(expression, Template):
        return _string(expression.literal, type_.kind)
    if isinstance(expression, Literal) and expression.value is not None:
        return _primitive(expression.value, type_)
    return None


def _list(expression: Tuple, kind: Kind) -> str | None:
    if kind == "list(string)":
        deeper = any(isinstance(item, Tuple | Object) for item in expression.items)
        return "a list of something else" if deeper else None
    # Packer goes through the elements of `override` by itself, and takes an empty list for nothing.
    return "a list" if kind != "object" or expression.items else None


def _string(text: str | None, kind: Kind) -> str | None:
    if text is None or kind == "string":
        return None
    if kind == "bool":
        return None if text in BOOLS else "this string"
    if kind == "number":
        return None if any(character.isdigit() for character in text) else "this string"
    return "a string"


def _primitive(value: object, type_: ArgumentType) -> str | None:
    what = "a bool" if isinstance(value, bool) else "a number"
    convertible = {"string", "bool" if isinstance(value, bool) else "number"}
    return None if type_.kind in convertible else what
