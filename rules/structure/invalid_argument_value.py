"""What components are given → values that an argument does not take."""

from collections.abc import Iterator, Sequence
from typing import Any

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Related, Rule, Severity
from packlint.components import Component, Problem
from packlint.document import Range
from packlint.faults import (
    Given,
    defaults,
    given_by,
    name_range,
    of_kind,
    schema_at,
    subject,
    value_of,
    written_at,
)
from packlint.model import Argument, Configuration
from packlint.suggest import suggest
from packlint.value import Known, Value
from packlint.wording import condition_words, listed, range_words, requirement_words, value_words

LIMITS = frozenset({"enum_if", "range_if", "enum"})
"""Kinds of rules that limit the value of an argument."""

MOST_VALUES = 8
"""How many of the admitted values a message tells."""

LONGEST_VALUE = 40

SIZES = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} elements",
    "maxItems": "at most {} elements",
    "minProperties": "at least {} entries",
    "maxProperties": "at most {} entries",
}

RANGES = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})


class InvalidArgumentValue(Rule):
    """Flags values that an argument of a component does not take.

    Some arguments take one of a few words, a number within limits, or a text of a certain form. HCL knows
    nothing of that: the plugin refuses the template, or worse, its service does in the middle of a build.
    Durations such as `"10s"` have a rule of their own, `invalid-duration`.

    What counts is what the code of the plugin checks. Values that hold a template such as `{{ isotime }}`,
    empty ones and what only a build knows are left alone. Where another value of a variable would do, a
    finding about its default is a warning. Nothing is said where the template wants a newer version of the
    plugin than packlint knows.
    """

    category = Category.STRUCTURE
    severity = Severity.ERROR
    precision = Precision.VERY_HIGH
    fixable = Fixable.UNSAFE
    looks_for = ("<problem: value>", "<problem: rule>")

    examples = (
        Bad(
            """
            variable "port" {
              default = 99999
            }
            source "qemu" "debian" {
              communicator = "shh" # finding: `communicator` takes "ssh", "winrm", "docker", "dockerWindows
              accelerator  = "kvmm" # finding: `accelerator` takes "none", "kvm", "tcg"
              vnc_port_min = 80 # finding: `vnc_port_min` takes 5900 to 65535, not 80
              vnc_port_max = var.port # finding: not 99999, with the default of `var.port`
            }
            """,
            fixed="""
            variable "port" {
              default = 99999
            }
            source "qemu" "debian" {
              communicator = "shh"
              accelerator  = "kvm"
              vnc_port_min = 80
              vnc_port_max = var.port
            }
            """,
        ),
        Bad(
            """
            source "qemu" "debian" {
              iso_url          = "https://example.org/debian.img"
              iso_checksum     = "none"
              ssh_username     = "packer"
              disk_image       = true
              use_backing_file = true
              format           = "raw" # finding: `format` can only be "qcow2" where `use_backing_file`
            }
            build {
              sources = ["source.qemu.debian"]
            }
            """
        ),
        Bad(
            {
                "image.pkr.json": """
                {"source": {"qemu": {"debian": {
                  "accelerator": "KVM"
                }}}}
                """,
                "legacy.json": """
                {"builders": [{
                  "type": "qemu",
                  "vnc_port_min": "80"
                }]}
                """,
            },
            finds={
                "image.pkr.json:2": '`accelerator` takes "none", "kvm"',
                "legacy.json:3": "`vnc_port_min` takes 5900 to 65535, not 80",
            },
        ),
        Good(
            """
            variable "accelerator" {
              default = ""
            }
            source "qemu" "debian" {
              communicator = "ssh"
              accelerator  = var.accelerator
              boot_wait    = "1m30s"
              ssh_timeout  = ""
              vnc_port_min = "5905"
            }
            """
        ),
    )

    def check_component(self, component: Component, configuration: Configuration) -> Iterator[Finding]:
        for problem in of_kind(component, "value"):
            if problem.keyword not in ("additionalProperties", "format"):
                yield _of_value(problem, component, configuration)
        for problem in of_kind(component, "rule"):
            if problem.keyword in LIMITS:
                yield _of_rule(problem, component, configuration)


