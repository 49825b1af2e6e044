"""Small samples → the nodes that HCL makes of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from packlint import syntax
from packlint.document import Document
from packlint.parse import parse


def file(text: str) -> syntax.File:
    found, diagnostics = parse(Document("a.pkr.hcl", text))
    assert diagnostics == ()
    assert found.complete
    return found


def expression(text: str) -> syntax.Expression:
    (attribute,) = file(f"a = {text}\n").body.attributes
    assert attribute.expression.range.text == text
    return attribute.expression


def key(node: syntax.Traversal | syntax.RelativeTraversal) -> list[object]:
    return [step.key for step in node.steps]


FORMS: dict[type, Callable[..., object]] = {
    syntax.Literal: lambda node: node.value,
    syntax.Text: lambda node: node.value,
    syntax.Template: lambda node: ("template", *map(form, node.parts)),
    syntax.TemplateWrap: lambda node: ("wrap", form(node.wrapped)),
    syntax.Traversal: lambda node: (node.root, *key(node)) if node.steps else node.root,
    syntax.RelativeTraversal: lambda node: ("steps", form(node.source), *key(node)),
    syntax.Index: lambda node: ("index", form(node.collection), form(node.key)),
    syntax.SplatItem: lambda node: "*",
    syntax.Splat: lambda node: ("[*]" if node.full else ".*", form(node.source), form(node.each)),
    syntax.Call: lambda node: (f"{node.name}()", *map(form, node.arguments), *["..."][: node.expands]),
    syntax.Conditional: lambda node: ("?", form(node.condition), form(node.then), form(node.otherwise)),
    syntax.Binary: lambda node: (node.operator, form(node.left), form(node.right)),
    syntax.Unary: lambda node: (node.operator, form(node.operand)),
    syntax.Parentheses: lambda node: ("()", form(node.inner)),
    syntax.Tuple: lambda node: ("tuple", *map(form, node.items)),
    syntax.Object: lambda node: ("object", *((form(item.key), form(item.value)) for item in node.items)),
    syntax.TemplateIf: lambda node: ("if", form(node.condition), *map(form, node.then)),
    syntax.For: lambda node: (
        *("for", node.key, node.item, form(node.collection)),
        *(form(node.result_key), form(node.result), form(node.condition), node.grouped),
    ),
}


def form(node: object) -> object:
    """A node as nested tuples: its operator or name, and its parts."""
    return None if node is None else FORMS[type(node)](node)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", 1),
        ("1.50", Decimal("1.50")),
        ("1e3", Decimal(1000)),
        ("true", True),
        ("null", None),
        ("b", "b"),
        ("b-c", "b-c"),
        ("größe", "größe"),
        ("b.c.d", ("b", "c", "d")),
        ("b.for.in.null", ("b", "for", "in", "null")),
        ('b["c d"][0].e', ("b", "c d", 0, "e")),
        ("b.0.c", ("b", 0, "c")),
        ("1e99999", Decimal("1e99999")),
        ("a :: b (c)", ("a::b()", "c")),
        ("null(1)", ("null()", 1)),
        ("{ in.b = if(c) }", ("object", (("in", "b"), ("if()", "c")))),
        ("{ else.b = endif }", ("object", (("else", "b"), "endif"))),
        ("[for in in in : in - 1 if if]", ("for", None, "in", "in", None, ("-", "in", 1), "if", False)),
        ("[for v in b : v.for if -v]", ("for", None, "v", "b", None, ("v", "for"), ("-", "v"), False)),
        ("b[c]", ("index", "b", "c")),
        ("b[c].d[0]", ("steps", ("index", "b", "c"), "d", 0)),
        ("b[-1]", ("index", "b", ("-", 1))),
        ('b["${c}"]', ("index", "b", ("wrap", "c"))),
        ("b[*].c.d", ("[*]", "b", ("steps", "*", "c", "d"))),
        ("b[ * ]", ("[*]", "b", "*")),
        ("b.*.c.d", (".*", "b", ("steps", "*", "c", "d"))),
        ("b.*.c[0]", ("steps", (".*", "b", ("steps", "*", "c")), 0)),
        (
            "b.c[*].d[e][*].f",
            ("[*]", ("b", "c"), ("[*]", ("index", ("steps", "*", "d"), "e"), ("steps", "*", "f"))),
        ),
        ("f()", ("f()",)),
        ("f(b, c...)", ("f()", "b", "c", "...")),
        ("f(\n  b,\n  c,\n)", ("f()", "b", "c")),
        ("a::b::f(c).d[0]", ("steps", ("a::b::f()", "c"), "d", 0)),
        ("(b).c", ("steps", ("()", "b"), "c")),
        ("-5", ("-", 5)),
        ("-b.c", ("-", ("b", "c"))),
        ("!!b", ("!", ("!", "b"))),
        ("b - -c", ("-", "b", ("-", "c"))),
        ("1-2", ("-", 1, 2)),
        ("b + c * d - e", ("-", ("+", "b", ("*", "c", "d")), "e")),
        ("b || c && d == e", ("||", "b", ("&&", "c", ("==", "d", "e")))),
        ("b < c + d", ("<", "b", ("+", "c", "d"))),
        ("b ? c : d ? e : f", ("?", "b", "c", ("?", "d", "e", "f"))),
        ("b == c ? 1 : 2", ("?", ("==", "b", "c"), 1, 2)),
        ("(b\n  || c\n  && d)", ("()", ("||", "b", ("&&", "c", "d")))),
        ("[]", ("tuple",)),
        ("[b, 1, [c],]", ("tuple", "b", 1, ("tuple", "c"))),
        ("[ # one\n  b, // two\n  /* three */ c\n]", ("tuple", "b", "c")),
        ("{}", ("object",)),
        ("{ b = c, d : 1 }", ("object", ("b", "c"), ("d", 1))),
        ("{\n  b = 1\n\n  c = 2,\n}", ("object", ("b", 1), ("c", 2))),
        (
            '{ "b" = 1, (c) = 2, true = 3, in = 4 }',
            ("object", (("template", "b"), 1), (("()", "c"), 2), ("true", 3), ("in", 4)),
        ),
        ("{ b = c ? 1 : 2 }", ("object", ("b", ("?", "c", 1, 2)))),
        ("[for v in b : v]", ("for", None, "v", "b", None, "v", None, False)),
        (
            "[\n  for k, v in b.c :\n  f(v)\n  if k\n]",
            ("for", "k", "v", ("b", "c"), None, ("f()", "v"), "k", False),
        ),
        ("[for v in !b : -v if !v]", ("for", None, "v", ("!", "b"), None, ("-", "v"), ("!", "v"), False)),
        (
            "{ for v in -b : v => v if --v }",
            ("for", None, "v", ("-", "b"), "v", "v", ("-", ("-", "v")), False),
        ),
        ('"%{ if !b }c%{ endif }${in - 1}"', ("template", ("if", ("!", "b"), "c"), ("-", "in", 1))),
        ("{ for k, v in b : k => v... if v }", ("for", "k", "v", "b", "k", "v", "v", True)),
        (
            "{\n  for v in b :\n  v => [for in in v : in]\n}",
            ("for", None, "v", "b", "v", ("for", None, "in", "v", None, "in", None, False), None, False),
        ),
    ],
)
def test_expressions(text: str, expected: object) -> None:
    assert form(expression(text)) == expected


BLOCKS = """\
# first
source "null" plain {
  for    = 1 # second
  number = 2.5
  nested "a$${b}" {}

  inner {
    if = true
  }
}
/* third */ single { one = "x" }
last = 1"""


def test_bodies_and_blocks() -> None:
    source, single = file(BLOCKS).body.blocks
    assert (source.type, [label.value for label in source.labels]) == ("source", ["null", "plain"])
    assert source.header_range.text == 'source "null" plain'
    assert [label.range.text for label in source.labels] == ['"null"', "plain"]
    assert source.range.text.startswith("source") and source.range.text.endswith("}\n}")
    assert source.body.range.text.startswith("\n  for") and source.body.range.text.endswith("}\n")
    assert [attribute.name for attribute in source.body.attributes] == ["for", "number"]
    nested, inner = source.body.blocks
    assert [label.value for label in nested.labels] == ["a${b}"]
    assert nested.body.items == () and nested.body.range.text == ""
    assert [attribute.range.text for attribute in inner.body.attributes] == ["if = true"]
    assert [attribute.name for attribute in single.body.attributes] == ["one"]
    assert file(BLOCKS).body.attributes[0].range.text == "last = 1"


def test_comments_but_not_those_in_strings() -> None:
    text = '# a\nb = "# c" // d\r\ne = [ /* f\n */ 1, # g\n]\nh = <<E\n# i\nE\n#'
    assert [comment.text for comment in file(text).comments] == ["# a", "// d", "/* f\n */", "# g", "#"]


@pytest.mark.parametrize(
    "text", ["", "\n", "  ", "# only", "/* only */", "a = 1", "a = 1 # x", "\r\n\r\na = 1\r\n"]
)
def test_small_files(text: str) -> None:
    found = file(text)
    assert found.body.range.text == text
    assert len(found.body.items) == text.count("a = 1")


def test_line_ends_of_another_system_change_nothing_but_heredocs() -> None:
    text = BLOCKS + '\nb = [\n  1,\n]\nc = "${\n d }"\n'
    ours, theirs = file(text), file(text.replace("\n", "\r\n"))
    kinds = [type(node) for node in syntax.walk(ours)]
    assert [type(node) for node in syntax.walk(theirs)] == kinds
