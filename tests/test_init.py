"""`packlint init`: what it writes where, and what it leaves alone."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from packlint.files import Files
from packlint.start.command import init
from packlint.start.create import create
from packlint.start.look import Repository, look
from packlint.start.plan import plan, shipped

ROOT = Path(__file__).resolve().parents[1]

CLEAN = """
packer {
  required_version = ">= 1.9.0, < 2.0.0"
}

source "null" "here" {
  communicator = "none"
}

build {
  name    = "nothing"
  sources = ["source.null.here"]

  provisioner "shell-local" {
    inline = ["echo"]
  }
}
"""
LEGACY = '{"builders": [{"type": "null", "communicator": "none"}]}'
GITHUB = '[core]\n\tbare = false\n[remote "origin"]\n\turl = git@github.com:acme/images.git\n'
GITLAB = '[remote "origin"]\n\turl = https://someone@gitlab.acme.example/acme/images.git\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of git with one template, as the working directory."""
    folder = Path(os.path.realpath(tmp_path)) / "images"
    write(folder, {".git/config": "", "web/web.pkr.hcl": CLEAN})
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(init, list(arguments), catch_exceptions=False, standalone_mode=False)


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class TestWhatIsWritten:
    def test_a_repository_without_a_platform_gets_settings_and_a_hook(self, here: Path) -> None:
        before = texts(here)
        result = run()
        assert result.output.startswith("wrote  packlint.toml\nwrote  .pre-commit-config.yaml\n")
        assert set(texts(here)) - set(before) == {"packlint.toml", ".pre-commit-config.yaml"}
        assert before.items() <= texts(here).items()

    @pytest.mark.parametrize("sign", [{".git/config": GITHUB}, {".github/dependabot.yml": ""}])
    def test_one_on_github_gets_a_workflow(self, here: Path, sign: dict[str, str]) -> None:
        write(here, sign)
        assert "wrote  .github/workflows/packlint.yml\n" in run().output
        workflow = yaml.safe_load((here / ".github/workflows/packlint.yml").read_text(encoding="utf-8"))
        assert workflow["permissions"] == {}
        assert workflow["jobs"]["packlint"]["permissions"] == {"contents": "read"}

    @pytest.mark.parametrize("sign", [{".git/config": GITLAB}, {".gitlab-ci.yml": "stages: [test]\n"}])
    def test_one_on_gitlab_is_told_what_to_paste(self, here: Path, sign: dict[str, str]) -> None:
        write(here, sign)
        before = texts(here).get(".gitlab-ci.yml")
        output = run().output
        assert f"to run packlint by .gitlab-ci.yml, add this to it:\n\n{shipped('gitlab.yml')}" in output
        assert texts(here).get(".gitlab-ci.yml") == before
        assert not (here / ".github").exists()

    def test_what_is_no_repository_gets_settings_alone(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path, {"web.pkr.hcl": CLEAN})
        monkeypatch.chdir(tmp_path)
        run()
        assert set(texts(tmp_path)) == {"packlint.toml", "web.pkr.hcl"}

    def test_it_is_written_at_the_root_of_the_repository(self, here: Path) -> None:
        output = run("web").output
        assert output.startswith(f"in {here}:\n")
        assert (here / "packlint.toml").is_file()
        assert not (here / "web" / "packlint.toml").exists()

    def test_a_second_run_changes_nothing(self, here: Path) -> None:
        write(here, {".git/config": GITHUB})
        run()
        after = texts(here)
        output = run().output
        kept = ("packlint.toml", ".pre-commit-config.yaml", ".github/workflows/packlint.yml")
        assert output.startswith("".join(f"kept   {name}\n" for name in kept))
        assert "wrote" not in output
        assert texts(here) == after


