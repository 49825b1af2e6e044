"""What rules say they look for: one that would not look finds nothing in any example or real template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path

import pytest

from packlint import Rule
from packlint.diagnostic import Diagnostic
from packlint.glance import LONGEST, SIGNS, Glance
from packlint.pipeline import run
from packlint.plugins import load_rules
from packlint.settings import Settings
from packlint.testing import findings

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpus"
RULES: list[type[Rule]] = sorted(import_module("packlint.rules").every(), key=lambda rule: rule.name())
SIFTED = frozenset(rule.name() for rule in RULES if rule.looks_for)
EVERYTHING = Settings(preset="all")


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has just those rules look that would not."""
    shows = Glance.shows
    monkeypatch.setattr(Glance, "shows", lambda glance, wanted: not shows(glance, wanted))


def missed(folder: Path) -> list[Diagnostic]:
    """What rules find that would not have looked."""
    return [it for it in run([folder], EVERYTHING, folder).diagnostics if it.rule in SIFTED]


def test_signs_are_those_that_there_are() -> None:
    words = {word for rule in RULES for word in rule.looks_for}
    assert {word for word in words if word.startswith("<")} == SIGNS
    assert all(word.replace("-", "_").isidentifier() for word in words - SIGNS)
    assert all(word == word.lower() for word in words)


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="")
    return folder


def examples(rule: type[Rule], folder: Path) -> Iterator[Path]:
    for number, example in enumerate(rule.examples):
        yield write(folder / str(number), example.by_path)


@pytest.mark.usefixtures("hidden")
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name())
def test_no_rule_misses_anything_in_examples(rule: type[Rule], tmp_path: Path) -> None:
    for folder in examples(rule, tmp_path):
        assert missed(folder) == [], folder.name


@pytest.mark.usefixtures("hidden")
def test_no_rule_misses_anything_in_all_examples_together(tmp_path: Path) -> None:
    for rule in RULES:
        for _ in examples(rule, tmp_path / rule.name()):
            pass
    assert missed(tmp_path) == []


@pytest.mark.usefixtures("hidden")
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")
def test_no_rule_misses_anything_in_real_templates() -> None:
    assert missed(CORPUS) == []


def found(rule: str, text: str, path: str = "t.pkr.hcl") -> int:
    """How often a rule finds something; it is in the index, and sifted."""
    assert rule in SIFTED
    return len(findings(rule, {path: text}))


def test_the_rules_that_are_installed_are_sifted() -> None:
    assert {rule.name() for rule in load_rules() if rule.looks_for} >= SIFTED


def test_a_function_behind_a_number_and_a_minus_is_seen() -> None:
    assert found("env-function-outside-default", 'locals {\n  a = 1e5-env("A")\n  b = 1-env("B")\n}\n') == 2


def test_a_function_behind_an_escape_is_seen() -> None:
    text = '{"locals": {"a": "${\\nenv(\\"A\\")}"}}'
    assert found("env-function-outside-default", text, "t.pkr.json") == 1


def test_a_key_that_is_escaped_by_number_is_seen() -> None:
    text = (
        '{"source": {"null": {"a": {}}}, "build": {"sources": ["null.a"], '
        '"provisioner": {"break\\u0070oint": {}}}}'
    )
    assert found("breakpoint-left-in", text, "t.pkr.json") == 1


def test_a_component_whose_type_is_computed_is_seen() -> None:
    text = """
    locals {
      kind = "break"
    }
    source "null" "a" {
      communicator = "none"
    }
    build {
      sources = ["source.null.a"]
      dynamic "provisioner" {
        for_each = [1]
        labels   = ["${local.kind}point"]
        content {
          disable = false
        }
      }
    }
    """
    assert isinstance(found("breakpoint-left-in", text), int)  # it says nothing of what is computed
    text = text.replace("break", "no-such-thing-")
    assert found("unknown-component", text) == 1


@pytest.mark.parametrize("key", ["MIN_PACKER_VERSION", "min_pac\u212aer_version"])
def test_a_key_of_a_legacy_template_in_other_letters_is_seen(key: str) -> None:
    text = (
        f'{{"{key}": "1.3.0", "builders": [{{"type": "null", "ssh_host": "x", "ssh_username": "a"}}], '
        '"provisioners": [{"type": "shell", "inline": ["x"], "max_retries": 3}]}'
    )
    assert found("needs-newer-version", text, "t.json") == 1


def test_a_component_under_another_name_is_seen() -> None:
    text = """
    packer {
      required_plugins {
        own = {
          source  = "github.com/hashicorp/qemu"
          version = "~> 1.1"
        }
      }
    }
    source "own" "a" {
      iso_url      = "https://example.com/a.qcow2"
      iso_checksum = "none"
      ssh_username = "a"
    }
    build {
      sources = ["source.own.a"]
    }
    """
    assert found("cloud-image-as-iso", text) == 1


def test_a_text_that_is_too_long_shows_everything() -> None:
    text = f'# {"x" * LONGEST}\nlocals {{\n  a = env("A")\n}}\n'
    assert found("env-function-outside-default", text) == 1
