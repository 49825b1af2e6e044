"""Strings that are nothing but one interpolation → the expressions that would do alone."""

import re
from collections.abc import Iterator

from packlint import Bad, Category, Edit, Finding, Fix, Fixable, Good, Precision, Preset, Rule, Severity
from packlint.document import Range
from packlint.model import Configuration
from packlint.pattern import pattern
from packlint.syntax import (
    Binary,
    Call,
    Conditional,
    Expression,
    File,
    Index,
    Literal,
    Node,
    ObjectItem,
    Parentheses,
    RelativeTraversal,
    Splat,
    Template,
    TemplateWrap,
    Traversal,
    Unary,
    children,
    walk,
)

_BEFORE = pattern(r'"\$\{~?\s*')
_AFTER = pattern(r'\s*~?\}"')
_OPERATIONS = (Binary, Unary, Conditional)
_STEPS = (Index, RelativeTraversal, Splat)
_KEYWORDS = ("for", "in", "if")


class RedundantInterpolation(Rule):
    """Flags strings that are nothing but one interpolation.

    `"${var.iso_url}"` is another way to write `var.iso_url`: HCL takes a quoted string that is one `${…}`
    for the expression itself, whatever its type, and makes no string of it. The quotes say otherwise:
    `"${var.count}"` looks like text and is a number.

    `packer hcl2_upgrade` writes such strings throughout, and so does whoever knows templates from before
    HCL2. Write the expression alone; as the key of an object it needs parentheses. Leave them where a
    file is generated. JSON has no other way to write an expression, and strings with further text, or with
    several interpolations, need their quotes.

    References:
    https://developer.hashicorp.com/packer/docs/templates/hcl_templates/expressions
    https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
    """

    category = Category.STYLE
    severity = Severity.NOTE
    precision = Precision.VERY_HIGH
    preset = Preset.ALL
    fixable = Fixable.SAFE

    examples = (
        Bad(
            """
            variable "name" {
              default = "web"
            }
            variable "scripts" {
              default = ["a.sh"]
            }
            locals {
              stamp = "${formatdate("YYYY", timestamp())}" # finding: nothing but one interpolation
              tags = {
                "${var.name}" = "${local.stamp}a" # finding: this key is nothing but one interpolation
              }
              years = ["${local.stamp}", "2020"] # finding: nothing but one interpolation
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = "${var.name}" # finding: nothing but one interpolation
              sources = ["source.null.here"]
              provisioner "shell-local" {
                scripts = "${var.scripts}" # finding: nothing but one interpolation
              }
            }
            """,
            fixed="""
            variable "name" {
              default = "web"
            }
            variable "scripts" {
              default = ["a.sh"]
            }
            locals {
              stamp = formatdate("YYYY", timestamp())
              tags = {
                (var.name) = "${local.stamp}a"
              }
              years = [local.stamp, "2020"]
            }
            source "null" "here" {
              communicator = "none"
            }
            build {
              name    = var.name
              sources = ["source.null.here"]
              provisioner "shell-local" {
                scripts = var.scripts
              }
            }
            """,
        ),
        Bad(
            """
            variable "size" {
              default = 20
            }
            locals {
              more = "${var.size + 1}" * 1024 # finding: nothing but one interpolation
            }
            """,
            fixed="""
            variable "size" {
              default = 20
            }
            locals {
              more = (var.size + 1) * 1024
            }
            """,
        ),
        Good(
            """
            variable "name" {
              default = "web"
            }
            locals {
              image = "${var.name}-image"
              both  = "${var.name}${local.image}"
              label = "%{if var.name != ""}${var.name}%{endif}"
              text  = "$${name}"
              lines = <<-EOT
                ${var.name}
              EOT
            }
            """
        ),
        Good(
            {
                "here.pkr.json": """
                {
                  "variable": { "name": { "default": "web" } },
                  "locals": { "image": "${var.name}" }
                }
                """
            }
        ),
    )

    def check_file(self, file: File, configuration: Configuration) -> Iterator[Finding]:
        if not file.complete or file.document.is_json:
            return
        for node in walk(file):
            for child in children(node):
                if isinstance(child, TemplateWrap):
                    yield _finding(child, node)


def _finding(wrap: TemplateWrap, around: Node) -> Finding:
    inner = wrap.wrapped
    is_key = isinstance(around, ObjectItem) and around.key is wrap
    parenthesized = is_key or _needs_parentheses(wrap, around)
    what = f"`{inner.range.text}`" if isinstance(inner, Traversal) else "the expression"
    alone = "in parentheses instead of quotes" if is_key else "without quotes and `${…}`"
    return Finding(
        wrap.range,
        f"this {'key' if is_key else 'string'} is nothing but one interpolation",
        hint=f"write {what} {alone}",
        fix=_fix(wrap, parenthesized),
    )


def _fix(wrap: TemplateWrap, parenthesized: bool) -> Fix | None:
    """None where a comment would be lost, or a heredoc would lack the line break behind its end."""
    document = wrap.range.document
    before = Range(document, wrap.range.start, wrap.wrapped.range.start)
    after = Range(document, wrap.wrapped.range.end, wrap.range.end)
    if not _BEFORE.fullmatch(before.text) or not _AFTER.fullmatch(after.text):
        return None
    if any(isinstance(node, Template) and node.heredoc for node in walk(wrap.wrapped)):
        return None
    opening, closing = ("(", ")") if parenthesized else ("", "")
    return Fix("write the expression alone", (Edit(before, opening), Edit(after, closing)))


def _needs_parentheses(wrap: TemplateWrap, around: Node) -> bool:
    """Whether the expression would not stand for itself where the string stands."""
    inner = wrap.wrapped
    if isinstance(inner, Parentheses):
        return False
    if isinstance(inner, Traversal) and inner.root in _KEYWORDS:
        return True
    if isinstance(around, _OPERATIONS) and not isinstance(inner, Traversal | Call | Literal):
        return True
    if _is_source(wrap, around) and not isinstance(inner, Call):
        return True
    return _runs_on(wrap) or _breaks(inner)


def _is_source(wrap: TemplateWrap, around: Node) -> bool:
    """Whether steps follow: they would be those of its last part, or make a key ambiguous."""
    return isinstance(around, _STEPS) and wrap.range.start == around.range.start


def _runs_on(wrap: TemplateWrap) -> bool:
    """Whether a name or a number stands right before or behind the quotes: `in"${x}"`, `"${x}"-1`."""
    text = wrap.range.document.text
    around = text[max(0, wrap.range.start - 1) : wrap.range.start] + text[wrap.range.end : wrap.range.end + 1]
    return any(character.isalnum() or character in "_-" for character in around)


def _breaks(inner: Expression) -> bool:
    """Whether it has line breaks that no brackets of its own may enclose: within `${…}` they mean nothing."""
    text = inner.range.text
    opened = re.search(r"[(\[{]", text) if isinstance(inner, Call) or text[0] in "([{" else None
    return "\n" in (text[: opened.start()] if opened else text)