class TestTheTexts:
    def test_the_settings_change_nothing(self, here: Path) -> None:
        run()
        assert tomllib.loads((here / "packlint.toml").read_text(encoding="utf-8")) == {"preset": "default"}

    def test_what_the_settings_propose_can_be_said(self, here: Path) -> None:
        """Every commented line of settings is one that packlint takes."""
        from packlint.cli import cli

        write(here, {"web/prod.pkrvars.hcl": "", "a b/x.pkrvars.hcl": ""})
        run()
        text = (here / "packlint.toml").read_text(encoding="utf-8")
        proposed = re.sub(r"^# (?=\[|[a-z-]+ = )", "", text, flags=re.MULTILINE)
        table = tomllib.loads(proposed)
        assert {"preset", "ignore", "fail-on", "exclude", "rules", "overrides"} <= set(table)
        assert table["overrides"] == [{"paths": ["web/**"], "var-files": ["web/prod.pkrvars.hcl"]}]
        (here / "packlint.toml").write_text(proposed, encoding="utf-8")
        assert CliRunner().invoke(cli, ["baseline", "write"]).exit_code == 0
        result = CliRunner().invoke(cli, ["check", "--fail-on", "error"])
        assert result.exit_code == 0, result.output

    def test_a_hostile_name_is_not_spelled_out(self, here: Path) -> None:
        if sys.platform == "win32":
            pytest.skip("Windows knows no such names")
        write(here, {'web/"]\npreset = "all"\n#.pkrvars.hcl': ""})
        run()
        text = (here / "packlint.toml").read_text(encoding="utf-8")
        assert "overrides" not in text
        assert tomllib.loads(text) == {"preset": "default"}

    def test_the_hook_is_of_this_version(self, here: Path) -> None:
        run()
        (repo,) = yaml.safe_load((here / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
        assert repo["rev"] == f"v{version('packlint')}"
        known = {
            it["id"] for it in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
        }
        assert {it["id"] for it in repo["hooks"]} <= known

    def test_the_hook_looks_at_json_where_there_are_legacy_templates(self, here: Path) -> None:
        write(here, {"old/old.json": LEGACY})
        run()
        (repo,) = yaml.safe_load((here / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
        (hook,) = repo["hooks"]
        assert re.search(hook["files"], "old/old.json")
        assert re.search(hook["files"], "web/web.pkr.hcl")
        assert not re.search(hook["files"], "README.md")

    def test_that_for_gitlab_is_the_example(self) -> None:
        example = ROOT / "examples" / "ci" / "gitlab.yml"
        assert shipped("gitlab.yml") == example.read_text(encoding="utf-8")

    def test_the_workflow_is_the_example_without_uploading(self) -> None:
        """Private repositories have code scanning only if somebody pays for it."""
        example = yaml.safe_load((ROOT / "examples" / "ci" / "github.yml").read_text(encoding="utf-8"))
        job = example["jobs"]["packlint"]
        assert job["steps"][-1].pop("with") == {"upload-sarif": "true"}
        del job["permissions"]["security-events"]
        example[True]["push"]["branches"].append("master")  # `on` is a word for true in YAML
        assert yaml.safe_load(shipped("github.yml")) == example


class TestWhatIsKept:
    @pytest.mark.parametrize(
        "name", ["packlint.toml", ".packlint.toml", "pyproject.toml", ".pre-commit-config.yaml"]
    )
    def test_a_file_that_is_there(self, here: Path, name: str) -> None:
        text = "[tool.packlint]\n" if name == "pyproject.toml" else "# packlint\n"
        write(here, {name: text})
        assert f"kept   {name}\n" in run().output
        assert (here / name).read_text(encoding="utf-8") == text
        written = {it for it in texts(here) if it.endswith(".toml")}
        assert len(written) == 1, "two files with settings would be one too many"

    def test_hooks_without_ours_are_kept_and_the_entry_is_shown(self, here: Path) -> None:
        write(here, {".pre-commit-config.yaml": "repos: []\n"})
        output = run().output
        assert "kept   .pre-commit-config.yaml\n" in output
        shown = output[output.index("  - repo:") :].partition("\n\n")[0]
        assert yaml.safe_load("repos:\n" + shown) == yaml.safe_load(shipped("pre-commit.yaml"))
        assert texts(here)[".pre-commit-config.yaml"] == "repos: []\n"

    def test_a_workflow_of_another_name_that_runs_packlint(self, here: Path) -> None:
        write(here, {".github/workflows/lint.yaml": "jobs: {a: {steps: [{run: packlint check}]}}\n"})
        assert "kept   .github/workflows/lint.yaml\n" in run().output
        assert not (here / ".github/workflows/packlint.yml").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
class TestLinks:
    def test_a_folder_that_leads_elsewhere_is_not_written_into(self, here: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        (elsewhere / "workflows").mkdir(parents=True)
        write(here, {".git/config": GITHUB})
        (here / ".github").symlink_to(elsewhere)
        with pytest.raises(
            Exception, match=r"`\.github/workflows/packlint\.yml` cannot be written: `\.github` is a link"
        ):
            run()
        assert texts(elsewhere) == {}

    def test_a_link_to_nothing_is_a_file_that_is_there(self, here: Path, tmp_path: Path) -> None:
        (here / "packlint.toml").symlink_to(tmp_path / "elsewhere.toml")
        assert "kept   packlint.toml\n" in run().output
        assert not (tmp_path / "elsewhere.toml").exists()

    def test_the_configuration_of_git_is_not_read_elsewhere(self, here: Path, tmp_path: Path) -> None:
        (tmp_path / "config").write_text(GITHUB, encoding="utf-8")
        (here / ".git/config").unlink()
        (here / ".git/config").symlink_to(tmp_path / "config")
        assert not look(Files(here)).github

    def test_a_pipe_is_not_waited_for(self, here: Path) -> None:
        (here / ".git/config").unlink()
        os.mkfifo(here / ".git/config")
        os.mkfifo(here / ".gitlab-ci.yml")
        assert look(Files(here)).has_pipeline


class TestWhatIsSaid:
    def test_how_much_there_is_to_do(self, here: Path) -> None:
        write(here, {"web/web.pkr.hcl": CLEAN.replace("source.null.here", "source.null.there")})
        output = run().output
        assert re.search(r"\n1 template, with \d+ errors?", output)
        assert "packlint check " in output
        assert "packlint explain RULE" in output

    def test_nothing_is_made_of_no_findings(self, here: Path) -> None:
        output = run().output
        assert "\n1 template, with no findings\n" in output
        assert "explain" not in output

    def test_a_new_repository_has_no_templates(self, here: Path) -> None:
        (here / "web/web.pkr.hcl").unlink()
        assert run().output.endswith("\nno templates yet; `packlint check` checks those that come\n")

    def test_a_wrong_folder_is_left_alone(self, tmp_path: Path) -> None:
        (tmp_path / "pictures").mkdir()
        with pytest.raises(Exception, match="has no templates in it and is no repository"):
            run(str(tmp_path / "pictures"))
        assert [*(tmp_path / "pictures").iterdir()] == []

    @pytest.mark.parametrize("name", ["nowhere", "web/web.pkr.hcl", "x" * 5000])
    def test_what_is_no_directory_is_refused(self, here: Path, name: str) -> None:
        with pytest.raises(Exception, match="there is no directory"):
            run(name)


@pytest.mark.parametrize(
    ("url", "github", "gitlab"),
    [
        ("git@github.com:a/b", True, False),
        ("https://github.com/a/b", True, False),
        ("ssh://git@GitHub.com:22/a/b", True, False),
        ("git+ssh://git@github.com/a/b", True, False),
        ("https://token@gitlab.com/a/b", False, True),
        ("git@gitlab.acme.example:a/b", False, True),
        ("https://example.com/github.com/b", False, False),
        ("https://github.com.example.org/a", False, False),
        ("/srv/git/github.com", False, False),
        ("", False, False),
    ],
)
def test_the_platform_is_told_by_the_remote(tmp_path: Path, url: str, github: bool, gitlab: bool) -> None:
    write(tmp_path, {".git/config": f'[remote "origin"]\n\turl = {url}\n'})
    seen = look(Files(tmp_path))
    assert (seen.github, seen.gitlab) == (github, gitlab)


def test_a_plan_needs_nothing_but_what_was_seen() -> None:
    nothing = Repository(False, False, False, None, None, False, None, None, False)
    assert [*plan(nothing, ()).new] == ["packlint.toml"]
    assert plan(nothing, ()).snippets == {}


class TestCreating:
    def test_a_file_is_there_whole_or_not_at_all(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*_: object) -> None:
            raise OSError("no space")

        monkeypatch.setattr(Path, "replace", fails)
        with pytest.raises(OSError, match="no space"):
            create(tmp_path, "a/b.txt", "text")
        assert [*(tmp_path / "a").iterdir()] == []
