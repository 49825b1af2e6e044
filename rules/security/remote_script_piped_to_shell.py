"""The scripts of shell steps → what is downloaded and run without having been looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from packlint import Bad, Category, Finding, Good, Precision, Related, Rule, Severity
from packlint.model import Build, Configuration, Provisioner
from packlint.pattern import pattern
from packlint.shell.command import Command, Substitution, Word
from packlint.shell.steps import StepScript, scripts
from packlint.shell.unwrap import SHELLS, unwrapped

DOWNLOADING = frozenset({"curl", "wget", "fetch"})
PASSING_ON = frozenset({"cat", "tee", "gunzip", "zcat", "gzip", "base64", "tr", "sed", "head", "tail"})
"""Commands that hand on what they read, more or less changed."""

_INTERPRETER = pattern(r"(python|perl|ruby)[\d.]*")
_WHOLE = pattern(r"\"?(\$\(.*\)|`.*`)\"?", re.DOTALL)
_OWN_SERVER = pattern(r"PACKER_HTTP_(ADDR|IP)|localhost|127\.0\.0\.1|\{\{\s*\.HTTPIP")


class RemoteScriptPipedToShell(Rule):
    """Flags scripts that are downloaded and run without a look at them.

    `curl https://… | bash` runs whatever the server sends on the day of the build, as root, in an image that
    is copied many times. Nobody sees what that was, two builds of one template may differ, and a
    connection that breaks off leaves half a script that was run: `sh -e` does not notice, since the pipe
    has the exit code of the shell. So it is with `bash <(curl …)`, `sh -c "$(curl …)"` and
    `eval "$(curl …)"`.

    The rule reads `inline` and the script files of `shell` and `shell-local` steps. Nothing is said of what
    Packer's own HTTP server gives (`PACKER_HTTP_ADDR`) or the machine itself.

    Download to a file, compare its SHA-256 with one in the template, and run the file; or install from a
    repository of packages that are signed.

    References:
    https://developer.hashicorp.com/packer/docs/provisioners/shell
    https://docs.docker.com/build/building/best-practices/
    """

    category = Category.SECURITY
    severity = Severity.WARNING
    security_severity = 6.8
    cwe = (494,)
    precision = Precision.HIGH
    looks_for = ("shell", "shell-local")

    examples = (
        Bad(
            """
            source "docker" "web" {
              image  = "debian:13"
              commit = true
            }
            build {
              sources = ["docker.web"]
              provisioner "shell" {
                inline = [
                  "curl -fsSL https://example.com/x | sudo -E bash -", # finding: `bash` runs what `curl`
                  "wget -qO- https://example.com/a.gz | gunzip | sh", # finding: `sh` runs what `wget`
                  "bash <(curl -s https://example.com/x) --yes", # finding: `bash` runs what `curl`
                  "sh -c \\"$(curl -fsSL https://example.com/x)\\"", # finding: `sh` runs what `curl`
                  "curl https://example.com/get-pip.py | python3", # finding: `python3` runs what `curl`
                ]
              }
            }
            """
        ),
        Bad(
            {
                "web.pkr.hcl": """
                source "null" "web" {
                  communicator = "none"
                }
                build {
                  sources = ["null.web"]
                  provisioner "shell-local" {
                    scripts = ["tools.sh"]
                  }
                }
                """,
                "tools.sh": """
                #!/bin/sh
                set -e
                eval "$(curl https://example.com/env)" # finding: `eval` runs what `curl` downloads
                . <(wget -O - https://example.com/env) # finding: `.` runs what `wget` downloads
                """,
            }
        ),
        Good(
            """
            source "docker" "web" {
              image  = "debian:13"
              commit = true
            }
            build {
              sources = ["docker.web"]
              provisioner "shell" {
                inline = [
                  "curl -fsSLo /tmp/install.sh https://example.com/install.sh",
                  "echo \\"$CHECKSUM /tmp/install.sh\\" | sha256sum -c",
                  "bash /tmp/install.sh",
                  "curl https://example.com/key.asc | gpg --dearmor -o /etc/apt/keyrings/example.gpg",
                  "curl http://$PACKER_HTTP_ADDR/setup.sh | sh",
                  "echo 'curl https://example.com | sh'",
                  "sh -c \\"echo $(curl https://example.com/version)\\"",
                  "curl https://example.com/data | bash /opt/load.sh",
                  "curl https://example.com/data.json | python3 -c 'import json, sys; json.load(sys.stdin)'",
                ]
              }
            }
            """
        ),
    )

    def check_provisioner(
        self, provisioner: Provisioner, build: Build, configuration: Configuration
    ) -> Iterator[Finding]:
        if provisioner.type in ("shell", "shell-local"):
            for script in scripts(provisioner.arguments, configuration):
                for command in script.commands() if script.mentions(DOWNLOADING) else ():
                    yield from _unseen(command, script, provisioner)


def _unseen(command: Command, script: StepScript, step: Provisioner) -> Iterator[Finding]:
    name = command.name or ""
    origin = _fed(command) if _reads_program(command) else None
    if origin is None and (name in SHELLS or name in ("eval", "source", ".")):
        origin = _substituted(command)
    if origin is None or _OWN_SERVER.search(" ".join(word.raw for word in origin.words)):
        return
    start = origin.start if command.fed_by is not None else command.words[0].start
    yield Finding(
        script.range(min(start, command.words[0].start), command.words[-1].end),
        f"`{name}` runs what `{origin.name}` downloads, and nobody has looked at it",
        related=(Related(step.header_range, "the step that runs it"),) if script.file is not None else (),
        hint="download it to a file, check its SHA-256, and run the file",
    )


def _reads_program(command: Command) -> bool:
    """Whether a command runs the program that it reads from its standard input."""
    name = command.name or ""
    if name not in SHELLS and not _INTERPRETER.fullmatch(name):
        return False
    for word in command.words[1:]:
        text = word.text
        if text == "-n" and name in SHELLS:
            return False  # it reads the program, and runs nothing of it
        if text in ("-", "--", "/dev/stdin") or (name in SHELLS and re.fullmatch("-[a-z]*s", text or "")):
            return True
        if text is None or not text.startswith("-") or (text.endswith("c") and name in SHELLS):
            return False
        if text in ("-c", "-m", "-e") and name not in SHELLS:
            return False
    return True


def _fed(command: Command) -> Command | None:
    """The download that a command reads through pipes."""
    before = command.fed_by
    for _ in range(10):
        if before is None:
            return None
        inner = unwrapped(before)
        if inner.name in DOWNLOADING:
            return inner
        if inner.name not in PASSING_ON:
            return None
        before = before.fed_by
    return None


def _substituted(command: Command) -> Command | None:
    """The download whose output is the program, by `<(…)` or by `$(…)`."""
    name = command.name or ""
    for number, word in enumerate(command.words[1:]):
        for substitution in word.substitutions:
            if substitution.kind == "<" and (number == 0 or name in SHELLS) and word.raw.startswith("<("):
                return _download(substitution)
            if substitution.kind == "$" and _is_program(word, number, command):
                return _download(substitution)
        if not (word.text or "").startswith("-"):
            return None
    return None


def _is_program(word: Word, number: int, command: Command) -> bool:
    """Whether a word, which is nothing but the output of a command, is run as a program."""
    if not _WHOLE.fullmatch(word.raw):
        return False
    before = command.words[number].text or ""
    return command.name == "eval" or (
        command.name in SHELLS and before.startswith("-") and before.endswith("c")
    )


def _download(substitution: Substitution) -> Command | None:
    """The download that the commands of a substitution are, if nothing else comes of them."""
    last = substitution.commands[-1] if substitution.commands else None
    if last is None:
        return None
    inner = unwrapped(last)
    return inner if inner.name in DOWNLOADING else _fed(last) if inner.name in PASSING_ON else None
