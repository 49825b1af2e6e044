"""A policy is a rule: on the command line, in settings, waivers, the baseline, and in every report."""

from __future__ import annotations

import json
import os
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from packlint.cli import cli
from packlint.report import FORMATS

CHECKER = Path(__file__).resolve().parents[3] / "shared/tools/sarifcheck.sh"

REGIONS = """
policy "approved-regions" {
  description   = "Images are built in the EU."
  severity      = "error"
  target        = source
  condition     = startswith(self.region, "eu-")
  error_message = "Region ${self.region} is not approved."
  at            = self.region
}
"""
FIRM = REGIONS.replace("at            =", "waivable = false\n  at =")

TEMPLATE = """\
source "amazon-ebs" "web" {
  region        = "us-east-1"
  ami_name      = "web-{{timestamp}}"
  instance_type = "t3.micro"
  source_ami    = "ami-0123456789abcdef0"
  ssh_username  = "admin"
}

build {
  sources = ["source.amazon-ebs.web"]
  provisioner "shell" {
    inline = ["true"]
  }
}
"""

Write = Callable[[dict[str, str]], None]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def write(repository: Path) -> Write:
    def all_of(files: dict[str, str]) -> None:
        for name, text in files.items():
            (repository / name).parent.mkdir(parents=True, exist_ok=True)
            (repository / name).write_text(text, encoding="utf-8")

    return all_of


@pytest.fixture
def policy(write: Write) -> None:
    write({"policies/regions.policy.hcl": REGIONS, "web.pkr.hcl": TEMPLATE})


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def findings(*arguments: str, rule: str = "approved-regions") -> list[str]:
    """`severity path:line` of each finding of the policy."""
    result = invoke("check", "--format", "json", *arguments)
    assert result.exit_code in (0, 1), result.output
    report: dict[str, Any] = json.loads(result.stdout)
    return [
        f"{it['severity']} {it['path']}:{it['range']['start']['line']}"
        for it in report["findings"]
        if it["rule"] == rule
    ]


FOUND = ["error web.pkr.hcl:2"]


@pytest.mark.usefixtures("policy")
class TestCommandLine:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ([], FOUND),
            (["--preset", "strict"], FOUND),
            (["--preset", "security"], FOUND),
            (["--select", "approved-regions"], FOUND),
            (["--select", "policy"], FOUND),
            (["--select", "policy", "--ignore", "approved-regions"], []),
            (["--select", "unused-variable"], []),
            (["--ignore", "policy"], []),
            (["--no-settings"], []),
        ],
    )
    def test_it_is_chosen_as_rules_are(self, arguments: list[str], expected: list[str]) -> None:
        assert findings(*arguments) == expected

    @pytest.mark.parametrize("option", ["--select", "--ignore"])
    @pytest.mark.parametrize("command", [["check"], ["settings", "show"], ["waivers"], ["baseline", "write"]])
    def test_a_mistyped_name(self, option: str, command: list[str]) -> None:
        result = invoke(*command, option, "approved-region")
        assert result.exit_code == 2
        assert result.stderr.splitlines() == [
            "error: there is no rule `approved-region`",
            "hint: did you mean `approved-regions`?",
        ]

    def test_a_mistyped_name_where_there_is_no_template(self, repository: Path) -> None:
        (repository / "empty").mkdir()
        result = invoke("check", "empty", "--select", "approved-region")
        assert (result.exit_code, "did you mean `approved-regions`?" in result.stderr) == (2, True)

    def test_the_exit_code_counts_it(self) -> None:
        select = ["--select", "approved-regions"]
        assert invoke("check", *select).exit_code == 1
        assert invoke("check", "--ignore", "approved-regions", *select).exit_code == 0

    @pytest.mark.parametrize("command", ["inspect", "graph", "plan"])
    def test_commands_that_run_no_rule_work_beside_it(self, command: str) -> None:
        result = invoke(command)
        assert result.exit_code == 0, result.output

    @pytest.mark.parametrize("command", ["inspect", "graph", "plan", "check", "waivers"])
    def test_a_broken_one_is_told_before_anything_else(self, command: str, write: Write) -> None:
        write({"policies/regions.policy.hcl": 'policy "x" {'})
        result = invoke(command)
        assert result.exit_code == 2
        assert " --> policies/regions.policy.hcl:1" in result.stderr

    def test_components_of_schemas_that_it_names_may_have_any_argument(self, write: Write) -> None:
        policy = REGIONS.replace("self.region", "self.ours")
        write({"policies/regions.policy.hcl": policy, "own/builder/acme-box.json": '{"type": "object"}'})
        assert "there is no argument `self.ours`" in invoke("check").stderr
        assert invoke("check", "--schemas", "own").stderr == ""


