"""The variables of legacy templates → what each is worth, and what comes of them in components."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from packlint.document import Document
from packlint.evaluate import evaluate
from packlint.files import Files
from packlint.lower import lower
from packlint.model import Configuration, Template
from packlint.parse import parse
from packlint.value import Failure, Known, Unknown, Value


def evaluated(
    variables: dict[str, str | None], sensitive: tuple[str, ...] = (), **arguments: Any
) -> Configuration:
    """A template with these variables and one builder with these arguments."""
    text = json.dumps(
        {
            "variables": variables,
            "sensitive-variables": sensitive,
            "builders": [{"type": "qemu", "name": "vm", **arguments}],
        }
    )
    file, problems = parse(Document("sub/t.json", text))
    assert problems == ()
    (configuration,), told = lower(Template("sub/t.json", ("sub/t.json",), Files(Path.cwd())), [file])
    assert told == ()
    return evaluate(configuration)


def values(variables: dict[str, str | None], sensitive: tuple[str, ...] = ()) -> dict[str, Value]:
    """The values of variables by their names."""
    return {v.name: v.value for v in evaluated(variables, sensitive).variables}


def argument(variables: dict[str, str | None], text: Any, sensitive: tuple[str, ...] = ()) -> Value:
    """The value of a builder's argument."""
    (source,) = evaluated(variables, sensitive, a=text).sources
    return source.arguments.by_name["a"].value


def test_variables_speak_of_one_another_in_any_order() -> None:
    found = values({"c": "{{user `b`}}/c", "a": "a", "b": "{{user `a`}}/b"})
    assert {name: value.known(str) for name, value in found.items()} == {"a": "a", "b": "a/b", "c": "a/b/c"}
    assert found["a"].default_of == "a"


def test_variables_that_need_one_another_are_not_known() -> None:
    found = values(
        {"a": "{{user `b`}}", "b": "{{user `a`}}", "c": "{{user `c`}}", "d": "{{user `a`}}", "e": "e"}
    )
    assert [name for name, value in found.items() if isinstance(value, Known)] == ["e"]
    assert isinstance(found["c"], Unknown)
    assert found["c"].because == "variable `c` depends on itself"


@pytest.mark.parametrize(
    "text",
    ["{{env `HOME`}}", "{{timestamp}}", "x-{{isotime `2006`}}", "{{uuid}}", "{{user `none`}}"],
)
def test_what_a_run_decides_is_not_known(text: str) -> None:
    found = values({"a": text, "b": "{{user `a`}}-b"})
    assert isinstance(found["a"], Unknown)
    assert isinstance(found["b"], Unknown)


def test_a_default_that_cannot_be_rendered_is_told_and_not_known() -> None:
    file, _ = parse(Document("t.json", '{"variables": {"a": "{{ user"}, "builders": [{"type": "qemu"}]}'))
    (configuration,), told = lower(Template("t.json", ("t.json",), Files(Path.cwd())), [file])
    assert [diagnostic.rule for diagnostic in told] == ["invalid-legacy-template"]
    (variable,) = evaluate(configuration).variables
    assert isinstance(variable.value, Unknown)


def test_what_is_left_for_the_plugin_is_text() -> None:
    assert values({"a": "{{ .Vars }} sh {{ .Path }}"})["a"].known(str) == "{{ .Vars }} sh {{ .Path }}"


def test_a_required_variable_has_no_value() -> None:
    (value,) = values({"a": None}).values()
    assert value == Unknown("`var.a` has no default", value.type)


def test_an_empty_default_is_to_be_supplied() -> None:
    assert values({"a": ""})["a"].to_be_supplied
    assert isinstance(argument({"a": ""}, "x-{{user `a`}}"), Unknown)
    assert argument({"a": ""}, "{{user `a`}}").to_be_supplied


