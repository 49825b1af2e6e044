"""What settings do to a run: which findings there are, how severe they are, and what templates are given."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from packlint.cli import cli

TEMPLATE = """
variable "size" {
  type = number
}

source "file" "it" {
  content = "x"
  target  = "out"
}

build {
  sources = ["source.file.it"]
}
"""


def invoke(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), env=env)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(repository: Path) -> Callable[[dict[str, str]], None]:
    def all_of(files: dict[str, str]) -> None:
        for name, text in files.items():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            (repository / name).write_text(text, encoding="utf-8")

    return all_of


def findings(*arguments: str) -> list[str]:
    """`severity path rule` of each."""
    result = invoke("check", "--format", "json", *arguments)
    assert result.exit_code in (0, 1), result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return [f"{it['severity']} {it['path']} {it['rule']}" for it in report["findings"]]


def test_each_folder_has_the_settings_that_are_nearest(write: Callable[..., None]) -> None:
    write(
        {
            "packlint.toml": '[rules]\nunused-variable = "error"',
            "a/t.pkr.hcl": TEMPLATE,
            "b/t.pkr.hcl": TEMPLATE,
            "b/packlint.toml": '[rules]\nunused-variable = "off"',
            "c/d/t.pkr.hcl": TEMPLATE,
            "c/packlint.toml": 'select = ["unused-variable"]\nfail-on = "error"',
        }
    )
    select = [it for it in findings() if it.endswith("unused-variable")]
    assert select == ["error a/t.pkr.hcl unused-variable", "warning c/d/t.pkr.hcl unused-variable"]
    assert (invoke("check", "a").exit_code, invoke("check", "c").exit_code) == (1, 0)
    assert invoke("check", "c", "--fail-on", "warning").exit_code == 1


def test_a_softened_finding_stays_milder_than_the_others(write: Callable[..., None]) -> None:
    # `>= 1` without an upper bound is a warning; `~> 1`, which admits 1.9 as well, a note.
    plugin = 'packer {\n  required_plugins {\n    qemu = {\n      source = "github.com/hashicorp/qemu"\n'
    end = "    }\n  }\n}\n"
    write(
        {
            "hard/t.pkr.hcl": f'{plugin}      version = ">= 1.1.0"\n{end}',
            "soft/t.pkr.hcl": f'{plugin}      version = "~> 1"\n{end}',
        }
    )
    select = ("--select", "plugin-version-unpinned")
    before = [it.partition(" ")[0] for it in findings(*select)]
    write({"packlint.toml": '[rules]\nplugin-version-unpinned = "error"'})
    after = [it.partition(" ")[0] for it in findings(*select)]
    assert (before, after) == (["warning", "note"], ["error", "warning"])


def test_findings_of_stages_have_their_severity_from_settings_too(write: Callable[..., None]) -> None:
    write({"t.pkr.hcl": "source {", "packlint.toml": '[rules]\nsyntax-error = "note"'})
    assert findings() == ["note t.pkr.hcl syntax-error"]


def test_overrides_speak_of_the_file_with_the_finding(write: Callable[..., None]) -> None:
    override = '[[overrides]]\npaths = ["a/*.pkr.hcl"]\nignore = ["unused-variable"]'
    write({"packlint.toml": override, "a/t.pkr.hcl": TEMPLATE, "b/t.pkr.hcl": TEMPLATE})
    assert findings("--select", "unused-variable") == ["warning b/t.pkr.hcl unused-variable"]


def test_options_reach_the_rules_of_each_template(write: Callable[..., None]) -> None:
    sources = "\n".join(f'  source "qemu.it" {{\n    name = "s{n}"\n  }}' for n in range(5))
    template = f'source "qemu" "it" {{\n}}\nbuild {{\n{sources}\n}}\n'
    rule = "too-many-parallel-sources"
    write({"a/t.pkr.hcl": template, "b/t.pkr.hcl": template})
    assert len(findings("--select", rule)) == 2
    write({"packlint.toml": f'[[overrides]]\npaths = ["a/"]\nrules.{rule} = {{ max-parallel-sources = 5 }}'})
    assert findings("--select", rule) == [f"warning b/t.pkr.hcl {rule}"]


def test_rules_over_all_templates_have_the_options_of_the_root(write: Callable[..., None]) -> None:
    steps = '  provisioner "shell" {\n    inline = ["apt-get install -y nginx"]\n  }\n'
    more = '  provisioner "shell" {\n    inline = ["make site"]\n  }\n'
    source = (
        'source "qemu" "%s" {\n  iso_url = "https://example.com/debian-12.iso"\n  iso_checksum = "none"\n}\n'
    )
    files = {
        f"{name}/t.pkr.hcl": f'{source % name}build {{\n  sources = ["source.qemu.{name}"]\n{steps}{more}}}\n'
        for name in "ab"
    }
    rules = ("--select", "unchained-duplicate-steps,duplicate-build")
    write(files)
    before = findings(*rules)
    write({"packlint.toml": "[rules.duplicate-build]\nmin-steps = 9"})
    assert before != findings(*rules)


def test_what_is_excluded_is_not_looked_for(write: Callable[..., None]) -> None:
    write({"packlint.toml": 'exclude = ["old/", "b/t.pkr.hcl"]'})
    write(dict.fromkeys(("a/t.pkr.hcl", "x/old/t.pkr.hcl", "b/t.pkr.hcl"), TEMPLATE))
    assert findings("--select", "unused-variable") == ["warning a/t.pkr.hcl unused-variable"]
    named = ("x/old/t.pkr.hcl", "--select", "unused-variable")
    assert findings(*named) == ["warning x/old/t.pkr.hcl unused-variable"]
    assert findings(*named, "--force-exclude") == []


class TestValues:
    def value(self, name: str, *arguments: str) -> Any:
        result = invoke("inspect", "--format", "json", *arguments)
        assert result.exit_code == 0, result.output
        (template,) = json.loads(result.stdout)["templates"]
        return template["variables"][name]

    def test_variables_and_files_of_settings_are_given_by_path(self, write: Callable[..., None]) -> None:
        override = '[[overrides]]\npaths = ["a/"]\nvariables = { size = 7 }'
        write(
            {"packlint.toml": f'var-files = ["all.pkrvars.hcl"]\n{override}', "all.pkrvars.hcl": "size = 3\n"}
        )
        write({"a/t.pkr.hcl": TEMPLATE, "b/t.pkr.hcl": TEMPLATE})
        assert self.value("size", "a")["value"] == 7
        assert self.value("size", "a")["origin"] == {"kind": "settings"}
        assert self.value("size", "b")["value"] == 3
        assert self.value("size", "b")["origin"]["path"] == "all.pkrvars.hcl"

    def test_the_command_line_goes_before(self, write: Callable[..., None]) -> None:
        write({"packlint.toml": "variables = { size = 7 }", "t.pkr.hcl": TEMPLATE, "v.hcl": "size = 5\n"})
        assert self.value("size")["value"] == 7
        assert self.value("size", "--var", "size=9")["value"] == 9
        # As for Packer, a variable goes before any file.
        assert self.value("size", "--var-file", "v.hcl")["value"] == 7
        assert "value" not in self.value("size", "--no-settings")

    def test_a_file_with_mistakes_is_told_once(self, write: Callable[..., None]) -> None:
        write({"packlint.toml": 'var-files = ["v.pkrvars.hcl"]', "v.pkrvars.hcl": "size =\n"})
        write({"a/t.pkr.hcl": TEMPLATE, "b/t.pkr.hcl": TEMPLATE})
        assert [it for it in findings() if "v.pkrvars" in it] == ["error v.pkrvars.hcl syntax-error"]

    def test_relative_paths_start_where_packer_is_run(self, write: Callable[..., None]) -> None:
        step = '  provisioner "shell" {\n    script = "%s"\n  }\n'
        template = 'source "null" "n" {\n  ssh_host = "h"\n}\nbuild {\n  sources = ["source.null.n"]\n'
        files = {"images/a/t.pkr.hcl": template + step % "s.sh" + "}\n", "images/a/s.sh": "", "s.sh": ""}
        write(files)
        assert findings("--select", "missing-local-file") == []
        (Path("s.sh")).unlink()
        write({"packlint.toml": 'working-directory = "."'})
        assert len(findings("--select", "missing-local-file")) == 1
        write({"s.sh": ""})
        assert findings("--select", "missing-local-file") == []
        write({"packlint.toml": 'working-directory = "images"', "images/s.sh": ""})
        write({"images/a/t.pkr.hcl": template + step % "s.sh" + step % "${path.root}/s.sh" + "}\n"})
        assert findings("--select", "missing-local-file") == []


def test_a_settings_file_with_a_finding_is_one_of_the_files(write: Callable[..., None]) -> None:
    write(
        {"packlint.toml": '[[waive]]\nrules = ["weak-checksum"]\npaths = ["a/"]\n', "a/t.pkr.hcl": TEMPLATE}
    )
    result = invoke("check", "--format", "concise", "--select", "weak-checksum,unused-waiver")
    assert result.stdout.splitlines() == [
        "packlint.toml:1:3: warning[unused-waiver] the waiver of `weak-checksum` excuses nothing",
        "Found 1 warning in 1 of 2 files (1 template)",
    ]


class TestCommands:
    def test_what_is_in_force_is_shown_with_its_places(self, write: Callable[..., None]) -> None:
        text = 'ignore = ["style"]\nvariables = { password = "hunter2" }\n'
        text += "[rules]\nduplicate-build = { min-steps = 3 }"
        override = '[[overrides]]\npaths = ["b/"]\nignore = ["legacy"]\nrules = { unused-local = "off" }'
        write({"packlint.toml": f"{text}\n{override}", "b/t.pkr.hcl": TEMPLATE})
        result = invoke("settings", "show", "b", "--fail-on", "note", env={"PACKLINT_PRESET": "strict"})
        lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
        assert lines[:-1] == [
            'preset = "strict" # PACKLINT_PRESET',
            'fail-on = "note" # --fail-on',
            'ignore = ["legacy", "style"] # packlint.toml:1, packlint.toml:7',
            'variables.password = "…" # packlint.toml:2',
            "rules.duplicate-build = { min-steps = 3 } # packlint.toml:4",
            'rules.unused-local = "off" # packlint.toml:8',
        ]
        assert "hunter2" not in result.output

    def test_waivers_of_the_path_are_shown_and_whether_it_is_left_out(
        self, write: Callable[..., None]
    ) -> None:
        waive = (
            '[[waive]]\nrules = ["unused-local", "style"]\npaths = ["b/"]\nuntil = 2999-12-31\nreason = "old"'
        )
        write(
            {
                "packlint.toml": f'exclude = ["b/"]\n{waive}\n',
                "b/t.pkr.hcl": TEMPLATE,
                "a/t.pkr.hcl": TEMPLATE,
            }
        )
        shown = [" ".join(line.split()) for line in invoke("settings", "show", "b").stdout.splitlines()]
        value = '{ rules = ["style", "unused-local"], until = "2999-12-31", reason = "old" }'
        assert f"waive = {value} # packlint.toml:2" in shown
        assert shown[-1] == "# a search leaves this path out"
        other = invoke("settings", "show", "a").stdout
        assert "waive =" not in other
        assert "leaves this path out" not in other

    def test_a_baseline_of_the_environment_is_in_force(self, write: Callable[..., None]) -> None:
        write({"packlint.toml": 'baseline = "a.json"', "t.pkr.hcl": TEMPLATE})
        assert 'baseline = "a.json"' in invoke("settings", "show").stdout
        shown = invoke("settings", "show", env={"PACKLINT_BASELINE": "b.json"}).stdout
        assert 'baseline = "b.json"  # PACKLINT_BASELINE' in shown

    def test_the_schema_is_that_of_the_installed_rules(self) -> None:
        printed = json.loads(invoke("settings", "schema").stdout)
        shipped = Path(__file__).resolve().parents[2] / "schemas/settings.schema.json"
        assert printed == json.loads(shipped.read_text(encoding="utf-8"))

    def test_a_fault_is_shown_in_its_line(self, write: Callable[..., None]) -> None:
        write({"packlint.toml": 'preset = "all"\nignor = []\n', "t.pkr.hcl": TEMPLATE})
        result = invoke("check")
        assert result.exit_code == 2
        assert result.stderr.splitlines() == [
            "error: there is no setting `ignor`",
            " --> packlint.toml:2",
            "2 | ignor = []",
            "  | ^^^^^",
            "hint: did you mean `ignore`?",
        ]

    def test_settings_and_none_exclude_one_another(self) -> None:
        result = invoke("check", "--settings", "x.toml", "--no-settings")
        assert (result.exit_code, "exclude one another" in result.stderr) == (2, True)

    @pytest.mark.parametrize("name", ["nowhere.toml", "."])
    def test_a_settings_file_that_is_none(self, name: str, repository: Path) -> None:
        result = invoke("check", "--settings", name)
        assert (result.exit_code, f"there is no settings file `{name}`" in result.stderr) == (2, True)

    def test_a_module_may_be_named_and_is_not_found_in_the_repository(
        self, write: Callable[..., None]
    ) -> None:
        write({"evil.py": "import pathlib; pathlib.Path('pwned').touch()", "t.pkr.hcl": TEMPLATE})
        result = invoke("check", "--plugin", "evil_that_is_not_there")
        assert (result.exit_code, "does not load" in result.stderr) == (2, True)
        assert not Path("pwned").exists()