@pytest.mark.usefixtures("policy")
class TestSettings:
    @pytest.mark.parametrize(
        ("settings", "expected"),
        [
            ('[rules]\napproved-regions = "note"', ["note web.pkr.hcl:2"]),
            ('[rules]\napproved-regions = { severity = "warning" }', ["warning web.pkr.hcl:2"]),
            ('[rules]\napproved-regions = "off"', []),
            ('ignore = ["policy"]', []),
            ('ignore = ["policy"]\n[rules]\napproved-regions = "error"', FOUND),
            ('select = ["security"]\nextend-select = ["approved-regions"]', FOUND),
            ('[[overrides]]\npaths = ["*.hcl"]\nignore = ["approved-regions"]', []),
            ('[[overrides]]\npaths = ["lab/"]\nignore = ["approved-regions"]', FOUND),
            ('[[overrides]]\npaths = ["*.hcl"]\nrules.approved-regions = "note"', ["note web.pkr.hcl:2"]),
            ('[[waive]]\npaths = ["*.hcl"]\nrules = ["approved-regions"]', []),
            ('[[waive]]\npaths = ["*.hcl"]\nrules = ["policy"]', []),
            ('[[waive]]\npaths = ["lab/"]\nrules = ["policy"]', FOUND),
        ],
    )
    def test_what_they_say_holds(self, settings: str, expected: list[str], write: Write) -> None:
        write({"packlint.toml": settings})
        assert findings() == expected

    def test_each_folder_has_its_own_values(self, write: Write) -> None:
        text = 'param "start" {\n  default = "eu-"\n}\n' + REGIONS.replace('"eu-"', "param.start")
        write(
            {
                "policies/regions.policy.hcl": text,
                "packlint.toml": "",
                "us/packlint.toml": 'extend = "../packlint.toml"\n[policies.params.regions]\nstart = "us-"',
                "us/web.pkr.hcl": TEMPLATE,
            }
        )
        assert findings() == FOUND

    def test_files_of_policies_are_no_templates(self) -> None:
        report = json.loads(invoke("check", "--format", "json").stdout)
        assert report["summary"]["documents"] == 1


class TestWaivers:
    WAIVED = TEMPLATE.replace(
        '"us-east-1"', '"us-east-1" # packlint: ignore[approved-regions] the customer is there'
    )

    def told(self) -> list[str]:
        result = invoke("check", "--format", "concise")
        return [it for it in result.stdout.splitlines() if "approved-regions" in it]

    def test_a_comment_excuses_it(self, write: Write) -> None:
        write({"policies/regions.policy.hcl": REGIONS, "web.pkr.hcl": self.WAIVED})
        assert self.told() == []

    def test_one_that_excuses_nothing_is_told(self, write: Write) -> None:
        write({"policies/r.policy.hcl": REGIONS, "web.pkr.hcl": self.WAIVED.replace('"us-', '"eu-')})
        assert findings(rule="unused-waiver") == ["warning web.pkr.hcl:2"] or findings(
            rule="unused-waiver"
        ) == ["note web.pkr.hcl:2"]

    def test_a_mistyped_name_in_a_comment(self, write: Write) -> None:
        write(
            {
                "policies/r.policy.hcl": REGIONS,
                "web.pkr.hcl": self.WAIVED.replace("[approved-regions]", "[approved-region]"),
            }
        )
        result = invoke("check")
        assert "there is no rule `approved-region`" in result.stdout
        assert "did you mean `approved-regions`?" in result.stdout

    def test_a_firm_policy_cannot_be_waived_by_a_comment(self, write: Write) -> None:
        write({"policies/regions.policy.hcl": FIRM, "web.pkr.hcl": self.WAIVED})
        told = self.told()
        assert [it.partition(" ")[2].partition("[")[0] for it in told] == ["error", "warning"]
        assert "`approved-regions` may not be waived here" in told[1]
        hint = "ask those who keep the policy `approved-regions`, which says so itself"
        assert hint in " ".join(invoke("check").stdout.replace("|", "").split())

    def test_where_the_settings_forbid_it_they_are_to_be_asked(self, write: Write) -> None:
        settings = '[waivers]\nforbidden = ["policy"]'
        write({"packlint.toml": settings, "policies/r.policy.hcl": REGIONS, "web.pkr.hcl": self.WAIVED})
        assert len(self.told()) == 2
        assert "ask those who keep the settings" in " ".join(invoke("check").stdout.replace("|", "").split())

    def test_nor_by_the_settings(self, write: Write) -> None:
        settings = '[[waive]]\nrules = ["approved-regions"]\npaths = ["*"]'
        write({"packlint.toml": settings, "policies/r.policy.hcl": FIRM, "web.pkr.hcl": TEMPLATE})
        result = invoke("check")
        assert result.exit_code == 2
        assert "`approved-regions` may not be waived, as the policy says itself" in result.stderr
        assert "packlint.toml:2" in result.stderr

    def test_nor_with_its_category(self, write: Write) -> None:
        settings = '[[waive]]\nrules = ["policy"]\npaths = ["*"]'
        write({"packlint.toml": settings, "policies/r.policy.hcl": FIRM, "web.pkr.hcl": TEMPLATE})
        assert findings() == FOUND

    def test_nor_where_there_are_no_settings_or_only_extended_ones(self, write: Write) -> None:
        write(
            {
                "policies/r.policy.hcl": FIRM,
                "packlint.toml": "",
                "a/packlint.toml": 'extend = "../packlint.toml"',
                "a/web.pkr.hcl": self.WAIVED,
            }
        )
        assert len(self.told()) == 2

    def test_the_list_of_waivers_has_it(self, write: Write) -> None:
        write({"policies/regions.policy.hcl": REGIONS, "web.pkr.hcl": self.WAIVED})
        listed = json.loads(invoke("waivers", "--format", "json").stdout)
        assert "approved-regions" in json.dumps(listed)


