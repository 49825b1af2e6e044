"""Errors of usage say what to type."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from packlint.cli import cli
from packlint.commands.misuse import MEANT, MEANT_OPTIONS


def said(*arguments: str) -> str:
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ("chek", "`packlint` has no command `chek`", "did you mean `packlint check`?"),
        ("lint .", "`packlint` has no command `lint`", "did you mean `packlint check`?"),
        ("fix", "`packlint` has no command `fix`", "did you mean `packlint check --fix`?"),
        ("qwertz", "`packlint` has no command `qwertz`", "`packlint --help` says more"),
        ("schema lits", "`packlint schema` has no command `lits`", "did you mean `packlint schema list`?"),
        ("schema fix", "`packlint schema` has no command `fix`", "`packlint schema --help` says more"),
        ("check --prest all", "`packlint check` has no option `--prest`", "did you mean `--preset`?"),
        ("check --config x", "`packlint check` has no option `--config`", "did you mean `--settings`?"),
        ("check -o x", "`packlint check` has no option `-o`", "did you mean `--format NAME:FILE`?"),
        ("check --qwertz", "`packlint check` has no option `--qwertz`", "`packlint check --help` says more"),
        ("--format json", "`packlint` has no option `--format`", "did you mean `packlint check --format`?"),
        ("check --preset strct", "`--preset` does not take `strct`", "did you mean `strict`?"),
        ("check --fail-on=warn", "`--fail-on` does not take `warn`", "did you mean `warning`?"),
        ("check --fail-on x", "`--fail-on` does not take `x`", "choose one of error, warning, note"),
        ("completion bsh", "`packlint completion` does not take `bsh`", "did you mean `bash`?"),
        ("check --select", "`--select` needs a value", "`packlint COMMAND --help` tells of `--select`"),
        ("check --env=1", "`--env` takes no value", "`packlint COMMAND --help` tells of `--env`"),
        ("explain", "`packlint explain` needs more to go on", "write `packlint explain [OPTIONS] RULE`"),
        ("explain a b", "got unexpected extra argument (b)", "`packlint explain --help` says more"),
    ],
)
def test_what_is_wrong_and_what_to_type(arguments: str, message: str, hint: str) -> None:
    assert said(*arguments.split()) == f"error: {message}\nhint: {hint}\n"


def test_a_path_is_no_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "images").mkdir()
    monkeypatch.chdir(tmp_path)
    assert said("images").endswith("hint: `packlint check images` checks the templates there\n")


@pytest.mark.parametrize("group", ["schema", "settings", "baseline"])
def test_a_group_alone_shows_its_commands(group: str) -> None:
    assert said(group).startswith(f"Usage: packlint {group} [OPTIONS]")
    assert "\nCommands:\n" in said(group)


def test_nothing_steers_the_terminal() -> None:
    assert "\x1b" not in said("\x1b[31mchek")
    assert "\x1b" not in said("check", "--\x1b[31m")
    assert said("a\nb").count("\n") == 2


def test_what_is_proposed_exists() -> None:
    check = {name for option in cli.commands["check"].params for name in option.opts}  # type: ignore[attr-defined]
    for meant in MEANT.values():
        assert meant.split()[0] in {*cli.commands, "--help", "--version"}  # type: ignore[attr-defined]
        assert {it for it in meant.split()[1:] if it.startswith("-")} <= check
    assert {it.split()[0] for it in MEANT_OPTIONS.values()} <= {*check, "--version"}
