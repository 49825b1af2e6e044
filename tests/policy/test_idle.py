"""Policies that hold for nothing, or that nothing can satisfy: which are told of, and in which runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from packlint.cli import cli

TEMPLATE = 'source "null" "a" {\n  communicator = "none"\n}\n'


def policy(target: str, condition: str = "self.name != null", when: str | None = None) -> str:
    said = f"  when = {when}\n" if when else ""
    return f'policy "p" {{\n  target = {target}\n{said}  condition = {condition}\n  error_message = "m"\n}}\n'


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for folder in ("a", "b", "policies"):
        (tmp_path / folder).mkdir()
    for folder in ("a", "b"):
        (tmp_path / folder / f"{folder}.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(*paths: str) -> list[str]:
    """What is said of idle policies, as `PATH:LINE: SEVERITY MESSAGE`."""
    result = CliRunner().invoke(cli, ["check", "--format", "concise", "--select", "policy", *paths])
    assert result.exit_code in (0, 1), result.output
    lines = (it for it in result.stdout.splitlines() if "[idle-policy]" in it)
    return [it.replace("[idle-policy]", "") for it in lines]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (policy("data"), "there is no data source"),
        (policy("post_processor"), "there is no post-processor"),
        (policy("required_plugin", when='self.name == "x"'), "its `when` is true of no required plugin"),
        (policy("source", when='self.type == "qemu"'), "its `when` is true of no source"),
    ],
)
def test_one_that_holds_for_nothing_is_a_note(here: Path, text: str, why: str) -> None:
    (here / "policies/p.policy.hcl").write_text(text, encoding="utf-8")
    place = "policies/p.policy.hcl:1:1: note"
    assert told() == [f"{place} policy `p` holds for nothing here: {why}"]


@pytest.mark.parametrize("condition", ["false", "self.name != null && false"])
def test_one_that_nothing_can_satisfy_is_a_warning(here: Path, condition: str) -> None:
    (here / "policies/p.policy.hcl").write_text(policy("source", condition), encoding="utf-8")
    message = "nothing can satisfy policy `p`: its condition is never true"
    assert told() == told("a", "policies") == [f"policies/p.policy.hcl:3:15: warning {message}"]


def test_a_part_of_the_repository_does_not_show_that_it_holds_for_nothing(here: Path) -> None:
    (here / "policies/p.policy.hcl").write_text(policy("data"), encoding="utf-8")
    assert told()
    assert not told("a", "policies")


def test_what_holds_somewhere_or_may_hold_is_not_idle(here: Path) -> None:
    text = policy("source", when='self.ssh_host == "h"')
    (here / "policies/p.policy.hcl").write_text(text, encoding="utf-8")
    assert told()
    later = 'variable "later" {}\n' + TEMPLATE.replace('"none"', '"none"\n  ssh_host = var.later')
    (here / "b/b.pkr.hcl").write_text(later, encoding="utf-8")
    assert not told()


def test_one_that_is_in_force_with_several_values_is_idle_with_none_of_them(here: Path) -> None:
    text = 'param "type" {}\n' + policy("source", when="self.type == param.type")
    (here / "shared").mkdir()
    (here / "shared/p.policy.hcl").write_text(text, encoding="utf-8")
    for folder, type_ in (("a", "qemu"), ("b", "null")):
        settings = f'[policies]\npaths = ["../shared"]\n[policies.params.p]\ntype = "{type_}"\n'
        (here / folder / "packlint.toml").write_text(settings, encoding="utf-8")
    assert not told()
    (here / "b/packlint.toml").write_text(settings.replace("null", "docker"), encoding="utf-8")
    assert len(told()) == 1


def test_one_that_is_switched_off_by_its_parameters_is_a_note(here: Path) -> None:
    param = 'param "types" {\n  default = []\n}\n'
    text = param + policy("source", "self.type != null", when="length(param.types) > 0")
    (here / "policies/p.policy.hcl").write_text(text, encoding="utf-8")
    place = "policies/p.policy.hcl:6:10: note"
    assert told() == [f"{place} `when` of policy `p` is never true with these parameters"]


def test_one_that_refuses_everything_may_say_so(here: Path) -> None:
    (here / "policies/p.policy.hcl").write_text(policy("source", "false", when="true"), encoding="utf-8")
    assert told() == []


def test_it_tells_of_a_when_that_has_no_answer(here: Path) -> None:
    text = policy("source", when='self.type != "qemu" && !self.ssh_pty')
    (here / "policies/p.policy.hcl").write_text(text, encoding="utf-8")
    result = CliRunner().invoke(cli, ["check", "--select", "policy"])
    said = " ".join(result.stdout.replace("|", " ").split())
    assert "it has no answer for source `null.a`: `ssh_pty` is left out" in said
