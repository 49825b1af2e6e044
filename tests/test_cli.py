"""The command line: options, streams, files and exit codes."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from packlint import pipeline
from packlint.cli import cli
from packlint.diagnostic import Diagnostic, Severity
from packlint.document import Document, Range
from packlint.errors import PluginError, UsageError
from packlint.files import LARGEST, Unsaved
from packlint.inputs import NOTHING, Inputs
from packlint.outcome import Outcome
from packlint.plugins import load_rules
from packlint.record import replace
from packlint.settings import Settings

PLACE = Range(Document("a.pkr.hcl", "build {}\n"), 0, 5)
ERROR, WARNING, NOTE = (
    Diagnostic("a-rule", severity, "it is wrong", PLACE)
    for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE)
)

Found = Callable[..., list[Any]]


def invoke(*arguments: str, env: dict[str, str] | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), env=env)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """Makes the pipeline find the given diagnostics, or raise; gives the list of what it was called with.

    The working directory has folders `a`, `b` and `t`, and a file `y/z.pkr.hcl`.
    """
    here = tmp_path_factory.mktemp("here")
    for folder in "abty":
        (here / folder).mkdir()
    (here / "y/z.pkr.hcl").touch()
    monkeypatch.chdir(here)

    def prepare(
        *diagnostics: Diagnostic, raises: BaseException | None = None, templates: int = 1
    ) -> list[Any]:
        calls: list[Any] = []

        def run(*arguments: Any, **_: Any) -> Outcome:
            paths, choose, *others = arguments[:4]  # without the callback for progress
            settings = replace(choose(Path("/"), Path("/")), said={})
            calls.append((paths, settings, *others))
            if raises:
                raise raises
            failing = sum(it.severity >= settings.fail_on for it in diagnostics)
            return Outcome(diagnostics, (), templates, templates, failing=failing)

        monkeypatch.setattr(pipeline, "run", run)
        return calls

    return prepare


class TestExitCodes:
    @pytest.mark.parametrize(
        ("diagnostics", "fail_on", "code"),
        [
            ((), "note", 0),
            ((NOTE,), "warning", 0),
            ((NOTE,), "note", 1),
            ((WARNING,), "error", 0),
            ((NOTE, WARNING), "warning", 1),
            ((ERROR, NOTE), "error", 1),
            ((NOTE, replace(ERROR, rule="internal-error")), "error", 2),
        ],
    )
    def test_findings_count_from_a_severity_on(
        self, found: Found, diagnostics: tuple[Diagnostic, ...], fail_on: str, code: int
    ) -> None:
        found(*diagnostics)
        assert invoke("check", "--fail-on", fail_on).exit_code == code

    def test_warnings_fail_unless_told_otherwise(self, found: Found) -> None:
        found(WARNING)
        assert invoke("check").exit_code == 1
        found(NOTE)
        assert invoke("check").exit_code == 0

    @pytest.mark.parametrize(
        "error", [UsageError("that is wrong", "do this"), PluginError("that is wrong", "do this")]
    )
    def test_an_error_of_ours_is_a_message_and_a_hint(self, found: Found, error: Exception) -> None:
        found(raises=error)
        result = invoke("check")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == "error: that is wrong\nhint: do this\n"

    def test_a_crash_is_named_as_our_fault(self, found: Found) -> None:
        found(raises=ZeroDivisionError("division by zero"))
        result = invoke("check")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(
            "error: packlint itself failed: ZeroDivisionError: division by zero\n"
        )
        assert "--debug" in result.stderr
        assert "Traceback" not in result.stderr

    def test_a_crash_shows_its_traceback_when_asked(self, found: Found) -> None:
        found(raises=ZeroDivisionError("division by zero"))
        result = invoke("check", "--debug")
        assert result.exit_code == 2
        assert "Traceback" in result.stderr
        assert "error: packlint itself failed" in result.stderr

    def test_an_interruption_is_130_and_quiet(self, found: Found) -> None:
        found(raises=KeyboardInterrupt())
        result = invoke("check")
        assert result.exit_code == 130
        assert "Traceback" not in result.output
        assert "error" not in result.output

    def test_a_reader_that_went_away_is_no_failure_to_talk_about(self, found: Found) -> None:
        found(raises=BrokenPipeError(errno.EPIPE, "Broken pipe"))
        assert invoke("check").output == ""


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "message", "hint"),
        [
            (["chek"], "no command `chek`", "did you mean `packlint check`?"),
            (["check", "--nope"], "no option `--nope`", "packlint check --help"),
            (["check", "--fail-on", "never"], "`--fail-on` does not take `never`", "choose one of error,"),
            (["check", "--format", "sarfi"], "there is no format `sarfi`", "did you mean `sarif`?"),
            (["check", "--format", "pdf"], "there is no format `pdf`", "choose one of checkstyle, concise, "),
            (["check", "--format", "sarif:"], "names no file", "standard output"),
            (["check", "--format", "text", "--format", "sarif"], "would go to standard output", "FILE"),
            (["check", "--format", "text:x", "--format", "sarif:x"], "would go to the file `x`", "FILE"),
            (["check", "--format", "sarif:no/such/x"], "cannot be written", "exists"),
            (["check", "--format", "sarif:."], "cannot be written", "exists"),
            (["check", "--format", "sarif:x.pkr.hcl"], "would replace a template", "another file"),
            (["check", "--format", "text:x.PKRVARS.json"], "would replace a template", "another file"),
            (["check", "--format", f"sarif:{'x' * 300}"], "cannot be written: file name too long", "another"),
            (["check", "--format", f"sarif:{'x' * 300}/y"], "cannot be written", "another"),
            (["check", "--root", "x" * 300], "is not a directory", ""),
            (["check", "x" * 300], "cannot be read: file name too long", ""),
            (["check", "--select", "sintax-error"], "there is no rule `sintax-error`", "`syntax-error`?"),
            (["check", "--ignore", "zzz"], "there is no rule `zzz`", "`packlint rules`"),
            (["check", "--select", ""], "`--select` names no rule", "leave the option out"),
            (["check", "--select", "securty"], "there is no rule `securty`", "`security`?"),
            (["check", "--preset", "strong"], "`--preset` does not take `strong`", "choose one of default,"),
            (["check", "--preset", "all", "--select", "style"], "both say which rules run", "leave one"),
            (["rules", "legasy"], "there is no category `legasy`", "did you mean `legacy`?"),
            (["rules", "x"], "there is no category `x`", "choose one of language, structure"),
            (["check", ""], "an empty path names nothing", "write `.`"),
            (["check", "no/such/path"], "there is no file or directory `no/such/path`", ""),
            (["check", "bad\x1b[31m"], r"`bad\x1b[31m`", ""),
            (["check", "--var", "s3cret"], "`--var` takes `NAME=VALUE`", "write `--var name=value`"),
            (["check", "--var-file", "no.hcl"], "there is no variable file `no.hcl`", "working directory"),
            (["check", "--var-file", "no.yml"], "the format of the variable file `no.yml`", "`.json`"),
            (["check", "--only", ""], "`--only` names no build", "leave the option out"),
            (["check", "--except", ","], "`--except` names no build", "leave the option out"),
            (["check", "-", "x"], "standard input is checked by itself", "`./-`"),
            (["check", "--stdin-filename", "a.pkr.hcl"], "is not to be read", "`packlint check - --stdin"),
            (["check", "-", "--stdin-filename", ""], "an empty path names nothing", ""),
            (["check", "-", "--stdin-filename", "a.tf"], "`a.tf` is not a template", "`.pkr.hcl`"),
            (["check", "-", "--stdin-filename", "."], "`.` is a directory", "name the file"),
            (["check", "-", "--stdin-filename", "no/a.pkr.hcl"], "there is no directory `no`", "exists"),
            (["explain", "sintax-error"], "there is no rule `sintax-error`", "did you mean `syntax-error`?"),
            (["explain"], "`packlint explain` needs more to go on", "packlint explain [OPTIONS] RULE"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_done_is_said_before_anything_else(
        self, arguments: list[str], message: str, hint: str
    ) -> None:
        result = invoke(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith("error: ")
        assert message in result.stderr
        assert hint in result.stderr

    def test_no_command_is_no_success(self) -> None:
        result = invoke()
        assert (result.exit_code, result.stdout) == (2, "")
        assert "Usage: " in result.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ["check"],
            ["inspect"],
            ["waivers"],
            ["settings", "show"],
            ["baseline", "write"],
            ["baseline", "prune"],
        ],
    )
    def test_help_has_options_by_what_they_are_about(self, arguments: list[str]) -> None:
        text = invoke(*arguments, "--help").stdout
        others = text.partition("\nOthers:\n")[2].splitlines()
        assert [line.split()[0] for line in others] == ["--debug", "-h,"]
        assert "\nOptions:" not in text
        assert "\nFiles and settings:\n  --root" in text

    @pytest.mark.parametrize(
        "arguments", [["-h"], ["--help"], ["check", "-h"], ["rules", "-h"], ["explain", "-h"]]
    )
    def test_help_fits_a_terminal(self, arguments: list[str]) -> None:
        result = invoke(*arguments)
        assert result.exit_code == 0
        assert max(map(len, result.stdout.splitlines())) <= 80

    def test_arguments_reach_the_pipeline(self, found: Found) -> None:
        calls = found()
        invoke("check")
        invoke(
            *("check", "a", "y/z.pkr.hcl", "--root", ".", "--force-exclude", "--fail-on", "note", "--debug"),
            *(
                "--select",
                "syntax-error, unreadable-file",
                "--select",
                "internal-error",
                "--ignore",
                "syntax-error",
            ),
        )
        assert calls == [
            ((Path(),), Settings(), None, False),
            (
                (Path("a"), Path("y/z.pkr.hcl")),
                Settings(
                    select=frozenset({"syntax-error", "unreadable-file", "internal-error"}),
                    refused=frozenset({"syntax-error"}),
                    fail_on=Severity.NOTE,
                    force_exclude=True,
                ),
                Path(),
                True,
            ),
        ]

    def test_a_preset_and_categories_reach_the_pipeline(self, found: Found) -> None:
        calls = found()
        invoke("check", "--preset", "security", "--ignore", "style, syntax-error")
        invoke("check", "--select", "legacy")
        assert [settings for _, settings, *_ in calls] == [
            Settings(preset="security", refused=frozenset({"style", "syntax-error"})),
            Settings(select=frozenset({"legacy"})),
        ]

    def test_inputs_reach_the_pipeline(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        given: list[Inputs] = []

        def run(*_: Any, inputs: Inputs, **__: Any) -> Outcome:
            given.append(inputs)
            return Outcome((), (), 1, 1)

        monkeypatch.setattr(pipeline, "run", run)
        (tmp_path / "v.hcl").write_text("x = 1\n")
        options = ("--var", "a=1", "--var", "b=x=y", "--var-file", str(tmp_path / "v.hcl"), "--env")
        choice = ("--only", "null.*,a", "--except", "b")
        invoke("check", str(tmp_path), *options, *choice, env={"PKR_VAR_c": "2"})
        invoke("check", str(tmp_path), env={"PKR_VAR_c": "2"})
        inputs, nothing = given
        assert [(it.name, it.text) for it in inputs.variables] == [("a", "1"), ("b", "x=y")]
        assert [it.document.path for it in inputs.var_files] == ["v.hcl"]
        assert ("c", "2") in [(it.name, it.text) for it in inputs.from_environment]
        assert (inputs.only, inputs.exclude) == (("null.*", "a"), ("b",))
        assert nothing == NOTHING


class TestStandardInput:
    @pytest.mark.parametrize(
        ("arguments", "path"),
        [(["-"], None), (["-", "-"], None), (["-", "--stdin-filename", "t/a.pkr.hcl"], Path("t/a.pkr.hcl"))],
    )
    def test_it_reaches_the_pipeline(self, found: Found, arguments: list[str], path: Path | None) -> None:
        calls = found()
        result = CliRunner().invoke(cli, ["check", *arguments], input=b"build \xff")
        assert (result.exit_code, calls[0][0]) == (0, (Unsaved(b"build \xff", path),))

    def test_it_is_read_no_further_than_it_is_checked(self, found: Found) -> None:
        calls = found()
        CliRunner().invoke(cli, ["check", "-"], input=b" " * (LARGEST + 100))
        assert len(calls[0][0][0].data) == LARGEST + 1


class TestReports:
    def test_text_goes_to_standard_output(self, found: Found) -> None:
        found(WARNING)
        result = invoke("check")
        assert result.stdout.startswith("warning[a-rule]: it is wrong\n --> a.pkr.hcl:1:1\n")
        assert result.stdout.endswith("\nFound 1 warning in 1 of 1 file (1 template)\n")
        assert result.stderr == ""

    def test_no_templates_is_said_aside(self, found: Found) -> None:
        found(templates=0)
        result = invoke("check", "a", "b")
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr.startswith("no templates found in `a`, `b`\nhint: ")

    def test_sarif_is_all_there_is_on_standard_output(self, found: Found) -> None:
        found(WARNING)
        assert json.loads(invoke("check", "--format", "sarif").stdout)["version"] == "2.1.0"

    def test_several_reports_in_one_run(
        self, found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        found(WARNING)
        result = invoke(
            "check", "--format", "text", "--format", "sarif:a:b.sarif", "--format", "text:plain.txt"
        )
        assert result.stdout == (tmp_path / "plain.txt").read_text()
        assert json.loads((tmp_path / "a:b.sarif").read_bytes())["version"] == "2.1.0"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a:b.sarif", "plain.txt"]

    def test_nothing_is_printed_where_all_reports_go_to_files(self, found: Found, tmp_path: Path) -> None:
        found(WARNING)
        assert invoke("check", "--format", f"sarif:{tmp_path / 'x'}").output == ""

    def test_a_report_that_fails_leaves_the_old_one(
        self, found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found(WARNING)
        (tmp_path / "x").write_text("old")

        def failing(self: Path, target: Path) -> Path:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(Path, "replace", failing)
        result = invoke("check", "--format", f"text:{tmp_path / 'x'}")
        assert result.exit_code == 2
        assert "cannot be written: no space left on device" in result.stderr
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("x", "old")]

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
    def test_a_report_has_the_permissions_of_any_new_file(self, found: Found, tmp_path: Path) -> None:
        found(WARNING)
        before = os.umask(0o027)
        try:
            invoke("check", "--format", f"text:{tmp_path / 'x'}")
        finally:
            os.umask(before)
        assert (tmp_path / "x").stat().st_mode & 0o777 == 0o640

    @pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such devices")
    def test_a_device_is_written_to_and_not_replaced(self, found: Found, tmp_path: Path) -> None:
        found(WARNING)
        assert invoke("check", "--format", f"text:{os.devnull}").exit_code == 1
        assert not Path(os.devnull).is_file()

    @pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
    def test_a_link_to_a_report_stays_one(self, found: Found, tmp_path: Path) -> None:
        found(WARNING)
        (tmp_path / "link").symlink_to("file")
        invoke("check", "--format", f"text:{tmp_path / 'link'}")
        assert (tmp_path / "link").is_symlink()
        assert (tmp_path / "file").read_text().startswith("warning")

    @pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
    def test_a_link_to_a_template_takes_no_report(self, found: Found, tmp_path: Path) -> None:
        calls = found(WARNING)
        (tmp_path / "a.pkr.hcl").write_text("kept")
        (tmp_path / "link").symlink_to("a.pkr.hcl")
        result = invoke("check", "--format", f"sarif:{tmp_path / 'link'}")
        assert result.exit_code == 2
        assert "would replace a template" in result.stderr
        assert (calls, (tmp_path / "a.pkr.hcl").read_text()) == ([], "kept")

    def test_a_legacy_template_takes_no_report(self, found: Found, tmp_path: Path) -> None:
        calls = found(WARNING)
        template = '{"builders": [{"type": "null"}]}'
        (tmp_path / "a.json").write_text(template)
        (tmp_path / "old.json").write_text("{}")
        result = invoke("check", "--format", f"sarif:{tmp_path / 'a.json'}")
        assert result.exit_code == 2
        assert "would replace a template" in result.stderr
        assert (calls, (tmp_path / "a.json").read_text()) == ([], template)
        assert invoke("check", "--format", f"sarif:{tmp_path / 'old.json'}").exit_code == 1

    @pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
    def test_a_planted_link_is_not_written_through(
        self, found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found(WARNING)
        (tmp_path / "victim").write_text("kept")
        monkeypatch.setattr("secrets.token_hex", lambda size: "foreseen")
        for name in (f".x.{os.getpid()}", ".packlint-foreseen"):
            (tmp_path / name).symlink_to("victim")
        result = invoke("check", "--format", f"text:{tmp_path / 'x'}")
        assert result.exit_code == 2
        assert "cannot be written: file exists" in result.stderr
        assert (tmp_path / "victim").read_text() == "kept"
        assert (tmp_path / ".packlint-foreseen").is_symlink()

    def test_a_long_name_leaves_room_for_the_file_beside(self, found: Found, tmp_path: Path) -> None:
        found(WARNING)
        path = tmp_path / ("x" * 253)
        assert invoke("check", "--format", f"text:{path}").exit_code == 1
        assert path.read_text().startswith("warning")

    def test_an_old_report_in_a_closed_folder_is_written_in_place(
        self, found: Found, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        found(WARNING)
        (tmp_path / "x").write_text("old")
        real = os.open

        def closed(path: Path, flags: int, *rest: Any, **extra: Any) -> int:
            if flags & os.O_EXCL:
                raise PermissionError(errno.EACCES, "Permission denied")
            return real(path, flags, *rest, **extra)

        monkeypatch.setattr(os, "open", closed)
        assert invoke("check", "--format", f"text:{tmp_path / 'x'}").exit_code == 1
        assert (tmp_path / "x").read_text().startswith("warning")
        result = invoke("check", "--format", f"text:{tmp_path / 'new'}")
        assert result.exit_code == 2
        assert "cannot be written: permission denied" in result.stderr

    @pytest.mark.parametrize(
        ("arguments", "env", "colored"),
        [
            ([], {}, False),
            (["--color", "always"], {}, True),
            (["--color", "always"], {"NO_COLOR": "1"}, True),
            (["--color", "never"], {}, False),
        ],
    )
    def test_color(self, found: Found, arguments: list[str], env: dict[str, str], colored: bool) -> None:
        found(WARNING)
        assert ("\x1b[" in invoke("check", *arguments, env=env).stdout) is colored


class TestRules:
    def test_the_list_names_every_rule_within_80_columns(self) -> None:
        result = invoke("rules")
        assert result.exit_code == 0
        lines = result.stdout.splitlines()
        assert lines[0].split() == ["rule", "severity", "category", "fixes", "preset"]
        assert {tuple(line.split()) for line in lines} >= {
            ("syntax-error", "error", "language", "-", "default"),
            ("deprecated-argument", "warning", "legacy", "safe", "default"),
        }
        assert len(lines) == len(load_rules()) + 1
        assert max(map(len, lines)) <= 80
        assert "\x1b" not in result.stdout
        assert "\x1b[31merror\x1b[0m" in invoke("rules", "--color", "always").stdout

    def test_one_category_is_listed(self) -> None:
        lines = invoke("rules", "legacy").stdout.splitlines()[1:]
        assert "removed-argument" in {line.split()[0] for line in lines}
        assert {line.split()[2] for line in lines} == {"legacy"}

    def test_tools_are_told_the_same(self) -> None:
        listed = json.loads(invoke("rules", "language", "--format", "json").stdout)
        assert {
            "name": "syntax-error",
            "summary": "Flags files that Packer's parser refuses",
            "severity": "error",
            "category": "language",
            "fixable": "no",
            "preset": "default",
            "security_severity": None,
            "cwe": [],
            "former": [],
        } in listed
        listed = json.loads(invoke("rules", "security", "--format", "json").stdout)
        (rule,) = (rule for rule in listed if rule["name"] == "password-in-command")
        assert rule["cwe"] == [214, 798]
        assert rule["security_severity"] == 6.7

    def test_a_rule_is_explained(self) -> None:
        result = invoke("explain", "syntax-error")
        assert result.exit_code == 0
        head = "syntax-error (error, language)\npreset: default, fixes: none\n\nFlags files that"
        assert result.stdout.startswith(head)
        assert "\nBad:\n" in result.stdout

    def test_a_rule_on_security_is_explained_with_its_weaknesses(self) -> None:
        line = invoke("explain", "password-in-command").stdout.splitlines()[1]
        assert line == "preset: default, fixes: unsafe, security severity: 6.7, CWE-214, CWE-798"


class TestProgram:
    """The program itself, in a process of its own."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / ".git").mkdir()
        (tmp_path / "good").mkdir()
        (tmp_path / "good/a.pkr.hcl").write_text("locals {\n  x = 1\n}\n")
        (tmp_path / "bad").mkdir()
        (tmp_path / "bad/a.pkr.hcl").write_text("locals {\n  x = var.typo\n}\n")
        (tmp_path / "bad/b.pkr.hcl").write_bytes(b'locals {\n  y = "\xff"\n}\n')
        return tmp_path

    def run(self, *arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "packlint", *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, check=False, env={**os.environ, **env})

    def test_a_clean_template(self, folder: Path) -> None:
        done = self.run("check", "good", cwd=folder)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().splitlines() == ["No findings in 1 file (1 template)"]

    def test_findings(self, folder: Path) -> None:
        done = self.run("check", cwd=folder)
        assert (done.returncode, done.stderr) == (1, b"")
        assert b"error[syntax-error]: this byte is not UTF-8\n --> bad/b.pkr.hcl:2:8\n" in done.stdout
        assert b"\x1b" not in done.stdout

    def test_the_report_is_the_same_from_everywhere(self, folder: Path) -> None:
        done = [
            self.run("check", "bad", cwd=folder),
            self.run("check", cwd=folder / "bad"),
            self.run("check", str(folder / "bad"), cwd=folder.parent),
        ]
        assert {it.stdout for it in done} == {done[0].stdout}

    def test_a_console_that_knows_few_characters(self, folder: Path) -> None:
        (folder / "bad/a.pkr.hcl").write_text("locals {\n  x = [var.日本]\n  y = \n}\n", encoding="utf-8")
        done = self.run("check", "bad", cwd=folder, PYTHONIOENCODING="cp1252")
        assert done.returncode == 1
        assert b"Traceback" not in done.stderr

    def pipe(self, data: bytes, *arguments: str, cwd: Path, expected: int = 1) -> list[str]:
        """What is said of standard input."""
        command = [sys.executable, "-m", "packlint", "check", "-", *arguments]
        done = subprocess.run(command, cwd=cwd, input=data, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (expected, b"")
        return done.stdout.decode().splitlines()

    def test_standard_input_in_the_place_of_a_file(self, folder: Path) -> None:
        (folder / "bad/b.pkr.hcl").unlink()  # while that is broken, nothing is said to be missing beside it
        whole = 'variable "known" {}\nsource "null" "x" {}\nbuild {\n  sources = ["null.x"]\n}\n'
        (folder / "good/b.pkr.hcl").write_text(whole)
        text = b"locals {\n  z = [var.known, var.typo]\n}\n"
        only = ("--select", "undeclared-variable")
        lines = self.pipe(text, *only, "--stdin-filename", "good/a.pkr.hcl", cwd=folder)
        assert lines[1] == " --> good/a.pkr.hcl:2:19"
        assert lines[-1] == "Found 1 error in 1 of 2 files (1 template)"
        lines = self.pipe(text, *only, "--stdin-filename", "new.pkr.hcl", cwd=folder / "good")
        assert lines[1] == " --> good/new.pkr.hcl:2:19"
        assert not (folder / "good/new.pkr.hcl").exists()
        clean = b"locals {\n  x = 1\n}\n"
        self.pipe(clean, *only, "--stdin-filename", "bad/a.pkr.hcl", cwd=folder, expected=0)

    def test_standard_input_by_itself(self, folder: Path) -> None:
        assert self.pipe(b"x = ", cwd=folder)[1].startswith(" --> <stdin>.pkr.hcl:1:")
        assert self.pipe(b'{"builders": }', cwd=folder / "good")[1].startswith(" --> good/<stdin>.json:1:")
        self.pipe(b"", cwd=folder, expected=0)

    def test_standard_input_that_is_no_text(self, folder: Path) -> None:
        assert "it is a binary file" in self.pipe(b"\0" * 9, cwd=folder)[0]
        assert "it is UTF-16" in self.pipe("\ufeffx".encode("utf-16-le"), cwd=folder)[0]
        lines = self.pipe(b" " * (LARGEST + 1), "--stdin-filename", "a.json", cwd=folder)
        assert lines[0] == "error[unreadable-file]: `a.json` cannot be read: it is larger than 16 MiB"

    @pytest.mark.skipif(sys.platform == "win32", reason="there is no such shell on Windows")
    def test_standard_input_may_be_closed(self, folder: Path) -> None:
        command = f"'{sys.executable}' -m packlint check - <&-"
        done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False)
        assert (done.returncode, done.stdout) == (2, b"")
        assert b"standard input is closed" in done.stderr

    def test_nothing_but_a_variable_file(self, folder: Path) -> None:
        (folder / "vars").mkdir()
        (folder / "vars/prod.pkrvars.hcl").write_text("x = 1\n")
        done = self.run("check", "vars", cwd=folder)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().splitlines() == ["No findings in 1 file (0 templates)"]

    def test_json_that_is_no_template_is_passed_over(self, folder: Path) -> None:
        (folder / "package.json").write_text("{,}")
        done = self.run("check", "package.json", "--force-exclude", cwd=folder)
        assert (done.returncode, done.stdout) == (0, b"")
        assert done.stderr.decode().splitlines()[:-1] == ["no templates found in `package.json`"]
        assert self.run("check", "package.json", cwd=folder).returncode == 1

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        done = self.run("check", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, b"")
        assert done.stderr.decode().splitlines()[:-1] == ["no templates found in `.`"]

    @pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there is no /dev/stdout")
    def test_a_pipe_behind_a_device_is_written_to(self, folder: Path) -> None:
        done = self.run("check", "good", "--format", "text:/dev/stdout", cwd=folder)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout == b"No findings in 1 file (1 template)\n"

    @pytest.mark.skipif(sys.platform == "win32", reason="there is no such shell on Windows")
    def test_standard_error_may_be_closed(self, folder: Path) -> None:
        command = f"'{sys.executable}' -m packlint check good bad 2>&-"
        done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False)
        assert done.returncode == 1
        assert done.stdout.startswith(b"error[")

    def test_nothing_is_imported_from_the_working_directory(self, folder: Path) -> None:
        for name in ("click", "decimal", "hcl2", "pluggy"):
            (folder / f"{name}.py").write_text("raise SystemExit('planted')\n")
        for more in ((), ("--debug",)):
            done = self.run("check", "good", *more, cwd=folder)
            assert (done.returncode, done.stderr) == (0, b"")

    def test_an_interruption_while_modules_are_imported(self, folder: Path) -> None:
        (folder / "click.py").write_text("raise KeyboardInterrupt\n")
        code = "import sys; from packlint.__main__ import main; sys.path.insert(0, '.'); main()"
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
    def test_a_full_disk_is_nobodys_bug(self, folder: Path) -> None:
        command = [sys.executable, "-m", "packlint", "check"]
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(command, cwd=folder, stdout=full, stderr=subprocess.PIPE, check=False)
        assert done.returncode == 2
        assert b"standard output cannot be written: no space left on device" in done.stderr
        assert b"bug" not in done.stderr

    def test_version_needs_no_parser(self, folder: Path) -> None:
        heavy = "{'lark', 'hcl2', 'sarif_om', 'pathspec', 'difflib'}"
        watch = f"import atexit, sys; atexit.register(lambda: print(sorted({heavy} & {{*sys.modules}})));"
        code = "from packlint.cli import cli; cli(['--version'])"
        done = subprocess.run(
            [sys.executable, "-c", watch + code], capture_output=True, text=True, check=True
        )
        version, loaded = done.stdout.splitlines()
        assert version.startswith("packlint ")
        assert loaded == "[]"

    @pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes and signals on Windows")
    def test_a_reader_that_goes_away(self, folder: Path) -> None:
        command = f"'{sys.executable}' -m packlint check bad --color always | true"
        done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    @pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes and signals on Windows")
    def test_an_interruption(self, folder: Path) -> None:
        code = (
            "import time; from packlint import pipeline; from packlint.cli import cli\n"
            "def run(*_, **__):\n    print('started', flush=True)\n    time.sleep(60)\n"
            "pipeline.run = run\ncli(['check'])\n"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder
        )
        assert process.stdout is not None
        assert process.stdout.readline() == b"started\n"
        time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert (process.returncode, said.strip()) == (130, b"")
