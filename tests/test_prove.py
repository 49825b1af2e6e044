"""Fixes, good and bad, tried on templates: what is refused, and for which reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from packlint.diagnostic import Diagnostic, Edit, Fix, Severity
from packlint.document import Document, Range
from packlint.files import Unsaved
from packlint.outcome import Outcome
from packlint.pipeline import run
from packlint.prove import prove
from packlint.settings import Settings

NAME = "t.pkr.hcl"
RULES = ("undeclared-variable", "undeclared-local", "argument-block-shape", "renamed-component")
SETTINGS = Settings(select=frozenset((*RULES, "unknown-argument")))
TEMPLATE = """\
variable "size" {
  default = 40
}
locals {
  disk  = "${var.size}G"
  typo  = var.sise
  after = local.typo
}
source "null" "web" {
  ssh_host = "web.example.com"
  ssh_port = 22
}
build {
  sources = ["source.null.web"]
  provisioner "shell-local" {
    inline = ["echo ${local.disk}"]
  }
}
"""


def tried(
    folder: Path,
    *changes: tuple[str, str],
    safe: bool = True,
    text: str = TEMPLATE,
    path: str = NAME,
    settings: Settings = SETTINGS,
) -> str | None:
    """What is said of a fix of the first finding that puts new texts in the place of old ones."""
    (folder / path).write_text(text, encoding="utf-8", newline="")

    def again(documents: tuple[Document, ...]) -> Outcome:
        texts = [Unsaved(it.text.encode(), folder / it.path) for it in documents]
        return run([folder], settings, folder, texts=texts)

    before = again(())
    document = Document(path, text)
    edits = []
    for old, new in changes:
        assert text.count(old) == 1
        start = text.index(old)
        edits.append(Edit(Range(document, start, start + len(old)), new))
    finding, *_ = before.diagnostics
    fixed = Diagnostic(
        finding.rule, Severity.ERROR, finding.message, finding.range, fix=Fix("", tuple(edits), safe)
    )
    return prove([fixed], before, again)


def test_a_fix_that_only_mends_is_proven(tmp_path: Path) -> None:
    assert tried(tmp_path, ("var.sise", "var.size")) is None
    assert (tmp_path / NAME).read_text() == TEMPLATE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([("  default = 40", "  # mended\n  default = 40")], "the finding is still there: "),
        ([("var.sise", "var.siize")], "there would be a new finding in `t.pkr.hcl`: "),
        ([("var.sise", "local.siize")], "there would be a new finding in `t.pkr.hcl`: "),
        ([("var.sise", "1 +")], "(syntax-error)"),
        ([("var.sise", "var.size"), ("default = 40", "default = 60")], "`local.disk` would have another"),
        ([("var.sise", "1"), ("  ssh_port = 22\n", "")], None),
        ([("var.sise", "1"), ("var.sise\n", "1\n")], "its edits overlap, or have no place"),
        ([], "its edits overlap, or have no place"),
    ],
)
def test_what_a_safe_fix_may_not_do(
    tmp_path: Path, changes: list[tuple[str, str]], reason: str | None
) -> None:
    said = tried(tmp_path, *changes)
    assert said is None if reason is None else said is not None and reason in said


def test_one_that_is_not_safe_may_change_what_follows(tmp_path: Path) -> None:
    changes = [("var.sise", "var.size"), ("default = 40", "default = 60")]
    assert tried(tmp_path, *changes, safe=False) is None


def test_no_fix_may_change_what_does_not_follow(tmp_path: Path) -> None:
    """Without the first declaration of a name the second counts, for whoever refers to it."""
    text = TEMPLATE.replace("disk  =", "c = local.b\n  disk  =")
    first = 'local "b" {\n  expression = 1\n}\n'
    text += first + 'local "b" {\n  expression = 2\n}\n'
    assert tried(tmp_path, ("var.sise", "1"), text=text) is None
    assert "`local.c` would have another value" in str(
        tried(tmp_path, ("var.sise", "1"), (first, ""), text=text)
    )
    assert tried(tmp_path, ("var.sise", "1"), (first, ""), text=text, safe=False) is None


def test_one_that_is_not_safe_may_leave_something_without_a_use(tmp_path: Path) -> None:
    text = (
        TEMPLATE.replace("var.sise", "1").replace("${var.size}", "40").replace("  after = local.typo\n", "")
    )
    text = text.replace("  typo  =", "  spare = var.size\n  typo  =").replace(
        "${local.disk", "${local.typo}${local.disk"
    )
    settings = Settings(select=frozenset({"unused-local", "unused-variable"}))
    gone = ("  spare = var.size\n", "")
    assert tried(tmp_path, gone, text=text, settings=settings, safe=False) is None
    assert "nothing uses variable `size`" in str(tried(tmp_path, gone, text=text, settings=settings))


def test_places_move_with_the_text_before_them(tmp_path: Path) -> None:
    changes = [("var.sise", "var.size"), ('variable "size" {\n', '# one\n# two\n\nvariable "size" {\n')]
    assert tried(tmp_path, *changes) is None


def test_a_block_may_become_an_argument_and_an_argument_a_block(tmp_path: Path) -> None:
    text = 'source "amazon-ebs" "a" {\n  tags {\n    Name = "web"\n  }\n}\n'
    assert tried(tmp_path, ("tags {", "tags = {"), text=text) is None
    text = 'source "amazon-ebs" "a" {\n  launch_block_device_mappings = {\n    device_name = "a"\n  }\n}\n'
    assert tried(tmp_path, ("mappings = {", "mappings {"), text=text) is None


def test_what_only_the_fix_lets_packlint_see_is_not_new(tmp_path: Path) -> None:
    """The builder `vmware` was unknown, so that nothing could be said of its arguments."""
    text = '{\n "builders": [{"type": "vmware", "iso_url": "a.iso", "headles": true}]\n}\n'
    said = tried(tmp_path, ('"vmware"', '"vmware-iso"'), text=text, path="t.json")
    assert said is None


def test_something_milder_may_come_to_light_in_the_argument_that_is_mended(tmp_path: Path) -> None:
    """In a map that should be a block, nobody looks at the arguments."""
    text = 'source "amazon-ebs" "a" {\n  source_ami_filter = {\n    most_recent = "true"\n  }\n}\n'
    settings = Settings(select=frozenset({"argument-block-shape", "stringly-typed"}))
    assert tried(tmp_path, ("filter = {", "filter {"), text=text, settings=settings) is None


def test_who_says_which_version_it_wants_may_be_told_what_that_lacks(tmp_path: Path) -> None:
    text = 'source "proxmox-iso" "a" {\n  boot_iso {}\n}\nbuild {\n  sources = ["proxmox-iso.a"]\n}\n'
    entry = 'proxmox = { source = "github.com/hashicorp/proxmox", version = "= 1.1.8" }'
    source = 'source "proxmox-iso" "a"'
    whole = f"packer {{\n  required_plugins {{\n    {entry}\n  }}\n}}\n{source}"
    settings = Settings(select=frozenset({"missing-required-plugin", "needs-newer-version"}))
    assert tried(tmp_path, (source, whole), text=text, settings=settings) is None
    (tmp_path / NAME).write_text(text.replace(source, whole))
    assert [it.rule for it in run([tmp_path], settings, tmp_path).diagnostics] == ["needs-newer-version"]