@pytest.mark.usefixtures("policy")
class TestBaseline:
    def test_it_is_accepted_and_stays_so_when_lines_move(self, write: Write) -> None:
        arguments = ["--select", "approved-regions", "--output", "b.json"]
        first = invoke("baseline", "write", *arguments)
        assert "accepts 1 finding: 1 added" in first.stdout, first.output
        check = ["check", "--select", "approved-regions", "--baseline", "b.json"]
        assert invoke(*check).exit_code == 0
        write({"web.pkr.hcl": f"# a line\n{TEMPLATE}", "policies/regions.policy.hcl": f"\n\n{REGIONS}"})
        assert invoke(*check).exit_code == 0
        write({"web.pkr.hcl": TEMPLATE.replace("us-east-1", "us-east-2")})
        assert invoke(*check).exit_code == 1

    def test_what_is_gone_is_pruned(self, write: Write) -> None:
        invoke("baseline", "write", "--select", "approved-regions", "--output", "b.json")
        write({"web.pkr.hcl": TEMPLATE.replace("us-east-1", "eu-west-1")})
        pruned = invoke("baseline", "prune", "--baseline", "b.json")
        assert "accepts 0 findings: 1 removed" in pruned.stdout, pruned.output

    def test_only_what_has_changed_is_told(self, repository: Path, write: Write) -> None:
        (repository / ".git").rmdir()
        name = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
        for command in (["init", "--quiet"], ["add", "."], [*name, "commit", "--quiet", "-m", "one"]):
            subprocess.run(["git", *command], check=True)
        assert findings("--changed-since", "HEAD") == []
        write({"web.pkr.hcl": TEMPLATE.replace("us-east-1", "us-east-2")})
        assert findings("--changed-since", "HEAD") == FOUND


