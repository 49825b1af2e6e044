"""Completion as the shells themselves do it, and what it offers where."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click
import pytest

from packlint.cli import cli
from packlint.commands import completion
from packlint.errors import PluginError

PROGRAM = Path(sysconfig.get_path("scripts"), "packlint")
ENVIRONMENT = {**os.environ, "PATH": os.pathsep.join((str(PROGRAM.parent), os.environ["PATH"]))}


def needs(shell: str) -> pytest.MarkDecorator:
    """Skips where the shell is not installed, or is too old for click: macOS still has bash 3."""
    return pytest.mark.skipif(not usable(shell), reason=f"no {shell} on the path that completes")


def usable(shell: str) -> bool:
    """Whether there is such a shell, and one that click can serve."""
    if sys.platform == "win32" or shutil.which(shell) is None:
        return False
    test = "[[ ${BASH_VERSINFO[0]}${BASH_VERSINFO[1]} -ge 44 ]]"
    return shell != "bash" or subprocess.run(["bash", "-c", test], check=False).returncode == 0


def offered(
    words: str, environment: Mapping[str, str] = ENVIRONMENT, folder: Path | None = None
) -> list[str]:
    """What bash would be told for a line, the last word of which is not finished."""
    asked = {"_PACKLINT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    done = subprocess.run(
        [PROGRAM], env={**environment, **asked}, capture_output=True, text=True, check=False, cwd=folder
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("packlint comp", ["completion"]),
        ("packlint completion ", ["bash", "zsh", "fish"]),
        ("packlint check --stdin", ["--stdin-filename"]),
        ("packlint check --preset s", ["strict", "security"]),
        ("packlint check --format sar", ["sarif"]),
        ("packlint check --select lang", ["language"]),
        ("packlint check --select style,lang", ["style,language"]),
        ("packlint check --ignore unnamed-b", ["unnamed-builds"]),
        ("packlint explain unnamed-b", ["unnamed-builds"]),
        ("packlint rules post", ["post-processors"]),
        ("packlint schema list data", ["data-source"]),
        ("packlint schema show virtualbox-o", ["virtualbox-ovf"]),
        ("packlint schema show builder/fi", ["builder/file"]),
        ("packlint explain no-such-rule", []),
    ],
)
def test_values_are_offered_where_they_fit(words: str, expected: list[str]) -> None:
    assert offered(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("packlint explain tagged-im", ["tagged-images"]),
        ("packlint check --select style,tagged-im", ["style,tagged-images"]),
        ("packlint check --ignore tagged-im", ["tagged-images"]),
        ("packlint policy new x --target po", ["post_processor"]),
    ],
)
def test_policies_in_force_are_offered(words: str, expected: list[str], tmp_path: Path) -> None:
    (tmp_path / "policies").mkdir()
    text = 'policy "tagged-images" {\n  target = source\n  condition = false\n  error_message = "no"\n}\n'
    (tmp_path / "policies" / "tags.policy.hcl").write_text(text, encoding="utf-8")
    assert offered(words, folder=tmp_path) == expected


@pytest.mark.parametrize(
    ("name", "text"), [("policies/a.policy.hcl", "policy {"), ("packlint.toml", "x ="), ("policies", "")]
)
def test_what_cannot_be_used_does_not_disturb_the_line(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert offered("packlint explain unnamed-b", folder=tmp_path) == ["unnamed-builds"]


def test_what_a_broken_plugin_says_does_not_disturb_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise PluginError("plugin `x` does not load", "uninstall it")

    monkeypatch.setattr("packlint.plugins.load_rules", broken)
    context = click.Context(cli)
    assert completion.complete_rule(context, click.Argument(["rule"]), "a") == []


@pytest.mark.parametrize("shell", [pytest.param(it, marks=needs(it)) for it in completion.SHELLS])
def test_the_script_is_one_that_the_shell_takes(shell: str) -> None:
    script = subprocess.run([PROGRAM, "completion", shell], capture_output=True, check=True).stdout
    assert b"_PACKLINT_COMPLETE" in script
    subprocess.run([shell, "-n"], input=script, check=True)


def test_a_shell_that_is_not_known_is_refused() -> None:
    done = subprocess.run([PROGRAM, "completion", "tcsh"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "tcsh" in done.stderr


@contextmanager
def terminal(command: list[str], folder: Path) -> Iterator[int]:
    """A program on a terminal of its own, in a folder; ended afterwards."""
    import pty

    child, descriptor = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execvpe(command[0], command, {**ENVIRONMENT, "TERM": "dumb", "PS1": "$ ", "HOME": str(folder)})
    try:
        yield descriptor
    finally:
        os.kill(child, 9)
        os.waitpid(child, 0)
        os.close(descriptor)


def typed(descriptor: int, text: str, until: str, seconds: float = 30) -> str:
    """Types and reads what the terminal shows, until that is there or time is up."""
    import select

    os.write(descriptor, text.encode())
    shown, end = "", time.monotonic() + seconds
    while until not in shown and time.monotonic() < end:
        if select.select([descriptor], [], [], 0.2)[0]:
            shown += os.read(descriptor, 65536).decode("utf-8", "replace")
    return shown


@pytest.mark.parametrize(
    ("command", "setup"),
    [
        pytest.param(
            ["bash", "--norc", "--noprofile", "-i"], 'eval "$(packlint completion bash)"', marks=needs("bash")
        ),
        pytest.param(
            ["zsh", "-f", "-i"],
            'autoload -U compinit; compinit -D -u; eval "$(packlint completion zsh)"',
            marks=needs("zsh"),
        ),
    ],
)
def test_a_tab_completes_at_a_prompt(command: list[str], setup: str, tmp_path: Path) -> None:
    with terminal(command, tmp_path) as descriptor:
        typed(descriptor, f"{setup}; echo re''ady\n", "ready")
        shown = typed(descriptor, "packlint expl\tunnamed-b\t", "unnamed-builds")
        assert "unnamed-builds" in shown
        page = typed(descriptor, "\n", "Flags")
        assert "Flags" in page, page  # the page: the line was run as it was completed


@needs("fish")
@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("packlint explain unnamed-b", "unnamed-builds"),
        ("packlint check --select style,lang", "style,language"),
        ("packlint check --pres", "--preset"),
    ],
)
def test_fish_completes(line: str, expected: str, tmp_path: Path) -> None:
    asking = f"packlint completion fish | source; complete -C '{line}'"
    done = subprocess.run(
        ["fish", "--no-config", "-c", asking],
        env={**ENVIRONMENT, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [offer.partition("\t")[0] for offer in done.stdout.splitlines()] == [expected]
