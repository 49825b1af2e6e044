"""Arguments of Packer and of components → those whose value cannot become what they ask for."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.blocks import DYNAMIC, ArgumentType, Kind, Place, places
from packlint.catalog import Schema
from packlint.components import Component, Problem
from packlint.faults import defaults, kind_of, of_kind, subject
from packlint.model import Argument, Configuration
from packlint.suggest import suggest
from packlint.syntax import Attribute, Expression, File, Literal, Object, Template, Tuple, unwrapped
from packlint.value import Known

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


ASKED = {
    "string": ("a string", "write one string"),
    "boolean": ("`true` or `false`", "write `true` or `false`"),
    "number": ("a number", "write a number"),
    "integer": ("a whole number", "write a whole number"),
    "array": ("a list", "put it in brackets: `[ … ]`"),
    "object": ("an object", "write `{ … }`"),
}
"""What a schema asks for by its `type`, and what to do about it."""

ELEMENTS = {"string": " of strings", "number": " of numbers", "integer": " of whole numbers"}

PLAIN = ("string", "boolean", "number", "integer")


class ArgumentTypeMismatch(Rule):
    """Flags values that cannot become what an argument takes.

    HCL converts where it can: a number is taken for a string, `"true"` for a bool and `"3"` for a number.
    It makes no list of a string, no string of a list, and no bool of `"yes"` or of `1`: Packer loads no
    template with such a value ("Unsuitable value type"). A lone value where a list is wanted gets brackets
    by a fix. The plugins of a legacy template convert more: there a lone value makes a list, and a bool of a
    number or of `"t"` is fine.

    The `type` of a variable is no string but a type itself, such as `number`, `list(string)` or
    `object({ name = string })`; else Packer says "Invalid type specification". An entry of
    `required_plugins` is an object; a lone version constraint is refused.

    Of Packer's own arguments only what is written out is judged. Those of components have the values that
    the template comes to; what only a build knows may be of any kind. Where another value of a variable
    would do, a finding about its default is a warning.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/expressions
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/variables
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<problem: type>", "<unusual>")

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
        Bad(
            """
            variable "headless" {
              default = "yes"
            }
            source "qemu" "debian" {
              iso_urls     = "debian.iso" # finding: `iso_urls` takes a list of strings, not a string
              iso_checksum = "none"
              ssh_username = ["packer"]   # finding: `ssh_username` takes a string, not a list
              headless     = var.headless # finding: not this string, with the default of `var.headless`
              boot_command = [
                "<enter>",
                ["<wait>"], # finding: an element of `boot_command` takes a string, not a list
              ]
              ssh_port  = 22.5     # finding: `ssh_port` takes a whole number, not this number
              disk_size = { gb = 40 } # finding: `disk_size` takes a string, not an object
            }
            """
        ),
        Bad(
            {
                "image.pkr.json": """
                {"source": {"qemu": {"debian": {
                  "floppy_files": "preseed.cfg"
                }}}}
                """,
                "legacy.json": """
                {"builders": [{
                  "type": "qemu",
                  "floppy_files": "preseed.cfg",
                  "headless": "yes",
                  "ssh_port": "22",
                  "vm_name": ["debian"]
                }]}
                """,
            },
            finds={
                "image.pkr.json:2": "`floppy_files` takes a list of strings, not a string",
                "legacy.json:4": "`headless` takes `true` or `false`, not this string",
                "legacy.json:6": "`vm_name` takes a string, not a list",
            },
            fixed={
                "image.pkr.json": """
                {"source": {"qemu": {"debian": {
                  "floppy_files": ["preseed.cfg"]
                }}}}
                """
            },
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
            variable "urls" {
              default = ""
            }
            source "null" "here" {
              communicator = "none"
            }
            source "qemu" "debian" {
              iso_urls     = var.urls
              ssh_port     = "22"
              headless     = "true"
              vm_name      = 12
              boot_command = ["<wait${5}>", 1, true]
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

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for problem, number in _together(component):
            yield _of_component(problem, number, component, configuration)

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


def _together(component: Component) -> Iterator[tuple[Problem, int]]:
    """The values of a wrong type; those that are to share brackets as one, with their number."""
    shared: dict[tuple[str | int, ...], list[Problem]] = {}
    for problem in of_kind(component, "type"):
        element = isinstance(problem.path[-1], int) and problem.schema.get("type") == "array"
        shared.setdefault(problem.path[:-1] if element else problem.path, []).append(problem)
    for problems in shared.values():
        yield problems[0], len(problems)


def _of_component(
    problem: Problem, number: int, component: Component, configuration: Configuration
) -> Finding:
    what, kind = subject(component, problem.path), kind_of(problem.value)
    asked, hint = _asked(problem.schema)
    wanted = problem.schema.get("type")
    takes = "takes"
    if number > 1:
        what, takes = what.replace("an element", f"{number} elements", 1), "each take"
        hint = "put those that belong together in brackets: `[ … ]`"
    elif wanted == "array" and kind == "an object":
        hint = f"write {asked}: `[ … ]`"
    # Another string may be one that HCL converts; a list never becomes a string, nor a string a list.
    convertible = (wanted in PLAIN and kind == "a string") or (wanted == "integer" and kind == "a number")
    default = defaults([problem.value], configuration)
    return Finding(
        problem.range,
        f"{what} {takes} {asked}, not {kind.replace('a ', 'this ') if convertible else kind}{default.words}",
        related=default.related,
        hint=hint,
        fix=_in_brackets(problem) if wanted == "array" else None,
        softened=bool(default.words) and convertible,
    )


def _asked(schema: Schema) -> tuple[str, str]:
    """What a schema asks for, and what to do about it."""
    wanted = schema.get("type")
    names = [wanted] if isinstance(wanted, str) else [*(wanted or ())]
    asked = " or ".join(ASKED[name][0] if name in ASKED else f"`{name}`" for name in names)
    if names == ["array"]:
        asked += ELEMENTS.get(str(schema.get("items", {}).get("type")), "")
    hint = ASKED[names[0]][1] if len(names) == 1 and names[0] in ASKED else f"write {asked}"
    return asked, hint


def _in_brackets(problem: Problem) -> Fix | None:
    """A lone value as the list that is wanted, where it would be an element of it."""
    value, given, items = problem.value, problem.given, problem.schema.get("items", {})
    if not isinstance(value, Known) or not isinstance(given, Argument) or value.default_of is not None:
        return None
    fits = {str: ("string",), bool: ("string", "boolean")}.get(type(value.data), ("string", *PLAIN[2:]))
    heredoc = isinstance(given.expression, Template) and given.expression.heredoc
    if heredoc or isinstance(value.data, tuple | dict) or items.get("type") not in fits:
        return None
    if problem.path[-1] != given.name:
        return None  # of an element it is not known whether it is written out
    return Fix("put it in brackets", (Edit(problem.range, f"[{problem.range.text}]"),))


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
    expression = unwrapped(expression)
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
