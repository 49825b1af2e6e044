"""Strings of legacy templates that are no Go templates: what is told of them, and Packer's verdict."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from packlint.diagnostic import Diagnostic
from packlint.document import Document
from packlint.files import Files
from packlint.gotemplate.lexer import actions
from packlint.lower import lower
from packlint.model import Template
from packlint.parse import parse

NULL = {"type": "null", "communicator": "none"}
UNCLOSED = "`{{` is not closed by `}}`"
RENDER = ", so that Packer cannot render the default"

BAD = {
    "a brace": ("{{user `b`}", UNCLOSED, "{{user `b`}"),
    "a brace and more": ("x-{{user `b`}-y", UNCLOSED, "{{user `b`}"),
    "both braces": ("{{user `b`", UNCLOSED, "{{user `b`"),
    "a field": ("{{.Path}", UNCLOSED, "{{.Path}"),
    "apart": ("{{user `b`} }", UNCLOSED, "{{user `b`}"),
    "the second": ("{{user `a`}} {{user `b`}", UNCLOSED, "{{user `b`}"),
    "a backtick": ("{{user `b}}", "a string between `{{` and `}}` is not closed", "{{user `"),
    "a quote": ('{{user "b}}', "a string between `{{` and `}}` is not closed", '{{user \\"'),
    "a brace too many": ("{{{user `b`}}}", "`{` cannot stand between `{{` and `}}`", "{{{"),
    "nothing": ("a {{}} b", "nothing stands between `{{` and `}}`", "{{}"),
    "a foreign template": ("{{ a['b'] }}", "`[` cannot stand between `{{` and `}}`", "{{ a["),
    "a comment": ("{{/* a }}", UNCLOSED, "{{/* a }}"),
    "a comment apart": ("{{ /* a */ }}", "`/` cannot stand between `{{` and `}}`", "{{ /"),
}

GOOD = {
    "text": "a }} b } {x} { {",
    "an action": "{{`{{`}} {{- .Name -}} {{/* a */}}",
    "a line break": "{{\n`a`}}",
    "numbers": "{{1}} {{-.5}} {{+1}} {{.5}}",
}


def default(text: str) -> dict[str, Any]:
    """A template with a variable."""
    return {"variables": {"a": text}, "builders": [NULL]}


def argument(text: str) -> dict[str, Any]:
    """A template with a step."""
    step = {"type": "manifest", "custom_data": {"a": text}}
    return {"builders": [NULL], "post-processors": [step]}


def told(template: dict[str, Any]) -> list[Diagnostic]:
    """What lowering says of a template."""
    file, problems = parse(Document("t.json", json.dumps(template, indent=2)))
    assert problems == ()
    _, diagnostics = lower(Template("t.json", ("t.json",), Files(Path.cwd())), [file])
    assert {d.rule for d in diagnostics} <= {"invalid-legacy-template"}
    return list(diagnostics)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_default_is_a_warning_since_another_value_may_be_given(name: str) -> None:
    text, message, place = BAD[name]
    (diagnostic,) = told(default(text))
    assert (diagnostic.severity.value, diagnostic.message) == ("warning", message + RENDER)
    assert diagnostic.range.text == place


@pytest.mark.parametrize("name", BAD)
def test_a_bad_argument_is_an_error(name: str) -> None:
    text, message, place = BAD[name]
    (diagnostic,) = told(argument(text))
    assert (diagnostic.severity.value, diagnostic.message) == ("error", message)
    assert diagnostic.range.text == place


@pytest.mark.parametrize("name", GOOD)
def test_what_go_parses_is_not_told(name: str) -> None:
    assert told(default(GOOD[name])) == told(argument(GOOD[name])) == []


SHELL = {"type": "shell-local", "command": "true"}
EVERYWHERE: dict[str, dict[str, Any]] = {
    "builder": {"builders": [{**NULL, "ssh_host": "{{.X}"}]},
    "no argument of it": {"builders": [{**NULL, "nothing": "{{.X}"}]},
    "not rendered": {"builders": [NULL], "provisioners": [{**SHELL, "execute_command": ["{{.X}"]}]},
    "cleanup": {"builders": [NULL], "error-cleanup-provisioner": {**SHELL, "command": "{{.X}"}},
    "override": {
        "builders": [NULL],
        "provisioners": [{**SHELL, "override": {"null": {"command": "{{.X}"}}}],
    },
    "chain": {"builders": [NULL], "post-processors": [[{"type": "manifest", "output": "{{.X}"}]]},
    "key": {"builders": [NULL], "post-processors": [{"type": "manifest", "custom_data": {"{{.X}": "a"}}]},
}


@pytest.mark.parametrize("name", EVERYWHERE)
def test_every_string_of_a_component_is_looked_at(name: str) -> None:
    (diagnostic,) = told(EVERYWHERE[name])
    assert (diagnostic.message, diagnostic.range.text) == (UNCLOSED, "{{.X}")


@pytest.mark.parametrize(
    "template",
    [
        {"builders": [{"type": "of-another-make", "a": "{{.X}"}]},
        {"builders": [NULL], "description": "{{.X}", "_comment": "{{.X}"},
        {"builders": [NULL], "variables": {"a": "{{ .A }{ }}"}},
    ],
    ids=["plugin", "text", "left for later"],
)
def test_what_packer_need_not_render_is_not_told(template: dict[str, Any]) -> None:
    assert told(template) == []


@pytest.mark.parametrize("text", [r'{{"\xc3\xa9"}}', r'{{"\ud800"}}'])
def test_what_depends_on_the_version_of_go_is_not_told(text: str) -> None:
    assert actions(text) is None
    assert told(argument(text)) == []


def test_a_comment_that_is_never_closed_ends_the_text() -> None:
    assert actions("}}}{{/* a") is None


def renders(template: dict[str, Any], folder: Path, *arguments: str) -> bool:
    """Whether Packer accepts a template; where it does not, it blames the text of one in it."""
    path = folder / "t.json"
    path.write_text(json.dumps(template), encoding="utf-8")
    environment = {**os.environ, "CHECKPOINT_DISABLE": "1", "PACKER_LOG": "", "HOME": str(folder)}
    command = ["packer", "validate", *arguments, str(path)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder, env=environment, timeout=60)
    assert (done.returncode == 0) is (b"template: root:" not in done.stdout + done.stderr), done
    return done.returncode == 0


@pytest.mark.skipif(shutil.which("packer") is None, reason="packer is not installed")
@pytest.mark.parametrize("name", [*BAD, *GOOD, *EVERYWHERE])
def test_the_verdict_is_that_of_packer(name: str, tmp_path: Path) -> None:
    if name in EVERYWHERE:
        assert not renders(EVERYWHERE[name], tmp_path)
        return
    text = GOOD[name] if name in GOOD else BAD[name][0]
    assert renders(argument(text), tmp_path) is (name in GOOD)
    if name in BAD:
        assert not renders(default(text), tmp_path)
        assert renders(default(text), tmp_path, "-var", "a=x")
