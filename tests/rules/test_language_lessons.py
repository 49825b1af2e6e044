"""What the rules about leftovers of other languages and systems must not say, and say just so."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic, Severity
from packlint.testing import findings

BRACE = "misplaced-interpolation-brace"
FUNCTION = "legacy-template-function-in-hcl"
LEGACY = "legacy-json-template"
CRLF = "unix-script-crlf"

SCRIPT = "#!/bin/sh -e\r\ntrue\r\n"


def in_step(rule: str, body: str, more: str = "", type_: str = "shell-local") -> tuple[Diagnostic, ...]:
    """What is found in a template with one step."""
    text = f'source "null" "n" {{\n  communicator = "none"\n}}\n{more}\nbuild {{\n  sources = ["null.n"]\n'
    step = f'  provisioner "{type_}" {{\n{body}\n  }}\n'
    return findings(rule, {"t.pkr.hcl": f"{text}{step}}}\n"})


def places(found: tuple[Diagnostic, ...]) -> list[str]:
    return [it.range.text for it in found]


# misplaced-interpolation-brace

VARIABLE = 'variable "name" {\n  default = "web"\n}\nlocals {\n  of-b = "b"\n}'


def test_the_place_is_exact_beside_escapes_and_other_interpolations() -> None:
    (one,) = in_step(BRACE, r'inline = ["a\t\"é\" ${var.name} {$var.name} b"]', VARIABLE)
    assert one.range.text == "{$var.name}"
    assert one.fix is not None
    assert [(edit.range.text, edit.replacement) for edit in one.fix.edits] == [("{$", "${")]


@pytest.mark.parametrize("text", ["{$local.of-b}", "{$var.name[0]}", "{$build.name}", "{$source.type}"])
def test_what_is_meant_as_an_interpolation(text: str) -> None:
    assert places(in_step(BRACE, f'inline = ["echo {text}"]', VARIABLE)) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "{$var.other}",  # is not declared
        "{$env.name}",
        "{ $var.name }",
        "$${$var.name}",  # `${$var.name}` for a shell
        "{$var.name + 1}",
        "{$build.Status}",
        "{$source.path}",
        "$var = 1; {$var.name}",
        "foreach ($var in $all) {$var.name}",
        "$${var}; {$var.name}",
    ],
)
def test_a_script_block_of_another_language(text: str) -> None:
    assert not in_step(BRACE, f'inline = ["{text}"]', VARIABLE)


def test_what_only_a_build_knows_is_not_meant_in_a_source() -> None:
    text = 'source "file" "a" {\n  content = "{$source.name} {$build.name}"\n  target = "a"\n}\n'
    assert not findings(BRACE, {"t.pkr.hcl": text})


def test_a_fix_of_a_local_may_change_more() -> None:
    (one,) = in_step(BRACE, 'inline = ["true"]', f'{VARIABLE}\nlocals {{\n  c = "{{$var.name}}"\n}}')
    assert one.fix is not None
    assert not one.fix.safe


def test_a_legacy_template_has_no_interpolations() -> None:
    builder = {"type": "null", "communicator": "none"}
    step = {"type": "shell-local", "inline": ["{$var.name}"]}
    template = {"variables": {"name": "a"}, "builders": [builder], "provisioners": [step]}
    assert not findings(BRACE, {"t.json": json.dumps(template)})


# legacy-template-function-in-hcl


def test_placeholders_of_a_run_are_no_legacy_functions() -> None:
    body = 'execute_command = ["sh", "-c", "{{.Vars}} {{ .Script }} {{ build `ID` }}"]\ninline = ["true"]'
    assert not in_step(FUNCTION, body)


@pytest.mark.parametrize(
    "text",
    [
        "{{ clean_resource_name build_name }}",
        "{{ split build_name `-` 0 }}",
        "{{ if true }}{{ end }}",
        "{{`{{timestamp}}`}}",
        "{{/* timestamp */}}",
        "{{ printf `timestamp` }}",
        "{{ user `x` }} {{ env `X` }} {{ template_dir }}",  # invalid-template-action tells these
    ],
)
def test_what_hcl_has_nothing_for_or_another_rule_tells(text: str) -> None:
    assert not in_step(FUNCTION, f'inline = ["{text}"]')


@pytest.mark.parametrize(
    ("action", "hint"),
    [
        ("timestamp", 'write `${formatdate("YYYYMMDDhhmmss", timestamp())}`'),
        ("isotime", "write `${timestamp()}`"),
        ("isotime `2006-01-02 15:04:05`", 'write `${formatdate("YYYY-MM-DD hh:mm:ss", timestamp())}`'),
        ("isotime `Jan _2`", 'use `formatdate("…", timestamp())` of HCL'),
        ("build_name", "write `${source.name}`"),
        ("build_name | upper", "use `source.name` of HCL"),
        ("upper `a`", "use `upper(…)` of HCL"),
        ("pwd", "write `${path.cwd}`"),
    ],
)
def test_what_to_write_instead(action: str, hint: str) -> None:
    (one,) = in_step(FUNCTION, f'inline = ["a {{{{ {action} }}}} b"]')
    assert one.range.text == f"{{{{ {action} }}}}"
    assert one.hint == hint


def test_the_local_name_of_a_source_is_not_what_the_function_gives() -> None:
    def step(sources: str) -> bool:
        text = f'source "null" "n" {{}}\nbuild {{\n{sources}\n  provisioner "shell-local" {{\n'
        more = '    inline = ["echo {{build_name}}"]\n  }\n}\n'
        (one,) = findings(FUNCTION, {"t.pkr.hcl": text + more})
        assert one.hint == "write `${source.name}`"
        return one.fix is not None and one.fix.safe

    assert step('sources = ["null.n"]')
    assert not step('source "null.n" {\n  name = "m"\n}')


def test_a_source_may_not_know_its_name_in_older_packer() -> None:
    source = 'source "file" "a" {\n  content = "{{build_name}}"\n  target = "a"\n}\n'
    (one,) = findings(FUNCTION, {"t.pkr.hcl": f'{source}build {{\n  sources = ["file.a"]\n}}\n'})
    assert one.hint == "write `${source.name}`"
    assert one.fix is None


def test_text_that_goes_through_a_function_is_left_alone() -> None:
    assert not in_step(FUNCTION, 'inline = [replace("{{timestamp}}", "{", "")]')


def test_text_for_another_program_where_it_is_not_known_who_renders() -> None:
    text = 'source "unheard-of" "a" {\n  name = "{{timestamp}}"\n}\nbuild {\n  sources = ["unheard-of.a"]\n}'
    assert not findings(FUNCTION, {"t.pkr.hcl": text})


@pytest.mark.skipif(shutil.which("packer") is None, reason="there is no packer")
def test_packer_gives_the_same_for_what_the_safe_fixes_write(tmp_path: Path) -> None:
    pairs = {
        "{{build_name}}": "${source.name}",
        "{{build_type}}": "${source.type}",
        "{{isotime `2006-01-02`}}": '${formatdate("YYYY-MM-DD", timestamp())}',
    }
    lines = ", ".join(f'"echo [{old}=", "echo ={new}]"' for old, new in pairs.items())
    source = 'source "null" "n" {\n  communicator = "none"\n}\n'
    step = f'  provisioner "shell-local" {{\n    inline = [{lines}]\n  }}\n'
    body = f'{source}build {{\n  sources = ["null.n"]\n{step}}}\n'
    (tmp_path / "t.pkr.hcl").write_text(body, encoding="utf-8")
    ran = subprocess.run(
        ["packer", "build", "-color=false", "."], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    told = [
        line.removeprefix("    null.n: ") for line in ran.stdout.splitlines() if line.startswith("    null.n")
    ]
    assert len(told) == 2 * len(pairs)
    for old, new in zip(told[::2], told[1::2], strict=True):
        assert old[1:-1] == new[1:-1] != ""


# legacy-json-template


def test_a_legacy_template_is_told_once_at_its_start() -> None:
    builders = [{"type": "null", "communicator": "none"}, {"type": "file", "target": "a", "content": "b"}]
    (one,) = findings(LEGACY, {"a/t.json": "\n" + json.dumps({"builders": builders}, indent=1)})
    assert (one.range.first.line, one.range.text, one.severity) == (2, "{", Severity.NOTE)
    assert one.hint == "`packer hcl2_upgrade -with-annotations a/t.json` writes it in HCL"


# unix-script-crlf


def uploaded(
    files: dict[str, str], source: str = 'source = "a.sh"', more: str = ""
) -> tuple[Diagnostic, ...]:
    text = f"""
