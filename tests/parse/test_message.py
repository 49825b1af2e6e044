"""Errors in small samples → where they are reported and what is said."""

from __future__ import annotations

import pytest

from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document
from packlint.parse import parse

CASES: list[tuple[str, str, str]] = [
    # the text with the place in «»; a part of the message; a part of the hint
    ("b = 1\n«{»\n}\n", "a block needs a type", ""),
    ("a = «'x y'»\n", "single quotes", "double quotes"),
    ("a = 1«;»\n", "`;` has no meaning here", "line break"),
    ("a = b «&» c\n", "`&` has no meaning here", "did you mean `&&`?"),
    ("a = b «|» c\n", "`|` has no meaning here", "did you mean `||`?"),
    ("a = «\u201c»x\u201d\n", "\u201c", "straight"),
    ("a =«\u00a0»1\n", "U+00A0", "plain space"),
    ("a = 1«\r»b = 2\n", "U+000D", "line feed"),
    ("a = <<E\nb«\r»c\nE\n", "U+000D", "line feed"),
    ("a = «$»{b}\n", "`$`", "without `${`"),
    ('a = "«\\q»"\n', "`\\q` is no escape sequence", "`\\\\`"),
    ('a = "«\\u»12"\n', "hexadecimal", ""),
    ('a = "x«\\ud800»\\n"\n', "`\\ud800` is the number of no character", "Unicode"),
    ('a = "«\\uDFFF»${b}"\n', "`\\uDFFF` is the number of no character", ""),
    ('a = "«\\U0000d800»"\n', "`\\U0000d800` is the number of no character", ""),
    ('a = "${b}«\\U00110000»"\n', "`\\U00110000` is the number of no character", ""),
    ('a = "«\\UFFFFFFFF»"\n', "`\\UFFFFFFFF` is the number of no character", ""),
    ('b "«\\udbff»" {}\n', "`\\udbff` is the number of no character", ""),
    ('a = «"x»\nb = 1\n', "the string is not closed on its line", 'close it with `"`'),
    ('a = «"x»', "the string is not closed on its line", ""),
    ("a = «<<EOT\n»x\n", "the heredoc `EOT` is never closed", "nothing but `EOT`"),
    ("a = <<EOT\nx\nEOT", "the heredoc `EOT` is never closed", ""),
    ("a = 1 «/*» x\n", "the comment is never closed", "`*/`"),
    ("a «=»\nb = 1\n", "no value follows this `=`", ""),
    ("a = b «||»\n  c\n", "the line ends after `||`", "in parentheses"),
    ("a = b ? c«\n»  : d\n", "before the `:`", "in parentheses"),
    ("a = b\n  «||» c\n", "an argument or a block must begin here, not `||`", ""),
    ("a = 1 «b» = 2\n", "a line break is missing before `b`", ""),
    ("a = 1«,»\nb = 2\n", "not separated by commas", "remove it"),
    ("a = 1«b»\n", "a line break is missing before `b`", ""),
    ("a «:» 1\n", "in place of `=`", "write `a = …`"),
    ("«a»\n", "neither an argument nor a block", "`a = …`"),
    ("b {\n  «a»", "the file ends after `a`", ""),
    ("a = 1\n«a» = 2\n", "the argument `a` is set twice", "keep one"),
    ("«b» \"c\"\n{\n}\n", "the block `b` has no `{` on the line", "at the end of this line"),
    ('b "c" «=» {}\n', "a block has no `=`", "remove it"),
    ('b «"»c${d}" {}\n', "the label of a block must be plain text", ""),
    ("b { a = 1«,» c = 2 }\n", "holds one argument", "new line"),
    ("b { a = 1«\n»}\n", "holds one argument", "new line"),
    ("b { c «{»} }\n", "holds one argument", "new line"),
    ("b {\n  a = 1 «}»\n", "a line break is missing before `}`", ""),
    ("b {\n} «c» {}\n", "a block must be followed by a line break", "next line"),
    ("a = 1\n«}»\n", "this `}` closes nothing", "remove it"),
    ("b «{»\n  a = 1\n", "the block that begins here is never closed", "`}`"),
    ("a = «{»\n  b = 1\n", "the object that begins here is never closed", "`}`"),
    ("a = «[»1", "this `[` is never closed", "`]`"),
    ("a = f«(»1", "this `(` is never closed", "`)`"),
    ("a = f(1 «b»)\n", "`,` or `)` is missing before `b`", ""),
    ("a = [1 «b»]\n", "`,` or `]` is missing before `b`", ""),
    ("a = [1«}»\n", "the `[` is not closed before this `}`", "put `]` before it"),
    ('a = "${b «c»}"\n', "`}` is missing before `c`", ""),
    ('a = "${«}»"\n', "an expression is missing", ""),
    ("a = [b.«]»\n", "a name must follow the dot", ""),
    ("a = f(b «=» c)\n", "`=` does not belong in an expression", "`==`"),
    ("a = { b = 1 «c» = 2 }\n", "a comma or a line break is missing before `c`", ""),
    ("a = {\n  b = 1\n  «,» c = 2\n}\n", "begins with a comma", "line before"),
    ("a = { b «}»\n", "has no value", "`key = value`"),
    ("a = { «for» = 1 }\n", "`for` at the start of an object", "in quotes"),
    ("«{»\n  a = 1\n}\n", "a block needs a type", ""),
    ('«{»\n  "builders": []\n}\n', "this is JSON", "`.pkr.json`"),
    ("«{{» range .Items }}\n", "`{{` is not HCL", "another program"),
    ("«{%» if x %}\n", "`{%` is not HCL", "another program"),
    ("a = «{{» x }}\n", "`{{` is not HCL", "another program"),
    ('«"a"» = 1\n', "not with a string", "remove the quotes"),
    ('a = "«%{ if b }»c"\n', "is not ended before its string", "`%{endif}`"),
    ('a = "b«%{ endif }»"\n', "this `endif` has no `%{if}`", ""),
    ('a = "%{ if b }%{ else }%{ else }%{ endif }"\n', "this `else` has no `%{if}`", ""),
    ("a = «1e9999999999»\n", "out of range", ""),
    ("a.«»b = 1\n", "has no dots", ""),
    ("«a» b.c\n", "no `=` stands between `a` and its value", "write `a = …`"),
    ("«a» b[0]\n", "no `=` stands between `a` and its value", "write `a = …`"),
    ("«a» b(c)\n", "no `=` stands between `a` and its value", "write `a = …`"),
    ("if a«.»b {\n}\n", "`if` is followed by `.`", "no statements"),
    ('a = "b "«c»" d"\n', "the quote before this text ends the string", '`\\"`'),
    ('a = "b${c} "«d»" e"\n', "the quote before this text ends the string", '`\\"`'),
    ('a = ["b "«c»" d"]\n', "the quote before this text ends the string", '`\\"`'),
    ('a = f("b "«c»" d")\n', "the quote before this text ends the string", '`\\"`'),
    ('a = { b = "c "«d»" e" }\n', "the quote before this text ends the string", '`\\"`'),
    ('a = "{{ user "«b»" }}"\n', "the quote before this text ends the string", "with backticks"),
    ('a = "b" «c»\n', "a line break is missing before `c`", ""),
    ('a = "b "«$»{c}" d"\n', "`$` has no meaning here", '`\\"`'),
    ("a = «$»var.b\n", "`$` has no meaning here", "write `var.b`"),
    ("a = «$»1\n", "`$` has no meaning here", "double quotes"),
    ("a = «~»> 1.0\n", "`~` has no meaning here", "double quotes"),
    ('a = «>=» 1.7.8"\n', "an expression is missing after `=`", "put text in double quotes"),
    ("a = [1,«}»\n", "the `[` is not closed before this `}`", "put `]` before it"),
    ("a = [«}»\n", "the `[` is not closed before this `}`", "put `]` before it"),
    ("a = f(1,\n«}»\n", "the `(` is not closed before this `}`", "put `)` before it"),
    ("b {\n  a = [\n    1,\n  «}»\n  c = 1\n}\n", "the `[` is not closed before this `}`", "put `]`"),
    ('a {\n}\n«{»\n  "b": 1\n}\n', "a block needs a type", "keep JSON in a file of its own"),
    ("a = x«\"»\n", "the string is not closed", "a quote is missing where the text begins"),
    ("a = x «y» z\n", "a line break is missing before `y`", "put text in double quotes"),
    ("a = 10«m»\n", "a line break is missing before `m`", "put text in double quotes"),
    ("a = {«$»var.x}\n", "`$` has no meaning here", "begins with `${`, not with `{$`"),
    ("a «=>» 1\n", "`a` is followed by `=>` in place of `=`", "write `a = …`"),
    ("a «==» 1\n", "`a` is followed by `==` in place of `=`", "write `a = …`"),
    ("a = { b «=>» 1 }\n", "does not belong in this object", "`key = value`"),
    ("a = [1«)»\n", "the `[` is not closed before this `)`", "put `]` before it"),
    ('a = [\n  "b"\n  «"c"»\n]\n', "`,` or `]` is missing before a string", "a comma between the items"),
    ("a = [1,«,» 2]\n", "an expression is missing after `,`", "one of the two commas"),
    ("a = «=» 1\n", "an expression is missing after `=`", "keep one of the two"),
    ("a «=»", "no value follows this `=`", ""),
    ("if «(»x) {\n}\n", "`if` is followed by `(`", "no statements"),
    ("b {\n} «else» {\n}\n", "a block must be followed by a line break", "condition ? then : otherwise"),
    ("a = b «and» c\n", "a line break is missing before `and`", "did you mean `&&`?"),
    (
        "a = b «in» c\n",
        "a line break is missing before `in`",
        "did you mean `contains(…, …)`, which takes the list first?",
    ),
    ("a = b «or» c\n", "a line break is missing before `or`", "did you mean `||`?"),
    ("a = not «b»\n", "a line break is missing before `b`", "did you mean `!`?"),
    ("a = «`»x`\n", "a backtick has no meaning here", "double quotes"),
    ("a =«\u3000»1\n", "U+3000", "plain space"),
    ("a = 1\n«\ufeff»b = 1\n", "U+FEFF", "at the very beginning of a file"),
    ("a = b «^» c\n", "`^` has no meaning here", "`pow`"),
    ("a = 1 «\\»\n  + 2\n", "`\\` has no meaning here", "within brackets"),
    ("a = b\n  «+» c\n", "must begin here, not `+`", "at the end of the line before"),
    ('«name» "value"\n', "neither `=` nor `{` on its line", "write `name = …`"),
    ("«build»\n{\n}\n", "the block `build` has no `{`", "at the end of this line"),
    ('«source» "a" "b"\n  c = 1\n}\n', "the block `source` has no `{`", "at the end of this line"),
    ('source "a" «"b {»\n  c = 1\n}\n', "the string is not closed on its line", 'close it with `"`'),
    ('a = "%{ «end» }"\n', "`end` ends no directive", "`endif` or `endfor`"),
    ('a = "%{ if b }%{ «elif» c }%{ endif }"\n', "no condition can follow", "another `%{if …}`"),
    ('a = "%{ if b }%{ else «if» c }%{ endif }"\n', "no condition can follow", "another `%{if …}`"),
    ('a = "%{«http_code»}"\n', "no directive begins with `http_code`", "`%%{`"),
    ('a = "${b«"»\n', "`}` is missing before a string", "end the sequence with `}`"),
    ('a = "${B«:»-c}"\n', "`}` is missing before `:`", "`$${`"),
    ("a = «<<EOF\n»x\n  EOF,\n", "the heredoc `EOF` is never closed", "put what follows `EOF` on the next"),
    ("a = «<<EOF\n»x\nEOF", "the heredoc `EOF` is never closed", "end the file with a line break"),
    ("a = «<»< EOF\nEOF\n", "an expression is missing", "right behind `<<`"),
    ('a = "«\\d»"\n', "`\\d` is no escape sequence", "`\\\\`"),
    ('a = "C:«\\p»ath"\n', "`\\p` is no escape sequence", "`\\\\`"),
    ('a = "«\\$»{b}"\n', "`\\$` is no escape sequence", "`$${`"),
    ("a = \"«\\'»\"\n", "`\\'` is no escape sequence", "no backslash"),
    ("a = 1 «*/»\n", "this `*/` ends no comment", "`/*`"),
    ("a = «.»5\n", "an expression is missing", "a digit before the point"),
    ('a = "«»x\n  y"\nc = 1\n', "the string is not closed on its line", "heredoc"),
]  # fmt: skip