def _of_value(problem: Problem, component: Component, configuration: Configuration) -> Finding:
    what, shown = subject(component, problem.path), ""
    admitted = problem.schema.get("x-values") or (problem.limit if problem.keyword == "enum" else None)
    near = _near(problem.value, admitted) if admitted else None
    if admitted or problem.keyword in (*RANGES, "multipleOf"):
        shown = _shown(problem.value, numeric=not admitted)
    not_this = f", not {shown}" if shown else ""
    default = defaults([problem.value], configuration)
    return Finding(
        problem.range,
        f"{what} {_asked(problem, admitted)}{not_this}{default.words}",
        related=default.related,
        hint=f"did you mean {value_words(near)}?" if near is not None else None,
        fix=_instead(component, problem, near) if near is not None else None,
        softened=bool(default.words),
    )


def _asked(problem: Problem, admitted: Sequence[Any] | None) -> str:
    """What a value has to be, as the rest of a sentence that begins with the argument."""
    keyword, limit, schema = problem.keyword, problem.limit, problem.schema
    if admitted:
        shown = [value_words(value) for value in admitted if value not in ("", None)]
        if len(shown) > MOST_VALUES:
            return f"takes {', '.join(shown[:MOST_VALUES])} or another of {len(shown)} values"
        return f"takes {listed(shown, 'or')}"
    if keyword in RANGES:
        return f"takes {range_words(schema)}"
    if keyword == "multipleOf":
        return f"takes multiples of {limit}"
    if keyword == "pattern":
        return f"has to match `{limit}`"
    if keyword in SIZES:
        return f"takes {SIZES[keyword].format(limit)}"
    if keyword == "const":
        return f"takes {value_words(limit)} and nothing else"
    return f"does not fit its schema, which has `{keyword}` there"


def _shown(value: Value | None, numeric: bool) -> str:
    """A number, or a word where one of few is wanted; nothing that is long or secret."""
    if not isinstance(value, Known) or value.sensitive:
        return ""
    if isinstance(value.data, str):
        short = len(value.data) <= LONGEST_VALUE
        return "" if not short else value.data if numeric else value_words(value.data)
    return "" if isinstance(value.data, tuple | dict | None) else str(value.data).lower()


def _near(value: Value | None, admitted: Sequence[Any]) -> str | None:
    text = value.known(str) if value is not None and not value.sensitive else None
    words = [it for it in admitted if isinstance(it, str) and it]
    return suggest(text, words) if text else None


def _instead(component: Component, problem: Problem, near: str) -> Fix | None:
    """Another word in the string that is written at exactly this place."""
    written = written_at(problem)
    if written is None:
        return None
    inside = Range(written.range.document, written.range.start + 1, written.range.end - 1)
    return Fix(f"write {value_words(near)}", (Edit(inside, near),), safe=False)


def _of_rule(problem: Problem, component: Component, configuration: Configuration) -> Finding:
    rule, path = problem.limit, problem.path
    around = schema_at(component, path)
    when = condition_words(problem.schema, around)
    limited = given_by(component, path, rule["arguments"])
    conditions = given_by(component, path, rule.get("when", ()))
    default = defaults(map(value_of, (*limited, *conditions)), configuration)
    related = (Related(name_range(it), "asks for that") for it in conditions)
    return Finding(
        _value_range(limited, problem),
        requirement_words(problem.schema, around) + (f" where {when}" if when else "") + default.words,
        related=(*related, *default.related),
        softened=bool(default.words) + bool(rule.get("documented")) + problem.older,
    )


def _value_range(limited: list[Given], problem: Problem) -> Range:
    """Where the value stands, if the rule is about one argument that is given once."""
    if len(limited) == 1 and isinstance(limited[0], Argument):
        return limited[0].expression.range
    return problem.range
