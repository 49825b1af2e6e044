"""The short way into `packlint check`: it means what click means, or leaves the arguments to click."""

from __future__ import annotations

import errno
import gc
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from packlint import __main__ as program
from packlint import pipeline
from packlint.cli import COMMANDS, cli
from packlint.commands import check as command
from packlint.commands.checking import checked
from packlint.commands.completion import VARIABLE
from packlint.commands.plain import (
    CHOICES,
    FLAG,
    HARMLESS,
    NAME,
    NUMBER,
    OPTIONS,
    PATH,
    SWITCHES,
    TEXT,
    TEXTS,
    parsed,
)
from packlint.document import Document, Range
from packlint.errors import PackerError, SettingsError, UsageError

CHECK = command.check
assert isinstance(CHECK, click.Command)
NAMES = [
    name for it in CHECK.params if isinstance(it, click.Option) for name in (*it.opts, *it.secondary_opts)
]
WORDS = [
    *("a", "b", "a.pkr.hcl", "missing", "-", "--", "", ".", "-x", "--nothing", "--fo", "-h", "--help", "ä b"),
    *("text", "json:out.json", "sarif", "always", "never", "error", "warning", "strict", "security", "style"),
    *("style,security", "NAME=VALUE", "5", "0", "90m", "a=b", "*.hcl", "x[", "\udce4"),
]


