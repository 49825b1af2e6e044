"""What is a secret, declared so or not, is in no report, and what is none is shown as it stands."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from packlint import pipeline
from packlint.diagnostic import Diagnostic, Related, Severity
from packlint.document import Document, Range
from packlint.inputs import Inputs
from packlint.outcome import Outcome
from packlint.parse import parse
from packlint.record import replace
from packlint.report import FORMATS, render
from packlint.report.mask import Mask
from packlint.secrets.hidden import unparsed
from packlint.settings import Settings

BUILD = """
source "null" "a" {
  communicator = "none"
}
build {
  sources = ["null.a"]
}
"""


def checked(folder: Path, files: dict[str, str], inputs: Inputs | None = None) -> Outcome:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return pipeline.run([folder], Settings(), folder, inputs=inputs or Inputs())


def lines(outcome: Outcome) -> list[str]:
    """The lines of the text report, after a look at all reports for the secret."""
    text = render("text", outcome)
    assert outcome.diagnostics
    for report in (render(name, outcome) for name in FORMATS):
        assert "hunter2" not in report and "SECRET" not in report, report
    return text.splitlines()


def test_a_value_in_a_variable_file(tmp_path: Path) -> None:
    variables = 'variable "pw" {\n  sensitive = true\n}\nvariable "size" {}\n'
    values = 'pw = "hunter2SECRET" + 1\nsize = upper("visible")\n'
    shown = lines(checked(tmp_path, {"a.pkr.hcl": variables + BUILD, "x.auto.pkrvars.hcl": values}))
    assert '1 | pw = "*************" + *' in shown
    assert '2 | size = upper("visible")' in shown
    assert "  |      ^^^^^^^^^^^^^^^" in shown


def test_a_name_beside_the_secret_in_a_line_of_json(tmp_path: Path) -> None:
    variables = 'variable "pw" {\n  sensitive = true\n}\n'
    values = '{"pw": "hunter2\\"SECRET", "nope": "visible"}\n'
    shown = lines(checked(tmp_path, {"a.pkr.hcl": variables + BUILD, "x.auto.pkrvars.json": values}))
    assert '1 | {"pw": "***************", "nope": "visible"}' in shown
    assert "  |" + " " * 27 + "^^^^^^" in shown


def test_a_variable_file_that_the_command_line_names(tmp_path: Path) -> None:
    document = Document("prod.pkrvars.json", '{"pw": "hunter2SECRET" "user": "visible"}\n')
    file, told = parse(document, values=True)
    inputs = Inputs(var_files=(file,), diagnostics=told)
    variables = 'variable "pw" {\n  sensitive = true\n}\nvariable "user" {}\n'
    shown = lines(checked(tmp_path, {"a.pkr.hcl": variables + BUILD}, inputs))
    assert '1 | {"pw": "*************" "user": "visible"}' in shown


def test_what_a_syntax_error_keeps_from_the_parser(tmp_path: Path) -> None:
    broken = 'source "null" "b" {\n  ssh_password = "hunter2" "SECRET"\n  ssh_host = "visible" "too"\n}\n'
    shown = lines(checked(tmp_path, {"a.pkr.hcl": broken}))
    assert "2 |   ssh_password = ******************" in shown
    assert '3 |   ssh_host = "visible" "too"' in shown


def test_what_a_syntax_error_keeps_from_the_parser_in_json(tmp_path: Path) -> None:
    broken = '{"builders": [{"type": "null", "ssh_password": "hunter2\\"SECRET" "ssh_host": "visible"}]}\n'
    shown = lines(checked(tmp_path, {"a.json": broken}))
    assert any('"ssh_password": ***' in line and '"ssh_host": "v' in line for line in shown)


@pytest.mark.parametrize(
    "text",
    ["a" * 10**6, "a=" * 10**6, '"a"' * 10**6, '"a":"' * 10**6, "a " * 10**6 + "=", '"a":"' + "\\" * 10**6],
    ids=["name", "names", "strings", "members", "words", "escapes"],
)
@pytest.mark.parametrize("name", ["a.pkr.hcl", "a.pkr.json"])
def test_a_hostile_line_is_looked_through_in_time(name: str, text: str) -> None:
    file = replace(parse(Document(name, "}"))[0], document=Document(name, text), complete=False)
    began = time.process_time()
    assert [*unparsed(file)] == []
    assert time.process_time() - began < 10


def test_a_variable_file_that_no_template_has(tmp_path: Path) -> None:
    variables = 'variable "pw" {\n  sensitive = true\n}\n'
    shown = lines(
        checked(tmp_path, {"a.pkr.hcl": variables + BUILD, "p.pkrvars.hcl": 'pw = upper("hunter2SECRET")\n'})
    )
    assert '1 | pw = upper("*************")' in shown


def test_a_value_that_a_syntax_error_hides(tmp_path: Path) -> None:
    variables = 'variable "pw" {\n  sensitive = true\n}\nvariable "size" {}\n'
    values = 'size = upper("visible")\n  pw = hunter2"*"\n'
    shown = lines(checked(tmp_path, {"a.pkr.hcl": variables + BUILD, "x.auto.pkrvars.hcl": values}))
    assert "2 |   pw = **********" in shown
    assert '1 | size = upper("visible")' in shown


def test_minified_json(tmp_path: Path) -> None:
    template = {
        "variable": {"pw": {"sensitive": True, "default": "hunter2SECRET"}, "size": {"default": "visible"}},
        "source": {"null": {"a": {"communicator": "none"}}},
        "build": {"sources": ["null.b"]},
    }
    text = json.dumps(template, separators=(",", ":"))
    outcome = checked(tmp_path, {"a.pkr.json": text})
    lines(outcome)
    # Nothing but the secret is hidden, wherever on the line a finding is.
    for start in range(len(text)):
        place = Range(outcome.diagnostics[0].range.document, start, start + 1)
        found = Outcome((Diagnostic("a-rule", Severity.NOTE, "x", place),), (), 1, 1, outcome.sensitive)
        shown = next(line for line in lines(found) if line.startswith("1 | "))
        masked = text.replace("hunter2SECRET", "*************")
        assert shown.removeprefix("1 | ").removeprefix("...").removesuffix("...") in masked


def test_legacy_json(tmp_path: Path) -> None:
    text = """\
{ "variables": {
  "pw": "hunter2SECRET{{ uper `hunter2` }}", "b": "visible{{ lowr `x` }}" },
  "sensitive-variables": ["pw"],
  "builders": [{ "type": "null", "communicator": "none" }]
}
"""
    shown = lines(checked(tmp_path, {"web.json": text}))
    code = '2 |   "pw": "*********************************", "b": "visible{{ lowr `x` }}" },'
    assert {line for line in shown if line.startswith("2 |")} == {code}


def test_a_local(tmp_path: Path) -> None:
    text = """