def errors(text: str) -> tuple[Diagnostic, ...]:
    return parse(Document("a.pkr.hcl", text))[1]


@pytest.mark.parametrize(("marked", "message", "hint"), CASES, ids=[case[0] for case in CASES])
def test_the_first_error(marked: str, message: str, hint: str) -> None:
    found = errors(marked.replace("«", "").replace("»", ""))
    first = found[0]
    assert message in first.message
    assert hint in (first.hint or "")
    if "«" in marked and "«»" not in marked:
        start = marked.index("«")
        assert (first.range.start, first.range.end) == (start, marked.index("»") - 1)
    assert (first.rule, first.severity) == ("syntax-error", Severity.ERROR)
    assert len(found) == 1


def test_the_opener_is_shown_beside_an_error_within_it() -> None:
    (found,) = errors("a = f(1,\n  2 b)\n")
    (related,) = found.related
    assert (related.range.start, related.range.text) == (5, "(")
    (found,) = errors('a = "x ${\n  b } y\n')
    assert [related.range.text for related in found.related] == ['"']


def test_no_line_is_taken_for_the_end_of_the_file() -> None:
    for argument in ("x = [1,", "x = f(1,", "x = 1 +", "x = {", "x = f(", "x", "x.", "x = a ?"):
        for text in (f"b {{\n  {argument}\n}}\n" * 3 + "c = 1\n", f"b {{\n  {argument}}}\n" * 3 + "c = 1\n"):
            for found in errors(text):
                told = [found.message, *(related.message for related in found.related)]
                assert not any("the file ends" in message for message in told), (text, told)