@pytest.fixture(autouse=True, scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The working directory, with what some of the words name; without variables that stand for options."""
    folder = tmp_path_factory.mktemp("here")
    for name in "ab":
        (folder / name).mkdir()
    (folder / "a.pkr.hcl").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name in [*os.environ]:
            if name.startswith("PACKLINT_") and name != "PACKLINT_CACHE_DIR":
                patch.delenv(name)
        yield folder


def by_click(arguments: list[str]) -> dict[str, Any] | None:
    """What click gives to `checked`; None where it calls nothing."""
    given: list[dict[str, Any]] = []

    def note(**asked: Any) -> int:
        given.append(asked)
        return 0

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "checked", note)
        CliRunner().invoke(cli, arguments)
    return given[0] if given else None


def complete(asked: dict[str, Any]) -> dict[str, Any]:
    """What a function is called with, defaults and all."""
    bound = inspect.signature(checked).bind(**asked)
    bound.apply_defaults()
    return bound.arguments


def value(option: str) -> str:
    name, takes = OPTIONS[option]
    text = CHOICES.get(name, ("x",))[-1]
    return {TEXT: text, TEXTS: "style", PATH: "a", NAME: "a.pkr.hcl", NUMBER: "2"}[takes]


ARGUMENTS = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        st.sampled_from(NAMES),
        st.sampled_from([*OPTIONS]),
        st.builds("{}={}".format, st.sampled_from(NAMES), st.sampled_from(WORDS)),
        st.text(max_size=3).filter(lambda it: "\0" not in it),
    ),
    max_size=6,
)


class TestParsed:
    @given(ARGUMENTS)
    @settings(max_examples=600, deadline=None)
    @example([])
    @example(["--format", "json", "a", "--format=text:b"])
    @example(["--select", "style", "--select", "security", "--fail-on", "note", "--settings", "a"])
    @example(["--color", "always", "--color", "never"])
    @example(["--fix", "--fix"])
    @example(["--color=loud"])
    @example(["a", "--root"])
    @example(["a", "--root", "missing"])
    def test_it_means_what_click_means(self, arguments: list[str]) -> None:
        asked = parsed(["check", *arguments], {})
        if asked is not None:
            theirs = by_click(["check", *arguments])
            assert theirs is not None
            assert complete(asked) == complete(theirs)

    @pytest.mark.parametrize("option", OPTIONS)
    def test_every_plain_option_is_taken(self, option: str) -> None:
        takes = OPTIONS[option][1]
        ways = [[option]] if takes == FLAG else [[option, value(option)], [f"{option}={value(option)}"]]
        for way in ways:
            arguments = ["check", "a", *way, "a.pkr.hcl", "-"]
            asked, theirs = parsed(arguments, {}), by_click(arguments)
            assert asked is not None
            assert theirs is not None
            assert complete(asked) == complete(theirs)

    @pytest.mark.parametrize("name", CHOICES)
    def test_the_texts_that_are_taken(self, name: str) -> None:
        kind = next(it.type for it in CHECK.params if it.name == name)
        assert isinstance(kind, click.Choice)
        assert CHOICES[name] == tuple(kind.choices)

    @pytest.mark.parametrize(
        "arguments",
        [
            *([], ["--help"], ["rules"], ["-h", "check"], ["check", "--help"], ["check", "missing"]),
            *(["check", ""], ["check", "--"], ["check", "--format"], ["check", "--format", ""]),
            *(
                ["check", "--debug"],
                ["check", "--build"],
                ["check", "--fix=yes"],
                ["check", "--forma", "text"],
            ),
        ],
        ids=" ".join,
    )
    def test_what_is_left_to_click(self, arguments: list[str]) -> None:
        assert parsed(arguments, {}) is None

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whoever runs this may read everything")
    def test_a_path_that_cannot_be_read(self, here: Path) -> None:
        (here / "closed").mkdir(mode=0)
        assert parsed(["check", "closed"], {}) is None

    def test_variables_of_the_environment_are_left_to_click(self) -> None:
        names = {str(it.envvar) for it in CHECK.params if it.envvar}
        assert len(names) > 5
        for name in {*names, VARIABLE, "PACKLINT_OF_TOMORROW"} - HARMLESS.keys():
            assert parsed(["check", "a"], {name: "1"}) is None
        for name in ("PATH", "PACKER_LOG", "NO_COLOR", *HARMLESS):
            assert parsed(["check", "a"], {name: "1"}) is not None

    @pytest.mark.parametrize("value", sorted({*SWITCHES, "maybe", "2", "NO", " "}))
    def test_switches_of_the_environment(self, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
        """What click would refuse is left to it."""
        monkeypatch.setenv("PACKLINT_NO_CACHE", value)
        asked = parsed(["check", "a"], {"PACKLINT_NO_CACHE": value})
        theirs = by_click(["check", "a"])
        assert (asked is None) == (value == " " or theirs is None)
        assert asked is None or theirs is None or complete(asked) == complete(theirs)

    def test_what_click_expands_on_windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("packlint.commands.plain.os.name", "nt")
        monkeypatch.setattr("packlint.commands.plain.os.access", lambda *_: True)
        for word in ("*.hcl", "~", "$HOME", "%TEMP%", "x[12]", "a?"):
            assert parsed(["check", word], {}) is None
        assert parsed(["check", "a"], {}) is not None


SAID = Range(Document("packlint.toml", "preset = 1\n"), 0, 6)


@pytest.mark.parametrize(
    "raised",
    [
        UsageError("it cannot be done", "do it otherwise"),
        SettingsError("it is wrong", "mend it", SAID),
        PackerError("Packer has failed"),
        ValueError("a bug"),
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EPIPE, "gone"),
        EOFError(),
        KeyboardInterrupt(),
        SystemExit(7),
    ],
    ids=lambda it: f"{type(it).__name__}-{it}",
)
def test_a_failure_ends_as_with_click(
    raised: BaseException, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr(pipeline, "run", run)
    monkeypatch.setenv("PACKLINT_NO_CACHE", "1")  # else this process would take notes from here on
    ends = []
    for arguments in (["check", "a"], ["check", "a", "--sarif-limit", "5000"]):  # this one is not plain
        assert (parsed(arguments, {}) is None) == (len(arguments) > 2)
        with monkeypatch.context() as patch, pytest.raises(SystemExit) as ended:
            patch.setattr(sys, "argv", ["packlint", *arguments])
            patch.setattr(sys, "stdout", sys.stdout)  # click changes them where a reader has gone away
            patch.setattr(sys, "stderr", sys.stderr)
            patch.setattr(gc, "disable", lambda: None)
            patch.setattr(sys, "meta_path", [*sys.meta_path])
            program.main()
        ends.append((ended.value.code, *capsys.readouterr()))
    assert ends[0] == ends[1]
    assert ends[0][0] != 0


LOADED = """
import sys, types
from packlint import __main__
def run(*_, **__):
    print(*sorted({loaded} & {{*sys.modules}}))
    sys.exit(0)
sys.modules["packlint.pipeline"] = pipeline = types.ModuleType("packlint.pipeline")
pipeline.run = run
sys.argv = ["packlint", "check", "a.pkr.hcl"]
__main__.main()
"""


def loaded(code: str, modules: set[str]) -> str:
    """Which of these modules a program has loaded that prints them as its last line."""
    done = subprocess.run(
        [sys.executable, "-c", code.format(loaded=modules)], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[-1]


def test_a_plain_check_loads_no_parser_and_nothing_for_settings_that_are_not_there() -> None:
    heavy = {
        *("click", "tomllib", "psutil", "platformdirs", "jinja2", "rich", "subprocess", "tree_sitter"),
        *("packlint.cli", "packlint.commands.check", "packlint.commands.making", "packlint.configure.read"),
        *("packlint.git", "packlint.baseline", "packlint.difference", "packlint.commands.completion"),
    }
    assert loaded(LOADED, heavy) == ""


ORDINARY = """
variable "password" {
  type      = string
  sensitive = true
  default   = "${env("PASSWORD")}"
}

source "virtualbox-iso" "a" {
  guest_os_type        = "Windows2016_64"
  guest_additions_mode = "disable"
  iso_url              = "C:/images/a.iso"
  iso_checksum         = "549BCA46C055157291BE6C22A3AAAED8330E78EF4382C99EE82C896426A1CEE1"
  communicator         = "winrm"
  winrm_username       = "Administrator"
  winrm_password       = "${var.password}"
  shutdown_command     = "shutdown /s /t 5 /f /d p:4:1 /c \\"Packer Shutdown\\""
  shutdown_timeout     = "30m"
  floppy_files         = ["C:/images/autounattend.xml"]
  vboxmanage           = [["modifyvm", "{{ .Name }}", "--memory", "2048"]]
}

build {
  sources = ["source.virtualbox-iso.a"]

  provisioner "windows-restart" {
    restart_timeout = "30m"
  }
}
"""

CHECKED = """
import sys
from packlint import environment
from packlint.commands.plain import plain
environment.entry_points = lambda group: [
    environment.EntryPoint(it, "packlint") for it in ("packlint.policies", "packlint.rules")
]
plain(["check", "--no-cache", "a.pkr.hcl"], {{}})()
print(*sorted({loaded} & {{*sys.modules}}))
"""


def test_a_check_of_an_ordinary_template_loads_little(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.pkr.hcl").write_text(ORDINARY)
    monkeypatch.chdir(tmp_path)
    heavy = {
        *("typing", "datetime", "math", "decimal", "numbers", "bisect", "zlib", "contextlib"),
        *("json", "encodings.utf_8_sig", "packlint.glob", "packlint.given"),
        *("packlint.gotemplate.execute", "packlint.gotemplate.tree", "packlint.gotemplate.lexer"),
        *("packlint.shell.command", "packlint.shell.parse", "packlint.shell.unwrap"),
    }
    assert loaded(CHECKED, heavy - {*_always()}) == ""


def test_the_version_needs_no_parser() -> None:
    code = (
        "import os, sys; from packlint import __main__; sys.argv = ['packlint', '--version']\n"
        "os._exit = lambda _: print(*sorted({loaded} & {{*sys.modules}})); __main__.main()"
    )
    assert loaded(code, {"click", "packlint.cli", "packlint.files", "pathlib"} - {*_always()}) == ""
    done = subprocess.run([sys.executable, "-m", "packlint", "--version"], capture_output=True, check=True)
    assert done.stdout.decode() == CliRunner().invoke(cli, ["--version"]).stdout
    assert done.stdout.decode().split() == ["packlint", version("packlint")]


def _always() -> list[str]:
    """What an interpreter has loaded at once, as for an editable installation."""
    code = "import sys; print(*sys.modules)"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()


class TestCommands:
    def test_the_list_is_true(self) -> None:
        for name, (_, begins) in COMMANDS.items():
            loaded = cli.get_command(click.Context(cli), name)
            assert loaded is not None
            assert (loaded.name, loaded.hidden, loaded.deprecated, loaded.short_help) == (
                name,
                False,
                False,
                None,
            )
            for limit in range(10, 120):
                told = click.Command(name, help=begins)
                assert told.get_short_help_str(limit) == loaded.get_short_help_str(limit)

    def test_help_is_that_of_a_plain_group(self) -> None:
        for width in range(30, 100, 7):
            context = click.Context(cli, info_name="packlint", terminal_width=width)
            ours, theirs = click.HelpFormatter(width=width), click.HelpFormatter(width=width)
            cli.format_commands(context, ours)
            click.Group.format_commands(cli, context, theirs)
            assert ours.getvalue() == theirs.getvalue()

    def test_help_and_a_command_load_no_other(self) -> None:
        code = (
            "import sys; from packlint.cli import cli\n"
            "try: cli({arguments})\n"
            "except SystemExit: print(*sorted({loaded} & {{*sys.modules}}))"
        )
        others = {module for module, _ in COMMANDS.values()}
        assert loaded(code.replace("{arguments}", "['--help']"), others) == ""
        assert (
            loaded(code.replace("{arguments}", "['completion', 'zsh']"), others)
            == "packlint.commands.completion"
        )