def test_sensitivity_is_handed_on() -> None:
    found = values({"secret": "s", "derived": "{{user `secret`}}!", "shown": "x"}, ("secret",))
    assert {name: value.sensitive for name, value in found.items()} == {
        "secret": True,
        "derived": True,
        "shown": False,
    }
    assert argument({"secret": "s"}, "{{user `secret`}}", ("secret",)).sensitive
    assert argument({"secret": "s"}, "{{user `secret` | upper}}", ("secret",)).sensitive


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("{{user `a`}}", "A"),
        ("x-{{user `a`}}-{{user `b`}}", "x-A-{{ .Name }}"),
        ("{{template_dir}}/x", "sub/x"),
        ("{{timestamp}}", "{{timestamp}}"),
        ("$${x} ${y}", "$${x} ${y}"),
        ("{{user `b` | upper}}", "{{ .NAME }}"),
        ("x-{{user `a` | lower | replace_all `a` `z`}}", "x-z"),
        ("{{if true}}{{user `a`}}{{end}}", "A"),
        ("{{$x := user `a`}}{{$x}}{{lower $x}}", "Aa"),
        ("{{pwd}}/x", None),
        ("{{if true}}{{user `a`}}{{end}} {{ .Name }}", None),
        ("{{user `a` | printf `%s-%s` build_name}}", None),
        ("{{pwd | len}}", None),
    ],
)
def test_strings_of_components(text: str, known: str | None) -> None:
    assert argument({"a": "A", "b": "{{ .Name }}"}, text).known(str) == known


def test_strings_within_values_are_rendered_too() -> None:
    value = argument({"k": "key", "v": "value"}, {"{{user `k`}}": ["{{user `v`}}", {"x": "{{user `v`}}"}]})
    assert isinstance(value, Known)
    assert value.entries is not None
    (items,) = (item.items for item in value.entries.values())
    assert list(value.entries) == ["key"]
    assert items is not None
    assert items[0].known(str) == "value"


def test_the_reason_shows_what_is_written() -> None:
    value = argument({"a": None}, "{{user `a` | lower}}")
    assert isinstance(value, Unknown)
    assert value.because == "depends on `{{user `a` | lower}}`"


@pytest.mark.parametrize("text", ["{{build_name}}", "{{build `ID`}}", "{{foo}}", "{{user `a` | foo}}"])
def test_a_default_that_cannot_be_rendered_fails(text: str) -> None:
    value = values({"a": "a", "b": text})["b"]
    assert isinstance(value, Failure)
    assert (value.fault, value.default_of) == ("template", "b")
    assert value.range is not None
    assert value.range.text in text


@pytest.mark.parametrize("text", ["{{env `HOME`}}", "{{user `a` | foo}}", "{{vault `a` (user `a`)}}"])
def test_an_argument_that_cannot_be_rendered_fails(text: str) -> None:
    value = argument({"a": "a"}, text)
    assert isinstance(value, Failure)
    assert value.fault == "template"


def test_what_a_plugin_of_another_make_does_with_it_is_not_known() -> None:
    text = '{"builders": [{"type": "somebodys", "a": "{{env `A`}}", "b": "{{user `c` | upper}}"}]}'
    file, _ = parse(Document("t.json", text))
    (configuration,), _ = lower(Template("t.json", ("t.json",), Files(Path.cwd())), [file])
    arguments = evaluate(configuration).sources[0].arguments
    assert [type(arguments.value(name)) for name in "ab"] == [Unknown, Unknown]


def test_what_the_component_renders() -> None:
    """The values of user variables are not rendered once more."""
    found = evaluated(
        {"a": "A", "b": "{{ .Name | foo }}"},
        upper="{{user `a`}}-{{ upper `b` }}",
        told_in_another_way="{{user `b`}}{{ foo }}",
        name_of_build="{{build_type}}",
        failing="{{ foo }}",
        later="{{ .Vars }}",
        plain="{{user `a`}}",
    )
    rendered = {it.name: it.rendered for it in found.sources[0].arguments}
    assert {name: value.known(str) for name, value in rendered.items() if value} == {
        "upper": "A-B",
        "told_in_another_way": None,
        "name_of_build": "qemu",
        "failing": None,
        "later": None,
    }
    assert isinstance(rendered["failing"], Failure)
    assert not isinstance(rendered["told_in_another_way"], Failure)


