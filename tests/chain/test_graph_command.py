"""`packlint graph`: formats, streams, exit codes, what changed, and secrets."""

from __future__ import annotations

import json
import subprocess
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from packlint.cli import cli

SCHEMA = json.loads(files("packlint.schemas").joinpath("graph.schema.json").read_text(encoding="utf-8"))
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
FORMATS = ("text", "mermaid", "dot", "svg", "json")

BASE = """
source "virtualbox-iso" "base" {
  iso_url = "https://me:pass@example.com/debian.iso?token=1"
  vm_name = "debian"
}
build {
  sources = ["source.virtualbox-iso.base"]
  provisioner "shell" {
    script = "setup.sh"
  }
}
"""
WEB = """
source "virtualbox-ovf" "web" {
  source_path = "../base/output-base/debian.ovf"
}
build {
  sources = ["source.virtualbox-ovf.web"]
}
"""
OTHER = """
source "docker" "other" {
  image  = "debian:12"
  commit = true
}
build {
  sources = ["source.docker.other"]
}
"""


@pytest.fixture
def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in {"base": BASE, "web": WEB, "other": OTHER}.items():
        tmp_path.joinpath(name).mkdir()
        tmp_path.joinpath(name, "t.pkr.hcl").write_text(text.lstrip(), encoding="utf-8")
    tmp_path.joinpath("base/setup.sh").write_text("true\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def invoke(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, ["graph", *arguments], env=env)


def told(*arguments: str) -> dict[str, object]:
    done = invoke("--format", "json", *arguments)
    assert (done.exit_code, done.stderr) == (0, "")
    data: dict[str, object] = json.loads(done.stdout)
    jsonschema.validate(data, SCHEMA)
    return data


@pytest.mark.usefixtures("chain")
def test_text_is_a_tree() -> None:
    done = invoke()
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "debian.iso   ISO",
        "└── base:virtualbox-iso.base   shell",
        "    └── web:virtualbox-ovf.web   ← ../base/output-base/debian.ovf",
        "",
        "debian:12   container image",
        "└── other:docker.other",
        "",
        "3 templates, 3 images, 1 derived, longest chain 2",
    ]


@pytest.mark.usefixtures("chain")
def test_json_has_the_evidence() -> None:
    data = told()
    assert data["images"][2] == {  # type: ignore[index]
        "id": 2,
        "name": "web:virtualbox-ovf.web",
        "template": "web",
        "type": "virtualbox-ovf",
        "address": "virtualbox-ovf.web",
        "steps": [],
        "range": {"path": "web/t.pkr.hcl", "line": 1, "column": 1},
    }
    assert data["edges"] == [
        {
            "producer": 0,
            "consumer": 2,
            "artifact": "../base/output-base/debian.ovf",
            "evidence": {"argument": "source_path", "path": "web/t.pkr.hcl", "line": 2, "column": 17},
        }
    ]
    assert data["bases"] == [
        {"name": "debian.iso", "kind": "ISO", "images": [0]},
        {"name": "debian:12", "kind": "container image", "images": [1]},
    ]
    assert (data["missing"], data["cycles"]) == ([], [])
    assert "rebuild" not in data


def test_what_is_missing_is_told(chain: Path) -> None:
    web = WEB.replace("output-base", "output-bse").lstrip()
    chain.joinpath("web/t.pkr.hcl").write_text(web, encoding="utf-8")
    assert told()["missing"] == [
        {
            "name": "../base/output-bse/debian.ovf",
            "images": [2],
            "range": {"path": "web/t.pkr.hcl", "line": 2, "column": 17},
        }
    ]
    assert "\x1b[31m" in invoke("--color", "always").stdout
    assert "1 missing" in invoke().stdout


def test_a_template_that_was_not_asked_for_is_looked_at_before_something_is_missing(chain: Path) -> None:
    chain.joinpath(".git").mkdir()
    text = BASE.replace('"base"', '"own"').replace("iso.base", "iso.own")
    chain.joinpath("web/u.pkr.hcl").write_text(text, encoding="utf-8")
    assert told("web")["missing"] == []


def test_settings_declare_what_cannot_be_seen(chain: Path) -> None:
    chain.joinpath("packlint.toml").write_text('[[chain]]\nfrom = "other"\nto = "web"\n', encoding="utf-8")
    edges = told()["edges"]
    assert {"producer": 1, "consumer": 2, "declared": True} in edges  # type: ignore[operator]


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize("format_", FORMATS)
def test_no_credentials_are_told(format_: str) -> None:
    done = invoke("--format", format_)
    assert done.exit_code == 0
    assert "debian.iso" in done.stdout
    assert "pass" not in done.stdout
    assert "token" not in done.stdout


