"""The commands of a job, and that a real Packer takes them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from packlint.chain.images import artifact_graph
from packlint.commands.passing import passing
from packlint.configure import Nearest
from packlint.limits import Limits
from packlint.options import Asked
from packlint.packer import command
from packlint.packer.job import Job, Passed, Plan
from packlint.packer.plan import plan
from packlint.pipeline import understand
from packlint.record import replace
from packlint.settings import Flags

HCL = """
variable "word" {
  default = "unset"
}
variable "token" {
  default = ""
}
variable "hidden" {
  default   = ""
  sensitive = true
}
source "file" "a" {
  content = var.word
}
build {
  name = "x,y"
  source "file.a" {
    name = "plain"
    target = "out-1.txt"
  }
  source "file.a" {
    name = "we{ird}*[a]?!"
    target = "out-2.txt"
  }
  source "file.a" {
    name = " sp ace"
    target = "out-3.txt"
  }
  source "file.a" {
    name = "-dash"
    target = "out-4.txt"
  }
  source "file.a" {
    name = "back\\\\slash'quote"
    target = "out-5.txt"
  }
}
"""

LEGACY = """
{
  "variables": {"word": "unset"},
  "builders": [
    {"type": "file", "content": "{{user `word`}}", "target": "legacy-1.txt"},
    {"type": "file", "name": "a b*[c]?", "content": "{{user `word`}}", "target": "legacy-2.txt"},
    {"type": "file", "name": "-dash", "content": "{{user `word`}}", "target": "legacy-3.txt"}
  ]
}
"""

needs_packer = pytest.mark.skipif(shutil.which("packer") is None, reason="there is no packer here")


def planned(folder: Path, texts: dict[str, str], limits: Limits) -> Plan:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = understand([folder], Nearest({}, Flags()), folder)
    assert not found.diagnostics
    return plan(artifact_graph(found.configurations, ()), limits)


def run(argv: command.Command, folder: Path) -> str:
    environment = {**os.environ, "HOME": str(folder), "CHECKPOINT_DISABLE": "1", "PACKER_NO_COLOR": "1"}
    done = subprocess.run(
        argv, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def job_of(folder: Path, text: str = HCL) -> Job:
    (job,) = planned(folder, {"t/t.pkr.hcl": text}, Limits(100)).jobs
    return job


def test_every_option_has_its_place(tmp_path: Path) -> None:
    job = job_of(tmp_path)
    passed = Passed(
        ("word=a b",),
        (tmp_path / "v.pkrvars.hcl", Path("/elsewhere/w.json")),
        ("x", "y*"),
        "abort",
        force=True,
    )
    given = ["-var-file=../v.pkrvars.hcl", "-var-file=/elsewhere/w.json", "-var=word=a b", "."]
    assert [*command.build(job, passed, tmp_path)] == [
        *("packer", "build", "-machine-readable", "-except=x,y*", "-on-error=abort", "-force", *given)
    ]
    # `packer validate` has no `-force`, and without that a plugin may not like what is there.
    validate = ["packer", "validate", "-syntax-only", "-except=x,y*", *given]
    assert [*command.validate(job, passed, tmp_path)] == validate
    validate.remove("-syntax-only")
    assert [*command.validate(job, replace(passed, force=False), tmp_path)] == validate
    assert not command.init(job)


def test_plugins_are_installed_where_some_are_required(tmp_path: Path) -> None:
    entry = 'a = {\n      version = "1"\n      source = "h/x/a"\n    }'
    plugin = f"packer {{\n  required_plugins {{\n    {entry}\n  }}\n}}\n"
    assert [*command.init(job_of(tmp_path, plugin + HCL))] == ["packer", "init", "."]


def test_a_line_can_be_typed_and_tells_no_secret(tmp_path: Path) -> None:
    job = job_of(tmp_path)
    key = "ghp_" + "n7Qx2VbT9kLm4RsW8yZc" + "1DfGh3JpK5uE9aTz"
    secret = ("token=t0p", "hidden=h1d", "passphrase=p4ss", "secretKey=k3y", f"note=by {key}")
    passed = Passed(("word=a 'b'", *secret, "word=\x1b[31m"))
    line = command.shown(command.build(job, passed, tmp_path), command.secrets(job))
    assert not [it for it in ("p4ss", "k3y", key) if it in line]
    assert "t0p" not in line
    assert "h1d" not in line
    assert "\x1b" not in line
    assert "'-var=token=***' '-var=hidden=***'" in line
    assert """'-var=word=a '"'"'b'"'"''""" in line


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("plain", "plain"),
        ("a b", '"a b"'),
        ("", '""'),
        ('say "x"', '"say \\"x\\""'),
        ("c:\\a b\\", '"c:\\a b\\\\"'),
        ("a&b", '"a&b"'),
    ],
)
def test_a_line_for_windows(word: str, wanted: str) -> None:
    assert command.shown([word], windows=True) == wanted


@needs_packer
@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_packer_builds_each_image_once(tmp_path: Path, at_once: int) -> None:
    found = planned(tmp_path, {"t/t.pkr.hcl": HCL, "l/l.json": LEGACY}, Limits(at_once))
    for job in found.jobs:
        folder = tmp_path / job.directory
        before = {it.name for it in folder.glob("*.txt")}
        passed = Passed(("word=given",), on_error="cleanup")
        run(command.validate(job, passed, tmp_path), folder)
        run(command.build(job, passed, tmp_path), folder)
        made = {it.name for it in folder.glob("*.txt")} - before
        assert len(made) == len(job.images), (job.only, made)
    made = sorted(it.relative_to(tmp_path).as_posix() for it in tmp_path.rglob("*.txt"))
    assert len(made) == 8
    assert {(tmp_path / it).read_text() for it in made} == {"given"}


@needs_packer
def test_packer_takes_what_is_passed_through(tmp_path: Path) -> None:
    (job,) = planned(tmp_path, {"t/t.pkr.hcl": HCL}, Limits(100)).jobs
    (tmp_path / "v.pkrvars.hcl").write_text('word = "from the file"\n')
    passed = Passed((), (tmp_path / "v.pkrvars.hcl",), ("*plain",), "abort", force=True)
    run(command.build(job, passed, tmp_path), tmp_path / "t")
    made = sorted((tmp_path / "t").glob("*.txt"))
    assert len(made) == 4
    assert made[0].read_text() == "from the file"


def test_settings_come_before_the_command_line(tmp_path: Path) -> None:
    said = 'var-files = ["own.pkrvars.hcl"]\n[variables]\nword = "settings"\nother = "nobody has it"\n'
    texts = {"t/t.pkr.hcl": HCL, "packlint.toml": said, "own.pkrvars.hcl": 'word = "file"\n'}
    (job,) = planned(tmp_path, texts, Limits(100)).jobs
    asked = Asked(("word=line", "nowhere=1"), (Path("mine.json"),), exclude=("a, b", "c"))
    passed = passing(Nearest({}, Flags()), asked, on_error="ask", force=True)(job)
    assert passed == Passed(
        ("word=settings", "word=line"),
        (tmp_path / "own.pkrvars.hcl", Path("mine.json")),
        ("a", "b", "c"),
        "ask",
        force=True,
    )


def test_a_legacy_template_is_given_variable_files_in_json_alone(tmp_path: Path) -> None:
    builder = '{"type": "null", "communicator": "none"}'
    (job,) = planned(tmp_path, {"t.json": f'{{"builders": [{builder}]}}'}, Limits(100)).jobs
    asked = Asked((), (Path("v.pkrvars.hcl"), Path("v.json")))
    assert passing(Nearest({}, Flags()), asked)(job).var_files == (Path("v.json"),)