RENDERED = {
    "a": "A",
    "b": "{{user `a`}}-b",
    "trimmed": "x {{- user `a` -}}  y",
    "blanks": "{{  user   `a`  }}",
    "quoted": '{{user "a"}}',
    "hexadecimal": '{{user "\\x61"}}',
    "octal": '{{"\\101\\u0042\\"\\\\"}}',
    "raw": "{{`\\x41`}}",
    "braces": "{{`{{`}}x{{`}}`}}",
    "comment": "a{{/* user `a` */}}b",
    "trimmed comment": "a {{- /* nothing */ -}} b",
    "later": "{{ .Name }}/{{.Other | upper}}/{{user `a`}}",
    "later and trimmed": "{{ .Name -}} x {{- user `a`}}",
    "later and never": "{{ .A | foo }}{{user `a`}}",
    "letters": "\u00e9{{user `a`}}\U0001f600{{user `b`}}",
    "my-name.x": "{{user `b`}}{{user `trimmed`}}",
    "no template": "} } { { }}",
    "pipe": "{{user `a` | lower}}",
    "pipes": "{{ user `b` | lower | upper | replace_all `-` `_` }}",
    "condition": "{{if true}}{{user `a`}}{{end}}",
    "other condition": "{{if eq (user `a`) `B`}}b{{else if user `a`}}a{{else}}c{{end}}",
    "parentheses": "{{(user `a`)}}",
    "variable": "{{$x := user `b`}}{{upper $x}}-{{lower $x}}",
    "split": "{{split (user `b`) `-` 1}}",
    "piped split": "{{1 | split (user `b`) `-`}}",
    "replace": "{{replace `A` `z` 1 (user `b`)}}",
    "replace all": "{{user `b` | replace_all `b` ``}}",
    "printed": "{{print (user `a`) 1 2 (user `b`)}}",
    "format": "{{user `a` | printf `%s/%s` `x`}}",
    "length": "{{len (user `b`)}}",
    "constant": "{{upper `a`}}{{lower `B`}}",
    "not": "{{not (user `a`)}}",
    "within": "{{upper (print (user `a`) (lower (user `b`)))}}",
    "or": "{{or `` (user `b`)}}",
    "and": "{{and (user `a`) `x`}}",
    "with": "{{with user `a`}}x{{end}}",
}
WITHOUT_VALUE = {
    *("{{env `HOME`}}", "{{env `HOME` | upper}}", "{{timestamp}}", "{{isotime}}", "{{isotime `2006` | len}}"),
    *("{{isotime | replace_all `-` ``}}", "{{strftime `%Y`}}", "{{uuid}}", "{{pwd}}", "{{pwd | upper}}"),
    *("{{template_dir | len}}", "{{user `a` | html}}", "{{if .X}}a{{end}}", "{{- .A}}", "{{  .A }}"),
    *("{{printf `%s` .A}}", "{{user `a`}}{{timestamp}}", "{{.A}}{{if true}}{{.B}}{{end}}"),
}
"""Defaults that Packer renders, to what only it can tell."""

REFUSED = (
    *(
        "{{foo}}",
        "{{user `a` | foo}}",
        "{{user}}",
        "{{user `a` `b`}}",
        "{{user 1}}",
        "{{env}}",
        "{{upper 1}}",
    ),
    *("{{build_name}}", "{{build_type}}", "{{build `ID`}}", "{{sed `a` `b`}}", "{{split (user `a`) `-` 1}}"),
    *(
        "{{if true}}{{user `a`}}",
        "{{end}}",
        "{{$x}}{{user `a`}}",
        "{{.A}}{{foo}}",
        "{{user `a` | replace 1}}",
    ),
    *(
        "{{vault `a`}}",
        "{{user `a` | replace 1}}",
        "{{aws_secretsmanager_raw}}",
        "{{'a' | upper}}{{foo}}",
        "{{(user `a`}}",
    ),
    *("{{isotime `2006` `01`}}", "{{user `a` | user `a`}}", '{{"a" "b"}}', "{{`a` | `b`}}"),
)

COMPONENT = {
    "{{user `a`}}": "A",
    "{{user `none`}}": None,
    "{{user `a` | lower}}": "a",
    "{{if user `a`}}x{{end}}": "x",
    "{{user `a`}}{{upper `b`}}": "AB",
    "{{build_type}}": "file",
    "{{len build_name}}": "2",
    '{{"{{user `a`}}"}}': "{{user `a`}}",
    "{{$x := user `a`}}{{$x}}": "A",
    "{{`{{`}}{{user `a`}}": "{{A",
    "{{user `later`}}": None,
}
"""What a `file` builder writes; None where it depends on more than the template."""