local "s" {
  sensitive  = true
  expression = upper("hunter2SECRET", 1)
}
local "t" {
  expression = upper("visible", 1)
}
"""
    shown = lines(checked(tmp_path, {"a.pkr.hcl": text + BUILD}))
    assert '4 |   expression = upper("*************", *)' in shown
    assert '7 |   expression = upper("visible", 1)' in shown


def test_a_default_that_is_set_twice_and_a_variable_that_is_declared_twice(tmp_path: Path) -> None:
    text = """
variable "pw" {
  sensitive = true
  default   = "hunter2"
  default   = "SECRET"
}
variable "q" { default = upper("hunter2") }
variable "q" { sensitive = true }
"""
    shown = lines(checked(tmp_path, {"a.pkr.hcl": text.replace("{ sens", "{\nsens").replace("e }", "e\n}")}))
    assert '4 |   default   = "*******"' in shown
    assert '5 |   default   = "******"' in shown
    assert '7 | variable "q" { default = upper("*******") }' in shown


def test_a_heredoc_and_a_structure(tmp_path: Path) -> None:
    text = """
variable "pw" {
  sensitive = true
  default = <<-EOT
    hunter2
    SECRET ${upper("hunter2")} hunter2
  EOT
}
variable "o" {
  sensitive = true
  default = { user = "hunter2", "SECRET" = [7351, true, null, var.pw] }
}
"""
    shown = lines(checked(tmp_path, {"a.pkr.hcl": text + BUILD}))
    assert '6 | ***********${upper("*******")}********' in [line.lstrip() for line in shown]
    assert '11 |   default = { user = "*******", "******" = [****, true, null, var.pw] }' in shown


def test_what_only_names_a_secret_is_shown(tmp_path: Path) -> None:
    text = """
