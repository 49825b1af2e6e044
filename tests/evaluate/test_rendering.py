"""Arguments of components → what the components make of them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.evaluate.rendering import _ONE_FIELD
from packlint.files import Files
from packlint.gotemplate.execute import render
from packlint.gotemplate.tree import parse as tree_of
from packlint.gotemplate.worth import at_run
from packlint.lower import lower
from packlint.model import Argument, Configuration, Template
from packlint.parse import parse
from packlint.value import Failure, Known, Unknown, Value


def evaluated(text: str, name: str = "t.pkr.hcl") -> Configuration:
    """The configuration that a file gives."""
    file, problems = parse(Document(name, text))
    assert problems == ()
    (configuration,), _ = lower(Template(name, (name,), Files(Path.cwd())), [file])
    return evaluate(configuration)


def argument(expression: str, type_: str = "null", more: str = "") -> Argument:
    """The argument `a` of a source of that type."""
    (source,) = evaluated(f'{more}\nsource "{type_}" "vm" {{\n  a = {expression}\n}}\n').sources
    return source.arguments.by_name["a"]


def rendered(expression: str, type_: str = "null", more: str = "") -> Value | None:
    """What a builder makes of an argument."""
    return argument(expression, type_, more).rendered


@pytest.mark.parametrize(
    "expression",
    ['"plain"', '"} {"', "1", "null", "[]", '["a", { b = "c" }]', '"${source.name}"', "uuidv4()"],
)
def test_what_holds_no_template_stays_as_it_is(expression: str) -> None:
    assert rendered(expression) is None


def test_a_text_is_rendered() -> None:
    value = rendered('"{{ upper `a` }}-{{ build_name }}-{{ build_type }}"')
    assert value is not None
    assert value.known(str) == "A-vm-null"
    assert argument('"{{ upper `a` }}"').value.known(str) == "{{ upper `a` }}"


def test_strings_within_values_are_rendered_too() -> None:
    value = rendered('["a", "{{ upper `b` }}", { c = ["{{ .D }}", 1] }]')
    assert value is not None
    assert value.items is not None
    assert [item.known(str) for item in value.items] == ["a", "B", None]
    assert value.items[2].entries is not None
    inner = value.items[2].entries["c"].items
    assert inner is not None
    assert isinstance(inner[0], Unknown)
    assert inner[0].because == "`{{ .D }}` is known only when the build runs"
    assert inner[1].known(int) == 1


def test_keys_are_rendered_too() -> None:
    value = rendered('{ "{{ upper `b` }}" = "c", d = "e" }')
    assert value is not None
    assert value.entries is not None
    assert {name: item.known(str) for name, item in value.entries.items()} == {"B": "c", "d": "e"}
    assert [name for name, _ in value.type.attributes] == ["B", "d"]
    assert isinstance(rendered('{ "{{ foo }}" = "c" }'), Failure)
    assert type(rendered('{ "{{ .Foo }}" = "c" }')) is Unknown


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ('"a {{ foo `x` }} b"', "foo"),
        ('"{{ .A }} {{ .B }} {{ foo }}"', "foo"),
        ('"{{ .A }} ${source.name} {{ foo }}"', "foo"),
        ('"{{ if true }}"', "{{ if true }}"),
        ('"{{ .A }}{{ user `x` }}"', "user `x`"),
        ('"{{ .A }}{{ user \\"x\\" }}"', '{{ user \\"x\\" }}'),
        ('["{{ .A }}", "{{ foo }}"]', "foo"),
        ('{ b = { c = "{{ foo }}" } }', "foo"),
        ("<<EOT\n    a\n      {{ foo }}\n  EOT", "foo"),
        ("<<-EOT\n    a\n      {{ foo }}\n  EOT", "foo"),
        ("local.x", "local.x"),
        ('"${local.x} {{ bar }}"', '"${local.x} {{ bar }}"'),
        ('join(" ", ["{{ foo }}"])', "foo"),
        ('concat(["{{ foo }}"], ["b"])', "foo"),
        ('concat([local.x], ["b"])', 'concat([local.x], ["b"])'),
        ("{ for x in [local.x] : x => 1 }", "{ for x in [local.x] : x => 1 }"),
    ],
)
def test_what_fails_has_its_place(expression: str, place: str) -> None:
    value = rendered(f"{expression}\n", more='locals {\n  x = "{{ foo }}"\n}')
    while isinstance(value, Known):
        inner = value.items or tuple((value.entries or {}).values())
        value = next(item for item in inner if not isinstance(item, Known) or item.items or item.entries)
        if type(value) is Unknown:
            value = inner[-1]
    assert isinstance(value, Failure)
    assert value.fault == "template"
    assert value.range is not None
    assert value.range.text == place


@pytest.mark.parametrize("function", ["user `a`", "env `A`", "template_dir", "vault `a` `b`", "build `ID`"])
def test_what_hcl_cannot_give_fails_in_a_source(function: str) -> None:
    assert isinstance(rendered(f'"{{{{ {function} }}}}"'), Failure)


def test_what_is_not_known_to_render_is_in_doubt() -> None:
    for text in ("{{ upper `a` }}", "{{ foo }}", "{{"):
        assert type(rendered(f'"{text}"', "somebodys-builder")) is Unknown


def test_marks_stay() -> None:
    more = 'variable "a" {\n  default = "{{ upper `x` }}"\n  sensitive = true\n}'
    value = rendered("var.a", more=more)
    assert isinstance(value, Known)
    assert (value.data, value.sensitive, value.default_of) == ("X", True, "a")
    failing = rendered("var.a", more=more.replace("upper", "uper"))
    assert isinstance(failing, Failure)
    assert (failing.sensitive, failing.default_of) == (True, "a")
    later = rendered("var.a", more=more.replace("upper `x`", ".Secret"))
    assert later is not None
    assert later.sensitive
    assert isinstance(later, Unknown)
    assert "Secret" not in later.because


def test_what_is_in_a_sensitive_value_is_sensitive() -> None:
    more = 'variable "a" {\n  default = ["{{ hidden }}"]\n  sensitive = true\n}'
    for expression in ("var.a", "{ b = var.a }", "[var.a]"):
        value = rendered(expression, more=more)
        while isinstance(value, Known):
            value = next(iter(value.items or (value.entries or {}).values()))
        assert isinstance(value, Failure)
        assert value.sensitive


def test_steps_and_blocks_are_rendered_and_what_packer_reads_is_not() -> None:
    configuration = evaluated(
        """
        source "null" "vm" {
          disk { size = "{{ upper `a` }}" }
        }
        locals { a = "{{ foo }}" }
        build {
          name    = "{{ foo }}"
          sources = ["null.vm"]
          source "null.vm" {
            name = "other"
            b    = "{{ build_name }}"
          }
          provisioner "shell" {
            only   = ["{{ foo }}"]
            inline = ["{{ upper `a` }}", "{{ build_name }}", "{{ build `ID` }}", "{{ env `A` }}"]
          }
          post-processor "manifest" { output = "{{ upper `a` }}" }
          post-processor "somebodys" { output = "{{ upper `a` }}" }
        }
        """
    )
    (build,) = configuration.builds
    (block,) = configuration.sources[0].arguments.blocks
    size = block.arguments.by_name["size"].rendered
    assert size is not None
    assert size.known(str) == "A"
    own = build.uses[1].own.by_name["b"].rendered
    assert own is not None
    assert own.known(str) == "vm"
    assert build.name is not None
    assert build.name.rendered is None
    (step,) = build.provisioners
    assert step.only is not None
    assert step.only.rendered is None
    inline = step.arguments.by_name["inline"].rendered
    assert inline is not None
    assert inline.items is not None
    assert [type(item) for item in inline.items] == [Known, Unknown, Unknown, Failure]
    outputs = [it.arguments.by_name["output"].rendered for it in build.post_processors]
    assert [type(output) for output in outputs] == [Known, Unknown]


def test_a_block_that_may_not_be_there_does_not_fail() -> None:
    (source,) = evaluated(
        """
        variable "disks" { type = list(string) }
        source "null" "vm" {
          dynamic "disk" {
            for_each = var.disks
            content { size = "{{ foo }}" }
          }
        }
        """
    ).sources
    (block,) = source.arguments.blocks
    assert type(block.arguments.by_name["size"].rendered) is Unknown


@pytest.mark.parametrize("text", ["{{", "{{upper `a`}}", "{{if true}}", "{{print " + "(1) " * 5_000 + "}}"])
def test_nothing_hangs(text: str) -> None:
    started = time.process_time()
    rendered('"' + text * (200_000 // len(text)) + '"')
    assert time.process_time() - started < 10


@given(st.text("{}.aZ_ -|\n", max_size=14))
@example("{{ .Name }}")
@example("a{{.Name}}}b")
def test_a_text_with_one_field_is_worth_what_all_of_a_template_is(text: str) -> None:
    for written in (text, f"a{{{{ .{text}", f"{text}{{{{ .aZ }}}}", f"{{{{ .aZ }}}}{text}"):
        if field := _ONE_FIELD.fullmatch(written):
            assert render(written, tree_of(written, ()), {}) == at_run(field[1])
