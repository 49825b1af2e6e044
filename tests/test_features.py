"""What of Packer's language came when: the table against the facts, and what a file uses."""

from __future__ import annotations

import json
from inspect import cleandoc
from pathlib import Path

import pytest

from packlint.features import ARGUMENTS, ATTRIBUTES, BLOCKS, OPTIONAL, features
from packlint.pipeline import understand
from packlint.settings import Settings

FACTS = Path(__file__).resolve().parents[2] / "shared" / "reference" / "packer-facts.json"

SAID = {
    "data blocks": BLOCKS["", "data"],
    "local block": BLOCKS["", "local"],
    "required_plugins": BLOCKS["packer", "required_plugins"],
    "error-cleanup-provisioner": BLOCKS["build", "error-cleanup-provisioner"],
    "hcp_packer_registry in build": BLOCKS["build", "hcp_packer_registry"],
    "top-level hcp_packer_registry": BLOCKS["", "hcp_packer_registry"],
    "variable sensitive": ARGUMENTS["variable", "sensitive"],
    "provisioner override": ARGUMENTS["provisioner", "override"],
    "continue_on_error": ARGUMENTS["provisioner", "continue_on_error"],
    "bucket_labels": ARGUMENTS["hcp_packer_registry", "bucket_labels"],
    "build_labels": ARGUMENTS["hcp_packer_registry", "build_labels"],
    "hcp_packer_registry.channels": ARGUMENTS["hcp_packer_registry", "channels"],
    "packer.iterationID": ATTRIBUTES["iterationID"],
    "packer.versionFingerprint": ATTRIBUTES["versionFingerprint"],
    "optional() in types": OPTIONAL,
}
"""What the facts call each feature."""


@pytest.mark.skipif(not FACTS.exists(), reason="the shared facts are not beside the project")
@pytest.mark.parametrize("name", SAID)
def test_the_releases_are_those_of_the_facts(name: str) -> None:
    since = json.loads(FACTS.read_text(encoding="utf-8"))["feature_since"]
    (found,) = {release for said, release in since.items() if name in said}
    assert found == SAID[name]


def test_every_feature_of_the_table_is_compared() -> None:
    assert len(SAID) == len(BLOCKS) + len(ARGUMENTS) + len(ATTRIBUTES) + 1


def test_what_a_file_uses(tmp_path: Path) -> None:
    text = """
    variable "a" {
      type      = object({ b = optional(string), c = map(string) })
      sensitive = true
    }
    source "null" "x" {
      override = true
    }
    build {
      sources = ["source.null.x"]
      provisioner "shell-local" {
        inline   = [templatefile("a", {}), upper("a"), packer.version]
        override = {}
      }
    }
    """
    (tmp_path / "t.pkr.hcl").write_text(cleandoc(text) + "\n", encoding="utf-8")
    (configuration,), *_ = understand([tmp_path], Settings(), tmp_path)
    found = [(it.name, it.range.first.line, it.since) for it in features(configuration.syntax[0])]
    assert sorted(found) == [
        ("optional()", 2, "1.16.0"),
        ("override", 12, "1.6.2"),
        ("sensitive", 3, "1.5.2"),
        ("templatefile()", 11, "1.7.1"),
    ]


def test_a_legacy_template_uses_none(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"builders": [{"type": "null"}]}', encoding="utf-8")
    (configuration,), *_ = understand([tmp_path], Settings(), tmp_path)
    assert list(features(configuration.syntax[0])) == []
