"""`packlint inspect`: options, streams and exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from packlint.cli import cli

TEMPLATE = """
variable "region" {
  default = "here"
}

source "null" "a" {
  ssh_host = var.region
}
"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "t.pkr.hcl").write_text(TEMPLATE.lstrip(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments: str, data: str | None = None, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, ["inspect", *arguments], input=data, env=env)


@pytest.mark.usefixtures("template")
def test_the_current_directory_is_shown() -> None:
    done = invoke()
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.startswith('template .\nvariables\n  var.region = "here"  # default\n')


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize("path", [".", "t.pkr.hcl"])
def test_json_is_for_tools(path: str) -> None:
    done = invoke(path, "--format", "json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["templates"][0]["variables"]["region"]["value"] == "here"


@pytest.mark.usefixtures("template")
def test_variables_can_be_given(template: Path) -> None:
    assert 'ssh_host = "there"\n' in invoke("--var", "region=there").stdout
    assert 'var.region = "there"  # --var\n' in invoke("--var", "region=there").stdout
    (template / "more.pkrvars.hcl").write_text('region = "file"\n', encoding="utf-8")
    assert 'var.region = "file"  # more.pkrvars.hcl:1\n' in invoke("--var-file", "more.pkrvars.hcl").stdout
    env = {"PKR_VAR_region": "env"}
    assert 'var.region = "here"  # default\n' in invoke(env=env).stdout
    assert "var.region = sensitive  # environment\n" in invoke("--env", env=env).stdout


@pytest.mark.usefixtures("template")
def test_why_tells_where_a_given_value_was_given() -> None:
    done = invoke("--why", "null.a.ssh_host", "--var", "region=there")
    assert done.stdout.splitlines() == [
        'source.null.a.ssh_host = "there"',
        "│  t.pkr.hcl:6:3: ssh_host = var.region",
        '└─ var.region = "there"  # --var',
        "      --var region: there",
    ]


@pytest.mark.usefixtures("template")
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--why", "var.nothing"), "error: no template has a value at `var.nothing`\n"),
        (("--why", "var.region", "--format", "json"), "error: `--why` answers in text alone\n"),
        (("--format", "yaml"), "error: `--format` does not take `yaml`\nhint: choose one of text, json\n"),
        (("missing",), "error: there is no file or directory `missing`\n"),
    ],
)
def test_usage_errors(arguments: tuple[str, ...], message: str) -> None:
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith(message)


def test_a_broken_template_is_shown_as_far_as_it_goes(template: Path) -> None:
    (template / "broken.pkr.hcl").write_text(
        'locals {\n  a = 1\n}\n\nlocals {\n  b = "\n}\n', encoding="utf-8"
    )
    done = invoke()
    assert done.exit_code == 1
    assert done.stderr.startswith("broken.pkr.hcl:6:7: ")
    assert "template .  # not all of it could be read\n" in done.stdout
    assert "  local.a = 1\n" in done.stdout
    found = json.loads(invoke("--format", "json").stdout)
    assert found["templates"][0]["complete"] is False


def test_nothing_to_show(tmp_path: Path) -> None:
    done = invoke(str(tmp_path))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("no templates found in ")
    done = invoke(str(tmp_path), "--format", "json")
    assert json.loads(done.stdout) == {"schema_version": 1, "templates": []}


def test_standard_input() -> None:
    done = invoke("-", data="locals {\n  a = 1 + 1\n}\n")
    assert done.exit_code == 0
    assert "  local.a = 2\n" in done.stdout


@pytest.mark.usefixtures("template")
def test_colors() -> None:
    assert "\x1b[" not in invoke().stdout
    assert "\x1b[" in invoke("--color", "always").stdout
    assert "\x1b[" in invoke("--color", "always", "--why", "var.region").stdout
    assert "\x1b[" not in invoke("--color", "always", "--format", "json").stdout


@pytest.mark.usefixtures("template")
def test_a_failure_of_packlints_own(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("so it is")

    monkeypatch.setattr("packlint.reading.evaluate", fail)
    done = invoke()
    assert done.exit_code == 2
    assert "t.pkr.hcl:1:1: " in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in invoke("--debug").stderr


def test_other_commands_do_not_load_it() -> None:
    program = "import sys, packlint.cli; print([m for m in sys.modules if m.startswith('packlint.inspect')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
