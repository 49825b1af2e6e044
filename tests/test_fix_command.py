"""`packlint check` with `--fix`, `--unsafe-fixes` and `--diff`, as a whole program."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from packlint import write as writing
from packlint.cli import cli
from packlint.files import LARGEST
from packlint.write import PREFIX

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "corpus"
POSIX = pytest.mark.skipif(os.name != "posix", reason="links and rights as POSIX has them")
GIT = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

UNTIDY = b'source "null" "a" {\n  communicator="none"\n}\nbuild {\nsources = ["source.null.a"]\n}\n'
TIDY = b'source "null" "a" {\n  communicator = "none"\n}\nbuild {\n  sources = ["source.null.a"]\n}\n'
LAYOUT = ("--select", "not-canonical-format", "--fail-on", "note")
UNUSED = b'locals {\n  unused = "x"\n  used   = "null"\n}\n' + TIDY.replace(b'"none"', b"local.used")


def check(*arguments: str | Path, text: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["check", *map(str, arguments)], input=text)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.pkr.hcl").write_bytes(UNTIDY)
    return tmp_path


class TestFix:
    def test_what_remains_is_reported_and_decides(self, folder: Path) -> None:
        assert check(*LAYOUT, folder).exit_code == 1
        result = check(*LAYOUT, "--fix", folder)
        assert (folder / "a.pkr.hcl").read_bytes() == TIDY
        assert result.exit_code == 0
        assert result.stderr == "Fixed 1 finding in 1 file\n"
        assert result.stdout == "No findings in 1 file (1 template)\n"
        assert sorted(it.name for it in folder.iterdir()) == [".git", "a.pkr.hcl"]

    def test_a_second_time_there_is_nothing_to_do(self, folder: Path) -> None:
        check(*LAYOUT, "--fix", folder)
        before = (folder / "a.pkr.hcl").stat().st_mtime_ns
        result = check(*LAYOUT, "--fix", folder)
        assert (result.exit_code, result.stderr) == (0, "")
        assert (folder / "a.pkr.hcl").stat().st_mtime_ns == before

    def test_others_than_safe_fixes_have_to_be_asked_for(self, folder: Path) -> None:
        (folder / "a.pkr.hcl").write_bytes(UNUSED)
        rule = ("--select", "unused-local", "--fail-on", "note")
        assert check(*rule, "--fix", folder).exit_code == 1
        assert (folder / "a.pkr.hcl").read_bytes() == UNUSED
        assert check(*rule, "--fix", "--unsafe-fixes", folder).exit_code == 0
        assert b"unused" not in (folder / "a.pkr.hcl").read_bytes()

    def test_crlf_and_a_mark_stay(self, folder: Path) -> None:
        data = "\ufeff".encode() + UNTIDY.replace(b"\n", b"\r\n").removesuffix(b"\r\n")
        (folder / "a.pkr.hcl").write_bytes(data)
        check(*LAYOUT, "--fix", folder)
        expected = "\ufeff".encode() + TIDY.replace(b"\n", b"\r\n").removesuffix(b"\r\n")
        assert (folder / "a.pkr.hcl").read_bytes() == expected

    def test_a_file_that_is_not_utf_8_stays(self, folder: Path) -> None:
        data = UNTIDY + b"# \xe9\n"
        (folder / "a.pkr.hcl").write_bytes(data)
        check(*LAYOUT, "--fix", folder)
        assert (folder / "a.pkr.hcl").read_bytes() == data

    def test_what_nobody_named_stays(self, folder: Path) -> None:
        (folder / "b.pkr.hcl").write_bytes(b"locals {\nx=1\n}\n")
        check(*LAYOUT, "--fix", folder / "a.pkr.hcl")
        assert (folder / "a.pkr.hcl").read_bytes() == TIDY
        assert (folder / "b.pkr.hcl").read_bytes() == b"locals {\nx=1\n}\n"

    def test_variable_files_are_fixed_within_the_root_alone(
        self, folder: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        outside = tmp_path_factory.mktemp("elsewhere") / "x.pkrvars.hcl"
        (folder / "vars").mkdir()
        inside = folder / "vars/x.pkrvars.hcl"
        (folder / "a.pkr.hcl").write_bytes(b'variable "x" {\n  default = 1\n}\n' + TIDY)
        for path in (inside, outside):
            path.write_bytes(b"x=1\n")
        result = check(
            *LAYOUT, "--fix", "--debug", "--var-file", inside, "--var-file", outside, folder / "a.pkr.hcl"
        )
        assert inside.read_bytes() == b"x = 1\n"
        assert outside.read_bytes() == b"x=1\n"
        assert result.exit_code == 1
        assert "it lies outside the checked root" in result.stderr

    @POSIX
    def test_a_link_stays_and_its_target_is_replaced(self, folder: Path) -> None:
        (folder / "real").mkdir()
        (folder / "a.pkr.hcl").rename(folder / "real/a.pkr.hcl")
        (folder / "a.pkr.hcl").symlink_to("real/a.pkr.hcl")
        check(*LAYOUT, "--fix", folder)
        assert (folder / "a.pkr.hcl").is_symlink()
        assert (folder / "real/a.pkr.hcl").read_bytes() == TIDY

    @POSIX
    def test_a_link_out_of_the_root_leads_nowhere(
        self, folder: Path, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        outside = tmp_path_factory.mktemp("elsewhere") / "b.pkr.hcl"
        outside.write_bytes(UNTIDY)
        (folder / "b.pkr.hcl").symlink_to(outside)
        check(*LAYOUT, "--fix", folder)
        assert outside.read_bytes() == UNTIDY

    @POSIX
    def test_the_mode_stays(self, folder: Path) -> None:
        (folder / "a.pkr.hcl").chmod(0o640)
        check(*LAYOUT, "--fix", folder)
        assert stat.S_IMODE((folder / "a.pkr.hcl").stat().st_mode) == 0o640

    def test_a_read_only_file_is_an_error_and_others_are_fixed(self, folder: Path) -> None:
        (folder / "b").mkdir()
        (folder / "b/b.pkr.hcl").write_bytes(UNTIDY)
        (folder / "a.pkr.hcl").chmod(0o444)
        result = check(*LAYOUT, "--fix", folder)
        (folder / "a.pkr.hcl").chmod(0o644)
        assert result.exit_code == 2
        assert "error: `a.pkr.hcl` cannot be changed: it is read-only\n" in result.stderr
        assert "Fixed 1 finding in 1 file\n" in result.stderr
        assert (folder / "a.pkr.hcl").read_bytes() == UNTIDY
        assert (folder / "b/b.pkr.hcl").read_bytes() == TIDY
        assert "a.pkr.hcl:2" in result.stdout

    def test_a_file_that_changes_meanwhile_is_left_alone(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = writing.write

        def late(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
            path.write_bytes(b"# somebody else\n")
            real(path, data, expected=expected)

        monkeypatch.setattr(writing, "write", late)
        result = check(*LAYOUT, "--fix", folder)
        assert result.exit_code == 2
        assert result.stderr == "error: `a.pkr.hcl` cannot be changed: it has changed meanwhile\n"
        assert (folder / "a.pkr.hcl").read_bytes() == b"# somebody else\n"

    def test_several_roots(self, tmp_path: Path) -> None:
        for name in ("one", "two"):
            (tmp_path / name / ".git").mkdir(parents=True)
            (tmp_path / name / "a.pkr.hcl").write_bytes(UNTIDY)
        check(*LAYOUT, "--fix", tmp_path / "one", tmp_path / "two")
        assert [(tmp_path / name / "a.pkr.hcl").read_bytes() for name in ("one", "two")] == [TIDY, TIDY]


class TestDiff:
    def test_it_changes_nothing(self, folder: Path) -> None:
        result = check(*LAYOUT, "--diff", folder)
        assert result.exit_code == 1
        assert (folder / "a.pkr.hcl").read_bytes() == UNTIDY
        assert result.stderr == "Would fix 1 finding in 1 file\n"
        assert result.stdout.startswith("--- a/a.pkr.hcl\n+++ b/a.pkr.hcl\n@@ -1,6 +1,6 @@\n")

    def test_no_difference_is_success(self, folder: Path) -> None:
        (folder / "a.pkr.hcl").write_bytes(TIDY)
        result = check(*LAYOUT, "--diff", folder)
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")

    @GIT
    @pytest.mark.parametrize("crlf", [False, True])
    def test_git_makes_of_it_what_fix_does(self, folder: Path, crlf: bool) -> None:
        data = "# é \x1b[31m\n".encode() + UNTIDY.removesuffix(b"\n")
        data = data.replace(b"\n", b"\r\n") if crlf else data
        (folder / "my file.pkr.hcl").write_bytes(data)
        (folder / "a.pkr.hcl").unlink()
        diff = check(*LAYOUT, "--diff", folder).stdout_bytes
        (folder / ".git").rmdir()
        subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
        subprocess.run(["git", "apply", "-"], cwd=folder, input=diff, check=True)
        patched = (folder / "my file.pkr.hcl").read_bytes()
        (folder / "my file.pkr.hcl").write_bytes(data)
        check(*LAYOUT, "--fix", folder)
        assert (folder / "my file.pkr.hcl").read_bytes() == patched != data

    def test_secrets_are_masked_and_that_is_said(self, folder: Path) -> None:
        (folder / "a.pkr.hcl").write_bytes(
            b'variable "pass" {\n  sensitive = true\n  default="tr0ub4dor"\n}\nlocals {\n  x = var.pass\n}\n'
            + TIDY
        )
        result = check(*LAYOUT, "--diff", folder)
        assert "tr0ub4dor" not in result.output
        assert '-  default="*********"\n' in result.stdout
        assert "lines of the diff masked or escaped" in result.stderr

    def test_colors(self, folder: Path) -> None:
        assert "\x1b[32m" in check(*LAYOUT, "--diff", "--color", "always", folder).stdout
        assert "\x1b" not in check(*LAYOUT, "--diff", folder).stdout


class TestStandardInput:
    def test_the_fixed_text_goes_to_standard_output(self, folder: Path) -> None:
        result = check(*LAYOUT, "-", "--stdin-filename", folder / "a.pkr.hcl", "--fix", text=UNTIDY + b"\n")
        assert result.stdout_bytes == TIDY + b"\n"
        assert "No findings" in result.stderr
        assert (folder / "a.pkr.hcl").read_bytes() == UNTIDY

    @pytest.mark.parametrize("text", [TIDY, TIDY.replace(b"\n", b"\r\n"), b"a = \xff\n", b"", b"build {"])
    def test_what_needs_no_fix_comes_back_as_it_is(self, folder: Path, text: bytes) -> None:
        result = check(*LAYOUT, "-", "--stdin-filename", folder / "b.pkr.hcl", "--fix", text=text)
        assert result.stdout_bytes == text

    def test_a_text_of_no_file(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert check(*LAYOUT, "-", "--fix", text=UNTIDY).stdout_bytes == TIDY

    def test_other_files_are_not_changed(self, folder: Path) -> None:
        template = (
            b'source "amazon-ebs" "a" {}\nbuild {\n  sources = ["source.amazon-ebs.a"]\n'
            b'  provisioner "shell" {\n    binary = true\n    script = "x.sh"\n  }\n}\n'
        )
        (folder / "x.sh").write_bytes(b"#!/bin/sh\r\ntrue\r\n")
        rule = ("--select", "unix-script-crlf")
        named = folder / "b.pkr.hcl"
        result = check(*rule, "-", "--stdin-filename", named, "--fix", text=template)
        assert result.stdout_bytes == template
        assert result.exit_code == 1
        assert (folder / "x.sh").read_bytes() == b"#!/bin/sh\r\ntrue\r\n"
        named.write_bytes(template)
        assert check(*rule, "--fix", named).exit_code == 0
        assert (folder / "x.sh").read_bytes() == b"#!/bin/sh\ntrue\n"

    def test_a_diff_of_it(self, folder: Path) -> None:
        result = check(*LAYOUT, "-", "--stdin-filename", folder / "a.pkr.hcl", "--diff", text=UNTIDY)
        assert "+++ b/a.pkr.hcl\n" in result.stdout

    def test_what_is_too_large_is_not_cut(self) -> None:
        result = check("-", "--fix", text=b"#" * (LARGEST + 1))
        assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fix", "--diff"], "`--fix` and `--diff` exclude one another"),
        (["--unsafe-fixes"], "`--unsafe-fixes` only says which fixes are meant"),
        (["--diff", "--format", "sarif"], "`--diff` prints a diff in the place of a report"),
    ],
)
def test_what_does_not_go_together(folder: Path, arguments: list[str], message: str) -> None:
    result = check(*arguments, folder)
    assert result.exit_code == 2
    assert message in result.stderr


def test_checking_loads_nothing_of_it(folder: Path) -> None:
    program = (
        "import sys; from packlint.cli import cli\n"
        "try: cli()\n"
        "finally: print({'difflib', 'packlint.mend', 'packlint.write'} & {*sys.modules}, file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, "check", "--no-settings", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr.endswith("set()\n")


@POSIX
def test_whenever_it_is_killed_every_file_is_old_or_new(tmp_path: Path) -> None:
    """A run over many templates, killed at another moment each time after it has begun to write."""
    (tmp_path / ".git").mkdir()
    pad = b"# " + b"x" * 78 + b"\n"
    old, new = UNTIDY + pad * 500, TIDY + pad * 500
    paths = [tmp_path / f"{number:02}" / "a.pkr.hcl" for number in range(40)]
    command = [sys.executable, "-m", "packlint", "check", "--no-settings", *LAYOUT, "--fix", str(tmp_path)]
    halves = 0
    for turn in range(5):
        for path in paths:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(old)
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while child.poll() is None and paths[0].read_bytes() == old:
            time.sleep(0.0005)
        time.sleep(0.002 * turn)
        child.send_signal(signal.SIGKILL)
        child.wait()
        states = [path.read_bytes() for path in paths]
        assert all(state in (old, new) for state in states), f"half-written in turn {turn}"
        halves += old in states and new in states
        stray = [it for it in tmp_path.rglob("*") if it.is_file() and it.name != "a.pkr.hcl"]
        assert len(stray) <= 1
        assert all(it.name.startswith(PREFIX) for it in stray)
        for it in stray:
            it.unlink()
    assert halves, "no kill came while it wrote"
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0
    assert all(path.read_bytes() == new for path in paths)


@GIT
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside the project")
def test_real_templates_are_fixed_once_and_as_the_diff_says(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for folder in sorted(CORPUS.iterdir())[::20]:
        if folder.is_dir():
            shutil.copytree(folder, tmp_path / folder.name, copy_function=shutil.copyfile)
    for path in (tmp_path, *tmp_path.rglob("*")):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
    arguments = ("--no-settings", "--preset", "all", "--unsafe-fixes")
    before = texts(tmp_path)
    diff = check(*arguments, "--diff", tmp_path)
    assert texts(tmp_path) == before
    check(*arguments, "--fix", tmp_path)
    fixed = texts(tmp_path)
    changed = {path for path in before if before[path] != fixed[path]}
    assert len(changed) > 10
    again = check(*arguments, "--fix", tmp_path)
    assert "Fixed" not in again.stderr
    assert texts(tmp_path) == fixed
    for path in changed:
        path.write_bytes(before[path])
    masked = "masked" in diff.stderr
    done = subprocess.run(
        ["git", "apply", *(["--reject"] if masked else []), "-"],
        cwd=tmp_path,
        input=diff.stdout_bytes,
        capture_output=True,
        check=False,
    )
    assert masked == bool(done.returncode)
    rejected = {path.with_name(path.name.removesuffix(".rej")) for path in tmp_path.rglob("*.rej")}
    assert len(changed - rejected) > 5
    assert all(path.read_bytes() == fixed[path] for path in changed - rejected)


def texts(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".git" not in path.parts)
    return {path: path.read_bytes() for path in files if path.suffix != ".rej"}
