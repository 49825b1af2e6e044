"""Scripts of shells: words as shells read them, what a command runs in the end, and hostile text."""

from __future__ import annotations

import random
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from packlint.model import Configuration
from packlint.pipeline import understand
from packlint.settings import Settings
from packlint.shell.command import Command
from packlint.shell.parse import LONGEST, parse
from packlint.shell.steps import StepScript, scripts
from packlint.shell.unwrap import run_by


def names(text: str) -> list[str | None]:
    return [command.name for command in parse(text).commands]


def run(text: str) -> list[tuple[str | None, ...]]:
    return [tuple(word.text for word in command.words) for command in run_by(parse(text))]


@pytest.mark.parametrize(
    "line",
    [
        "apt-get install -y nginx",
        "echo 'a b' \"c d\" e\\ f g'h'\"i\"j",
        'printf "%s\\n" "a \\" b" "c \\\\ d"',
        "rm -rf /tmp/* ~/x [ab]",
        "FOO=1\tsed -i 's/a/b/g' /etc/x",
        "useradd -p '$6$x' \\\n  bob",
        "echo é 'ü' done",
        "install --opt=val -- -x",
    ],
)
def test_words_are_those_of_shlex(line: str) -> None:
    (command,) = parse(line).commands
    words = [word.text for word in command.words]
    expected = [word for word in shlex.split(line.replace("\\\n", " ")) if not word.startswith("FOO=")]
    assert words == expected
    assert all(line[word.start : word.end] == word.raw for word in command.words)


def test_a_word_that_depends_on_anything_has_no_text() -> None:
    (command,) = parse('install $A "${B}" "x$C" plain').commands
    assert command.texts == (None, None, None, "plain")


def test_commands_are_found_wherever_they_stand() -> None:
    text = "a; b && c || d\nif e; then f; else g; fi\nfor x in 1; do h; done\n"
    text += "(i) & { j; }\nk() { l; }\ncase $x in 1) m;; esac\n"
    assert names(text) == list("abcdefghijlm")


def test_what_is_asked_repeated_or_left_behind() -> None:
    asked, slept, left, plain = parse("while fuser x; do sleep 1; done\n(reboot) &\necho x").commands
    assert (asked.asked, asked.repeated) == (True, True)
    assert (slept.asked, slept.repeated) == (False, True)
    assert left.background
    assert not (plain.asked or plain.repeated or plain.background)


def test_pipes_and_substitutions() -> None:
    curl, bash = parse("curl -s https://example.com 2>&1 | sudo bash").commands
    assert bash.fed_by is curl
    inner, outer = parse('bash <(curl x) "$(wget y)"').commands[:2]
    assert (inner.name, outer.name) == ("curl", "wget")
    whole = parse('bash <(curl x) "$(wget y)"').commands[-1]
    assert [s.kind for word in whole.words for s in word.substitutions] == ["<", "$"]
    cat, shell = parse("cat <<EOF | sh\necho $X\nEOF\n").commands
    assert cat.input == "echo $X\n"
    assert shell.fed_by is cat


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sudo -E -u root apt-get install x", [("apt-get", "install", "x")]),
        ("sudo DEBIAN_FRONTEND=noninteractive apt install x", [("apt", "install", "x")]),
        ("env -i A=1 B=2 nohup /sbin/reboot", [("/sbin/reboot",)]),
        ("timeout -k 5 60 sudo reboot", [("reboot",)]),
        ("sudo sh -c 'apt install x && reboot'", [("apt", "install", "x"), ("reboot",)]),
        ('bash -lc "apt install x"', [("apt", "install", "x")]),
        ("sudo -v", [("sudo", "-v")]),
        ("bash script.sh -c x", [("bash", "script.sh", "-c", "x")]),
        ('sh -c "$X"', [("sh", "-c", None)]),
    ],
)
def test_what_is_run_in_the_end(text: str, expected: list[tuple[str | None, ...]]) -> None:
    assert run(text) == expected


def test_variables_given_on_the_way_are_kept() -> None:
    (command,) = run_by(parse("A=1 sudo B=2 env C=3 apt install x"))
    assert [name for name, _ in command.assignments] == ["A", "B", "C"]
    assert command.wrappers == ("sudo", "env")


