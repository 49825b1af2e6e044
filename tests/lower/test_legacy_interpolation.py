"""Strings of legacy templates → what HCL would have for them, each piece with its place."""

from __future__ import annotations

import json

import pytest

from packlint.document import Document
from packlint.gotemplate.lexer import actions
from packlint.lower.interpolation import interpolated
from packlint.parse import parse
from packlint.syntax import Action, Call, Expression, Template, TemplateWrap, Text, Traversal, walk


def rendered(text: str, section: str = "builders") -> Expression:
    """What becomes of a string of a builder or variable; `text` is written as JSON has it."""
    parts = {
        "builders": f'{{"builders": [{{"type": "x", "a": "{text}"}}]}}',
        "variables": f'{{"variables": {{"a": "{text}"}}}}',
    }
    file, problems = parse(Document("t.json", parts[section]))
    assert problems == ()
    (attribute,) = interpolated(file).body.attributes
    strings = (node for node in walk(attribute) if isinstance(node, Template | TemplateWrap))
    return next(string for string in strings if string.range.text == f'"{text}"')


def said(expression: Expression) -> list[str]:
    """The pieces: text as it is, a reference as `${…}`, an action as `?` and a call with its name."""
    if isinstance(expression, TemplateWrap):
        return said(expression.wrapped)
    if isinstance(expression, Template):
        return [piece for part in expression.parts for piece in said(part)]
    if isinstance(expression, Traversal):
        return ["${" + ".".join([expression.root, *(str(step.key) for step in expression.steps)]) + "}"]
    if isinstance(expression, Call):
        return [f"{expression.name}({', '.join(p for a in expression.arguments for p in said(a))})"]
    assert isinstance(expression, Text | Action)
    return (
        ["?" + "".join(p for r in expression.references for p in said(r))]
        if isinstance(expression, Action)
        else [expression.value]
    )


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("plain", ["plain"]),
        ("", []),
        ("${var.x} %{if true}", ["${var.x} %{if true}"]),
        ("{{user `x`}}", ["${var.x}"]),
        ("{{ user `x` }}", ["${var.x}"]),
        (r"{{user \"x\"}}", ["${var.x}"]),
        (r"{{user \u0060x\u0060}}", ["${var.x}"]),
        (r"{{user \"\\x41\\u0042\"}}", ["${var.AB}"]),
        ("a-{{user `my-name.x`}}-b", ["a-", "${var.my-name.x}", "-b"]),
        ("{{user `a`}}{{user `b`}}", ["${var.a}", "${var.b}"]),
        ("a {{- user `x` -}} b", ["a", "${var.x}", "b"]),
        (r"a\n\t{{- user `x` }} b", ["a", "${var.x}", " b"]),
        ("{{template_dir}}/x", ["${path.root}", "/x"]),
        ("{{pwd}}", ["${path.cwd}"]),
        ("{{packer_version}}", ["${packer.version}"]),
        # what the plugin renders, in HCL as well
        ("{{timestamp}}", ["{{timestamp}}"]),
        ("{{ .Name }}-{{isotime `2006`}}", ["{{ .Name }}-{{isotime `2006`}}"]),
        ("{{build `ID`}} {{upper `x`}}", ["{{build `ID`}} {{upper `x`}}"]),
        ("{{/* user `x` */}}", ["{{/* user `x` */}}"]),
        ("{{`{{user}}`}}", ["{{`{{user}}`}}"]),
        ("{{`user`}} user", ["{{`user`}} user"]),
        ("{{if .X}}a{{end}}", ["{{if .X}}a{{end}}"]),
        ("{{user `a`}}-{{timestamp}}-{{ .X }}", ["${var.a}", "-{{timestamp}}-{{ .X }}"]),
        # what only Packer can render
        ("{{user `x` | upper}}!", ["?${var.x}", "!"]),
        ("{{upper (user `x`)}}", ["?${var.x}"]),
        ("{{`x` | user}}", ["?"]),
        ("{{user}}", ["?"]),
        ("{{user .X}}", ["?"]),
        ("{{env `HOME`}}", ["?"]),
        ("a{{if user `x`}}b{{else}}c{{end}}", ["?${var.x}"]),
        ("{{with user `x`}}{{.}}{{end}}{{user `y`}}", ["?${var.x}${var.y}"]),
        # what Go does not take for a template
        ("{{user `x`", ["?"]),
        ("{{user `x}}", ["?"]),
        (r"{{user \"x}}", ["?"]),
        ("{{user ~}}", ["?"]),
        ("{{}} {{user `x`}}", ["?"]),
        ("{{/* user `x` }}", ["?"]),
        ("{{ nothing", ["{{ nothing"]),
        ("}} {{", ["}} {{"]),
    ],
)
def test_a_string_of_a_component(text: str, pieces: list[str]) -> None:
    assert said(rendered(text)) == pieces


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("{{user `x`}}-1", ["${var.x}", "-1"]),
        ("{{env `HOME`}}", ["env(HOME)"]),
        ("{{ env `A` }}{{env `B`}}", ["env(A)", "env(B)"]),
        ("{{ .Name }}", ["{{ .Name }}"]),
        ("{{.Name | upper}}", ["{{.Name | upper}}"]),
        ("{{`{{`}}x{{`}}`}}", ["{{x}}"]),
        ("a{{/* nothing */}}b", ["ab"]),
        ("a {{- /* nothing */ -}} b", ["ab"]),
        ("{{timestamp}}", ["?"]),
        ("{{isotime `2006`}}-{{uuid}}", ["?", "-", "?"]),
        ("{{build_name}}", ["?"]),
        ("{{if true}}a{{end}}", ["?"]),
        ("{{vault `a` `b`}}", ["?"]),
        ("{{TODO}}", ["?"]),
        ("{{ nothing", ["?"]),
    ],
)
def test_a_variable_is_rendered_at_once(text: str, pieces: list[str]) -> None:
    assert said(rendered(text, "variables")) == pieces