local "s" {
  sensitive  = true
  expression = upper(var.x, env("VISIBLE"), vault("${"hunter2"}/x", "y"))
}
local "t" {
  sensitive  = true
  expression = upper({ key = "hunter2" }, 1)
}
variable "x" {}
"""
    shown = lines(checked(tmp_path, {"a.pkr.hcl": text + BUILD}))
    assert '4 |   expression = upper(var.x, env("VISIBLE"), vault("${"*******"}/x", "y"))' in shown
    assert '8 |   expression = upper({ key = "*******" }, *)' in shown


def test_a_text_without_quotes_is_masked_in_the_code(tmp_path: Path) -> None:
    files = {
        "a.pkr.hcl": 'variable "pw" {\n  sensitive = true\n}\n' + BUILD,
        "x.auto.pkrvars.hcl": "pw = hunter2\n",
    }
    assert "1 | pw = *******" in render("text", checked(tmp_path, files)).splitlines()


def test_nothing_is_masked_where_nothing_is_sensitive(tmp_path: Path) -> None:
    text = 'variable "pw" {\n  sensitive = false\n  default = upper("visible", 1)\n}\n' + BUILD
    outcome = checked(tmp_path, {"a.pkr.hcl": text})
    assert outcome.sensitive == ()
    assert '3 |   default = upper("visible", 1)' in lines(outcome)


SHOUT = 'a =\t"日本e\u0301hunter2" + "b"\nb = 1\n'


@pytest.mark.parametrize("marked", ["hunter2", '"日本e\u0301hunter2"', "+", '"b"', "a"])
def test_marks_are_below_what_they_span(marked: str) -> None:
    document = Document("a.pkr.hcl", SHOUT)
    secret = SHOUT.index("日")
    start = SHOUT.index(marked)
    place = Range(document, start, start + len(marked))
    related = Related(Range(document, SHOUT.index("b = 1"), len(SHOUT)), "here")
    diagnostic = Diagnostic("a-rule", Severity.NOTE, "wrong", place, (related,))
    outcome = Outcome((diagnostic,), (), 1, 1, (Range(document, secret, SHOUT.index('" +')),))
    shown = lines(outcome)
    code, marks = shown[3].partition("| ")[2], shown[4].partition("| ")[2]
    assert code == 'a = "***********" + "b"'
    expected = {"hunter2": "*******", '"日本e\u0301hunter2"': '"***********"'}.get(marked, marked)
    assert code[marks.index("^") : marks.rindex("^") + 1] == expected


def test_a_related_place_is_masked_too() -> None:
    document = Document("a.pkr.hcl", 'a = 1\nb = "hunter2"\n')
    start = document.text.index("hunter2")
    related = Related(Range(document, start - 1, start + 8), "here")
    diagnostic = Diagnostic("a-rule", Severity.NOTE, "wrong", Range(document, 0, 1), (related,))
    shown = lines(Outcome((diagnostic,), (), 1, 1, (Range(document, start, start + 7),)))
    assert '2 | b = "*******"' in shown


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        (0, "abcdefgh", "a**de**h"),
        (2, "cde", "*de"),
        (2, "cdef", "*de*"),
        (3, "de", "de"),
        (7, "h", "h"),
        (1, "", ""),
    ],
)
def test_a_part_of_a_secret_is_masked(start: int, text: str, expected: str) -> None:
    document = Document("a", "abcdefgh")
    mask = Mask([Range(document, 1, 3), Range(document, 2, 3), Range(document, 5, 7), Range(document, 5, 6)])
    assert mask.over(document, start, text) == expected
    assert mask.over(Document("b", "abcdefgh"), start, text) == text


TEMPLATE = """\
variable "admin_password" {
  default = "hunter2SECRET-default"
}
source "azure-arm" "a" {
  client_secret    = "hunter2SECRET-literal"
  custom_data      = "upper(x) ${upper("hunter2SECRET-literal", 1)} hunter2SECRET-literal"
  shutdown_command = "echo 'hunter2SECRET-piped' | sudo -S poweroff"
  winrm_password   = var.admin_password
}
build {
  sources = ["azure-arm.a"]
}
"""


def test_secrets_that_nobody_declared(tmp_path: Path) -> None:
    files = {"a.pkr.hcl": TEMPLATE, "x.auto.pkrvars.hcl": 'admin_password = "hunter2SECRET-given"\n'}
    outcome = checked(tmp_path, files)
    rules = {"secret-literal", "secret-variable-default", "password-in-command", "secret-in-var-file"}
    assert rules <= {it.rule for it in outcome.diagnostics}
    shown = lines(outcome)
    assert f'2 |   default = "{"*" * 21}"' in shown
    assert f'5 |   client_secret    = "{"*" * 21}"' in shown
    assert f'1 | admin_password = "{"*" * 19}"' in shown
    assert any(f"echo '{'*' * 19}' | sudo -S poweroff" in line for line in shown)


@pytest.mark.parametrize("name", ["web.json", "web.pkr.json"])
def test_secrets_in_json_that_nobody_declared(tmp_path: Path, name: str) -> None:
    builder = {"client_secret": 'hunter2\\"SECRET-1', "user_data": 'x hunter2\\"SECRET-1'}
    legacy = {"builders": [{"type": "azure-arm", **builder}]}
    hcl = {"source": {"azure-arm": {"a": builder}}, "build": {"sources": ["azure-arm.a"]}}
    text = json.dumps(hcl if name.endswith(".pkr.json") else legacy)
    assert any(it.rule == "secret-literal" for it in checked(tmp_path, {name: text}).diagnostics)
    lines(checked(tmp_path, {name: text}))


def test_a_key_of_a_known_form_wherever_it_is_shown(tmp_path: Path) -> None:
    key = "AKIA" + "M4T8WQZ7RK2VX9LB"
    pem = (
        "-----BEGIN PRIVATE "
        + "KEY-----\n"
        + "MIIEowIBAAKCAQEA7bq8Zk2Vx9QwLr4TnM1sYdUfHjKpOiGeCvBaXzSlWtRm\n"
    )
    text = f"""\
source "amazon-ebs" "a" {{
  nope      = "{key}" # {key}
  user_data = <<EOT
{pem}EOT
}}
"""
    outcome = checked(tmp_path, {"a.pkr.hcl": text + BUILD})
    shown = lines(outcome)
    assert '2 |   nope      = "********************" # ********************' in shown
    for report in (*shown, render("sarif", outcome)):
        assert key not in report and "MIIEowIBAAKC" not in report


def test_a_password_that_everybody_knows_is_shown(tmp_path: Path) -> None:
    text = 'source "qemu" "a" {\n  ssh_password = upper("vagrant", 1)\n  ssh_password = "vagrant"\n}\n'
    outcome = checked(tmp_path, {"a.pkr.hcl": text})
    assert '3 |   ssh_password = "vagrant"' in lines(outcome)
