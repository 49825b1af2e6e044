"""Policies in the documents beside the walk: those that were thought of first, and the example."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from packlint.document import Document
from packlint.errors import PolicyError
from packlint.files import Files
from packlint.policy.names import FIXED
from packlint.policy.read import read
from packlint.testing import findings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "policies"

WRITTEN = """\
policy "approved-regions" {
  description   = "Images are built in the EU."
  severity      = "error"
  target        = source                     # source, build, provisioner, post_processor, variable, data, required_plugin, template
  when        = startswith(self.type, "amazon-")
  condition   = contains(["eu-west-1", "eu-central-1"], self.region)
  error_message = "Region ${self.region} is not approved; use an EU region."
  at          = self.region                  # the place to underline; by default the block's header
}
policy "tags" {
  target = source
  when   = startswith(self.type, "amazon-")
  schema = { required = ["tags"], properties = { tags = { required = ["owner", "cost-centre"] } } }   # JSON Schema over the evaluated body
  error_message = "Images carry owner and cost centre."
}
test "approved-regions" {
  template = <<-EOT
    source "amazon-ebs" "a" { region = "us-east-1" }
    build { sources = ["source.amazon-ebs.a"] }
  EOT
  finds = ["Region us-east-1 is not approved"]
}
"""  # noqa: E501 - it is as it was written
"""The first policies that were thought of, letter by letter: whatever else changes, they work."""

TEMPLATE = """\
variable "region" {
  default = "eu-west-1"
}

source "amazon-ebs" "good" {
  region = var.region
  tags   = { owner = "web", cost-centre = "4711" }
}

source "amazon-ebs" "bad" {
  region = "us-${"east"}-1"
  tags   = { owner = "web" }
}

source "amazon-ebs" "untagged" {
  region = "eu-central-1"
}

source "qemu" "elsewhere" {
  iso_url = "debian.iso"
}

build {
  sources = ["source.amazon-ebs.good", "source.amazon-ebs.bad", "source.qemu.elsewhere"]
}
"""


def neighbour(path: Path) -> ModuleType:
    """Another module of tests, which pytest's way of importing keeps apart."""
    spec = spec_from_file_location(f"documents_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


DOCUMENTS = neighbour(ROOT / "tests" / "test_docs.py")


def packlint(here: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """packlint, run in a folder."""
    command = [sys.executable, "-m", "packlint", *arguments]
    return subprocess.run(command, cwd=here, capture_output=True, text=True, encoding="utf-8", check=False)


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A repository with the policies as they were first written."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "images.policy.hcl").write_text(WRITTEN, encoding="utf-8")
    (tmp_path / "image.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def test_the_test_of_the_first_example_passes(here: Path) -> None:
    done = packlint(here, "policy", "test")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_first_example_is_tested_in_earnest(here: Path) -> None:
    policies = here / "policies" / "images.policy.hcl"
    policies.write_text(WRITTEN.replace('"eu-central-1"]', '"us-east-1"]'), encoding="utf-8")
    done = packlint(here, "policy", "test")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Region us-east-1 is not approved" in done.stdout


def test_the_first_example_finds_what_it_should(here: Path) -> None:
    done = packlint(here, "check", "--select", "approved-regions,tags", "--format", "concise")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout.splitlines()[:-1] == [
        "image.pkr.hcl:11:12: error[approved-regions] Region us-east-1 is not approved; use an EU region.",
        "image.pkr.hcl:12:12: warning[tags] Images carry owner and cost centre.",
        "image.pkr.hcl:15:1: warning[tags] Images carry owner and cost centre.",
    ]


def test_what_the_first_example_underlines() -> None:
    files = {"image.pkr.hcl": TEMPLATE, "policies/images.policy.hcl": WRITTEN}
    (region,) = findings("approved-regions", files)
    assert region.range.text == '"us-${"east"}-1"'
    assert [it.range.text for it in findings("tags", files)] == [
        '{ owner = "web" }',
        'source "amazon-ebs" "untagged"',
    ]


def test_a_policy_without_a_description_has_a_page(here: Path) -> None:
    done = packlint(here, "explain", "tags")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Images carry owner and cost centre." in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="the page shows a POSIX shell")
def test_the_example_is_as_its_page_says(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "here")
    (tmp_path / "here" / ".git").mkdir()
    DOCUMENTS.walk(EXAMPLE / "README.md", tmp_path, {})


def test_the_page_of_the_example_lists_its_files() -> None:
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([\w.-]+)` \|", text, re.MULTILINE)
    assert sorted(listed) == sorted(it.name for it in (EXAMPLE / "policies").iterdir())


def test_each_policy_of_the_example_has_a_test_that_finds_and_one_line_that_breaks_it() -> None:
    templates = sorted(os.fspath(it) for it in EXAMPLE.glob("*/*.pkr.hcl"))
    found = packlint(EXAMPLE, "check", "--format", "concise", *templates)
    for path in (EXAMPLE / "policies").iterdir():
        text = path.read_text(encoding="utf-8")
        (name,) = re.findall(r'^policy "([\w-]+)"', text, re.MULTILINE)
        assert f'test "{name}"' in text
        assert "finds" in text
        assert found.stdout.count(f"[{name}]") == 1, found.stdout
        assert not re.search(rf"\bbase/.*\[{name}\]", found.stdout)


def test_the_example_has_the_first_policies_as_they_were_written() -> None:
    files = [EXAMPLE / "policies" / f"{it}.policy.hcl" for it in ("regions", "tags")]
    texts = [it.read_text(encoding="utf-8") for it in files]
    for block in re.split(r"^(?=policy|test)", WRITTEN, flags=re.MULTILINE):
        assert any(block in text for text in texts), block


PAGE = (ROOT / "docs/how-to/policies.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, str]:
    """The first cells of the tables below a heading, without backticks, with what stands beside each."""
    section = re.split(r"^#{2,3} ", PAGE.partition(f"\n{heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    return dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", section, re.MULTILINE))


@pytest.mark.parametrize("block", ["policy", "test", "param"])
def test_the_page_lists_the_arguments_that_there_are(block: str) -> None:
    document = Document("p.policy.hcl", f'{block} "a" {{\n  there_is_none = 1\n}}\n')
    with pytest.raises(PolicyError) as told:
        read(document, name="p", files=Files(Path()), directory=".", foreign=False)
    assert set(re.findall("`([^`]+)`", told.value.hint or "")) == rows(f'### `{block} "NAME"`').keys()


def test_the_page_lists_what_each_target_has() -> None:
    described = rows("## Targets")
    assert described.keys() == {"target", *FIXED}
    for target in ("build", "variable", "required_plugin", "template"):
        assert set(re.findall("`([^`]+)`", described[target])) == FIXED[target].keys()
    for target in ("provisioner", "post_processor"):
        named = set(re.findall(r"`(\w+)`", described[target]))
        assert named <= FIXED[target].keys()
        assert {"runs_on", "only", "except"} <= named