@pytest.mark.parametrize("format_", FORMATS)
def test_a_secret_is_no_name(chain: Path, format_: str) -> None:
    text = """
variable "secret" {
  default   = "hunter2hunter2"
  sensitive = true
}
source "tart-cli" "a" {
  vm_name      = var.secret
  vm_base_name = "prefix-hunter2hunter2"
}
source "tart-cli" "b" {
  vm_base_name = "hunter2hunter2"
}
source "docker" "c" {
  image = "hunter2hunter2"
}
build {
  sources = ["source.tart-cli.a", "source.tart-cli.b", "source.docker.c"]
}
"""
    chain.joinpath("other/t.pkr.hcl").write_text(text, encoding="utf-8")
    done = invoke("--format", format_, "other")
    assert done.exit_code == 0
    assert "hunter2" not in done.stdout
    assert "tart-cli.b" in done.stdout


@pytest.mark.parametrize("format_", FORMATS)
def test_names_stay_names(chain: Path, format_: str) -> None:
    name = '\\"]-->x<script>\\u001b[31m&amp;\\\\'
    text = OTHER.replace("debian:12", name).replace("build {", f'build {{\n  name = "{name}"')
    chain.joinpath("other/t.pkr.hcl").write_text(text, encoding="utf-8")
    done = invoke("--format", format_)
    assert done.exit_code == 0
    assert "\x1b" not in done.stdout
    if format_ == "json":
        jsonschema.validate(json.loads(done.stdout), SCHEMA)
    if format_ == "svg":
        ET.fromstring(done.stdout)
    if format_ in ("mermaid", "svg"):
        assert "<script>" not in done.stdout


def test_a_file_that_cannot_be_read_is_told_beside_the_graph(chain: Path) -> None:
    chain.joinpath("other/t.pkr.hcl").write_text("source {", encoding="utf-8")
    done = invoke()
    assert done.exit_code == 1
    assert done.stderr.startswith("other/t.pkr.hcl:1:")
    assert "web:virtualbox-ovf.web" in done.stdout


def test_a_template_without_images_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.joinpath("v.pkr.hcl").write_text('variable "a" {}\n')
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(cli, ["graph"]).stdout == "1 template, 0 images\n"


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    done = invoke(str(tmp_path))
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.startswith("no templates found in")


def test_a_format_that_there_is_not_is_refused() -> None:
    assert invoke("--format", "png").exit_code == 2


def commit(folder: Path, *first: str) -> None:
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for command in (*([first] if first else ()), ["add", "--all"], [*identity, "commit", "-qm", "x"]):
        subprocess.run(["git", *command], cwd=folder, check=True)


def test_what_changed_is_built_again_with_what_starts_from_it(chain: Path) -> None:
    commit(chain, "init", "-q")
    assert invoke("--changed-since", "HEAD").stdout == "0 of 3 images to build again\n"
    chain.joinpath("base/setup.sh").write_text("false\n", encoding="utf-8")
    done = invoke("--changed-since", "HEAD")
    assert (done.exit_code, done.stderr) == (0, "")
    first, second, blank, last = done.stdout.splitlines()
    assert first.startswith("base:virtualbox-iso.base: ")
    assert "base/setup.sh" in first
    assert second == "web:virtualbox-ovf.web: it starts from `base:virtualbox-iso.base`"
    assert (blank, last) == ("", "2 of 3 images to build again")
    data = told("--changed-since", "HEAD")
    assert [it["image"] for it in data["rebuild"]] == [0, 2]  # type: ignore[attr-defined]
    assert "class n0,n2 changed" in invoke("--changed-since", "HEAD", "--format", "mermaid").stdout


def test_a_template_that_is_new_is_built(chain: Path) -> None:
    commit(chain, "init", "-q")
    chain.joinpath("new").mkdir()
    chain.joinpath("new/t.pkr.hcl").write_text(OTHER.replace("other", "new"), encoding="utf-8")
    chain.joinpath("other/t.pkr.hcl").unlink()
    assert invoke("--changed-since", "HEAD").stdout.splitlines()[0] == "new:docker.new: it is new"


def test_a_revision_that_there_is_not_is_refused(chain: Path) -> None:
    commit(chain, "init", "-q")
    assert invoke("--changed-since", "nowhere").exit_code == 2