def test_every_piece_knows_its_place() -> None:
    expression = rendered(r"\u00e9\"{{user \"na\u0301me\"}}\\{{ user `b` }}")
    assert isinstance(expression, Template)
    assert [part.range.text for part in expression.parts] == [
        r"\u00e9\"",
        r"{{user \"na\u0301me\"}}",
        r"\\",
        "{{ user `b` }}",
    ]
    first, second = (part for part in expression.parts if isinstance(part, Traversal))
    assert first.root_range.text == "user"
    assert first.steps[0].range.text == r"\"na\u0301me\""
    assert first.steps[0].name == "na\u0301me"
    assert second.steps[0].range.text == "`b`"


def test_names_and_filters_are_not_interpolated() -> None:
    template = {
        "description": "{{user `x`}}",
        "builders": [{"type": "null", "name": "{{user `x`}}", "communicator": "{{user `x`}}"}],
        "provisioners": [
            {"type": "shell", "only": ["{{user `x`}}"], "inline": ["{{user `x`}}"]},
            {"type": "file", "override": {"{{user `x`}}": {"source": "{{user `x`}}"}}},
        ],
        "post-processors": ["{{user `x`}}", [{"type": "a", "name": "{{user `x`}}", "b": "{{user `x`}}"}]],
    }
    file, _ = parse(Document("t.json", json.dumps(template)))
    references = [node for node in walk(interpolated(file).body) if isinstance(node, Traversal)]
    assert len(references) == 4


def test_keys_are_interpolated() -> None:
    text = '{"builders": [{"type": "x", "tags": {"{{user `key`}}": "1", "{{timestamp}}": "2"}}]}'
    file, _ = parse(Document("t.json", text))
    (reference,) = (node for node in walk(interpolated(file).body) if isinstance(node, Traversal))
    assert reference.range.text == "{{user `key`}}"


@pytest.mark.parametrize(
    "text", ["{{", "{{user `", '{{"\\', "{{`", "{{/*", "{{-", "{{x -", "{{(", "{{x\n}", "{{.}"]
)
def test_what_is_cut_off_is_no_template(text: str) -> None:
    assert actions(text) is None


def test_time_is_linear() -> None:
    many = "{{user `x`}}\\n" * 50_000
    assert len(said(rendered(many))) == 100_000
    assert actions("{{" * 200_000) is None
    assert actions("{{x" + " " * 200_000) is None
    assert actions('{{"' + "\\" * 200_001) is None