COMPONENT_REFUSED = (
    *("{{env `A`}}", "{{env `A` | upper}}", "{{consul_key `a`}}", "{{vault `a` `b`}}", "{{sed `a` `b`}}"),
    *("{{build `ID`}}", "{{foo}}", "{{user}}", "{{user `a` | foo}}", "{{split `a` `-` 1}}", "{{if true}}x"),
    *("{{user `a`}}{{end}}", "{{aws_secretsmanager `a`}}", "{{user `a`}}{{$x}}", "{{upper 1}}{{user `a`}}"),
    "{{clean_resource_name `a`}}",
)


def packer(folder: Path, template: dict[str, Any], *arguments: str, stdin: str = "") -> tuple[int, str]:
    """The exit code of Packer for a template, and what it says."""
    (folder / "t.json").write_text(json.dumps(template), encoding="utf-8")
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "PACKER_LOG": "", "HOME": str(folder)}
    done = subprocess.run(
        ["packer", *arguments, "t.json"],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
        env=environment,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


NULL = {"type": "null", "communicator": "none"}
NO_PACKER = pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")


@NO_PACKER
def test_the_values_are_those_of_packer(tmp_path: Path) -> None:
    template = {"variables": RENDERED, "builders": [NULL]}
    code, out = packer(tmp_path, template, "console", stdin="variables\n")
    assert code == 0, out
    theirs = dict(re.findall(r"^(.+?): (.*),$", out, re.MULTILINE))
    ours = {name: value.known(str) for name, value in values(dict(RENDERED)).items()}
    assert ours == {name: theirs[name] for name in ours}


@NO_PACKER
def test_packer_takes_what_it_alone_can_tell(tmp_path: Path) -> None:
    variables = {"a": "A", **{f"v{number}": text for number, text in enumerate(sorted(WITHOUT_VALUE))}}
    code, out = packer(tmp_path, {"variables": variables, "builders": [NULL]}, "validate")
    assert code == 0, out
    found = values(dict(variables))
    assert [type(found[name]) for name in variables] == [Known, *[Unknown] * len(WITHOUT_VALUE)]


@NO_PACKER
@pytest.mark.parametrize("text", REFUSED)
def test_a_default_fails_where_packer_does(text: str, tmp_path: Path) -> None:
    variables: dict[str, str | None] = {"a": "A", "b": text}
    code, _ = packer(tmp_path, {"variables": variables, "builders": [NULL]}, "validate")
    assert code != 0
    assert isinstance(values(variables)["b"], Failure)


def of_file(text: str) -> tuple[Value | None, Value]:
    """What is rendered of the content of a `file` builder, and the content."""
    template = {"variables": VARIABLES, "builders": [{"type": "file", "name": "b0", "content": text}]}
    file, _ = parse(Document("t.json", json.dumps(template)))
    (configuration,), _ = lower(Template("t.json", ("t.json",), Files(Path.cwd())), [file])
    found = evaluate(configuration).sources[0].arguments.by_name["content"]
    return found.rendered, found.value


VARIABLES = {"a": "A", "later": "{{ .Name }}"}


@NO_PACKER
def test_a_component_makes_of_it_what_packer_does(tmp_path: Path) -> None:
    builders = [
        {"type": "file", "name": f"b{number}", "content": text, "target": f"{number}.txt"}
        for number, text in enumerate(COMPONENT)
    ]
    code, out = packer(tmp_path, {"variables": VARIABLES, "builders": builders}, "build")
    assert code == 0, out
    for number, (text, expected) in enumerate(COMPONENT.items()):
        theirs = (tmp_path / f"{number}.txt").read_text(encoding="utf-8")
        rendered, value = of_file(text)
        ours = (value if rendered is None else rendered).known(str)
        assert ours == expected, text
        assert expected in (None, theirs), text


@NO_PACKER
def test_a_component_refuses_what_packer_does(tmp_path: Path) -> None:
    builders = [
        {"type": "file", "name": f"b{number:02}", "content": text, "target": "x"}
        for number, text in enumerate(COMPONENT_REFUSED)
    ]
    _, out = packer(tmp_path, {"variables": VARIABLES, "builders": builders}, "validate")
    refused = {int(number) for number in re.findall(r'prepare build: "b(\d\d)"', out)}
    assert refused == set(range(len(COMPONENT_REFUSED))), out
    for text in COMPONENT_REFUSED:
        assert any(isinstance(value, Failure) for value in of_file(text)), text
