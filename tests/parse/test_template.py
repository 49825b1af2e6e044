"""Strings and heredocs: what their text means. The values were compared with `packer console`."""

from __future__ import annotations

import pytest

from packlint import syntax
from packlint.document import Document
from packlint.parse import parse, parse_template


def expression(text: str) -> syntax.Expression:
    file, diagnostics = parse(Document("a.pkr.hcl", f"a = {text}\n"))
    assert diagnostics == ()
    (attribute,) = file.body.attributes
    return attribute.expression


def outline(parts: tuple[syntax.Expression, ...]) -> list[object]:
    """Literal text as it is meant, everything else as it is written."""
    return [part.value if isinstance(part, syntax.Text) else part.range.text for part in parts]


def parts(text: str) -> list[object]:
    template = expression(text)
    assert isinstance(template, syntax.Template)
    assert template.heredoc == text.startswith("<<")
    return outline(template.parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('""', []),
        ('"plain"', ["plain"]),
        (r'"\n\r\t\"\\"', ['\n\r\t"\\']),
        (r'"\u00e9\U0001F600"', ["é😀"]),
        (r'"\ud7ff\uE000\U0010fffF"', ["\ud7ff\ue000\U0010ffff"]),
        ('"$ % $x %y 100%"', ["$ % $x %y 100%"]),
        ('"$${no} %%{no}"', ["${no} %{no}"]),
        ('"$$${b}"', ["$${b}"]),
        ('"a ${b} c"', ["a ", "b", " c"]),
        ('"${b}${c}"', ["b", "c"]),
        ('"a ${~ b ~} c"', ["a", "b", "c"]),
        ('"a\\n ${~ b}"', ["a", "b"]),
        ('"${"x${"y"}"}z"', ['"x${"y"}"', "z"]),
        ('"${ { a = "}" }["a"] } ${(\n1\n)}"', ['{ a = "}" }["a"]', " ", "(\n1\n)"]),
        ('"{{ .Vars }} # no // comment /* here */"', ["{{ .Vars }} # no // comment /* here */"]),
    ],
)
def test_quoted(text: str, expected: list[object]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<EOT\nEOT", []),
        ("<<E\n  a\n\n  b\n  E", ["  a\n\n  b\n"]),
        ('<<EOT\n\\n "x" $${b} %%{c}\nEOT', ['\\n "x" ${b} %{c}\n']),
        ("<<EOT\n EOTX\nx EOT\n\tEOT  ", [" EOTX\nx EOT\n"]),
        ("<<EOT\r\na\r\nEOT\r", ["a\r\n"]),
        ("<<EOT\n${b}\nEOT", ["b", "\n"]),
        ("<<EOT\na  ${~ b ~}  \n\n  c\nEOT", ["a", "b", "\n  c\n"]),
        ("<<EOT\n${<<IN\nx\nIN\n}\nEOT", ["<<IN\nx\nIN", "\n"]),
        ("<<EOT\n$x 100% $\nEOT", ["$x 100% $\n"]),
        ("<<EOT\n# a // b /* c\nEOT", ["# a // b /* c\n"]),
        ("<<EOT\nv\x0bf\u2028\nEOT", ["v\x0bf\u2028\n"]),
    ],
)
def test_heredoc(text: str, expected: list[object]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<-E\n    a\n      b\n\n   c\n  E", [" a\n   b\n\nc\n"]),
        ("<<-E\n    a\n  \n    b\n  E", ["a\n  \nb\n"]),
        ("<<-E\n\ta\n\t  b\nE", ["a\n  b\n"]),
        ("<<-E\n    ${b} c\n      ${d}\n  E", ["b", " c\n  ", "d", "\n"]),
        ("<<-E\n${b}\n    c\nE", ["b", "\n    c\n"]),
        ("<<-E\n  a ${b}\n    c ${d} e\n  E", ["a ", "b", "\n  c ", "d", " e\n"]),
        ("<<-E\n    one $ two\n   $three\n  E", [" one $ two\n$three\n"]),
    ],
)
def test_indentation(text: str, expected: list[object]) -> None:
    assert [part for part in parts(text) if part != ""] == expected


