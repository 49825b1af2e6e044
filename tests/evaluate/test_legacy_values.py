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
from packlint.value import Known, Unknown, Value


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
        ("{{user `a` | upper}}", None),
        ("{{pwd}}/x", None),
        ("{{if true}}{{user `a`}}{{end}}", None),
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
    "letters": "\u00e9{{user `a`}}\U0001f600{{user `b`}}",
    "my-name.x": "{{user `b`}}{{user `trimmed`}}",
    "no template": "} } { { }}",
    "pipe": "{{user `a` | lower}}",
    "condition": "{{if true}}{{user `a`}}{{end}}",
    "parentheses": "{{(user `a`)}}",
}
UNKNOWN = {"pipe", "condition", "parentheses"}


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
def test_the_values_are_those_of_packer(tmp_path: Path) -> None:
    template = {"variables": RENDERED, "builders": [{"type": "null", "communicator": "none"}]}
    (tmp_path / "t.json").write_text(json.dumps(template), encoding="utf-8")
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "PACKER_LOG": "", "HOME": str(tmp_path)}
    done = subprocess.run(
        ["packer", "console", "t.json"],
        input="variables\n",
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=tmp_path,
        env=environment,
        timeout=60,
    )
    theirs = dict(re.findall(r"^(.+?): (.*),$", done.stdout, re.MULTILINE))
    ours = {name: value.known(str) for name, value in values(dict(RENDERED)).items()}
    assert {name for name, value in ours.items() if value is None} == UNKNOWN
    assert {name: theirs[name] for name in ours if name not in UNKNOWN} == {
        name: value for name, value in ours.items() if name not in UNKNOWN
    }
