"""`packlint plan`, as people and engines of continuous integration take it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from packlint.cli import cli

SCHEMA = json.loads(files("packlint.schemas").joinpath("plan.schema.json").read_text(encoding="utf-8"))

BASE = """
source "file" "base" {
  content = "base"
  target  = "base.txt"
}
source "null" "other" {
  communicator = "none"
}
build {
  sources = ["source.file.base", "source.null.other"]
}
"""
SITE = """
variable "token" {
  default = ""
}
source "file" "site" {
  source = "../base/base.txt"
  target = "site.txt"
}
build {
  name    = "site"
  sources = ["source.file.site"]
}
"""
CHAIN = {"base/base.pkr.hcl": BASE, "site/site.pkr.hcl": SITE}

HOSTILE = """
source "null" "x" {
  communicator = "none"
}
build {
  name = "$(touch pwned)`touch pwned`'\\"; touch pwned; $${{ secrets.TOKEN }} \\n- evil: true #"
  sources = ["source.null.x"]
}
build {
  name = "-rf"
  sources = ["source.null.x"]
}
"""
HOSTILE_FOLDER = "-d'$(touch pwned) ${{ github.token }} ; touch pwned"

posix = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell is shown")


def write(folder: Path, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def planned(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["plan", *arguments, "--no-settings"])
    assert done.exit_code == code, done.output
    return done.output


def tool(*command: str, folder: Path) -> None:
    program = shutil.which(
        command[0], path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    )
    if program is None:
        pytest.skip(f"there is no `{command[0]}` here")
    done = subprocess.run(
        [program, *command[1:]], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_waves_with_their_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, CHAIN)
    monkeypatch.chdir(tmp_path)
    said = planned("--max-parallel", "1", "--memory", "1000", "--cpus", "2")
    assert said == (
        "3 images in 3 waves, with at most 1 image at once (--max-parallel), 1000 MB of memory (--memory) "
        "and\n2 processors (--cpus)\n\n"
        "Wave 1: 1 image\n"
        "  base#1\n"
        "    file.base\n"
        "    (cd base && packer build -only=file.base .)\n\n"
        "Wave 2: 1 image\n"
        "  base#2\n"
        "    null.other\n"
        "    (cd base && packer build -only=null.other .)\n\n"
        "Wave 3: 1 image\n"
        "  site\n"
        "    site.file.site\n"
        "    after base#1\n"
        "    (cd site && packer build .)\n"
    )


def test_where_limits_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import psutil

    class Memory:
        total = 8000 * 1024 * 1024

    monkeypatch.setattr(psutil, "virtual_memory", Memory)
    monkeypatch.setattr(psutil, "cpu_count", lambda: 12)
    write(tmp_path, CHAIN | {"packlint.toml": "[limits]\nmax-parallel = 3\n"})
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(cli, ["plan", "--cpus", "5", "."])
    first = done.output.partition("\n\n")[0].replace("\n", " ")
    assert first.endswith(
        "at most 3 images at once (settings), 6000 MB of memory (3/4 of this machine) "
        "and 5 processors (--cpus)"
    )


def test_the_size_of_the_machine_is_not_asked_for_where_all_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psutil", None)
    write(tmp_path, CHAIN)
    planned(str(tmp_path), "--memory", "1", "--cpus", "1")


def test_json_keeps_its_schema(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    document = json.loads(
        planned(str(tmp_path), "--format", "json", "--var", "token=t0p", "--only", "*.site")
    )
    Draft202012Validator(SCHEMA).validate(document)
    (job,) = document["jobs"]
    assert document["waves"] == [["site"]]
    assert job["images"][0]["name"] == "site:site.file.site"
    assert job["commands"]["build"] == ["packer", "build", "-var=token=***", "."]
    assert "t0p" not in json.dumps(document)
    document = json.loads(planned(str(tmp_path), "--format", "json"))
    Draft202012Validator(SCHEMA).validate(document)
    assert document["jobs"][1]["needs"] == ["base"]


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, CHAIN | {"bad/bad.pkr.hcl": "source {"})
    assert "bad/bad.pkr.hcl:1:" in planned(str(tmp_path), code=1)


def test_nothing_to_build(tmp_path: Path) -> None:
    write(tmp_path, {"a/a.pkr.hcl": 'source "null" "x" {}\n'})
    assert planned(str(tmp_path)) == "Nothing is to be built\n"
    assert "there is nothing to build" in planned(str(tmp_path), "--format", "gitlab-ci", code=2)


def test_standard_input_cannot_be_built() -> None:
    assert "Packer cannot build standard input" in planned("-", code=2)


@posix
@pytest.mark.skipif(shutil.which("packer") is None, reason="there is no packer here")
def test_the_printed_lines_build_the_chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, CHAIN)
    (tmp_path / "deep").mkdir()
    monkeypatch.chdir(tmp_path / "deep")
    lines = [it.strip() for it in planned("..", "--max-parallel", "1").splitlines() if "packer build" in it]
    assert len(lines) == 3
    environment = {**os.environ, "HOME": str(tmp_path), "CHECKPOINT_DISABLE": "1"}
    subprocess.run(["sh", "-ec", "\n".join(lines)], env=environment, check=True, timeout=120)
    assert (tmp_path / "site" / "site.txt").read_text() == "base"


def workflow(folder: Path, *more: str) -> tuple[str, dict[str, Any]]:
    text = planned(str(folder), "--format", "github-matrix", *more)
    return text, yaml.safe_load(text)


def test_a_workflow_has_a_matrix_for_each_level(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    text, found = workflow(tmp_path)
    first, second = found["jobs"].values()
    assert [it["name"] for it in first["strategy"]["matrix"]["include"]] == [
        "base:file.base",
        "base:null.other",
    ]
    assert second["needs"] == ["level-1"]
    assert second["strategy"]["matrix"]["include"] == [
        {
            "name": "site",
            "runner": "ubuntu-latest",
            "directory": "site",
            "validate": "packer validate .",
            "build": "packer build .",
            "base_1": "artifact-0",
            "base_path_1": "base",
        }
    ]
    assert first["strategy"]["matrix"]["include"][0]["kept_path_1"] == "base/base.txt"
    assert found["permissions"] == {}
    assert not any("${{" in step.get("run", "") for job in (first, second) for step in job["steps"])
    assert text.startswith("# Builds the images")


@pytest.mark.parametrize("texts", [CHAIN, {f"{HOSTILE_FOLDER}/a.pkr.hcl": HOSTILE}], ids=["chain", "hostile"])
def test_engines_take_the_jobs(tmp_path: Path, texts: dict[str, str]) -> None:
    write(tmp_path, texts)
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "packer.yml").write_text(workflow(tmp_path)[0])
    (tmp_path / "gitlab.yml").write_text(planned(str(tmp_path), "--format", "gitlab-ci"))
    schema = ("check-jsonschema", "--builtin-schema")
    tool(*schema, "vendor.github-workflows", ".github/workflows/packer.yml", folder=tmp_path)
    tool(*schema, "vendor.gitlab-ci", "gitlab.yml", folder=tmp_path)
    tool(
        "zizmor",
        "--offline",
        "--quiet",
        "--persona",
        "auditor",
        ".github/workflows/packer.yml",
        folder=tmp_path,
    )


def expanded(text: str) -> str:
    """What GitHub makes of a text of a matrix; any expression but a quoted text is one too many."""
    result = text.replace("${{ '${{' }}", "\0")
    assert "${{" not in result
    return result.replace("\0", "${{")


@posix
def test_hostile_names_stay_names(tmp_path: Path) -> None:
    """A shell runs the lines of both engines; in place of Packer stands what writes its arguments down."""
    write(tmp_path, {f"{HOSTILE_FOLDER}/a.pkr.hcl": HOSTILE})
    tools = tmp_path / "bin"
    tools.mkdir()
    log = tmp_path / "log"
    (tools / "packer").write_text(f'#!/bin/sh\nfor it; do printf "%s\\0" "$it"; done >> {log}\n')
    (tools / "packer").chmod(0o755)
    environment = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    _, found = workflow(tmp_path)
    (job,) = found["jobs"].values()
    lines = []
    for entry in job["strategy"]["matrix"]["include"]:
        directory = expanded(entry["directory"])
        assert (tmp_path / directory).is_dir()
        lines.append((directory, 'eval "$BUILD"', {"BUILD": expanded(entry["build"])}))
    gitlab = yaml.safe_load(planned(str(tmp_path), "--format", "gitlab-ci"))
    assert len(gitlab) == 2 + 2
    lines += [(".", "\n".join(it["script"]), {}) for name, it in gitlab.items() if name.startswith("build ")]
    for directory, line, more in lines:
        subprocess.run(
            ["bash", "-ec", line],
            cwd=tmp_path / directory,
            env={**environment, **more},
            check=True,
            timeout=60,
        )
    said = log.read_text().split("\0")
    assert not list(tmp_path.rglob("pwned"))
    assert said.count("build") == 4
    assert said.count("validate") == 2
    assert set(said) == {
        *("build", "validate", ".", ""),
        "-only=-rf.null.x",
        """-only=$(touch pwned)`touch pwned`'"; touch pwned; """
        r"$\{\{ secrets.TOKEN \}\} ?- evil: true #.null.x",
    }


def test_secrets_are_left_to_the_engine(tmp_path: Path) -> None:
    write(tmp_path, CHAIN)
    for engine in ("github-matrix", "gitlab-ci"):
        text = planned(str(tmp_path), "--format", engine, "--var", "token=t0p")
        assert "t0p" not in text
        assert (
            "# Note: give the secret `token` to Packer by the environment variable PKR_VAR_token.\n" in text
        )


def test_many_images_are_parted_into_matrices(tmp_path: Path) -> None:
    blocks = "".join(f'  source "null.x" {{\n    name = "n{at}"\n  }}\n' for at in range(300))
    write(tmp_path, {"a.pkr.hcl": f'source "null" "x" {{}}\nbuild {{\n{blocks}}}\n'})
    _, found = workflow(tmp_path)
    sizes = [len(it["strategy"]["matrix"]["include"]) for it in found["jobs"].values()]
    assert (list(found["jobs"]), sizes) == (["level-1-1", "level-1-2"], [256, 44])