def test_what_is_quoted_is_never_shown() -> None:
    for text in ('a = 1 "hunter2"\n', 'a = [1 "hunter2"]\n', 'a "hunter2" = 1\n', 'a = { b "hunter2" }\n'):
        for found in errors(text):
            assert "hunter2" not in found.message + (found.hint or "")


def names(text: str) -> tuple[bool, list[str]]:
    file, _ = parse(Document("a.pkr.hcl", text))
    return file.complete, [block.labels[0].value for block in file.body.blocks]


def block(name: str, inside: str) -> str:
    return f'variable "{name}" {{\n  {inside}\n}}\n'


def test_blocks_around_an_error_are_saved() -> None:
    text = block("a", "default = 1") + block("b", "default = = 1") + block("c", "default = 1")
    assert names(text) == (False, ["a", "c"])
    file, _ = parse(Document("a.pkr.hcl", text))
    assert file.body.blocks[1].range.text + "\n" == block("c", "default = 1")


def test_nothing_is_saved_behind_an_open_heredoc_or_comment() -> None:
    after = block("b", "default = 1")
    assert names(block("a", "default = 1") + block("x", "default = <<E") + after) == (False, ["a"])
    assert names(block("a", "default = 1") + "/* open\n" + after) == (False, ["a"])
    broken = block("x", "default = =")
    assert names(broken + block("y", "default = <<E\n" + after) + after) == (False, [])


def test_a_repeated_argument_hides_nothing() -> None:
    complete, saved = names(block("a", "type = any\n  type = any") + block("b", "default = 1"))
    assert (complete, saved) == (False, ["a", "b"])


def test_a_marker_that_does_not_end_its_heredoc_is_shown() -> None:
    for text, word in (("a = <<E\nx\n  E;\nb = 1\n", "not alone"), ("a = <<E\nx\nE", "no line break")):
        (found,) = errors(text)
        (related,) = found.related
        assert (related.range.text, related.range.first.line) == ("E", 3)
        assert word in related.message