def test_the_place_of_a_command_within_a_text_for_a_shell() -> None:
    text = "sudo sh -c 'cd /x && reboot now'"
    command = [*run_by(parse(text))][-1]
    assert text[command.start : command.end] == "reboot now"


def test_nothing_is_said_of_what_comes_after_a_mistake() -> None:
    assert names("a\nb '\nreboot\n") == ["a", "b"]
    assert not parse("a\n)\nreboot").whole
    assert names("x" * (LONGEST + 1)) == []
    assert not parse("a\0b").whole


def test_hostile_text_is_read_or_left() -> None:
    pieces = (
        "<<EOF\n",
        "EOF\n",
        "$(",
        "`",
        "${",
        "}",
        '"',
        "'",
        "<(",
        "((",
        "))",
        "[[",
        "if ",
        "then ",
        "fi\n",
        "| ",
        "&\n",
        "é",
        "\\",
        "sudo ",
    )
    chance = random.Random(6)
    for _ in range(3000):
        text = "".join(chance.choices(pieces, k=chance.choice((3, 12, 60))))
        for command in run_by(parse(text)):
            assert 0 <= command.start <= command.end <= len(text)
    for opening in ("$(", "(", "if true; then ", '"$(', "sh -c 'sudo ", "a | "):
        assert isinstance([*run_by(parse(opening * 20_000))], list)


TEMPLATE = r"""
variable "name" {
  default = "nginx"
}
source "null" "here" {
  communicator = "ssh"
}
build {
  sources = ["null.here"]
  provisioner "shell" {
    inline = [
      "echo \"hi\" && sudo apt-get install ${var.name}",
      <<-EOT
        if true; then
          reboot
        fi
      EOT
    ]
  }
  provisioner "shell" {
    inline_shebang = "/usr/bin/env python3"
    inline         = ["print(1)"]
  }
  provisioner "shell" {
    execute_command = "python3 {{ .Path }}"
    inline          = ["print(1)"]
  }
  provisioner "shell" {
    inline_shebang = "/bin/bash -e"
    scripts        = ["a.sh", "b.py", "missing.sh"]
  }
}
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "a.pkr.hcl").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "a.sh").write_text("#!/usr/bin/env bash\nset -e\napt-get install x\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("#!/usr/bin/python3\nreboot\n", encoding="utf-8")
    (found,), *_ = understand([tmp_path], Settings(), tmp_path)
    return found


def commands(configuration: Configuration) -> Iterator[tuple[StepScript, Command]]:
    for step in configuration.builds[0].provisioners:
        for script in scripts(step.arguments, configuration):
            for command in script.commands():
                yield script, command


def test_scripts_of_steps_and_their_places(configuration: Configuration) -> None:
    found = [
        (script.range(command.start, command.end), command.name)
        for script, command in commands(configuration)
    ]
    assert [(name, place.document.path, place.text) for place, name in found] == [
        ("echo", "a.pkr.hcl", r"echo \"hi\""),
        ("apt-get", "a.pkr.hcl", "sudo apt-get install ${var.name}"),
        ("true", "a.pkr.hcl", "true"),
        ("reboot", "a.pkr.hcl", "reboot"),
        ("set", "a.sh", "set -e"),
        ("apt-get", "a.sh", "apt-get install x"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "reboot",
        "re'bo'ot",
        're""boot',
        "re\\boot",
        "re``boot",
        "sh -c \"sudo re'bo'ot\"",
        "/sbin/reboot",
        "bash -c 're\"boot\"'",
    ],
)
def test_a_script_mentions_the_names_of_its_commands_however_they_are_quoted(
    line: str, configuration: Configuration
) -> None:
    argument = next(iter(configuration.builds[0].provisioners[0].arguments))
    script = StepScript(f"true; {line}", argument, None)
    assert "reboot" in [command.name for command in script.commands()]
    assert script.mentions(("reboot",))
    assert not script.mentions(("halt",))


def test_a_script_that_cannot_be_read_mentions_nothing(configuration: Configuration) -> None:
    argument = next(iter(configuration.builds[0].provisioners[0].arguments))
    script = StepScript(None, argument, None)
    assert not script.script.whole
    assert not script.mentions(("reboot",))
