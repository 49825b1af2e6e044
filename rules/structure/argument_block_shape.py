"""What components are given → arguments that should be blocks, and blocks that should be arguments."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.catalog import Schema, is_block, properties
from packlint.components import Component, Problem
from packlint.document import Range
from packlint.faults import of_kind, standing, whose
from packlint.model import Argument, Configuration, NestedBlock
from packlint.syntax import Object, Tuple


class ArgumentBlockShape(Rule):
    """Flags arguments that are written as blocks, and blocks as arguments.

    `tags = { … }` gives an argument a value that is an object; `disk { … }` is a block within the
    component. To HCL they are two things, and Packer refuses one where a plugin wants the other:
    "Unsupported argument" or "Unsupported block type". The documentation of many plugins shows both within a
    few lines of each other, as `filters = { … }` within `source_ami_filter { … }`.

    Where no more than an equals sign is too much or missing, there is a fix. In JSON both look alike, and
    nothing is said.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/syntax
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<problem: shape>",)

    examples = (
        Bad(
            """
            source "amazon-ebs" "web" {
              ami_name      = "web"
              instance_type = "t3.micro"
              region        = "eu-west-1"
              ssh_username  = "admin"
              source_ami_filter = { # finding: builder `amazon-ebs` takes `source_ami_filter` as a block
                owners  = ["136693071363"]
                filters = { name = "debian-12-*" }
              }
              tags { # finding: builder `amazon-ebs` takes `tags` as an argument
                Name = "web"
              }
            }
            """,
            fixed="""
            source "amazon-ebs" "web" {
              ami_name      = "web"
              instance_type = "t3.micro"
              region        = "eu-west-1"
              ssh_username  = "admin"
              source_ami_filter = {
                owners  = ["136693071363"]
                filters = { name = "debian-12-*" }
              }
              tags = {
                Name = "web"
              }
            }
            """,
        ),
        Bad(
            """
            source "proxmox-iso" "debian" {
              disks = [ # finding: builder `proxmox-iso` takes `disks` as a block
                { disk_size = "20G" },
                { disk_size = "40G" },
              ]
              boot_command { # finding: builder `proxmox-iso` takes `boot_command` as an argument
              }
            }
            """
        ),
        Good(
            """
            source "amazon-ebs" "web" {
              ami_name      = "web"
              instance_type = "t3.micro"
              region        = "eu-west-1"
              ssh_username  = "admin"
              source_ami_filter {
                owners  = ["136693071363"]
                filters = { name = "debian-12-*" }
              }
              dynamic "launch_block_device_mappings" {
                for_each = ["/dev/sda1", "/dev/sdb"]
                content {
                  device_name = launch_block_device_mappings.value
                }
              }
              tags = {
                Name = "web"
              }
            }
            """
        ),
        Good(
            {
                "image.pkr.json": """
                {"source": {"amazon-ebs": {"web": {
                  "source_ami_filter": {"owners": ["136693071363"], "filters": {"name": "debian-12-*"}},
                  "tags": {"Name": "web"}
                }}}}
                """,
                "legacy.json": """
                {"builders": [{
                  "type": "amazon-ebs",
                  "source_ami_filter": {"owners": ["136693071363"], "filters": {"name": "debian-12-*"}},
                  "tags": {"Name": "web"}
                }]}
                """,
            }
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for problem in of_kind(component, "shape"):
            if isinstance(problem.given, Argument):
                yield _argument(problem, problem.given, component)
            elif isinstance(problem.given, NestedBlock):
                yield _block(problem, problem.given, component)


def _argument(problem: Problem, given: Argument, component: Component) -> Finding:
    """An argument that should be a block."""
    message = f"{whose(component, problem.path[:-1])} takes `{given.name}` as a block, not as an argument"
    each = ", once for each of them" if isinstance(given.expression, Tuple) else ""
    hint = f"write `{given.name} {{ … }}`{each}, without an equals sign"
    return Finding(problem.range, message, hint=hint, fix=_to_block(given, problem.schema))


def _block(problem: Problem, given: NestedBlock, component: Component) -> Finding:
    """A block that should be an argument."""
    message = f"{whose(component, problem.path[:-1])} takes `{given.type}` as an argument, not as a block"
    type_ = str(problem.schema.get("type"))
    value = {"object": "{ … }", "array": "[ … ]"}.get(type_, "…")
    alone = len(standing(component, problem.path[:-1], given.type)) == 1
    fix = _to_argument(given) if type_ == "object" and alone else None
    return Finding(problem.range, message, hint=f"write `{given.type} = {value}`", fix=fix)


def _to_argument(given: NestedBlock) -> Fix | None:
    """An equals sign before the brace, where the body is an object's too: attributes and nothing else."""
    inside = given.arguments
    if given.labels or given.dynamic is not None or inside.blocks or inside.dynamics or "for" in inside:
        return None  # `{ for …` would begin a loop
    document, end = given.range.document, given.header_range.end
    gap = Range(document, end, document.text.find("{", end))
    return Fix("write an equals sign before the brace", (Edit(gap, " = "),)) if not gap.text.strip() else None


def _to_block(given: Argument, schema: Schema) -> Fix | None:
    """The object as a block, where it has nothing but attributes that the block has."""
    value, known = given.expression, properties(schema)
    if not isinstance(value, Object) or given.range.document.is_json:
        return None
    inner = [known.get(item.name or "") for item in value.items]
    twice = len({item.name for item in value.items}) < len(inner)
    if twice or any(schema is None or is_block(schema) for schema in inner):
        return None
    document = given.range.document
    edits = [Edit(Range(document, given.name_range.end, value.range.start), " ")]
    for item in value.items:
        edits.append(Edit(Range(document, item.key.range.start, item.value.range.start), f"{item.name} = "))
    for gap in _gaps(value):
        written = gap.text
        if written.strip() not in ("", ","):
            return None  # a comment
        if "\n" in written or len(value.items) < 2:
            edits.append(Edit(gap, written.replace(",", "")))
        else:
            margin = _margin(given) + ("" if gap.end == value.range.end - 1 else "  ")
            edits.append(Edit(gap, f"\n{margin}"))
    return Fix("write it as a block", tuple(it for it in edits if it.range.text != it.replacement))


def _gaps(value: Object) -> Iterator[Range]:
    """What stands between the braces and the items of an object."""
    document, start, end = value.range.document, value.range.start + 1, value.range.end - 1
    for item in value.items:
        yield Range(document, start, item.key.range.start)
        start = item.value.range.end
    yield Range(document, start, end)


def _margin(given: Argument) -> str:
    """The blanks before an argument on its line."""
    text, start = given.range.document.text, given.range.start
    line = text[text.rfind("\n", 0, start) + 1 : start]
    return line[: len(line) - len(line.lstrip())]
