"""What `invalid-template-action` says, once for each mistake, and where it is silent."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic, Severity
from packlint.pipeline import run
from packlint.settings import Settings

RULES = ("invalid-template-action", "invalid-legacy-template", "invalid-expression", "syntax-error")


def found(folder: Path, text: str, name: str = "t.pkr.hcl") -> list[Diagnostic]:
    """What these rules say of a template."""
    (folder / name).write_text(cleandoc(text) + "\n", encoding="utf-8")
    return [d for d in run([folder], Settings(), folder).diagnostics if d.rule in RULES]


def of_text(folder: Path, text: str, more: str = "") -> list[Diagnostic]:
    """What they say of a string of a provisioner."""
    template = (
        f'{more}\nsource "null" "n" {{\n  communicator = "none"\n}}\nbuild {{\n  sources = ["null.n"]\n'
        f'  provisioner "shell-local" {{\n    inline = ["{text}"]\n  }}\n}}'
    )
    return found(folder, template)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{{ user `size` }}", "write `${var.size}`"),
        ('{{ user \\"size\\" }}', "write `${var.…}`"),
        ("{{ user `a b` }}", "write `${var.…}`"),
        ("{{ env `HOME` }}", 'give a variable the default `env("HOME")` and write `${var.…}`'),
        ("{{ template_dir }}/x", "write `${path.root}`"),
        ("{{ uper `a` }}", "did you mean `upper`?"),
        ("{{ json .Names }}", "where two braces are meant as text, write ``{{`{{`}}``"),
        ("{{ wholly_other }}", "if another program is to fill this in, check the file that it writes"),
        ("{{ Vars }}", "a field begins with a dot"),
    ],
)
def test_the_hint_says_what_to_do(text: str, hint: str, tmp_path: Path) -> None:
    (diagnostic,) = of_text(tmp_path, text)
    assert diagnostic.severity == Severity.ERROR
    assert hint in (diagnostic.hint or "")


@pytest.mark.parametrize(
    "text",
    [
        "docker ps --format '{{.Names}}'",
        "docker ps --format '{{.Names}}\\t{{ .Status }}'",
        "echo {{ if .Sudo }}sudo{{ end }} {{ isotime }} {{ uuid }} {{ pwd }} {{ build `ID` }}",
        "{{ range .Items }}{{ .Name }}{{ end }}",
        "{ { foo } }",
        "}} {%",
        "{{`{{ foo }}`}}",
        "{{/* foo */}}",
        "${build.ID} {{ foo }}",
    ],
)
def test_what_is_rendered_or_in_doubt_is_silent(text: str, tmp_path: Path) -> None:
    assert of_text(tmp_path, text) == []


def test_a_secret_is_not_shown(tmp_path: Path) -> None:
    secret = 'variable "s" {\n  default = "{{ hunter2 }}"\n  sensitive = true\n}'
    (diagnostic,) = of_text(tmp_path, "${var.s}", secret)
    assert "hunter2" not in f"{diagnostic.message}{diagnostic.hint}"
    assert diagnostic.severity == Severity.WARNING


def test_a_file_that_another_program_fills_in_has_its_syntax_errors(tmp_path: Path) -> None:
    text = """
        source "null" "n" {
          communicator = "{{ communicator }}"
          {% if linux %}
        }
        build {
          sources = ["null.n"]
        }
        """
    assert {diagnostic.rule for diagnostic in found(tmp_path, text)} == {"syntax-error"}


@pytest.mark.parametrize(
    ("default", "argument", "rules"),
    [
        ("{{ foo }}", "{{ user `a` }}", ["invalid-template-action"]),
        ("{{ user", "{{ user `a` }}", ["invalid-legacy-template"]),
        ("x", "{{ user `a` | foo }}", ["invalid-template-action"]),
        ("x", "{{ user `a`", ["invalid-legacy-template"]),
        ("x", "{{ foo }} {{ user `a` }}", ["invalid-template-action"]),
        ("x", "{{ if true }} {{ user `a` }}", ["invalid-template-action"]),
        ("{{ env `A` }}", "{{ user `a` | upper }}", []),
        ("", "{{ split (user `a`) `-` 1 }}", []),
        ("{{ .Name | foo }}", "{{ user `a` }}", []),
    ],
)
def test_one_mistake_of_a_legacy_template_is_told_once(
    default: str, argument: str, rules: list[str], tmp_path: Path
) -> None:
    text = f"""
        {{
          "variables": {{ "a": "{default}" }},
          "builders": [{{ "type": "null", "communicator": "none" }}],
          "provisioners": [{{ "type": "shell-local", "inline": ["{argument}"] }}]
        }}
        """
    assert [diagnostic.rule for diagnostic in found(tmp_path, text, "t.json")] == rules


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{{ user }}", "name one variable: ``{{user `name`}}``"),
        ("{{ user `a` `b` }}", "name one variable: ``{{user `name`}}``"),
        ("{{ template_dir `a` }}", "write `{{template_dir}}`"),
        ("{{ env `A` }}", "give a variable the default ``{{env …}}`` and use it with ``{{user …}}``"),
        ("{{ uper `a` }}", "did you mean `upper`?"),
    ],
)
def test_the_hint_in_a_legacy_template_is_none_for_hcl(text: str, hint: str, tmp_path: Path) -> None:
    template = f"""
    {{
      "variables": {{ "a": "1", "b": "2" }},
      "builders": [{{ "type": "null", "communicator": "none" }}],
      "provisioners": [{{ "type": "shell-local", "inline": ["{text}"] }}]
    }}
    """
    (diagnostic,) = found(tmp_path, template, "t.json")
    assert diagnostic.hint == hint


def test_the_hint_in_hcl_as_json_is_that_for_hcl(tmp_path: Path) -> None:
    template = """
    {
      "source": { "null": { "n": { "communicator": "none" } } },
      "build": { "sources": ["null.n"], "provisioner": { "shell-local": { "inline": ["{{ user }}"] } } }
    }
    """
    (diagnostic,) = found(tmp_path, template, "t.pkr.json")
    assert diagnostic.hint == "write `${var.…}`"
