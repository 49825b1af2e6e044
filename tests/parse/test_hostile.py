"""Texts that nobody writes by accident: `parse` answers soon, and never raises."""

from __future__ import annotations

import time

import pytest

from packlint import syntax
from packlint.document import Document
from packlint.parse import parse
from packlint.parse.problem import DEEPEST, MOST

MANY = 10_000
LONG = 200_000

DEEP = {
    "parentheses": "a = " + "(" * MANY,
    "closed parentheses": "a = " + "(" * MANY + "1" + ")" * MANY,
    "tuples": "a = " + "[" * MANY,
    "objects": "a = " + "{" * MANY,
    "objects with keys": "a = " + "{a=" * MANY,
    "blocks": "b {\n" * MANY,
    "strings": "a = " + '"${' * MANY,
    "heredocs": "a = " + "<<E\n${" * MANY,
    "mixed": "a = " + '([{x="${' * MANY,
    "sums": "a = " + "+".join(["1"] * MANY),
    "disjunctions": "a = " + " || ".join(["x"] * MANY),
    "conditionals": "a = " + "x ? y : " * MANY + "z",
    "conditionals to the left": "a = " + "x ? " * MANY + "z" + " : y" * MANY,
    "negations": "a = " + "!" * MANY + "x",
    "spaced negations": "a = " + "- " * MANY + "x",
    "indexes": "a = b" + "[c]" * MANY,
    "splats": "a = b" + "[*]" * MANY,
    "attribute splats": "a = b" + ".*" * MANY,
    "directives": 'a = "' + "%{if x}" * MANY + "%{endif}" * MANY + '"',
}

