"""`packlint policy`, and the commands that know policies by name: what they print, write and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from packlint.cli import cli
from packlint.commands import policy as command
from packlint.format import formatted
from packlint.policy.policy import TARGETS
from packlint.sketch import sketch

REGIONS = """\
param "regions" {
  type        = list(string)
  default     = ["eu-west-1"]
  description = "Where images may be | built."
}

locals {
  clouds = ["amazon-ebs"]
}

policy "approved-regions" {
  description   = "Images are built in the EU.\\n\\nNot <b>elsewhere</b>."
  severity      = "error"
  target        = source
  when          = contains(local.clouds, self.type)
  condition     = contains(param.regions, self.region)
  error_message = "Region ${self.region} is not approved"
  waivable      = false
  benchmarks    = ["A benchmark, 2.2.1"]
}

test "approved-regions" {
  template = <<-EOT
    source "amazon-ebs" "a" {
      region = "us-east-1"
    }
    source "amazon-ebs" "b" {
      region = "us-west-2"
    }
  EOT
  finds    = ["1: Region us-east-1 is not approved", "4: Region us-west-2"]
}
"""

FAILING = REGIONS.replace("4: Region us-west-2", "5: Region us-west-2")

BROKEN = """
policy "broken" {
  target        = source
  condition     = self.type ==
  error_message = "x"
}
"""

PACKS = Path(__file__).resolve().parents[2] / "packlint" / "policies"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new repository, which is the current directory."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "policies").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def packlint(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def write(folder: Path, text: str, name: str = "regions") -> Path:
    path = folder / "policies" / f"{name}.policy.hcl"
    path.write_text(text, encoding="utf-8")
    return path


class TestTest:
    def test_tests_that_pass_take_a_line_each(self, here: Path) -> None:
        write(here, REGIONS)
        result = packlint("policy", "test")
        assert result.exit_code == 0
        assert result.stdout == "passed  policies/regions.policy.hcl:22  approved-regions\n1 test passed\n"

    def test_one_that_fails_is_a_diff(self, here: Path) -> None:
        write(here, FAILING)
        result = packlint("policy", "test")
        assert result.exit_code == 1
        assert result.stdout.splitlines() == [
            "failed  policies/regions.policy.hcl:22  approved-regions",
            "  --- finds",
            "  +++ found",
            "   1: Region us-east-1 is not approved",
            "  -5: Region us-west-2",
            "  +4: Region us-west-2 is not approved",
            "1 of 1 test failed",
        ]

    @pytest.mark.parametrize("path", ["policies", "policies/regions.policy.hcl", "."])
    def test_a_path_is_a_file_or_a_folder(self, here: Path, path: str) -> None:
        write(here, REGIONS)
        result = packlint("policy", "test", path, path)
        assert (result.exit_code, result.stdout.count("passed  policies/regions")) == (0, 1)

    def test_a_policy_without_a_test_is_named_at_the_end(self, here: Path) -> None:
        write(here, REGIONS.partition("test ")[0])
        result = packlint("policy", "test")
        assert result.exit_code == 0
        assert result.stdout == (
            "note: no test is about policy `approved-regions` (policies/regions.policy.hcl:11)\n"
        )

    def test_settings_give_no_values_to_tests(self, here: Path) -> None:
        write(here, REGIONS)
        (here / "packlint.toml").write_text('[policies.params.regions]\nregions = ["us-east-1"]\n')
        assert packlint("policy", "test").exit_code == 0

    def test_nor_to_those_of_packs(self, here: Path) -> None:
        (here / "packlint.toml").write_text(
            '[policies]\npacks = ["tags"]\n[policies.params.tags]\nrequired = ["nobody-has-this"]\n'
        )
        result = packlint("policy", "test")
        assert result.exit_code == 0
        assert "passed  pack tags:" in result.stdout

    def test_a_template_that_cannot_be_read_fails(self, here: Path) -> None:
        write(here, REGIONS.replace('region = "us-east-1"', 'region = "us-east-1'))
        result = packlint("policy", "test")
        assert result.exit_code == 1
        assert "its template cannot be looked at:\n    2: " in result.stdout

    def test_a_broken_policy_is_an_error_with_its_place(self, here: Path) -> None:
        write(here, BROKEN)
        result = packlint("policy", "test")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--> policies/regions.policy.hcl:4" in result.stderr

    def test_another_broken_policy_does_not_keep_a_named_one_from_being_tried(self, here: Path) -> None:
        write(here, BROKEN, "broken")
        path = write(here, REGIONS)
        result = packlint("policy", "test", str(path))
        assert result.exit_code == 0
        assert result.stderr.startswith("note: the settings are left aside: policies/broken.policy.hcl:4: ")

    @pytest.mark.parametrize(
        ("path", "message"),
        [
            ("nowhere", "there is no file or directory `nowhere`"),
            (".git", "there are no policies in `.git`"),
            ("packlint.toml", "`packlint.toml` is no policy file"),
            ("x" * 300, "there is no file or directory"),
        ],
    )
    def test_what_is_no_policy_is_refused(self, here: Path, path: str, message: str) -> None:
        (here / "packlint.toml").touch()
        result = packlint("policy", "test", path)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr

    def test_where_there_is_nothing_one_is_told_how_to_begin(self, here: Path) -> None:
        result = packlint("policy", "test")
        assert (result.exit_code, result.stdout) == (0, "")
        assert "`packlint policy new NAME`" in result.stderr

    def test_colors_are_there_on_demand_alone(self, here: Path) -> None:
        write(here, FAILING)
        assert "\x1b" not in packlint("policy", "test").stdout
        assert (
            "\x1b[31m  -5: Region us-west-2\x1b[0m" in packlint("policy", "test", "--color", "always").stdout
        )

    def test_nothing_in_a_policy_steers_the_terminal(self, here: Path) -> None:
        write(here, FAILING.replace("is not approved", "is not\\u001b[2J \\u202e approved"))
        printed = packlint("policy", "test").stdout + packlint("explain", "approved-regions").stdout
        assert not {"\x1b", "\u202e"} & {*printed}

    def test_a_long_diff_is_cut(self, here: Path) -> None:
        sources = "\n".join(f'source "amazon-ebs" "a{number}" {{ region = "x" }}' for number in range(150))
        write(here, REGIONS + f'test "approved-regions" {{\ntemplate = <<EOT\n{sources}\nEOT\n}}\n')
        lines = packlint("policy", "test").stdout.splitlines()
        assert "   … and 50 more" in lines
        assert len(lines) < 120


class TestNew:
    @pytest.mark.parametrize("target", TARGETS)
    def test_what_it_writes_passes_and_is_in_force(self, here: Path, target: str) -> None:
        made = packlint("policy", "new", "mine", "--target", target)
        assert made.exit_code == 0, made.output
        assert made.stdout.startswith("wrote policies/mine.policy.hcl\n")
        tried = packlint("policy", "test")
        assert (tried.exit_code, tried.stdout.splitlines()[-1]) == (0, "2 tests passed"), tried.output
        (here / "a.pkr.hcl").write_text('source "null" "a" {\n  communicator = "none"\n}\n', encoding="utf-8")
        assert packlint("check", "--select", "mine").exit_code in (0, 1)

    @pytest.mark.parametrize("target", TARGETS)
    def test_it_is_laid_out_as_templates_are(self, target: str) -> None:
        text = sketch("mine", target)  # type: ignore[arg-type]
        assert formatted(text) == text
        assert max(map(len, text.splitlines())) <= 110

    def test_it_offers_the_targets_that_there_are(self) -> None:
        assert command.TARGETS == TARGETS

    def test_each_target_is_shown_by_a_policy_of_its_own(self) -> None:
        assert all(f"\n  target = {target}\n" in sketch("mine", target) for target in TARGETS)

    @pytest.mark.parametrize(
        ("name", "message", "hint"),
        [
            ("ApprovedRegions", "is no name for a policy", "`approved-regions`"),
            ("policies/tags.policy.hcl", "is no name for a policy", "`tags`"),
            ("..", "is no name for a policy", "as in"),
            ("", "is no name for a policy", "as in"),
            ("a\x1b[2Jb", "is no name for a policy", "`a-2-jb`"),
            ("unnamed-builds", "there is a rule `unnamed-builds` already", "another name"),
            ("style", "`style` is the name of a category of rules already", "another name"),
            ("approved-regions", "there is a policy `approved-regions` already: policies/regions", "edit"),
            ("x" * 81, "has at most 80 characters", "shorter"),
            ("x" * 300, "has at most 80 characters", "shorter"),
        ],
    )
    def test_a_name_that_does_not_do_is_refused(self, here: Path, name: str, message: str, hint: str) -> None:
        write(here, REGIONS)
        result = packlint("policy", "new", "--", name)
        assert (result.exit_code, result.stdout) == (2, "")
        assert message in result.stderr
        assert hint in result.stderr.partition("hint: ")[2]
        assert "\x1b" not in result.stderr
        assert len([*(here / "policies").iterdir()]) == 1

    def test_a_file_that_is_there_stays(self, here: Path) -> None:
        path = write(here, "# mine\n", "other")
        result = packlint("policy", "new", "other")
        assert (result.exit_code, path.read_text()) == (2, "# mine\n")
        assert "`policies/other.policy.hcl` is there already" in result.stderr

    def test_a_file_in_the_place_of_the_folder_is_said_to_be_one(self, here: Path) -> None:
        (here / "policies").rmdir()
        (here / "policies").touch()
        result = packlint("policy", "new", "mine")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "`policies` is no folder" in result.stderr

    def test_a_link_on_the_way_is_not_followed(
        self, here: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        outside = tmp_path_factory.mktemp("outside")
        (here / "policies").rmdir()
        (here / "policies").symlink_to(outside)
        result = packlint("policy", "new", "mine")
        assert (result.exit_code, [*outside.iterdir()]) == (2, [])

    def test_it_goes_where_the_settings_look(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (here / "rules" / "ours").mkdir(parents=True)
        (here / "packlint.toml").write_text('[policies]\npaths = ["rules/ours"]\n')
        monkeypatch.chdir(here / "rules")
        assert "wrote ours/mine.policy.hcl\n" in packlint("policy", "new", "mine").stdout
        assert packlint("policy", "test").exit_code == 0

    def test_it_says_where_settings_do_not_look(self, here: Path) -> None:
        write(here, REGIONS)
        (here / "packlint.toml").write_text('[policies]\npaths = ["policies/regions.policy.hcl"]\n')
        result = packlint("policy", "new", "mine")
        assert result.exit_code == 0
        assert "name it in `paths` of `[policies]`" in result.stderr
        assert "packlint policy test policies/mine.policy.hcl" in result.stdout

    def test_it_lies_beside_the_settings(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (here / "web" / "inner").mkdir(parents=True)
        (here / "web" / "packlint.toml").touch()
        monkeypatch.chdir(here / "web" / "inner")
        packlint("policy", "new", "mine")
        assert (here / "web" / "policies" / "mine.policy.hcl").is_file()


class TestDocs:
    def test_the_rulebook(self, here: Path) -> None:
        write(here, REGIONS)
        (here / "packlint.toml").write_text('[rules]\napproved-regions = "note"\n')
        result = packlint("policy", "docs")
        assert result.exit_code == 0
        assert result.stdout.split("\n\n") == [
            "# Policies",
            "| policy | severity | looks at | about |\n| --- | --- | --- | --- |\n"
            "| [approved-regions](#approved-regions) | note | source | Images are built in the EU |",
            "## approved-regions",
            "**note** · source · policies/regions.policy.hcl:11 · cannot be waived · A benchmark, 2.2.1",
            "Images are built in the EU.",
            "Not &#60;b&#62;elsewhere&#60;/b&#62;.",
            "```hcl\nwhen      = contains(local.clouds, self.type)\n"
            "condition = contains(param.regions, self.region)\n```",
            '```hcl\nlocals {\n  clouds = ["amazon-ebs"]\n}\n```',
            "| parameter | type | default | here | about |\n| --- | --- | --- | --- | --- |\n"
            '| `regions` | `list(string)` | `["eu-west-1"]` | `["eu-west-1"]` | '
            "Where images may be &#124; built. |",
            "**Bad**:",
            '```hcl\nsource "amazon-ebs" "a" {\n  region = "us-east-1"\n}\n'
            'source "amazon-ebs" "b" {\n  region = "us-west-2"\n}\n```',
            "- found: 1: Region us-east-1 is not approved\n- found: 4: Region us-west-2\n",
        ]

    def test_one_that_is_not_in_force_has_no_values_here(self, here: Path) -> None:
        result = packlint("policy", "docs", str(PACKS / "tags.policy.hcl"))
        assert result.exit_code == 0
        assert "| parameter | type | default | about |" in result.stdout
        assert "has to be given" in result.stdout

    def test_one_that_the_settings_leave_out_says_so(self, here: Path) -> None:
        write(here, REGIONS)
        (here / "packlint.toml").write_text('ignore = ["approved-regions"]\n')
        assert " · the settings leave it out · " in packlint("policy", "docs").stdout

    def test_code_cannot_end_its_fence(self, here: Path) -> None:
        write(here, REGIONS.replace("template = <<-EOT\n", "template = <<-EOT\n    # ```` \n"))
        assert "\n`````hcl\n# ```` \n" in packlint("policy", "docs").stdout

    def test_what_looks_like_markup_is_none(self, here: Path) -> None:
        hostile = "1. one\\n\\n---\\n\\n=== [x](y) ![z](w)\\n\\n- item\\n- `a|b`"
        write(here, REGIONS.replace("Images are built in the EU.", hostile))
        pieces = packlint("policy", "docs").stdout.split("\n\n")
        assert pieces[4:8] == [
            "1\\. one",
            "\\---",
            "\\=== &#91;x&#93;(y) &#33;&#91;z&#93;(w)",
            "- item\n- <code>a&#124;b</code>",
        ]


class TestBrowsing:
    def test_explain_knows_a_policy_in_force(self, here: Path) -> None:
        write(here, REGIONS)
        result = packlint("explain", "approved-regions")
        assert result.exit_code == 0
        first, second, *_ = result.stdout.splitlines()
        assert first == "approved-regions (error, policy)"
        assert second == "target: source, policies/regions.policy.hcl:11"

    def test_explain_knows_those_of_packs(self, here: Path) -> None:
        result = packlint("explain", "image-tags")
        assert result.exit_code == 0
        assert "target: source, pack: tags" in result.stdout
        assert result.stdout.endswith(
            'It is not in force here: `packs = ["tags"]` of `[policies]` does that.\n'
        )

    def test_a_pack_is_explained_whose_parameters_lack_values(self, here: Path) -> None:
        (here / "packlint.toml").write_text('[policies]\npacks = ["tags"]\n')
        result = packlint("explain", "image-tags")
        assert result.exit_code == 2
        assert "`required` (list(string))" in result.stdout
        assert "not in force" not in result.stdout
        assert "`required` of the policies `tags` has no value" in result.stderr

    def test_explain_suggests_them(self, here: Path) -> None:
        write(here, REGIONS)
        result = packlint("explain", "aproved-regions")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "did you mean `approved-regions`?" in result.stderr

    def test_a_rule_is_explained_where_a_policy_is_broken(self, here: Path) -> None:
        write(here, BROKEN)
        assert packlint("explain", "unnamed-builds").exit_code == 0
        result = packlint("explain", "broken")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "--> policies/regions.policy.hcl:4" in result.stderr

    def test_rules_lists_them(self, here: Path) -> None:
        write(here, REGIONS)
        lines = packlint("rules", "policy").stdout.splitlines()
        assert lines[1].split() == ["approved-regions", "error", "policy", "-", "default"]
        listed = json.loads(packlint("rules", "--format", "json").stdout)
        (ours,) = [it for it in listed if it["name"] == "approved-regions"]
        assert (ours["summary"], ours["severity"]) == ("Images are built in the EU", "error")

    def test_rules_are_listed_where_a_policy_is_broken(self, here: Path) -> None:
        write(here, BROKEN)
        result = packlint("rules")
        assert result.exit_code == 2
        assert "unnamed-builds" in result.stdout
        assert "--> policies/regions.policy.hcl:4" in result.stderr
        assert packlint("rules", "style").exit_code == 0

    def test_settings_named_by_the_environment_count(self, here: Path) -> None:
        (here / "other").mkdir()
        (here / "other" / "ours.policy.hcl").write_text(REGIONS)
        (here / "ours.toml").write_text('[policies]\npaths = ["other"]\n')
        found = CliRunner().invoke(
            cli, ["rules", "policy"], env={"PACKLINT_SETTINGS": str(here / "ours.toml")}
        )
        assert "approved-regions" in found.stdout
        assert "approved-regions" not in packlint("rules", "policy").stdout