class TestReports:
    @pytest.mark.usefixtures("policy")
    def test_sarif_has_the_policy_as_a_rule_and_its_place(self) -> None:
        run = json.loads(invoke("check", "--format", "sarif").stdout)["runs"][0]
        (result,) = (it for it in run["results"] if it["ruleId"] == "approved-regions")
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert (rule["id"], rule["name"]) == ("approved-regions", "ApprovedRegions")
        assert rule["shortDescription"]["text"] == "Images are built in the EU."
        assert rule["defaultConfiguration"]["level"] == "error"
        assert "helpUri" not in rule
        assert rule["properties"]["tags"] == ["packer", "policy"]
        (related,) = result["relatedLocations"]
        assert related["physicalLocation"]["artifactLocation"]["uri"] == "policies/regions.policy.hcl"
        assert result["message"]["text"].startswith("Region us-east-1 is not approved.")
        assert "](1)" in result["message"]["text"]

    def test_a_pack_has_no_place_in_the_repository(self, write: Write) -> None:
        settings = '[policies]\npacks = ["tags"]\nparams.tags.required = ["owner"]'
        write({"packlint.toml": settings, "web.pkr.hcl": TEMPLATE})
        run = json.loads(invoke("check", "--select", "policy", "--format", "sarif").stdout)["runs"][0]
        assert run["results"]
        assert all("relatedLocations" not in it for it in run["results"])

    @pytest.mark.usefixtures("policy")
    @pytest.mark.parametrize("name", sorted(FORMATS))
    def test_each_format_has_it(self, name: str) -> None:
        result = invoke("check", "--select", "approved-regions", "--format", name)
        assert result.exit_code == 1
        assert "approved-regions" in result.stdout
        assert "Region us-east-1 is not approved" in result.stdout
        if name in ("junit", "checkstyle"):
            ET.fromstring(result.stdout)  # it parses

    @pytest.mark.skipif(
        "SARIF_MULTITOOL_DIR" not in os.environ or not CHECKER.exists(),
        reason="the SARIF Multitool is not there: SARIF_MULTITOOL_DIR names its folder",
    )
    def test_the_validator_finds_nothing(self, write: Write) -> None:
        one = REGIONS.replace("approved-regions", "one").replace(
            'description   = "Images are built in the EU."', ""
        )
        packs = '[policies]\npacks = ["tags"]\nparams.tags.required = ["owner"]'
        write(
            {
                "packlint.toml": packs,
                "policies/regions.policy.hcl": REGIONS + one,
                "web.pkr.hcl": TestWaivers.WAIVED,
            }
        )
        invoke("check", "--show-suppressed", "--format", "sarif:out.sarif")
        done = subprocess.run([str(CHECKER), "out.sarif"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr

    def test_several_roots_name_the_files_of_each(self, tmp_path: Path, write: Write) -> None:
        (tmp_path / ".git").rmdir()
        for name in ("one", "two"):
            (tmp_path / name / ".git").mkdir(parents=True)
            write({f"{name}/policies/regions.policy.hcl": REGIONS.replace("approved", name)})
            write({f"{name}/web.pkr.hcl": TEMPLATE})
        report = json.loads(invoke("check", "one", "two", "--select", "policy", "--format", "json").stdout)
        assert [(it["path"], it["related"][0]["path"]) for it in report["findings"]] == [
            ("one/web.pkr.hcl", "one/policies/regions.policy.hcl"),
            ("two/web.pkr.hcl", "two/policies/regions.policy.hcl"),
        ]

    def test_a_file_outside_of_the_repository_is_no_place_in_a_report(
        self, tmp_path_factory: pytest.TempPathFactory, write: Write
    ) -> None:
        other = tmp_path_factory.mktemp("other")
        (other / "policies").mkdir()
        (other / "policies/r.policy.hcl").write_text(REGIONS)
        (other / "x.toml").write_text("")
        write({"web.pkr.hcl": TEMPLATE})
        select = ["--select", "policy", "--settings", str(other / "x.toml")]
        report = json.loads(invoke("check", *select, "--format", "json").stdout)
        assert [(it["path"], it["related"]) for it in report["findings"]] == [("web.pkr.hcl", [])]


class TestSecrets:
    """A message may speak of anything; what is a secret no report tells."""

    POLICIES = """
policy "of-sources" {
  description   = "Of sources."
  target        = source
  condition     = self.type == "none"
  error_message = "S ${self.ssh_password} ${base64encode(self.ssh_password)} ${self.boot_command[0]}."
}
policy "of-accounts" {
  description   = "Of accounts."
  target        = source
  condition     = self.type == "none"
  error_message = "A ${self.ssh_username} ${self.winrm_password} ${self.vm_name}."
}
policy "of-variables" {
  target        = variable
  condition     = self.name == "none"
  error_message = "V ${self.name} ${self.value} ${try(self.default, "")}."
}
policy "of-steps" {
  description   = "Of steps."
  target        = provisioner
  condition     = self.type == "none"
  error_message = "P ${jsonencode(self.environment_vars)} ${jsonencode(self.inline)}."
}
policy "of-all" {
  target        = template
  condition     = template.path == "none"
  error_message = "T ${jsonencode(template.sources)} ${jsonencode(template.variables)}."
}
"""
    TEMPLATE = """
variable "api_token" {
  type    = string
  default = "tok-zzz-9981"
}
variable "declared" {
  type      = string
  default   = "declared-secret-5"
  sensitive = true
}
variable "short" {
  type      = string
  default   = "q7Kz"
  sensitive = true
}
variable "given" {
  type = string
}
source "qemu" "a" {
  ssh_username   = "me-${var.declared}"
  ssh_password   = "Xk29-hunter-77"
  winrm_password = var.given
  boot_command   = ["AKIAIOSFODNN7ABCDEFG<enter>"]
  vm_name        = "x-${var.short}"
}
build {
  sources = ["source.qemu.a"]
  provisioner "shell" {
    environment_vars = ["DB_PASSWORD=Zq81-other-secret", "TOKEN=${var.api_token}"]
    inline           = ["login Xk29-hunter-77"]
  }
}
"""
    SECRETS = (
        *("Xk29", "hunter-77", "zzz-9981", "declared-secret", "q7Kz", "cmdline-secret"),
        *("AKIAIOSFODNN7ABC", "WGsyOS1o"),
    )

    @pytest.fixture(autouse=True)
    def files(self, write: Write) -> None:
        write({"policies/p.policy.hcl": self.POLICIES, "a.pkr.hcl": self.TEMPLATE})

    def check(self, *arguments: str) -> str:
        result = invoke("check", "--select", "policy", "--var", "given=cmdline-secret-1", *arguments)
        assert result.exit_code == 1, result.output
        return result.stdout

    @pytest.mark.parametrize("name", sorted(set(FORMATS) - {"sarif"}))
    def test_no_report_tells_them(self, name: str) -> None:
        text = self.check("--format", name)
        assert [it for it in self.SECRETS if it in text] == []
        assert all(f"of-{it}" in text for it in ("sources", "accounts", "variables", "steps", "all"))

    def test_nor_does_sarif_nor_an_excused_finding(self, write: Write) -> None:
        write({"packlint.toml": '[[waive]]\nrules = ["policy"]\npaths = ["*"]\nreason = "so"'})
        result = invoke(
            *("check", "--select", "policy", "--var", "given=cmdline-secret-1"),
            *("--format", "sarif", "--show-suppressed"),
        )
        assert [it for it in self.SECRETS if it in result.stdout] == []
        assert "of-sources" in result.stdout

    def test_nor_does_the_baseline(self, repository: Path) -> None:
        arguments = ["--select", "policy", "--var", "given=cmdline-secret-1", "--output", "b.json"]
        result = invoke("baseline", "write", *arguments)
        assert result.exit_code == 0, result.output
        text = (repository / "b.json").read_text()
        assert [it for it in self.SECRETS if it in text] == []
        assert "of-sources" in text

    def test_the_rest_of_a_message_stays_where_the_value_is_known_to_be_secret(self) -> None:
        assert "V short (sensitive) (sensitive)." in self.check("--format", "concise")

    def test_a_variable_of_the_environment_is_known_by_its_name(self, write: Write) -> None:
        write({"a.pkr.hcl": self.TEMPLATE.replace("login Xk29-hunter-77", "true")})
        said = 'P (sensitive) ["true"].'
        assert f"[of-steps] {said}" in self.check("--format", "concise")

    def test_a_variable_that_is_called_like_a_secret_is_one(self) -> None:
        text = self.check("--format", "concise", "--var", "api_token=cmdline-secret-2")
        assert "V api_token (sensitive) (sensitive)." in text
        assert "cmdline-secret-2" not in text

    def test_what_only_a_search_finds_takes_the_message_away(self) -> None:
        assert "[of-steps] Of steps\n" in self.check("--format", "concise")

    def test_a_word_that_everybody_uses_as_a_password_is_none(self, write: Write) -> None:
        write(
            {
                "policies/p.policy.hcl": REGIONS.replace("self.region", "self.vm_name").replace(
                    "Region", "vagrant"
                ),
                "a.pkr.hcl": 'source "qemu" "a" {\n  vm_name = "x"\n  ssh_password = "vagrant"\n}\n'
                'build {\n  sources = ["source.qemu.a"]\n}\n',
            }
        )
        assert "vagrant x is not approved." in invoke("check", "--format", "concise").stdout

    def test_nor_is_one_that_the_policy_itself_has(self, write: Write) -> None:
        template = (
            'source "qemu" "a" {\n  vm_name = "x"\n  ssh_password = "Sunflower-77"\n}\n'
            'build {\n  sources = ["source.qemu.a"]\n}\n'
        )
        policy = REGIONS.replace("self.region", "self.vm_name").replace("Region", "Sunflower-77 of")
        write({"policies/p.policy.hcl": policy, "a.pkr.hcl": template})
        assert "Sunflower-77 of x is not approved." in invoke("check", "--format", "concise").stdout
