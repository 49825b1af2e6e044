"""What components are given → strings that are written where a number or a bool is wanted."""

from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Rule, Severity
from packlint.components import Component, Problem
from packlint.faults import of_kind, subject, written_at
from packlint.model import Configuration
from packlint.pattern import pattern

NUMBER = pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
"""A number as HCL and JSON both write it."""

BOOLS = {"true": "true", "1": "true", "false": "false", "0": "false"}


class StringlyTyped(Rule):
    """Flags strings that are written where a number or a bool is wanted.

    HCL makes a number of `"2048"` and a bool of `"true"`, so that the template works. Without the quotes a
    reader sees what the argument is, and an editor shows a slip such as `"ture"`.

    Only a string that stands right there is flagged; one that a variable has may be needed elsewhere.
    Legacy templates, in which a value with a variable in it is always a string, are left alone.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/expressions
    """

    category = Category.STRUCTURE
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH
    fixable = Fixable.SAFE
    looks_for = ("<problem: convertible>",)

    examples = (
        Bad(
            """
            source "qemu" "debian" {
              headless  = "true" # finding: `headless` takes a bool, and this is a string
              memory    = "2048" # finding: `memory` takes a number, and this is a string
              disk_size = "40G"
            }
            """,
            fixed="""
            source "qemu" "debian" {
              headless  = true
              memory    = 2048
              disk_size = "40G"
            }
            """,
        ),
        Bad(
            {
                "image.pkr.json": """
                {"source": {"qemu": {"debian": {
                  "disk_image": "1",
                  "memory": 2048
                }}}}
                """
            },
            finds={"image.pkr.json:2": "`disk_image` takes a bool, and this is a string"},
            fixed={
                "image.pkr.json": """
                {"source": {"qemu": {"debian": {
                  "disk_image": true,
                  "memory": 2048
                }}}}
                """
            },
        ),
        Good(
            """
            variable "memory" {
              default = "2048"
            }
            source "qemu" "debian" {
              headless  = true
              memory    = var.memory
              disk_size = "40960"
            }
            """
        ),
        Good(
            {
                "legacy.json": """
                {"builders": [{"type": "qemu", "headless": "true", "memory": "2048"}]}
                """
            }
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for problem in of_kind(component, "convertible"):
            yield from _finding(problem, component)


def _finding(problem: Problem, component: Component) -> Iterator[Finding]:
    written = written_at(problem)
    if written is None:
        return
    is_bool = problem.schema.get("type") == "boolean"
    text = written.literal or ""
    bare = BOOLS.get(text) if is_bool else text if NUMBER.fullmatch(text) else None
    yield Finding(
        written.range,
        f"{subject(component, problem.path)} takes a {'bool' if is_bool else 'number'}, and this is a string",
        hint=f"write `{bare}` without quotes" if bare else "write the number without quotes",
        fix=Fix("remove the quotes", (Edit(written.range, bare),)) if bare else None,
    )