LARGE = {
    "heredoc of blank lines": "a = <<E\n" + "\n" * LONG,
    "heredoc of blanks": "a = <<-E\n" + " " * LONG + "\nE\n",
    "heredoc openers": "a = <<E\n" * (LONG // 8),
    "dollars": 'a = "' + "$" * LONG + '"\n',
    "escaped sequences": 'a = "' + "$${" * (LONG // 3) + '"\n',
    "sequences": 'a = "' + "${x}" * (LONG // 10) + '"\n',
    "open comments": "/*" * LONG,
    "open comments in braces": "a = {" * 90 + "/* " * LONG,
    "quotes": '"' * LONG,
    "backslashes": 'a = "' + "\\" * LONG,
    "unclosed string": 'a = "' + "x" * LONG,
    "unclosed strings": 'a = "x\n' * (LONG // 8),
    "colons": "a::" * (LONG // 3),
    "namespaces": "a = " + "b::" * (LONG // 3) + "c(1)\n",
    "dots": "a = " + "." * LONG,
    "attributes": "a = b" + ".c" * (LONG // 10) + "\n",
    "digits": "a = " + "1" * LONG + "\n",
    "exponents": "a = 1e" + "9" * LONG + "\n",
    "blanks": " " * LONG,
    "blanks in a bracket": "a = [" + " " * LONG,
    "line breaks": "\n" * LONG,
    "carriage returns": "\r" * LONG,
    "letters": "a" * LONG,
    "accents": "é" * LONG,
    "combining marks": "\u0301" * LONG,
    "NULs": "\0" * LONG,
    "lone surrogates": "\ud800" * LONG,
    "lone surrogates in quotes": 'a = "' + "\udfff" * LONG + '"\n',
    "hashes": "#" * LONG,
    "slashes": "/" * LONG,
    "broken blocks": 'source "a" "b" {\n x = = 1\n}\n' * (LONG // 30),
    "duplicates": "a = 1\n" * (LONG // 30),
    "commas": "a = [" + "1," * (LONG // 10) + "]\n",
    "labels": "b " + '"c" ' * (LONG // 10) + "{\n}\n",
    "arguments": "".join(f"a{number} = 1\n" for number in range(LONG // 10)),
    "comments": "# c\n" * (LONG // 4),
    "a header over blank lines": "b\n" + "\n" * LONG + "{",
    "closing brackets": "]" * LONG,
    "closing braces": "}\n" * LONG,
    "brackets on lines": "a = [\n" * (LONG // 6),
    "objects on lines": "a = {\n b = 1\n" * (LONG // 12),
    "strings on lines": 'a = "x\n' * (LONG // 8),
    "sequences on lines": 'a = "${\n' * (LONG // 8),
    "heredocs that seem to end": "a = <<E\nE x\n" * (LONG // 12),
    "bad characters": "a = `\n" * (LONG // 6),
    "a broken line in many braces": "a {\n" * 90 + "x = 1\n" * (LONG // 6) + "y : 1\n" + "}\n" * 90,
    "an error behind much that is sound": "b {\n  c = 1\n}\n" * (LONG // 14) + "a : 1\n",
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_nesting_is_one_error(name: str) -> None:
    file, diagnostics = parse(Document("deep.pkr.hcl", DEEP[name]))
    assert [diagnostic.message for diagnostic in diagnostics] == [
        f"this is nested more than {DEEPEST} levels deep"
    ]
    assert not file.complete


@pytest.mark.parametrize("opening, closing", [("(", ")"), ("[", "]"), ('"${', '}"'), ("{a=", "}")])
def test_nesting_that_somebody_might_write_is_read(opening: str, closing: str) -> None:
    depth = DEEPEST // len(closing) - 5  # a quote and its `${` are two levels
    file, diagnostics = parse(Document("deep.pkr.hcl", f"a = {opening * depth}1{closing * depth}\n"))
    assert not diagnostics
    assert sum(isinstance(node, syntax.Literal) for node in syntax.walk(file)) == 1


@pytest.mark.parametrize("text", [*DEEP.values(), *LARGE.values()], ids=[*DEEP, *LARGE])
def test_time_is_bounded(text: str) -> None:
    """A second or two at most; quadratic time would be minutes."""
    parse(Document("x", ""))
    before = time.process_time()
    parse(Document("large.pkr.hcl", text))
    assert time.process_time() - before < 10


def test_a_text_of_too_many_words_is_one_error() -> None:
    before = time.process_time()
    file, diagnostics = parse(Document("large.pkr.hcl", "a=" + "1+" * (MOST // 2 + 1)))
    assert [diagnostic.message for diagnostic in diagnostics] == [
        f"the file has more than {MOST:,} words and signs"
    ]
    assert not file.complete and not file.body.items
    assert time.process_time() - before < 20


@pytest.mark.parametrize("size", [1, 7, 50])
def test_every_prefix_and_every_gap_of_a_sample_is_answered(size: int) -> None:
    for end in range(len(SAMPLE)):
        for text in (SAMPLE[:end], SAMPLE[:end] + SAMPLE[end + size :]):
            file, diagnostics = parse(Document("part.pkr.hcl", text))
            assert file.complete == (not diagnostics)
            for diagnostic in diagnostics:
                assert diagnostic.rule == "syntax-error"
                assert 0 <= diagnostic.range.start <= diagnostic.range.end <= len(text)
                assert diagnostic.range.last.line <= file.document.line_count


SAMPLE = """\
# a comment
variable "region" {
  type    = string /* inner */
  default = null
}
locals {
  sizes = { for k, v in var.sizes : k => v... if v > 1 }
  names = [for n in var.names : upper(n)]
  text  = "a ${~ b.c[0] ~} \\u00e9 %{ if x }y%{ else }z%{ endif }"
  when  = !a && -b <= c * (d + 1) ? e::f(g...) : h[*].i.*.j["k"]
  body  = <<-EOT
    one ${two}
      three %{ for x in y ~} ${x} %{ endfor }
  EOT
}
source "null" "one" { communicator = "none" }
"""


def test_the_sample_itself_is_sound() -> None:
    assert parse(Document("sample.pkr.hcl", SAMPLE))[1] == ()


def test_an_index_of_thousands_of_digits_is_a_place_that_no_collection_has() -> None:
    file, diagnostics = parse(Document("t.pkr.hcl", f"x = a.{'1' * 5000}\n"))
    assert diagnostics == ()
    (attribute,) = file.body.attributes
    assert isinstance(attribute.expression, syntax.Traversal)
    assert len(attribute.expression.steps[0].range.text) == 5001