def test_one_interpolation_is_a_wrap_but_in_a_heredoc() -> None:
    wrap = expression('"${ b.c }"')
    assert isinstance(wrap, syntax.TemplateWrap)
    assert (wrap.range.text, wrap.wrapped.range.text) == ('"${ b.c }"', "b.c")
    assert isinstance(expression('"${~ b ~}"'), syntax.TemplateWrap)
    assert isinstance(expression("<<E\n${b}\nE"), syntax.Template)


def test_if() -> None:
    template = expression('"a%{ if b }c${d}%{ else }e%{ endif }f"')
    assert isinstance(template, syntax.Template)
    first, condition, last = template.parts
    assert outline((first, last)) == ["a", "f"]
    assert isinstance(condition, syntax.TemplateIf)
    assert condition.range.text == "%{ if b }c${d}%{ else }e%{ endif }"
    assert condition.condition.range.text == "b"
    assert outline(condition.then) == ["c", "d"]
    assert outline(condition.otherwise) == ["e"]


def test_for_and_nesting_and_strip_markers() -> None:
    template = expression("<<-E\n  %{ for k, v in m ~}\n  %{~ if v ~} ${k} %{~ endif }\n  %{ endfor }\n  E")
    assert isinstance(template, syntax.Template)
    loop = next(part for part in template.parts if isinstance(part, syntax.TemplateFor))
    assert (loop.key, loop.item, loop.collection.range.text) == ("k", "v", "m")
    inner = next(part for part in loop.body if isinstance(part, syntax.TemplateIf))
    assert [part for part in outline(inner.then) if part] == ["k"]
    single = expression('"%{ for v in m }${v}%{ endfor }"')
    assert isinstance(single, syntax.Template)
    (loop,) = (part for part in single.parts if isinstance(part, syntax.TemplateFor))
    assert (loop.key, loop.item, outline(loop.body)) == (None, "v", ["v"])


def test_the_range_of_a_heredoc_ends_with_its_marker() -> None:
    assert expression("<<-EOT\n  a\n  EOT").range.text == "<<-EOT\n  a\n  EOT"
    assert expression("[<<E\na\nE\n, 1]").range.text == "[<<E\na\nE\n, 1]"


def test_text_ranges_slice_to_what_is_written() -> None:
    template = expression(r'"a\n${b}$${c}"')
    assert isinstance(template, syntax.Template)
    assert [part.range.text for part in template.parts] == ["a\\n", "b", "$${c}"]


def test_only_text_has_a_literal() -> None:
    plain, mixed = expression('"a$${b}"'), expression('"a${b}"')
    assert isinstance(plain, syntax.Template) and plain.literal == "a${b}"
    assert isinstance(mixed, syntax.Template) and mixed.literal is None
    empty = expression('""')
    assert isinstance(empty, syntax.Template) and empty.literal == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x\n  ${~ 1 ~}  \n y", ["x\n", "1", " y"]),
        ("\n\n${~ 1 ~}\n\n", ["\n", "1", "\n"]),
        ('\\n "q" $${no} %%{no}\r\n', ['\\n "q" ${no} %{no}\r\n']),
        ("", []),
    ],
)
def test_a_text_that_is_a_template_as_a_whole(text: str, expected: list[object]) -> None:
    """Packer 1.6.6 reads such strings in JSON so; markers reach no further than their line."""
    template = parse_template(Document("a.tpl", text))
    assert isinstance(template, syntax.Template)
    assert [part for part in outline(template.parts) if part] == expected


@pytest.mark.parametrize("text", ["${", "%{ if true }", "${1", "%{ endif }"])
def test_a_text_that_is_no_template(text: str) -> None:
    assert parse_template(Document("a.tpl", text)) is None