source "null" "n" {{
  ssh_host = "192.0.2.10"
}}
build {{
  sources = ["null.n"]
  provisioner "file" {{
    {source}
    destination = "/tmp/"
  }}
  {more}
}}
"""
    return findings(CRLF, {"t.pkr.hcl": text, **files})


@pytest.mark.parametrize(
    "text",
    ["#!/bin/sh\ntrue\n", "true\r\n", "#cloud-config\r\nusers: []\r\n", "", "#!/bin/sh", "[Unit]\r\n"],
)
def test_what_a_unix_system_can_read(text: str) -> None:
    assert not uploaded({"a.sh": text})


def test_scripts_of_a_directory() -> None:
    files = {"s/a.sh": SCRIPT, "s/deep/b": SCRIPT, "s/c.txt": SCRIPT, "s/d.sh": "true\r\n"}
    told = {it.message.split("`")[1] for it in uploaded(files, 'source = "s/"')}
    assert told == {"s/a.sh", "s/deep/b"}


def test_a_byte_order_mark_is_milder_for_a_shell() -> None:
    (shell,) = uploaded({"a.sh": "\ufeff#!/bin/bash\ntrue\n"})
    (python,) = uploaded({"a.sh": "\ufeff#!/usr/bin/env python3\nprint()\n"})
    assert (shell.severity, python.severity) == (Severity.WARNING, Severity.ERROR)


def test_a_later_step_that_converts() -> None:
    assert uploaded({"a.sh": SCRIPT}, more='provisioner "shell" {\n    inline = ["sh /tmp/a.sh"]\n  }')
    assert not uploaded(
        {"a.sh": SCRIPT}, more='provisioner "shell" {\n    inline = ["dos2unix /tmp/a.sh"]\n  }'
    )
    more = 'provisioner "shell" {\n    script = "b.sh"\n  }'
    assert not uploaded({"a.sh": SCRIPT, "b.sh": "tr -d '\\r' < /tmp/a.sh\n"}, more=more)


@pytest.mark.parametrize("more", ['direction = "download"', "generated = true"])
def test_what_is_not_uploaded_or_not_there_yet(more: str) -> None:
    assert not uploaded({"a.sh": SCRIPT}, f'source = "a.sh"\n    {more}')


def test_only_shell_with_binary_keeps_the_line_ends() -> None:
    def found(body: str) -> tuple[Diagnostic, ...]:
        text = 'source "null" "n" {\n  ssh_host = "192.0.2.10"\n}\nbuild {\n  sources = ["null.n"]\n'
        step = f'  provisioner "shell" {{\n    script = "a.sh"\n{body}\n  }}\n}}\n'
        return findings(CRLF, {"t.pkr.hcl": text + step, "a.sh": SCRIPT})

    assert not found("")
    assert not found("binary = false")
    (one,) = found("binary = true")
    assert one.range.text == '"a.sh"'
    assert [it.range.text for it in one.related] == ["#!/bin/sh -e\r"]


def test_a_fix_touches_nothing_but_the_line_ends() -> None:
    (one,) = uploaded({"a.sh": "#!/bin/sh\r\nprintf 'a\rb'\r\n"})
    assert one.fix is not None
    assert one.fix.safe
    assert [(edit.range.start, edit.range.text) for edit in one.fix.edits] == [(9, "\r"), (23, "\r")]


def test_a_text_of_a_template_with_crlf() -> None:
    text = (
        'source "null" "n" {\n  ssh_host = "192.0.2.10"\n}\nbuild {\n  sources = ["null.n"]\n'
        '  provisioner "file" {\n    content = <<EOT\n#!/bin/sh\ntrue\nEOT\n'
        '    destination = "/tmp/a"\n  }\n}\n'
    )
    assert not findings(CRLF, {"t.pkr.hcl": text})
    (one,) = findings(CRLF, {"t.pkr.hcl": text.replace("\n", "\r\n")})
    assert one.message.startswith("the text of `content` begins with `#!` and has CRLF line ends")
